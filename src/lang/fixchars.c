/* SPDX-License-Identifier: MIT */
/* The repair of characters that word processors and web pages put in (language 9, rule 14). */
#include "lang/fmt.h"

#include "base/text.h"
#include "lang/odd.h"

#include <inttypes.h>

enum {
	FULL_BAR = 0xff5c,
	FULL_EQUALS = 0xff1d,
	NON_JOINER = 0x200c, /* these two have a meaning inside names: some scripts and many emoji need them */
	JOINER = 0x200d,
};

struct fix {
	const char *s;
	size_t at, end; /* of the line at hand */
	struct leat_buf *out;
	char quote; /* 0; '"' or '\'': inside a quoted text */
	bool typographic; /* that was opened by a typographic quote */
	bool comment;
	bool start; /* a word begins here: nothing, a blank, '|' or KEY= stands before */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char straight(enum leat_odd odd)
{
	return odd == LEAT_ODD_DOUBLE ? '"' : odd == LEAT_ODD_SINGLE ? '\'' : 0;
}

/* Is there a straight quote of this kind from `at` on? Escapes are passed over in double ones. */
static bool closes_straight(const struct fix *f, size_t at, char quote)
{
	for (; at < f->end && f->s[at] != quote; at++)
		at += quote == '"' && f->s[at] == '\\';
	return at < f->end;
}

/* One character inside a quoted text. */
static void in_quotes(struct fix *f, size_t len, int32_t cp, enum leat_odd odd)
{
	bool closes = f->s[f->at] == f->quote;
	if (!closes && straight(odd) == f->quote) /* a typographic one, unless the right one is still to come */
		closes = f->typographic || !closes_straight(f, f->at, f->quote);
	if (closes) {
		leat_buf_addc(f->out, f->quote);
		f->quote = 0;
	} else if (odd == LEAT_ODD_INVISIBLE && (cp == JOINER || cp == NON_JOINER)) {
		if (f->quote == '"')
			leat_buf_addf(f->out, "\\u{%" PRIx32 "}", (uint32_t)cp);
		else
			leat_buf_add(f->out, f->s + f->at, len);
	} else if (f->quote == '"' && cp == '\\' && f->at + 1 < f->end) {
		leat_buf_add(f->out, f->s + f->at, 2);
		f->at += 2;
		return;
	} else if (odd != LEAT_ODD_INVISIBLE) {
		leat_buf_add(f->out, f->s + f->at, len);
	}
	f->at += len;
}

/* One character outside of quotes and comments. */
static void bare(struct fix *f, size_t len, int32_t cp, enum leat_odd odd)
{
	char quote = cp == '"' || cp == '\'' ? (char)cp : straight(odd);
	char c = cp == FULL_BAR          ? '|'
		 : cp == FULL_EQUALS     ? '='
		 : odd == LEAT_ODD_SPACE ? ' '
		 : cp < 0x80             ? f->s[f->at]
					 : 'x';
	if (odd == LEAT_ODD_INVISIBLE) {
		f->at += len;
		return;
	}
	if (quote && f->start) {
		f->quote = quote;
		f->typographic = odd != LEAT_ODD_NO;
	}
	f->comment = c == '#' && f->start &&
		     (f->at == 0 || f->out->len == 0 || strchr(" \t\n", f->out->data[f->out->len - 1]));
	if (quote)
		leat_buf_addc(f->out, quote);
	else if (cp >= 0x80 && c != 'x')
		leat_buf_addc(f->out, c);
	else
		leat_buf_add(f->out, f->s + f->at, len);
	f->start = is_blank(c) || c == '|' || c == '=';
	f->at += len;
}

static void line(struct fix *f)
{
	f->quote = 0;
	f->comment = false;
	f->start = true;
	while (f->at < f->end) {
		int32_t cp;
		size_t len = leat_utf8_next(f->s + f->at, f->end - f->at, &cp);
		enum leat_odd odd = cp < 0x80 && cp >= 0 ? LEAT_ODD_NO : leat_odd_class(cp);
		if (f->comment) {
			if (odd != LEAT_ODD_INVISIBLE)
				leat_buf_add(f->out, f->s + f->at, len);
			f->at += len;
		} else if (f->quote) {
			in_quotes(f, len, cp, odd);
		} else {
			bare(f, len, cp, odd);
		}
	}
}

void leat_fix_characters(const char *s, size_t n, struct leat_buf *out)
{
	struct fix f = {.s = s, .out = out};
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) /* that one is allowed */
		f.at = 3;
	while (f.at < n) {
		const char *nl = memchr(s + f.at, '\n', n - f.at);
		f.end = nl ? (size_t)(nl - s) : n;
		line(&f);
		if (nl) {
			leat_buf_addc(out, '\n');
			f.at++;
		}
	}
}
