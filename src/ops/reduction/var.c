/* SPDX-License-Identifier: MIT */
/* var: the variance over an axis or of all numbers, as numpy.var and numpy.nanvar, in one way through memory. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS, LEAT_OVER_DDOF, LEAT_OVER_NAN, LEAT_OVER_AS, LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_VAR, "var")

const struct leat_op leat_op_var = {
	.name = "var",
	.summary = "the variance over an axis or of all numbers",
	.example = "var axis=-1 ddof=1",
	LEAT_OVER_ROWS,
};
