/* SPDX-License-Identifier: MIT */
/*
 * std: the standard deviation over an axis or of all numbers, as numpy.std and numpy.nanstd, in one way through
 * memory.
 */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS, LEAT_OVER_DDOF, LEAT_OVER_NAN, LEAT_OVER_AS, LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_STD, "std")

const struct leat_op leat_op_std = {
	.name = "std",
	.summary = "the standard deviation over an axis or of all numbers",
	.example = "std axis=0 ddof=1",
	LEAT_OVER_ROWS,
};
