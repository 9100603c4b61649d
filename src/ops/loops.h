/* SPDX-License-Identifier: MIT */
/*
 * The inner loops of resampling: sums down the columns and along the row. Each is written in plain C and has a second
 * version for processors with AVX2; `level` says which one runs, and both give the same bits: integer
 * sums are exact, float sums have a fixed order and no fused multiply-add. All are thread safe.
 */
#ifndef LEAT_OPS_LOOPS_H
#define LEAT_OPS_LOOPS_H

#include "base/cpu.h"
#include "ops/taps.h"

/*
 * sums[i] = unit * (weight[0] * from[i] + weight[1] * from[stride + i] + ...), `taps` rows, n columns of 8 bits. The
 * integer sum must fit 31 bits.
 */
void leat_column_sums(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit, size_t n,
		      float *sums, enum leat_cpu level);

/* sum[i] += v[i] * weight, n of them. */
void leat_add_weighted(float *sum, const float *v, float weight, size_t n, enum leat_cpu level);

/* Floats per pixel in a result row: the channels, but 4 for RGB. */
static inline unsigned leat_along_step(unsigned channels)
{
	return channels == 3 ? 4 : channels;
}

/*
 * The weighted sums of all pixels of a result row. Channel c of the input is at planes + c * plane, with LEAT_TAP_LANES
 * zeros behind its last sample. result holds leat_along_step(channels) floats a pixel and room for 4 more.
 */
void leat_along(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels, float *result,
		enum leat_cpu level);

#endif
