/* SPDX-License-Identifier: MIT */
/* Reports: each problem once, each with its hints. */
#include "lang/say.h"

#include "base/text.h"
#include "lang/limits.h"

#include <stdarg.h>
#include <stdio.h>

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

/* The slot of a report, or the free one where it would go. */
static struct leat_said *slot(struct leat_said *v, size_t slots, struct leat_said what)
{
	uint64_t h = ((uint64_t)what.start << 32 | what.end) * 0x9e3779b97f4a7c15u ^
		     (uint64_t)(what.code + 256) * 0xff51afd7ed558ccdu;
	for (size_t i = (size_t)(h >> 40);; i++) {
		struct leat_said *s = &v[i & (slots - 1)];
		/* Reports without a place (--set) are about different things even where the code is the same. */
		bool same =
			s->code == what.code && s->text == what.text && s->start == what.start && s->end == what.end;
		if (!s->code || (what.text && same))
			return s;
	}
}

/* Room for one more, with half of the slots free. */
static bool room(struct leat_lang *l)
{
	if (2 * (l->reports + 1) <= l->said_slots)
		return true;
	size_t slots = l->said_slots ? 2 * l->said_slots : 32;
	struct leat_said *v = leat_zalloc(slots, sizeof *v, NULL);
	if (!v) {
		l->failed = true;
		return false;
	}
	for (size_t i = 0; i < l->said_slots; i++)
		if (l->said[i].code)
			*slot(v, slots, l->said[i]) = l->said[i];
	free(l->said);
	l->said = v;
	l->said_slots = slots;
	return true;
}

/* True the first time this code comes with this place, as long as there is room. */
static bool fresh(struct leat_lang *l, int code, struct leat_span at)
{
	struct leat_said what = {at.text, at.start, at.end, code};
	if (l->reports >= l->max_reports || !room(l))
		return false;
	struct leat_said *s = slot(l->said, l->said_slots, what);
	if (s->code)
		return false;
	*s = what;
	l->reports++;
	return true;
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
