/* SPDX-License-Identifier: MIT */
/* min: the smallest number over an axis or of all, as numpy.min and numpy.nanmin. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_MIN, "min")

const struct leat_op leat_op_min = {
	.name = "min",
	.summary = "the smallest number over an axis or of all",
	.example = "min axis=0",
	LEAT_OVER_ROWS,
};
