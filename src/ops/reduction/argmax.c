/* SPDX-License-Identifier: MIT */
/*
 * argmax: the place of the largest number along an axis or among all, as numpy.argmax and numpy.nanargmax; of
 * equal ones the first, of all numbers the place in C order.
 */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_ARGMAX, "argmax")

const struct leat_op leat_op_argmax = {
	.name = "argmax",
	.summary = "the place of the largest number along an axis or among all",
	.example = "argmax axis=1",
	LEAT_OVER_ROWS,
};
