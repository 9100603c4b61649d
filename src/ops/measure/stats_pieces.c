/* SPDX-License-Identifier: MIT */
/*
 * stats of a table that comes in pieces. Every piece is measured as a table of its own (sums.h), and the pieces are
 * joined in their order: sums with their rounding errors kept, squares of distances as T. Chan, G. Golub and R. LeVeque
 * have it, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
 */
#include "ops/measure/stats_pieces.h"

#include "base/mem.h"
#include "ops/array/sums.h"
#include "ops/measure/stats.h"

#include <math.h>

struct column {
	uint64_t n, nan;
	double sum, rest; /* rest: what rounding took from sum */
	double distances; /* squares of those from the mean */
	double squares, squares_rest;
	double min, max; /* of n > 0 numbers */
};

static bool can(const void *params)
{
	return !leat_stats_wants_levels(params);
}

static int add(const void *params, const double *v, uint64_t rows, size_t columns, void *states, struct leat_err *err)
{
	const struct leat_lines l = {
		.data = (double *)(uintptr_t)v, .lines = columns, .length = (size_t)rows, .across = true};
	struct column *c = states;
	bool squares = leat_stats_wants(params, "norm2");
	unsigned want = LEAT_SUM_EXTREMES | (squares ? LEAT_SUM_SQUARES : 0u);
	struct leat_sum *sum = leat_zalloc(columns, sizeof *sum, err);
	double *mean = sum ? leat_zalloc(leat_size_mul(columns, 2), sizeof *mean, err) : NULL;
	int ok = mean ? leat_lines_sum(&l, want, 1, sum, err) : -1;
	for (size_t i = 0; ok == 0 && i < columns; i++)
		mean[i] = sum[i].n ? sum[i].sum / (double)sum[i].n : 0;
	if (ok == 0 && leat_stats_wants(params, "std"))
		ok = leat_lines_squares(&l, mean, 1, mean + columns, err);
	for (size_t i = 0; ok == 0 && i < columns; i++)
		c[i] = (struct column){.n = sum[i].n,
				       .nan = sum[i].nan,
				       .sum = sum[i].sum,
				       .distances = mean[columns + i],
				       .squares = squares ? sum[i].squares : 0,
				       .min = sum[i].min,
				       .max = sum[i].max};
	free(sum);
	free(mean);
	return ok;
}

/* *sum + *rest grows by x. */
static void plus(double *sum, double *rest, double x)
{
	double s = *sum + x;
	if (isfinite(s))
		*rest += fabs(*sum) >= fabs(x) ? (*sum - s) + x : (x - s) + *sum;
	*sum = s;
}

static void join(struct column *a, const struct column *b)
{
	if (a->n && b->n) {
		double na = (double)a->n, nb = (double)b->n;
		double apart = (b->sum + b->rest) / nb - (a->sum + a->rest) / na;
		a->distances += b->distances + apart * apart * (na / (na + nb)) * nb;
	} else {
		a->distances += b->distances;
	}
	if (b->n) {
		a->min = a->n && a->min < b->min ? a->min : b->min;
		a->max = a->n && a->max > b->max ? a->max : b->max;
	}
	plus(&a->sum, &a->rest, b->sum);
	a->rest += b->rest;
	plus(&a->squares, &a->squares_rest, b->squares);
	a->squares_rest += b->squares_rest;
	a->n += b->n;
	a->nan += b->nan;
}

static void merge(void *states, const void *later, size_t columns)
{
	struct column *a = states;
	const struct column *b = later;
	for (size_t i = 0; i < columns; i++)
		join(&a[i], &b[i]);
}

static struct leat_sum sum_of(const struct column *c)
{
	return (struct leat_sum){.n = c->n,
				 .nan = c->nan,
				 .sum = c->sum + c->rest,
				 .squares = c->squares + c->squares_rest,
				 .min = c->min,
				 .max = c->max};
}

static int fields(const void *params, const struct leat_row_folded *t, const void *states, struct leat_fields *f,
		  struct leat_err *err)
{
	const struct leat_stats *p = params;
	const struct column *c = states;
	struct column all = {0};
	struct leat_array_shape shape = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {t->rows, 0}};
	for (size_t i = 0; i < t->columns; i++)
		shape.dim[1] += !t->words[i];
	bool column = p->per == LEAT_STATS_COLUMN;
	int ok = 0;
	for (size_t i = 0; ok == 0 && i < t->columns; i++) {
		struct leat_sum s = sum_of(&c[i]);
		if (t->words[i])
			continue;
		if (column)
			ok = leat_stats_line(p, &shape, &s, c[i].distances, t->names[i], f, err);
		else
			join(&all, &c[i]);
	}
	struct leat_sum s = sum_of(&all);
	return ok == 0 && !column ? leat_stats_line(p, &shape, &s, all.distances, NULL, f, err) : ok;
}

const struct leat_row_fold leat_stats_fold = {
	.can = can,
	.size = sizeof(struct column),
	.add = add,
	.merge = merge,
	.fields = fields,
};
