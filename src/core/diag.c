/* SPDX-License-Identifier: MIT */
/* The list of diagnostics. How it looks is in diag_text.c. */
#include "core/diag.h"

#include <stdarg.h>
#include <stdio.h>

static const char *format(struct leat_diags *d, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *text = n < 0 ? NULL : leat_arena_alloc(&d->arena, (size_t)n + 1);
	if (!text) {
		d->failed = true;
		return "";
	}
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

static bool there(const struct leat_diags *d, const struct leat_diag *g)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct leat_diag *o = &d->v[i];
		if (o->code == g->code && o->severity == g->severity && o->span.text == g->span.text &&
		    o->span.start == g->span.start && o->span.end == g->span.end && strcmp(o->message, g->message) == 0)
			return true;
	}
	return false;
}

static struct leat_diag *add(struct leat_diags *d, struct leat_diag g)
{
	struct leat_diag *slot = &d->scratch;
	if (!there(d, &g)) {
		struct leat_diag *v = leat_grow(d->v, &d->cap, d->n + 1, sizeof *v, NULL);
		if (v) {
			d->v = v;
			slot = &v[d->n++];
		} else {
			d->failed = true;
		}
		d->errors += g.severity == LEAT_ERROR;
		d->warnings += g.severity == LEAT_WARNING;
	}
	*slot = g;
	return slot;
}

struct leat_diag *leat_diag_error(struct leat_diags *d, int code, struct leat_span at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *message = format(d, fmt, ap);
	va_end(ap);
	return add(d, (struct leat_diag){.code = code, .severity = LEAT_ERROR, .span = at, .message = message});
}

struct leat_diag *leat_diag_warning(struct leat_diags *d, int code, struct leat_span at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *message = format(d, fmt, ap);
	va_end(ap);
	return add(d, (struct leat_diag){.code = code, .severity = LEAT_WARNING, .span = at, .message = message});
}

const char *leat_diag_text(struct leat_diags *d, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	const char *text = format(d, fmt, ap);
	va_end(ap);
	return text;
}

void leat_diag_help(struct leat_diags *d, struct leat_diag *g, const char *fmt, ...)
{
	int i = 0;
	while (i < LEAT_DIAG_HELPS && g->help[i])
		i++;
	if (i == LEAT_DIAG_HELPS)
		return;
	va_list ap;
	va_start(ap, fmt);
	g->help[i] = format(d, fmt, ap);
	va_end(ap);
}

void leat_diag_fix(struct leat_diag *g, struct leat_span at, const char *text)
{
	g->fix_at = text ? at : (struct leat_span){NULL, 0, 0};
	g->fix = text;
}

/* What the label says to write, as a copy; NULL when it is a text for people: "write NAME=VALUE", or cut short. */
static const char *wanted(struct leat_diags *d, const char *label)
{
	static const char write[] = "write ", guess[] = "did you mean '";
	size_t n = strlen(label);
	if (strstr(label, "\xe2\x80\xa6")) /* … */
		return NULL;
	if (strncmp(label, write, sizeof write - 1) == 0)
		return label + sizeof write - 1;
	if (strncmp(label, guess, sizeof guess - 1) != 0 || n < sizeof guess + 1)
		return NULL;
	return leat_arena_strndup(&d->arena, label + sizeof guess - 1, n - sizeof guess - 1);
}

void leat_diag_label(struct leat_diags *d, struct leat_diag *g, const char *text)
{
	g->label = text;
	leat_diag_fix(g, g->span, text ? wanted(d, text) : NULL);
}

void leat_diags_free(struct leat_diags *d)
{
	free(d->v);
	leat_arena_free(&d->arena);
	*d = (struct leat_diags){0};
}
