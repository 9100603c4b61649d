/* SPDX-License-Identifier: MIT */
/* fft: the discrete Fourier transform, as numpy.fft.fft: complex numbers, or their magnitudes. */
#include "ops/rows.h"
#include "ops/signal/transform.h"

static const struct leat_param params[] = {
	LEAT_TRANSFORM_ROWS,
	LEAT_TRANSFORM_GIVES,
	LEAT_P_END,
};

LEAT_TRANSFORM_PARTS(LEAT_FFT)

const struct leat_op leat_op_fft = {
	.name = "fft",
	.summary = "the Fourier transform along an axis",
	.example = "fft axis=0 gives=abs",
	LEAT_TRANSFORM_OP,
};
