/* SPDX-License-Identifier: MIT */
/*
 * Resampling of opaque 8-bit rows in integers, eight result rows at a time.
 *
 * Down the columns: 16-bit weights times bytes, summed in 32 bits, rounded to 16 bits with LEAT_EIGHT_BITS of fraction.
 * Those of eight rows are laid beside each other, two neighboring samples of a row together. So along the row one
 * multiply-add takes the same two samples of all eight rows, no sum has to be added up across lanes, and
 * whatever the width of the machine's vectors the numbers are the same.
 *
 * Error against exact arithmetic before the last rounding: the columns as in resample.h, the fraction at most
 * 2^-(LEAT_EIGHT_BITS + 1) times the sum of the weights' magnitudes, and along the row at most 255 weights' worth of
 * their rounding, which leat_pairs_make keeps below 0.3 levels.
 */
#ifndef LEAT_OPS_EIGHT_H
#define LEAT_OPS_EIGHT_H

#include "base/cpu.h"
#include "core/image.h"
#include "ops/taps.h"

enum { LEAT_EIGHT = 8, LEAT_EIGHT_BITS = 6 };

/* Weights along the row for pairs of samples 2p, 2p + 1. */
struct leat_pairs {
	uint32_t *first; /* [out]: the first pair */
	int16_t *weight; /* [out * n * 2] */
	uint32_t n; /* pairs of each result sample; 0: none are made, this way is not for these axes */
	unsigned bits; /* weights are times 2^bits */
};

/*
 * For rows that come of `y` and go through `x`. To be given to leat_pairs_free in any case. Where integers would not be
 * exact enough it makes none. -1 with *err (MEMORY).
 */
int leat_pairs_make(struct leat_pairs *p, const struct leat_taps *x, const struct leat_taps *y, struct leat_err *err);
void leat_pairs_free(struct leat_pairs *p);

/* Bytes of scratch, 64-byte aligned, for rows of `width` pixels of 1 or 3 channels; SIZE_MAX on overflow. */
size_t leat_eight_scratch(const struct leat_pairs *p, uint32_t width, unsigned channels, uint32_t out);

struct leat_eight {
	const struct leat_taps *y;
	const struct leat_pairs *x;
	uint32_t width, out; /* pixels of an input row, and of a result row */
	unsigned channels; /* 1 or 3 */
	void *scratch;
};

/*
 * Result rows [y0, y1), at most LEAT_EIGHT, row y to `to` + (y - y0) * stride. `in` holds the rows that y says. All
 * levels give the same bytes. Thread safe with scratch of its own for each call.
 */
void leat_eight_rows(const struct leat_eight *e, const struct leat_rows *in, uint32_t y0, uint32_t y1, uint8_t *to,
		     size_t stride, enum leat_cpu level);

#endif
