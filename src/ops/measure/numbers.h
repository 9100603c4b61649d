/* SPDX-License-Identifier: MIT */
/* Numbers from counts: what stats tells of one channel, or of several together. Pure. */
#ifndef LEAT_OPS_MEASURE_NUMBERS_H
#define LEAT_OPS_MEASURE_NUMBERS_H

#include "ops/measure/tally.h"

/* Samples that are measured together. All pointers are borrowed. */
struct leat_group {
	struct leat_moments m;
	uint64_t n; /* samples, > 0 */
	const uint64_t *levels; /* [n_levels] how often each occurs, for quantiles; NULL: not counted */
	size_t n_levels;
	const uint64_t *coarse; /* [256] for entropy */
};

double leat_group_mean(const struct leat_group *g);

/* Of the population (ddof = 0), from whole numbers: exact up to the root. */
double leat_group_std(const struct leat_group *g);

/* share 0..1: numpy.percentile's method "linear" with its way of rounding, bit for bit. */
double leat_group_quantile(const struct leat_group *g, double share);

/* In bits, 0..8. */
double leat_group_entropy(const struct leat_group *g);

#endif
