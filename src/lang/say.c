/* SPDX-License-Identifier: MIT */
/* Reports: each problem once, each with its hints. */
#include "lang/say.h"

#include "base/text.h"
#include "lang/limits.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert(LEAT_SAID_SLOTS >= 4 * LEAT_MAX_REPORTS, "the table of reports stays half empty");

/* Formats into the diagnostics' arena. Never NULL. */
static const char *vtext(struct leat_lang *l, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	char *p = n < 0 ? NULL : leat_arena_alloc(&l->diags->arena, (size_t)n + 1);
	if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	else
		l->failed = true;
	va_end(again);
	return p ? p : "";
}

/* True the first time this code comes with this place, as long as there is room. */
static bool fresh(struct leat_lang *l, int code, struct leat_span at)
{
	if (!l->said)
		l->said = leat_zalloc(LEAT_SAID_SLOTS, sizeof *l->said, NULL);
	if (!l->said)
		l->failed = true;
	if (!l->said || l->reports >= l->max_reports)
		return false;
	uint64_t h = ((uint64_t)at.start << 32 | at.end) * 0x9e3779b97f4a7c15u ^
		     (uint64_t)(code + 256) * 0xff51afd7ed558ccdu;
	for (size_t i = (size_t)(h >> 40);; i++) {
		struct leat_said *s = &l->said[i & (LEAT_SAID_SLOTS - 1)];
		if (!s->code) {
			*s = (struct leat_said){at.text, at.start, at.end, code};
			l->reports++;
			return true;
		}
		/*
		 * Reports without a place (--set) are about different things even where the code is
		 * the same.
		 */
		if (at.text && s->code == code && s->text == at.text && s->start == at.start && s->end == at.end)
			return false;
	}
}

struct leat_diag *leat_say_error(struct leat_lang *l, int code, struct leat_span at, const char *fmt, ...)
{
	if (!fresh(l, code, at))
		return NULL;
	va_list ap;
	va_start(ap, fmt);
	const char *message = vtext(l, fmt, ap);
	va_end(ap);
	return leat_diag_error(l->diags, code, at, "%s", message);
}

struct leat_diag *leat_say_warning(struct leat_lang *l, int code, struct leat_span at, const char *fmt, ...)
{
	if (!fresh(l, -code, at))
		return NULL;
	va_list ap;
	va_start(ap, fmt);
	const char *message = vtext(l, fmt, ap);
	va_end(ap);
	return leat_diag_warning(l->diags, code, at, "%s", message);
}

void leat_say_label(struct leat_lang *l, struct leat_diag *g, const char *fmt, ...)
{
	if (!g)
		return;
	va_list ap;
	va_start(ap, fmt);
	leat_diag_label(l->diags, g, vtext(l, fmt, ap));
	va_end(ap);
}

void leat_say_fix(struct leat_diag *g, struct leat_span at, const char *text)
{
	if (g)
		leat_diag_fix(g, at, text);
}

void leat_say_help(struct leat_lang *l, struct leat_diag *g, const char *fmt, ...)
{
	if (!g)
		return;
	va_list ap;
	va_start(ap, fmt);
	leat_diag_help(l->diags, g, "%s", vtext(l, fmt, ap));
	va_end(ap);
}

void leat_say_second(struct leat_diag *g, struct leat_span at, const char *label)
{
	if (!g)
		return;
	g->span2 = at;
	g->label2 = label;
}

const char *leat_say_brief(struct leat_lang *l, const char *s, size_t n)
{
	enum { MOST = 80 };
	if (n <= MOST) {
		const char *copy = leat_arena_strndup(&l->diags->arena, s, n);
		return copy ? copy : "";
	}
	size_t cut = MOST - 3;
	while (cut > 0 && ((unsigned char)s[cut] & 0xc0) == 0x80)
		cut--;
	const char *copy = leat_arena_printf(&l->diags->arena, "%.*s\xe2\x80\xa6", (int)cut, s);
	return copy ? copy : "";
}

const char *leat_say_list(struct leat_lang *l, const char *const *names, size_t n)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < n && i < LEAT_MAX_LISTED; i++) {
		leat_buf_adds(&b, i ? ", " : "");
		leat_buf_adds(&b, leat_say_brief(l, names[i], strlen(names[i])));
	}
	if (n > LEAT_MAX_LISTED)
		leat_buf_adds(&b, ", \xe2\x80\xa6");
	const char *list = b.len ? leat_arena_strndup(&l->diags->arena, b.data, b.len) : "";
	leat_buf_free(&b);
	return list ? list : "";
}

const char *leat_say_nearest(struct leat_lang *l, const char *word, const char *const *names, size_t n)
{
	if (l->suggestions >= LEAT_MAX_SUGGESTIONS)
		return NULL;
	l->suggestions++;
	return leat_nearest_word(word, names, n);
}
