/* SPDX-License-Identifier: MIT */
/*
 * stats of arrays and tables, as NumPy has them: all numbers as float64, std and the like of the population
 * (ddof=0), percentiles interpolated linearly. nan=omit leaves missing numbers out, nan=propagate makes every
 * result NaN that one of them is part of. What does not exist (the mean of nothing) is not set.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "ops/array/order.h"
#include "ops/array/sums.h"
#include "ops/measure/stats.h"

#include <math.h>
#include <stdio.h>

/* One line of numbers, and what is known of it. */
struct line {
	const struct leat_sum *sum;
	double squares; /* of the distances from the mean */
	const struct leat_ordered *ordered; /* NULL where nobody asks */
	const struct leat_array_shape *shape;
};

static int set_count(const struct line *l, enum leat_stats_what what, const char *name, struct leat_fields *f,
		     struct leat_err *err)
{
	const struct leat_array_shape *s = l->shape;
	uint64_t n = what == LEAT_STATS_ROWS   ? s->ndim > 0 ? s->dim[0] : 1
		     : what == LEAT_STATS_COLS ? s->ndim > 1 ? s->dim[1] : 1
		     : what == LEAT_STATS_SIZE ? leat_array_count(s)
					       : l->sum->nan;
	return leat_fields_set_int(f, name, (int64_t)n, err);
}

/* Of at least one number. */
static double value(const struct line *l, enum leat_stats_what what, const char *name)
{
	switch (what) {
	case LEAT_STATS_MIN:
		return l->sum->min;
	case LEAT_STATS_MAX:
		return l->sum->max;
	case LEAT_STATS_MEAN:
		return l->sum->sum / (double)l->sum->n;
	case LEAT_STATS_STD:
		return sqrt(l->squares / (double)l->sum->n);
	case LEAT_STATS_SUM:
		return l->sum->sum;
	case LEAT_STATS_NORM2:
		return sqrt(l->sum->squares);
	case LEAT_STATS_MEDIAN:
		return leat_ordered_median(l->ordered);
	default:
		return leat_ordered_quantile(l->ordered, leat_stats_share(name));
	}
}

static int set_one(const struct leat_stats *p, const struct line *l, size_t i, const char *name, struct leat_fields *f,
		   struct leat_err *err)
{
	enum leat_stats_what what = leat_stats_find(p->fields.v[i])->what;
	if (what == LEAT_STATS_ROWS || what == LEAT_STATS_COLS || what == LEAT_STATS_SIZE ||
	    what == LEAT_STATS_NAN_COUNT)
		return set_count(l, what, name, f, err);
	if (l->sum->nan && p->nan == LEAT_STATS_PROPAGATE)
		return leat_fields_set_real(f, name, NAN, err);
	if (l->sum->n == 0 && what != LEAT_STATS_SUM && what != LEAT_STATS_NORM2)
		return 0;
	return leat_fields_set_real(f, name, value(l, what, p->fields.v[i]), err);
}

/* All fields of one line. suffix NULL: none. */
static int set_line(const struct leat_stats *p, const struct line *l, const char *suffix, struct leat_fields *f,
		    struct leat_err *err)
{
	struct leat_buf name = {0};
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < p->fields.n; i++) {
		enum leat_stats_what what = leat_stats_find(p->fields.v[i])->what;
		bool once = what == LEAT_STATS_ROWS || what == LEAT_STATS_COLS || what == LEAT_STATS_SIZE;
		leat_buf_clear(&name);
		leat_buf_adds(&name, p->fields.v[i]);
		if (suffix && !once)
			leat_buf_addf(&name, "_%s", suffix);
		ok = leat_buf_check(&name, err);
		if (ok == 0)
			ok = set_one(p, l, i, name.data, f, err);
	}
	leat_buf_free(&name);
	return ok;
}

int leat_stats_line(const struct leat_stats *p, const struct leat_array_shape *shape, const struct leat_sum *sum,
		    double squares, const char *suffix, struct leat_fields *f, struct leat_err *err)
{
	const struct line l = {.sum = sum, .squares = squares, .shape = shape};
	return set_line(p, &l, suffix, f, err);
}

struct work {
	struct leat_sum *sum;
	double *mean, *squares;
};

static int measure(const struct leat_stats *p, const struct leat_lines *l, int team, struct work *k,
		   struct leat_err *err)
{
	bool extremes = leat_stats_wants(p, "min") || leat_stats_wants(p, "max");
	unsigned want = (extremes ? LEAT_SUM_EXTREMES : 0u) | (leat_stats_wants(p, "norm2") ? LEAT_SUM_SQUARES : 0u);
	k->sum = leat_zalloc(l->lines, sizeof *k->sum, err);
	k->mean = k->sum ? leat_zalloc(leat_size_mul(l->lines, 2), sizeof *k->mean, err) : NULL;
	if (!k->mean || leat_lines_sum(l, want, team, k->sum, err) < 0)
		return -1;
	k->squares = k->mean + l->lines;
	for (size_t i = 0; i < l->lines; i++)
		k->mean[i] = k->sum[i].n ? k->sum[i].sum / (double)k->sum[i].n : 0;
	return leat_stats_wants(p, "std") ? leat_lines_squares(l, k->mean, team, k->squares, err) : 0;
}

static int set_lines(const struct leat_stats *p, const struct leat_payload *in, const struct leat_lines *l,
		     const struct work *k, struct leat_fields *f, struct leat_err *err)
{
	bool sorts = leat_stats_wants_levels(p), column = p->per == LEAT_STATS_COLUMN;
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < l->lines; i++) {
		char number[24];
		const char *suffix = in->kind == LEAT_TABLE ? in->table->names[i] : number;
		struct leat_ordered o = {0};
		struct line line = {&k->sum[i], k->squares[i], &o, &leat_payload_numbers(in)->shape};
		(void)snprintf(number, sizeof number, "%zu", i); /* 20 digits at most */
		ok = sorts ? leat_order_line(&o, l, i, false, err) : 0;
		if (ok == 0)
			ok = set_line(p, &line, column ? suffix : NULL, f, err);
		leat_ordered_free(&o);
	}
	return ok;
}

int leat_stats_array(const struct leat_stats *p, const struct leat_payload *in, int team, struct leat_fields *f,
		     struct leat_err *err)
{
	enum leat_per per = p->per == LEAT_STATS_COLUMN ? LEAT_PER_COLUMN : LEAT_PER_ALL;
	struct work k = {0};
	struct leat_lines l;
	if (leat_lines_of(&l, leat_payload_numbers(in), per, err) < 0)
		return -1;
	int ok = measure(p, &l, team, &k, err);
	if (ok == 0)
		ok = set_lines(p, in, &l, &k, f, err);
	free(k.sum);
	free(k.mean);
	leat_lines_free(&l);
	return ok;
}

size_t leat_stats_array_cost(const struct leat_stats *p, const struct leat_array_shape *s)
{
	size_t wide = leat_size_mul((size_t)leat_array_count(s), sizeof(double));
	size_t bytes = s->dtype == LEAT_DT_F8 ? 0 : wide;
	return leat_stats_wants_levels(p) ? leat_size_add(bytes, leat_size_mul(wide, 2)) : bytes;
}
