/* SPDX-License-Identifier: MIT */
/*
 * extract-page: the page is picked while the file is decoded, so that no other is. The step therefore stands behind a
 * decode with nothing between but what looks at fields, and all that gets images from that decode gets this page.
 * Behind `decode pages=all` it may stand anywhere; then the page is picked while decoding where nobody wants another.
 */
#include "plan/place.h"
#include "plan/tree.h"

#include <string.h>

enum { ODD = 36 }; /* the number of the report */

/* The decode whose image step i gets as it is, or NULL. */
static struct leat_step *decode_of(const struct leat_plan *p, const struct leat_step *s)
{
	for (int at = s->parent; at >= 0; at = p->steps[at].parent) {
		struct leat_step *up = &p->steps[at];
		if (up->role == LEAT_DECODE)
			return up;
		if (up->role != LEAT_FILTER && up->role != LEAT_ROWSINK)
			return NULL;
	}
	return NULL;
}

static bool is_picker(const struct leat_step *s)
{
	return s->op && s->params && strcmp(s->op->name, "extract-page") == 0;
}

static int64_t page_of(const struct leat_step *s)
{
	return *(const int64_t *)(const void *)((const char *)s->params + s->op->params[0].offset) + 1;
}

static bool takes_all(const struct leat_step *d)
{
	return ((const struct leat_decode_params *)d->params)->pages == LEAT_PAGES_ALL;
}

/* A decode of all pages on the way to the step, or NULL. */
static const struct leat_step *all_pages_of(const struct leat_plan *p, const struct leat_step *s)
{
	for (int at = s->parent; at >= 0; at = p->steps[at].parent)
		if (p->steps[at].role == LEAT_DECODE && p->steps[at].params)
			return takes_all(&p->steps[at]) ? &p->steps[at] : NULL;
	return NULL;
}

static bool looks_at_fields(const struct leat_step *s)
{
	return s->role == LEAT_FILTER || s->role == LEAT_ROWSINK;
}

/* Does everybody who gets images from this decode want one and the same page? */
static bool wants_one(const struct leat_plan *p, const struct leat_step *d)
{
	int64_t page = 0;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		if (decode_of(p, s) != d || looks_at_fields(s))
			continue;
		if (!is_picker(s) || (page && page != page_of(s)))
			return false;
		page = page_of(s);
	}
	return true;
}

static void pick(struct leat_planner *pl, const struct leat_step *s)
{
	struct leat_step *d = decode_of(pl->plan, s);
	const struct leat_step *all = all_pages_of(pl->plan, s);
	struct leat_decode_params *to = d ? (struct leat_decode_params *)(uintptr_t)d->params : NULL;
	if (all && (all != d || !wants_one(pl->plan, d)))
		return; /* all pages are there, and the step takes its own */
	if (to) {
		to->page = to->page ? to->page : page_of(s);
		return;
	}
	struct leat_diag *g = leat_plan_error(pl, ODD, s->span, "'extract-page' must come right behind 'decode'");
	leat_plan_help(pl, g, "the page is picked while the file is decoded: read x.tif | extract-page 1 | ...");
	leat_plan_help(pl, g, "decode pages=all makes all of them, and lets it stand anywhere behind");
}

/* Somebody beside the step would get the page, too. */
static void check_others(struct leat_planner *pl, const struct leat_step *s)
{
	const struct leat_step *d = decode_of(pl->plan, s);
	const struct leat_decode_params *from = d ? d->params : NULL;
	if (!from || !from->page || looks_at_fields(s) || (is_picker(s) && page_of(s) == from->page))
		return;
	struct leat_diag *g =
		leat_plan_error(pl, ODD, s->span, "'%s' shares its 'decode' with an 'extract-page' of page %d", s->name,
				(int)from->page - 1);
	leat_plan_help(pl, g, "one decode gives one page, unless it is told 'decode pages=all'");
}

void leat_plan_pages(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_picker(&p->steps[i]))
			pick(pl, &p->steps[i]);
	for (size_t i = 0; i < p->n_steps; i++)
		check_others(pl, &p->steps[i]);
}
