/* SPDX-License-Identifier: MIT */
/*
 * argmin: the place of the smallest number along an axis or among all, as numpy.argmin and numpy.nanargmin; of
 * equal ones the first, of all numbers the place in C order.
 */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_ARGMIN, "argmin")

const struct leat_op leat_op_argmin = {
	.name = "argmin",
	.summary = "the place of the smallest number along an axis or among all",
	.example = "argmin axis=1",
	LEAT_OVER_ROWS,
};
