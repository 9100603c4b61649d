/* SPDX-License-Identifier: MIT */
/* ifft: the way back from fft, as numpy.fft.ifft. */
#include "ops/rows.h"
#include "ops/signal/transform.h"

static const struct leat_param params[] = {
	LEAT_TRANSFORM_ROWS,
	LEAT_TRANSFORM_GIVES,
	LEAT_P_END,
};

LEAT_TRANSFORM_PARTS(LEAT_IFFT)

const struct leat_op leat_op_ifft = {
	.name = "ifft",
	.summary = "inverse Fourier transform along an axis",
	.example = "ifft axis=0",
	LEAT_TRANSFORM_OP,
};
