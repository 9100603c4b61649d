/* SPDX-License-Identifier: MIT */
/*
 * Sums, extremes and squares of lines of numbers. Numbers are added in blocks of a fixed size and the blocks' sums are
 * added with their rounding errors kept (Neumaier 1974), so that results are within some 1e-14 of the exact ones,
 * relative to the sum of the magnitudes, and have the same bits for any number of threads. NaN is left out
 * everywhere and counted. All are thread safe.
 */
#ifndef LEAT_OPS_ARRAY_SUMS_H
#define LEAT_OPS_ARRAY_SUMS_H

#include "ops/array/lines.h"

struct leat_sum {
	uint64_t n, nan; /* numbers that are, and that are not */
	double sum;
	double squares; /* of the numbers as they are; LEAT_SUM_SQUARES */
	double min, max; /* LEAT_SUM_EXTREMES; of nothing: +infinity, -infinity */
};

/* What is wanted besides the sum and the counts. */
enum { LEAT_SUM_SQUARES = 1, LEAT_SUM_EXTREMES = 2 };

/* One result for each line, at to[0 .. lines). team: threads to use. -1 with *err (MEMORY). */
int leat_lines_sum(const struct leat_lines *l, unsigned want, int team, struct leat_sum *to, struct leat_err *err);

/* The sum of (x - center[i])^2 over line i. -1 with *err (MEMORY). */
int leat_lines_squares(const struct leat_lines *l, const double *center, int team, double *to, struct leat_err *err);

/*
 * to[..] = (x - center[i]) / divisor[i] * factor[i] + offset, clamped to low .. high; NaN stays. `to` is packed as
 * l->data and may be it.
 */
struct leat_scaling {
	const double *center, *divisor, *factor; /* one for each line */
	double offset, low, high;
};
void leat_lines_scale(const struct leat_lines *l, const struct leat_scaling *s, int team, double *to);

#endif
