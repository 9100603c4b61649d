/* SPDX-License-Identifier: MIT */
/* Values as they are written. See written.h. */
#include "lang/written.h"

#include "base/text.h"
#include "core/execopts.h"
#include "lang/canon.h"
#include "lang/names.h"
#include "lang/odd.h"
#include "lang/pieces.h"

#include <inttypes.h>

/* ---- word to written text ---- */

static bool joins(char c)
{
	return leat_is_letter(c) || leat_is_digit(c) || c == '_';
}

/* The first byte of what the piece at `at` stands for: would it join a name before it? */
static bool piece_joins(const char *s, size_t n, size_t at, bool escapes)
{
	if (at >= n)
		return false;
	struct leat_piece p = leat_piece_at(s, n, at, escapes);
	return p.kind == LEAT_PIECE_TEXT ? joins(s[at]) : p.kind == LEAT_PIECE_CHAR && p.cp < 0x80 && joins((char)p.cp);
}

static void add_variable(const struct leat_piece *p, bool braces, struct leat_buf *b)
{
	leat_buf_adds(b, braces ? "${" : "$");
	leat_buf_add(b, p->name, p->n_name);
	leat_buf_adds(b, braces ? "}" : "");
}

void leat_written_text(const struct leat_text *t, const struct leat_lex_word *w, struct leat_buf *b)
{
	const char *s = t->data + w->value;
	size_t n = w->value_end - w->value;
	bool escapes = w->quote == '"';
	if (w->quote == '\'') {
		for (size_t i = 0; i < n; i++)
			leat_buf_add(b, s[i] == '$' ? "$$" : s + i, s[i] == '$' ? 2 : 1);
		return;
	}
	for (size_t at = 0; at < n;) {
		struct leat_piece p = leat_piece_at(s, n, at, escapes);
		if (p.kind == LEAT_PIECE_VARIABLE)
			add_variable(&p, piece_joins(s, n, p.end, escapes), b);
		else if (p.kind == LEAT_PIECE_CHAR && p.cp == '$')
			leat_buf_adds(b, "$$");
		else if (p.kind == LEAT_PIECE_CHAR)
			leat_utf8_add(b, p.cp);
		else
			leat_buf_add(b, s + p.start, p.end - p.start);
		at = p.end;
	}
}

/* ---- written text to word ---- */

/* Characters that no rule of the language and no habit looks at inside a word. */
static bool harmless(const char *s, size_t n)
{
	int32_t cp;
	leat_utf8_next(s, n, &cp);
	if (cp >= 0x80)
		return leat_odd_class(cp) == LEAT_ODD_NO && cp != 0xff5c;
	return leat_is_letter(*s) || leat_is_digit(*s) || strchr("_./,%+@~^*?{}[]-=:<>!#&()$", *s);
}

static bool is_number(const char *s, size_t n)
{
	size_t i = 1;
	while (i < n && (leat_is_digit(s[i]) || s[i] == '.'))
		i++;
	return n > 1 && i == n && leat_is_digit(s[1]) && leat_is_digit(s[n - 1]);
}

static bool is_condition(enum leat_written_place place)
{
	return place == LEAT_PLACE_CONDITION || place == LEAT_PLACE_STEP_CONDITION;
}

/* May a word begin like this? A value of an option may begin with more: its key stands before it. */
static bool good_start(const char *s, size_t n, enum leat_written_place place)
{
	bool option = place == LEAT_PLACE_OPTION;
	switch (s[0]) {
	case '-':
		return option || n == 1 || is_number(s, n);
	case '~':
		return n > 1 && s[1] == '/' && !is_condition(place);
	case '#':
		return option;
	case '=':
	case '<':
	case '>':
	case '!':
	case '&':
	case ':':
		return false;
	default: /* "2>" and its like are redirections */
		return n < 2 || (s[1] != '<' && s[1] != '>') || !leat_is_digit(s[0]);
	}
}

static bool good_bare(const char *s, size_t n, enum leat_written_place place)
{
	if (!n || !good_start(s, n, place) || strchr("=:<>!~&", s[n - 1]) || (n == 1 && strchr("{}", s[0])))
		return false;
	if (place != LEAT_PLACE_OPTION && place != LEAT_PLACE_LET && leat_key_length(s, n))
		return false;
	if (place == LEAT_PLACE_LET && ((n == 3 && !memcmp(s, "env", 3)) || (n == 6 && !memcmp(s, "secret", 6))))
		return false;
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		if (!harmless(s + i, n - i))
			return false;
	}
	return true;
}

/* Single quotes take everything literally but themselves; what needs no escape looks best in double ones. */
static bool good_single(const char *s, size_t n)
{
	bool asks = false;
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		if (cp == '\'' || cp == '$' || cp == '\t' || leat_odd_everywhere(leat_odd_class(cp)))
			return false;
		asks = asks || cp == '"' || cp == '\\';
	}
	return asks;
}

static void add_double(struct leat_buf *b, const char *s, size_t n, bool shell)
{
	leat_buf_addc(b, '"');
	for (size_t i = 0, len; i < n; i += len) {
		int32_t cp;
		len = leat_utf8_next(s + i, n - i, &cp);
		bool as_code = leat_odd_everywhere(leat_odd_class(cp)) || (shell && (cp == '\'' || cp == '\\'));
		if (cp == '\n' || cp == '\t')
			leat_buf_adds(b, cp == '\n' ? "\\n" : "\\t");
		else if (cp >= 0 && as_code)
			leat_buf_addf(b, "\\u{%" PRIx32 "}", (uint32_t)cp);
		else if (cp == '"' || cp == '\\')
			leat_buf_addf(b, "\\%c", (char)cp);
		else
			leat_buf_add(b, s + i, len);
	}
	leat_buf_addc(b, '"');
}

static void add_quoted(struct leat_buf *b, const char *s, size_t n, bool shell)
{
	if (shell || !good_single(s, n)) {
		add_double(b, s, n, shell);
		return;
	}
	leat_buf_addc(b, '\'');
	leat_buf_add(b, s, n);
	leat_buf_addc(b, '\'');
}

void leat_written_word(struct leat_buf *b, const char *s, size_t n, enum leat_written_place place, bool shell)
{
	size_t key = is_condition(place) ? leat_key_length(s, n) : 0;
	if (key && (place == LEAT_PLACE_CONDITION || leat_canon_exec(s, key) == LEAT_EXEC_ROWS)) {
		leat_buf_add(b, s, key + 1);
		s += key + 1;
		n -= key + 1;
		place = LEAT_PLACE_OPTION;
	}
	if (good_bare(s, n, place))
		leat_buf_add(b, s, n);
	else
		add_quoted(b, s, n, shell);
}

void leat_written_quote(const struct leat_text *t, const struct leat_lex_word *w, struct leat_buf *b)
{
	const char *s = t->data + w->value;
	size_t n = w->value_end - w->value;
	if (memchr(s, '$', n) || memchr(s, '\'', n)) {
		add_double(b, s, n, false);
		return;
	}
	leat_buf_addc(b, '\'');
	leat_buf_add(b, s, n);
	leat_buf_addc(b, '\'');
}

/* ---- switches ---- */

const char *leat_written_switch(const struct leat_text *t, const char *step, size_t n_step,
				const struct leat_lex_word *words, size_t n, const struct leat_lex_word *w,
				const struct leat_style *style)
{
	const char *s = t->data, *value = s + w->value;
	size_t len = w->value_end - w->value;
	bool yes = len == 4 && memcmp(value, "true", 4) == 0;
	if (!style || !style->is_switch || w->quote || !leat_word_has_key(w) ||
	    !(yes || (len == 5 && memcmp(value, "false", 5) == 0)))
		return NULL;
	const struct leat_lex_word *first = NULL;
	for (size_t i = 0; i < n && !first; i++)
		if (!leat_word_has_key(&words[i]))
			first = &words[i];
	bool is = style->is_switch(style->ctx, step, n_step, first ? s + first->value : NULL,
				   first ? first->value_end - first->value : 0, s + w->start, w->key_end - w->start);
	return is ? yes ? "yes" : "no" : NULL;
}
