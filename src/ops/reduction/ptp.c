/* SPDX-License-Identifier: MIT */
/* ptp: the largest less the smallest number over an axis or of all, as numpy.ptp. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_PTP, "ptp")

const struct leat_op leat_op_ptp = {
	.name = "ptp",
	.summary = "the largest less the smallest number over an axis or of all",
	.example = "ptp axis=1",
	LEAT_OVER_ROWS,
};
