/* SPDX-License-Identifier: MIT */
/*
 * extract-page: the page is picked while the file is decoded, so that no other is. The step therefore stands behind a
 * decode with nothing between but what looks at fields, and all that gets images from that decode gets this page.
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

static void pick(struct leat_planner *pl, const struct leat_step *s)
{
	struct leat_step *d = decode_of(pl->plan, s);
	struct leat_decode_params *to = d ? (struct leat_decode_params *)(uintptr_t)d->params : NULL;
	if (to) {
		to->page = to->page ? to->page : page_of(s);
		return;
	}
	struct leat_diag *g = leat_plan_error(pl, ODD, s->span, "'extract-page' must come right behind 'decode'");
	leat_plan_help(pl, g, "the page is picked while the file is decoded: read x.tif | extract-page 1 | ...");
}

/* Somebody beside the step would get the page, too. */
static void check_others(struct leat_planner *pl, const struct leat_step *s)
{
	const struct leat_step *d = decode_of(pl->plan, s);
	const struct leat_decode_params *from = d ? d->params : NULL;
	if (!from || !from->page || s->role == LEAT_FILTER || s->role == LEAT_ROWSINK ||
	    (is_picker(s) && page_of(s) == from->page))
		return;
	struct leat_diag *g =
		leat_plan_error(pl, ODD, s->span, "'%s' shares its 'decode' with an 'extract-page' of page %d", s->name,
				(int)from->page - 1);
	leat_plan_help(pl, g, "one decode gives one page; another recipe can take another page");
}

void leat_plan_pages(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_picker(&p->steps[i]))
			pick(pl, &p->steps[i]);
	for (size_t i = 0; i < p->n_steps; i++)
		check_others(pl, &p->steps[i]);
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_decode_params *d = p->steps[i].role == LEAT_DECODE ? p->steps[i].params : NULL;
		if (d && d->pages == 1 && !d->page)
			leat_plan_not_built(pl, pl->own->info[i].pages_at,
					    "pages=all without 'extract-page' behind it");
	}
}
