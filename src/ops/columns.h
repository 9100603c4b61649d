/* SPDX-License-Identifier: MIT */
/* Weighted sums down the columns of 8-bit rows, in fixed point: the inner loop of reducing photographs. */
#ifndef LEAT_OPS_COLUMNS_H
#define LEAT_OPS_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

/*
 * sums[i] = unit * (weight[0] * from[i] + weight[1] * from[stride + i] + ...), `taps` rows, n columns. The integer sum is exact and
 * must fit 31 bits. Thread safe.
 */
void leat_column_sums(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit, size_t n,
		      float *sums);

/* The same in plain C, whatever the processor has: the fallback, and what tests compare with. */
void leat_column_sums_plain(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit,
			    size_t n, float *sums);

#endif
