/* SPDX-License-Identifier: MIT */
/* irfft: real numbers from what rfft gave, as numpy.fft.irfft; n= tells whether their number was odd. */
#include "ops/rows.h"
#include "ops/signal/transform.h"

static const struct leat_param params[] = {
	LEAT_TRANSFORM_ROWS,
	LEAT_P_END,
};

LEAT_TRANSFORM_PARTS(LEAT_IRFFT)

const struct leat_op leat_op_irfft = {
	.name = "irfft",
	.summary = "inverse of rfft along an axis",
	.example = "irfft n=1001",
	LEAT_TRANSFORM_OP,
};
