/* SPDX-License-Identifier: MIT */
/* max: the largest number over an axis or of all, as numpy.max and numpy.nanmax. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_MAX, "max")

const struct leat_op leat_op_max = {
	.name = "max",
	.summary = "the largest number over an axis or of all",
	.example = "max axis=0 keepdims=yes",
	LEAT_OVER_ROWS,
};
