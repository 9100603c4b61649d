/* SPDX-License-Identifier: MIT */
/* normalize for arrays and tables: the ends are found among the sorted numbers of each line. */
#include "base/mem.h"
#include "ops/array/normalize.h"
#include "ops/array/order.h"
#include "ops/array/sums.h"

#include <float.h>
#include <math.h>

static enum leat_per per_of(const struct leat_normalize *p)
{
	static const enum leat_per per[] = {
		[LEAT_NORMALIZE_IMAGE] = LEAT_PER_ALL,     [LEAT_NORMALIZE_CHANNEL] = LEAT_PER_CHANNEL,
		[LEAT_NORMALIZE_PAGE] = LEAT_PER_PAGE,     [LEAT_NORMALIZE_ALL] = LEAT_PER_ALL,
		[LEAT_NORMALIZE_COLUMN] = LEAT_PER_COLUMN, [LEAT_NORMALIZE_ROW] = LEAT_PER_ROW,
	};
	return per[p->per];
}

struct ends {
	double *low, *high; /* one for each line; low > high: no number */
};

/* By sorting: percentiles of the finite numbers. */
static int percentiles(const struct leat_normalize *p, const struct leat_lines *l, size_t i, struct ends *e,
		       struct leat_err *err)
{
	struct leat_ordered o;
	if (leat_order_line(&o, l, i, true, err) < 0)
		return -1;
	if (o.n) {
		e->low[i] = leat_ordered_quantile(&o, p->range.a);
		e->high[i] = leat_ordered_quantile(&o, p->range.b);
	} else {
		e->low[i] = 1;
		e->high[i] = 0;
	}
	leat_ordered_free(&o);
	return 0;
}

/* 0%..100% needs no sorting unless a number is infinite. */
static int extremes(const struct leat_lines *l, int team, struct ends *e, struct leat_err *err)
{
	struct leat_sum *s = leat_zalloc(l->lines, sizeof *s, err);
	int ok = s ? leat_lines_sum(l, LEAT_SUM_EXTREMES, team, s, err) : -1;
	for (size_t i = 0; ok == 0 && i < l->lines; i++) {
		e->low[i] = s[i].min;
		e->high[i] = s[i].max;
	}
	free(s);
	return ok;
}

static int find_ends(const struct leat_normalize *p, const struct leat_lines *l, int team, struct ends *e,
		     struct leat_err *err)
{
	bool all = p->range.percent && p->range.a <= 0 && p->range.b >= 1;
	for (size_t i = 0; i < l->lines; i++) {
		e->low[i] = p->range.a;
		e->high[i] = p->range.b;
	}
	if (!p->range.percent)
		return 0;
	if (all && extremes(l, team, e, err) < 0)
		return -1;
	for (size_t i = 0; i < l->lines; i++)
		if ((!all || isinf(e->low[i]) || isinf(e->high[i])) && percentiles(p, l, i, e, err) < 0)
			return -1;
	return 0;
}

/* low and high become what leat_lines_scale divides and multiplies by. */
static void scale(const struct leat_normalize *p, const struct leat_lines *l, struct ends *e, int team, double *to)
{
	struct leat_scaling s = {.center = e->low, .offset = 0, .low = -INFINITY, .high = INFINITY};
	double a = p->to.a, b = p->to.a == p->to.b ? 1 : p->to.b;
	double *factor = e->high + l->lines;
	for (size_t i = 0; i < l->lines; i++) {
		bool any = e->high[i] > e->low[i];
		factor[i] = any || p->clip ? b - a : 0;
		e->high[i] = any ? e->high[i] - e->low[i] : DBL_MIN; /* a step: what is above goes to the upper end */
	}
	s.divisor = e->high;
	s.factor = factor;
	s.offset = a;
	if (p->clip) {
		s.low = a;
		s.high = b;
	}
	leat_lines_scale(l, &s, team, to);
}

struct leat_array *leat_normalize_array(const struct leat_normalize *p, struct leat_array *a, int team,
					struct leat_err *err)
{
	struct leat_lines l;
	struct leat_array *out = NULL;
	if (leat_lines_of(&l, a, per_of(p), err) < 0)
		return NULL;
	struct ends e = {.low = leat_zalloc(leat_size_mul(l.lines, 3), sizeof *e.low, err)};
	if (e.low) {
		e.high = e.low + l.lines;
		if (find_ends(p, &l, team, &e, err) == 0)
			out = leat_array_new(&l.from->shape, err);
	}
	if (out)
		scale(p, &l, &e, team, out->data);
	free(e.low);
	leat_lines_free(&l);
	return out;
}
