/* SPDX-License-Identifier: MIT */
/* How this room reports, and its memory. See planner.h. */
#include "plan/planner.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE = 1024 }; /* longer ones are cut: they hold somebody's endless value */

static struct leat_diag *said(struct leat_planner *pl, enum leat_severity severity, int code, struct leat_span at)
{
	for (size_t i = pl->d->n; i-- > 0;) {
		struct leat_diag *g = &pl->d->v[i];
		if (g->code == code && g->severity == severity && at.text && leat_span_equal(g->span, at))
			return g;
	}
	return NULL;
}

static struct leat_diag *report(struct leat_planner *pl, enum leat_severity severity, int code, struct leat_span at,
				const char *fmt, va_list ap)
{
	char text[MESSAGE];
	if (pl->reports >= LEAT_PLAN_MAX_REPORTS || said(pl, severity, code, at))
		return NULL;
	pl->reports++;
	(void)vsnprintf(text, sizeof text, fmt, ap);
	return (severity == LEAT_ERROR ? leat_diag_error : leat_diag_warning)(pl->d, code, at, "%s", text);
}

struct leat_diag *leat_plan_error(struct leat_planner *pl, int code, struct leat_span at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct leat_diag *g = report(pl, LEAT_ERROR, code, at, fmt, ap);
	va_end(ap);
	return g;
}

struct leat_diag *leat_plan_warning(struct leat_planner *pl, int code, struct leat_span at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct leat_diag *g = report(pl, LEAT_WARNING, code, at, fmt, ap);
	va_end(ap);
	return g;
}

void leat_plan_label(struct leat_planner *pl, struct leat_diag *g, const char *fmt, ...)
{
	char text[MESSAGE];
	if (!g)
		return;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	leat_diag_label(pl->d, g, leat_diag_text(pl->d, "%s", text));
}

void leat_plan_fix(struct leat_planner *pl, struct leat_diag *g, struct leat_span at, const char *text)
{
	if (g)
		leat_diag_fix(g, at, text ? leat_diag_text(pl->d, "%s", text) : NULL);
}

void leat_plan_second(struct leat_diag *g, struct leat_span at, const char *label)
{
	if (!g)
		return;
	g->span2 = at;
	g->label2 = label;
}

void leat_plan_help(struct leat_planner *pl, struct leat_diag *g, const char *fmt, ...)
{
	char text[MESSAGE];
	if (!g)
		return;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	leat_diag_help(pl->d, g, "%s", text);
}

struct leat_diag *leat_plan_not_built(struct leat_planner *pl, struct leat_span at, const char *fmt, ...)
{
	char text[MESSAGE];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	struct leat_diag *g = leat_plan_error(pl, 38, at, "%s is not built into this program yet", text);
	leat_plan_help(pl, g, "it belongs to the language; until it is built it is refused, never ignored");
	return g;
}

struct leat_diag *leat_plan_refused(struct leat_planner *pl, struct leat_span at, const struct leat_err *err)
{
	return leat_plan_error(pl, err->cause == LEAT_CAUSE_UNSUPPORTED ? 38 : 36, at, "%s", err->text);
}

void leat_plan_note(struct leat_planner *pl, const char *fmt, ...)
{
	struct leat_plan *p = pl->plan;
	char text[MESSAGE];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < p->n_notes; i++)
		if (strcmp(p->notes[i], text) == 0)
			return;
	const char **v = leat_plan_more(pl, p->notes, p->n_notes, &pl->own->cap_notes, sizeof *v);
	const char *copy = leat_plan_text(pl, "%s", text);
	if (!v || !copy)
		return;
	p->notes = v;
	p->notes[p->n_notes++] = copy;
}

void *leat_plan_alloc(struct leat_planner *pl, size_t n, size_t size)
{
	size_t bytes = leat_size_mul(n ? n : 1, size ? size : 1);
	void *v = bytes == SIZE_MAX ? NULL : leat_arena_alloc(&pl->plan->arena, bytes);
	if (!v)
		pl->failed = true;
	return v;
}

char *leat_plan_text(struct leat_planner *pl, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = n < 0 ? NULL : leat_plan_alloc(pl, (size_t)n + 1, 1);
	if (s)
		(void)vsnprintf(s, (size_t)n + 1, fmt, again);
	else
		pl->failed = true;
	va_end(again);
	return s;
}

void *leat_plan_more(struct leat_planner *pl, void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	size_t want = *cap ? leat_size_mul(*cap, 2) : 16;
	void *bigger = leat_plan_alloc(pl, want, size);
	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, v, n * size);
	*cap = want;
	return bigger;
}

bool leat_span_equal(struct leat_span a, struct leat_span b)
{
	return a.text == b.text && a.start == b.start && a.end == b.end;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

struct leat_span leat_plan_part(const struct leat_word *w, const char *part, size_t n)
{
	struct leat_span s = w->value_at;
	if (!s.text || n == 0 || s.end < s.start || s.end > s.text->len)
		return s;
	const char *from = s.text->data + s.start, *end = s.text->data + s.end, *first = NULL;
	for (const char *at = from; (at = memmem(at, (size_t)(end - at), part, n)) != NULL; at++) {
		bool whole = (at == from || !word_char(at[-1])) && (at + n == end || !word_char(at[n]));
		if (whole || !first)
			first = at;
		if (whole)
			break;
	}
	if (!first)
		return s;
	s.start += (uint32_t)(first - from);
	s.end = s.start + (uint32_t)n;
	return s;
}

const char *leat_plan_shown(const struct leat_program *p, const char *path)
{
	const char *dir = p->n_texts ? p->texts[0]->dir : NULL;
	size_t n = dir ? strlen(dir) : 0;
	if (n == 0 || strncmp(path, dir, n) != 0)
		return path;
	if (dir[n - 1] != '/' && path[n] != '/')
		return path;
	const char *rest = path + n + (path[n] == '/');
	return *rest ? rest : path;
}
