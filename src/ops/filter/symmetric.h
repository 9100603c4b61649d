/* SPDX-License-Identifier: MIT */
/*
 * The two passes of a separable, symmetric kernel over one row, in float. Every sample is computed by the same
 * operations in the same order wherever it stands and whatever the processor offers, so the bits never depend on
 * either. Nothing is read or written outside the samples named. Thread safe.
 */
#ifndef LEAT_OPS_FILTER_SYMMETRIC_H
#define LEAT_OPS_FILTER_SYMMETRIC_H

#include "base/cpu.h"

#include <stddef.h>
#include <stdint.h>

/*
 * weights[0 .. radius]: of the middle and of each distance from it.
 *
 * vertical_*: out[i] from rows[0 .. 2 radius], each of n samples; the middle is rows[radius].
 *
 * horizontal: out[i], i < n, from in[i + k * step], k = 0 .. 2 radius; `step` samples lie between neighbors. out does
 * not overlap in.
 */
struct leat_symmetric {
	void (*vertical_u8)(const void *const *rows, const float *weights, uint32_t radius, size_t n, float *out);
	void (*vertical_u16)(const void *const *rows, const float *weights, uint32_t radius, size_t n, float *out);
	void (*vertical_f32)(const void *const *rows, const float *weights, uint32_t radius, size_t n, float *out);
	void (*horizontal)(const float *in, const float *weights, uint32_t radius, size_t step, size_t n, float *out);
};

/* The fastest passes of a level. Static. */
const struct leat_symmetric *leat_symmetric_passes(enum leat_cpu level);

#endif
