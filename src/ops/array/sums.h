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
	double squares; /* of the numbers as they are */
	double min, max; /* of nothing: +infinity, -infinity */
};

/* One result for each line, at to[0 .. lines). team: threads to use. -1 with *err (MEMORY). */
int leat_lines_sum(const struct leat_lines *l, int team, struct leat_sum *to, struct leat_err *err);

/* The sum of (x - center[i])^2 over line i. -1 with *err (MEMORY). */
int leat_lines_squares(const struct leat_lines *l, const double *center, int team, double *to, struct leat_err *err);

/*
 * to[..] = (x - center[i]) / divisor[i] * factor[i] + offset, clamped to low .. high; NaN stays. `to` is packed as l->data
 * and may be it.
 */
struct leat_scaling {
	const double *center, *divisor, *factor; /* one for each line */
	double offset, low, high;
};
void leat_lines_scale(const struct leat_lines *l, const struct leat_scaling *s, int team, double *to);

#endif
