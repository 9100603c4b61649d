/* SPDX-License-Identifier: MIT */
/* Parts of lines while they are added up: shared by sums.c and sums_across.c. */
#ifndef LEAT_OPS_ARRAY_SUMS_PART_H
#define LEAT_OPS_ARRAY_SUMS_PART_H

#include "ops/array/sums.h"

#include <math.h>

enum { LEAT_SUM_BLOCK_ROWS = 128 }; /* rows that are added plainly, where lines run across */

/* A sum and what rounding took from it. */
struct leat_total {
	double sum, lost;
};

static inline void leat_total_add(struct leat_total *t, double v)
{
	double s = t->sum + v;
	t->lost += fabs(t->sum) >= fabs(v) ? (t->sum - s) + v : (v - s) + t->sum;
	t->sum = s;
}

static inline void leat_total_merge(struct leat_total *t, const struct leat_total *more)
{
	leat_total_add(t, more->sum);
	t->lost += more->lost;
}

/* Infinite and NaN sums have lost something undefined. */
static inline double leat_total(const struct leat_total *t)
{
	return isfinite(t->sum) ? t->sum + t->lost : t->sum;
}

/* All that is known of a part. */
struct leat_part {
	struct leat_total sum, squares;
	double min, max;
	uint64_t nan;
};
static const struct leat_part leat_no_part = {.min = INFINITY, .max = -INFINITY};

static inline void leat_part_merge(struct leat_part *p, const struct leat_part *more)
{
	leat_total_merge(&p->sum, &more->sum);
	leat_total_merge(&p->squares, &more->squares);
	p->min = more->min < p->min ? more->min : p->min;
	p->max = more->max > p->max ? more->max : p->max;
	p->nan += more->nan;
}

/*
 * Rows [y0, y1) of all lines, which run across, into to[0 .. lines). center NULL: what is wanted; else the squares of
 * the distances from center[i] alone. Thread safe.
 */
void leat_sums_across(const struct leat_lines *l, size_t y0, size_t y1, unsigned want, const double *center,
		      struct leat_part *to);

#endif
