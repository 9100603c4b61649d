/* SPDX-License-Identifier: MIT */
/* rfft: the half of the transform of real numbers that says all, as numpy.fft.rfft. */
#include "ops/rows.h"
#include "ops/signal/transform.h"

static const struct leat_param params[] = {
	LEAT_TRANSFORM_ROWS,
	LEAT_TRANSFORM_GIVES,
	LEAT_P_END,
};

LEAT_TRANSFORM_PARTS(LEAT_RFFT)

const struct leat_op leat_op_rfft = {
	.name = "rfft",
	.summary = "the Fourier transform of real numbers along an axis",
	.example = "rfft gives=power",
	LEAT_TRANSFORM_OP,
};
