/* SPDX-License-Identifier: MIT */
/* prod: the product over an axis or of all numbers, as numpy.prod. */
#include "ops/array/over.h"

static const struct leat_param params[] = {
	LEAT_OVER_AXIS,
	LEAT_OVER_NAN,
	LEAT_OVER_AS,
	LEAT_P_END,
};

LEAT_OVER_PARTS(LEAT_OVER_PROD, "prod")

const struct leat_op leat_op_prod = {
	.name = "prod",
	.summary = "the product over an axis or of all numbers",
	.example = "prod axis=1",
	LEAT_OVER_ROWS,
};
