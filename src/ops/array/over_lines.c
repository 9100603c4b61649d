/* SPDX-License-Identifier: MIT */
/*
 * Numbers over an axis. What is made of sums goes through sums.h, whose lines run along memory or across it; everything
 * else takes line by line. See over_lines.h.
 */
#include "ops/array/over_lines.h"

#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/order.h"
#include "ops/array/over_whole.h"
#include "ops/array/spread.h"

#include <math.h>

struct job {
	const struct leat_over *p;
	enum leat_over_how how;
	int team;
};

static bool by_sums(enum leat_over_how how)
{
	return how == LEAT_OVER_SUM || how == LEAT_OVER_MEAN || how == LEAT_OVER_STD || how == LEAT_OVER_VAR ||
	       how == LEAT_OVER_MIN || how == LEAT_OVER_MAX || how == LEAT_OVER_PTP;
}

/* ---- from sums */

/* s is of the numbers that are; squares of their distances from the mean. */
static double from_sum(const struct job *j, const struct leat_sum *s, double squares)
{
	double n = (double)s->n, left = n - (double)j->p->ddof;
	if (s->nan && j->p->nan == LEAT_OVER_PROPAGATE)
		return NAN;
	switch (j->how) {
	case LEAT_OVER_SUM:
		return s->sum;
	case LEAT_OVER_MEAN:
		return s->sum / n; /* of nothing: NaN */
	case LEAT_OVER_MIN:
		return s->n ? s->min : NAN;
	case LEAT_OVER_MAX:
		return s->n ? s->max : NAN;
	case LEAT_OVER_PTP:
		return s->n ? s->max - s->min : NAN;
	case LEAT_OVER_VAR:
		return left > 0 ? squares / left : NAN;
	default:
		return left > 0 ? sqrt(squares / left) : NAN;
	}
}

/* All lines of l, to[0 .. lines). */
static int sums_of(const struct job *j, const struct leat_lines *l, double *to, struct leat_err *err)
{
	bool spread = j->how == LEAT_OVER_STD || j->how == LEAT_OVER_VAR;
	bool extremes = j->how == LEAT_OVER_MIN || j->how == LEAT_OVER_MAX || j->how == LEAT_OVER_PTP;
	struct leat_sum *s = leat_zalloc(l->lines, sizeof *s, err);
	double *squares = s ? leat_zalloc(l->lines, sizeof *squares, err) : NULL;
	int ok = !squares ? -1
		 : spread ? leat_lines_spread(l, j->team, s, squares, err)
			  : leat_lines_sum(l, extremes ? LEAT_SUM_EXTREMES : 0, j->team, s, err);
	for (size_t i = 0; ok == 0 && i < l->lines; i++)
		to[i] = from_sum(j, &s[i], squares[i]);
	free(s);
	free(squares);
	return ok;
}

static int over_sums(const struct job *j, struct leat_array *x, const struct leat_axis *a, double *to,
		     struct leat_err *err)
{
	double *data = x->data;
	struct leat_lines l = {.data = data, .lines = (size_t)a->outer, .length = (size_t)a->n, .from = x};
	if (a->inner == 1)
		return sums_of(j, &l, to, err);
	for (uint64_t o = 0; o < a->outer; o++) {
		struct leat_lines across = {.data = data + o * a->n * a->inner,
					    .lines = (size_t)a->inner,
					    .length = (size_t)a->n,
					    .across = a->inner > 1,
					    .from = x};
		if (sums_of(j, &across, to + o * a->inner, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- line by line */

static int order_of(const struct leat_over *p, const double *line, size_t n, struct leat_ordered *o,
		    struct leat_err *err)
{
	struct leat_lines l = {.data = (double *)(uintptr_t)line, .lines = 1, .length = n};
	if (leat_order_line(o, &l, 0, false, err) < 0)
		return -1;
	if (o->n < n && p->nan == LEAT_OVER_PROPAGATE)
		o->n = 0;
	return 0;
}

static int ranked(const void *ctx, const double *line, size_t n, double *result, size_t m, void *scratch,
		  struct leat_err *err)
{
	const struct job *j = ctx;
	struct leat_ordered o;
	(void)scratch; /* sorting has its own */
	if (order_of(j->p, line, n, &o, err) < 0)
		return -1;
	for (size_t i = 0; i < m; i++) {
		double q = j->how == LEAT_OVER_MEDIAN       ? 0.5
			   : j->how == LEAT_OVER_PERCENTILE ? j->p->q.v[i] / 100
							    : j->p->q.v[i];
		result[i] = o.n == 0                     ? NAN
			    : j->how == LEAT_OVER_MEDIAN ? leat_ordered_median(&o)
							 : leat_ordered_quantile(&o, q);
	}
	leat_ordered_free(&o);
	return 0;
}

static double product(const struct job *j, const double *line, size_t n)
{
	double v = 1;
	for (size_t i = 0; i < n; i++)
		if (line[i] == line[i] || j->p->nan == LEAT_OVER_PROPAGATE)
			v *= line[i];
	return v;
}

/* The first NaN is both the least and the largest, where it counts at all. SIZE_MAX: there is none. */
static size_t place_of(const struct job *j, const double *line, size_t n)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		if (isnan(line[i]) && j->p->nan == LEAT_OVER_PROPAGATE)
			return i;
		if (isnan(line[i]))
			continue;
		if (best == SIZE_MAX || (j->how == LEAT_OVER_ARGMIN ? line[i] < line[best] : line[i] > line[best]))
			best = i;
	}
	return best;
}

static int counted(const void *ctx, const double *line, size_t n, double *result, size_t m, void *scratch,
		   struct leat_err *err)
{
	const struct job *j = ctx;
	size_t at, nonzero = 0;
	(void)m, (void)scratch; /* one result */
	if (j->how == LEAT_OVER_PROD) {
		*result = product(j, line, n);
		return 0;
	}
	if (j->how == LEAT_OVER_COUNT) {
		for (size_t i = 0; i < n; i++)
			nonzero += line[i] != 0;
		*result = (double)nonzero;
		return 0;
	}
	at = place_of(j, line, n);
	if (at == SIZE_MAX)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "there is no place of the %s: all numbers are missing",
				 j->how == LEAT_OVER_ARGMIN ? "smallest" : "largest");
	*result = (double)at;
	return 0;
}

/* ---- all */

/* The result of ranks has their number in front: from [outer][q][inner] to [q][outer][inner]. */
static void ranks_first(const struct leat_axis *a, size_t m, const double *from, double *to)
{
	for (uint64_t o = 0; o < a->outer; o++)
		for (size_t q = 0; q < m; q++)
			memcpy(to + (q * a->outer + o) * a->inner, from + (o * m + q) * a->inner,
			       (size_t)a->inner * sizeof *to);
}

static int over_each(const struct job *j, struct leat_array *x, const struct leat_axis *a, double *to,
		     struct leat_err *err)
{
	bool sorts = j->how == LEAT_OVER_MEDIAN || j->how == LEAT_OVER_PERCENTILE || j->how == LEAT_OVER_QUANTILE;
	struct leat_line_work w = {.fn = sorts ? ranked : counted, .ctx = j, .m = j->p->q.n ? j->p->q.n : 1};
	if (w.m == 1)
		return leat_axis_lines(a, x->data, to, &w, j->team, err);
	double *room = leat_zalloc(leat_size_mul((size_t)(a->outer * a->inner), w.m), sizeof *room, err);
	int ok = room ? leat_axis_lines(a, x->data, room, &w, j->team, err) : -1;
	if (ok == 0)
		ranks_first(a, w.m, room, to);
	free(room);
	return ok;
}

/* Smallest, largest, places and ranks of nothing are not there. */
static int refuse_nothing(enum leat_over_how how, const struct leat_axis *a, struct leat_err *err)
{
	bool chooses = how == LEAT_OVER_MIN || how == LEAT_OVER_MAX || how == LEAT_OVER_PTP ||
		       how == LEAT_OVER_ARGMIN || how == LEAT_OVER_ARGMAX;
	if (a->n > 0 || !chooses || a->outer * a->inner == 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "there is nothing to choose from: no number");
}

struct leat_array *leat_over_lines(const struct leat_over *p, enum leat_over_how how, struct leat_array *a,
				   const struct leat_array_shape *out, int team, struct leat_err *err)
{
	struct job j = {p, how, team};
	struct leat_axis axis = {.outer = 1, .n = leat_array_count(&a->shape), .inner = 1};
	bool all = isnan(p->axis), places = how == LEAT_OVER_ARGMIN || how == LEAT_OVER_ARGMAX;
	struct leat_array_shape shape = *out;
	if ((!all && leat_axis_of(&axis, &a->shape, (int64_t)p->axis, err) < 0) || refuse_nothing(how, &axis, err) < 0)
		return NULL;
	if (leat_over_is_whole(how, a->shape.dtype))
		return leat_over_whole(how, a, &axis, out, err);
	struct leat_array *x = leat_array_as(a, LEAT_DT_F8, all && !places && a->shape.fortran, err);
	shape.dtype = LEAT_DT_F8;
	struct leat_array *made = x ? leat_array_new(&shape, err) : NULL, *as = NULL;
	if (made &&
	    (by_sums(how) ? over_sums(&j, x, &axis, made->data, err) : over_each(&j, x, &axis, made->data, err)) == 0)
		as = leat_array_as(made, out->dtype, false, err);
	leat_array_unref(&x);
	leat_array_unref(&made);
	return as;
}
