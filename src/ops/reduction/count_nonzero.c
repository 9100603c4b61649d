/* SPDX-License-Identifier: MIT */
/* count-nonzero: how many numbers are not zero, over an axis or of all, as numpy.count_nonzero; NaN is not zero. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_COUNT, "count-nonzero")

const struct leat_op leat_op_count_nonzero = {
	.name = "count-nonzero",
	.summary = "how many numbers are not zero, over an axis or of all",
	.example = "count-nonzero axis=0",
	LEAT_OVER_ROWS,
};
