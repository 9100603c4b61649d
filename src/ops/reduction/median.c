/* SPDX-License-Identifier: MIT */
/*
 * median: the median over an axis or of all numbers, as numpy.median and numpy.nanmedian; the filter of images is
 * median-filter.
 */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_MEDIAN, "median")

const struct leat_op leat_op_median = {
	.name = "median",
	.summary = "the median over an axis or of all numbers",
	.example = "median axis=0",
	LEAT_OVER_ROWS,
};
