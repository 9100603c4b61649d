/* SPDX-License-Identifier: MIT */
/* mean: the mean over an axis or of all numbers, as numpy.mean and numpy.nanmean. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_MEAN, "mean")

const struct leat_op leat_op_mean = {
	.name = "mean",
	.summary = "the mean over an axis or of all numbers",
	.example = "mean axis=0 nan=omit",
	LEAT_OVER_ROWS,
};
