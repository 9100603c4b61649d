/* SPDX-License-Identifier: MIT */
/*
 * sum: the sum over an axis or of all numbers, as numpy.sum; sums keep their rounding errors, so that they are as
 * exact as pairwise ones or better.
 */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_SUM, "sum")

const struct leat_op leat_op_sum = {
	.name = "sum",
	.summary = "the sum over an axis or of all numbers",
	.example = "sum axis=0",
	LEAT_OVER_ROWS,
};
