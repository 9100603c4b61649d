/* SPDX-License-Identifier: MIT */
/*
 * Resampling weights of one axis: for each output sample, which input samples make it and with what weights.
 *
 * The convention is Pillow's, which is also the textbook one (Schumacher, "General Filtered Image Rescaling",
 * Graphics Gems III): output sample i stands at (i + 0.5) * scale in input samples, scale = input / output. When
 * reducing, the kernel is stretched by scale, so that nothing aliases. What would stand beyond the edge is left
 * out, and the weights are divided by their sum.
 */
#ifndef LEAT_OPS_TAPS_H
#define LEAT_OPS_TAPS_H

#include "base/err.h"

/* In the order of leat_kernels. */
enum leat_kernel { LEAT_LANCZOS3, LEAT_NEAREST, LEAT_LINEAR, LEAT_CUBIC, LEAT_MITCHELL, LEAT_LANCZOS2 };
extern const char *const leat_kernels[]; /* choices of kernel=, NULL-terminated */

/* The kernel at distance x >= 0 samples. cubic: Catmull-Rom, a = -0.5. mitchell: B = C = 1/3. nearest: box. */
double leat_kernel_at(enum leat_kernel k, double x);
/* Distance from which on it is 0. */
double leat_kernel_support(enum leat_kernel k);

enum {
	LEAT_TAP_LANES = 8, /* float weights are padded with zeros to a multiple of this */
	LEAT_TAP_FIXED_MAX = 4096 /* most taps for which fixed-point weights are made */
};

/*
 * The input is `in` samples, scaled to `scaled` of which those from `offset` on, `out` of them, are wanted. `span`:
 * where only a part of the last sample counts, how many samples are scaled, in - 1 < span <= in; 0: `in`.
 */
struct leat_axis {
	uint32_t in, scaled, offset, out;
	double span;
};

struct leat_taps {
	struct leat_axis axis;
	bool single; /* every output sample is one input sample: weights are 1 */
	uint32_t most; /* largest count */
	uint32_t step; /* weights from output to output: `most`, padded */
	/* [out]: input sample of the first weight; first + most <= in. Never decreasing, neither is first + count. */
	uint32_t *first;
	uint32_t *count; /* [out]: weights in use, at least 1 */
	float *weight; /* [out * step] */
	/* [out * step]: weights * 2^bits, each row sums to 2^bits exactly; NULL when `most` is too large. */
	int16_t *fixed;
	unsigned bits; /* so large that 255 * sum of magnitudes stays below 2^31 and each weight fits */
};

/*
 * Fills *t, to be given to leat_taps_free in any case. All members of axis but offset are > 0, offset + out <=
 * scaled. -1 with *err (MEMORY).
 */
int leat_taps_make(struct leat_taps *t, enum leat_kernel k, const struct leat_axis *axis, struct leat_err *err);
void leat_taps_free(struct leat_taps *t);

/* Bytes that leat_taps_make will allocate; SIZE_MAX on overflow. */
size_t leat_taps_bytes(enum leat_kernel k, const struct leat_axis *axis);

#endif
