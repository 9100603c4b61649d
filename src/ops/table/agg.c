/* SPDX-License-Identifier: MIT */
/* See agg.h. */
#include "ops/table/agg.h"

#include "base/mem.h"
#include "ops/array/order.h"
#include "ops/array/sums.h"

#include <math.h>

bool leat_agg_find(const char *word, size_t n, enum leat_agg *how)
{
	static const char *const words[] = {"sum", "mean",   "min",   "max",  "count", "std",
					    "var", "median", "first", "last", "size"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], word, n) == 0) {
			*how = (enum leat_agg)i;
			return true;
		}
	return false;
}

int leat_agg_quantile(double *v, size_t n, double share, double *to, struct leat_err *err)
{
	struct leat_lines l = {.data = v, .lines = 1, .length = n};
	struct leat_ordered o;
	if (leat_order_line(&o, &l, 0, false, err) < 0)
		return -1;
	*to = o.n == 0 ? NAN : share == 0.5 ? leat_ordered_median(&o) : leat_ordered_quantile(&o, share);
	leat_ordered_free(&o);
	return 0;
}

/* The first number that is one, or, backward, the last. */
static double edge(const double *v, size_t n, bool first)
{
	for (size_t i = 0; i < n; i++) {
		double x = v[first ? i : n - 1 - i];
		if (x == x)
			return x;
	}
	return NAN;
}

static double from_sum(enum leat_agg how, const struct leat_sum *s, double squares, int64_t ddof)
{
	double n = (double)s->n, left = n - (double)ddof;
	switch (how) {
	case LEAT_AGG_SUM:
		return s->sum;
	case LEAT_AGG_MEAN:
		return s->sum / n;
	case LEAT_AGG_MIN:
		return s->n ? s->min : NAN;
	case LEAT_AGG_MAX:
		return s->n ? s->max : NAN;
	case LEAT_AGG_COUNT:
		return n;
	case LEAT_AGG_STD:
		return left > 0 ? sqrt(squares / left) : NAN;
	default:
		return left > 0 ? squares / left : NAN;
	}
}

int leat_agg_of(enum leat_agg how, double *v, size_t n, int64_t ddof, double *to, struct leat_err *err)
{
	struct leat_lines l = {.data = v, .lines = 1, .length = n};
	struct leat_sum s;
	double squares = 0;
	if (how == LEAT_AGG_MEDIAN)
		return leat_agg_quantile(v, n, 0.5, to, err);
	if (how == LEAT_AGG_FIRST || how == LEAT_AGG_LAST || how == LEAT_AGG_SIZE) {
		*to = how == LEAT_AGG_SIZE ? (double)n : edge(v, n, how == LEAT_AGG_FIRST);
		return 0;
	}
	if (leat_lines_sum(&l, LEAT_SUM_EXTREMES, 1, &s, err) < 0)
		return -1;
	double mean = s.n ? s.sum / (double)s.n : 0;
	if ((how == LEAT_AGG_STD || how == LEAT_AGG_VAR) && leat_lines_squares(&l, &mean, 1, &squares, err) < 0)
		return -1;
	*to = from_sum(how, &s, squares, ddof);
	return 0;
}
