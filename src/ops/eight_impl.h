/* SPDX-License-Identifier: MIT */
/* What the files of eight.h share: the steps of one call, each in plain C and in vectors, with the same bits. */
#ifndef LEAT_OPS_EIGHT_IMPL_H
#define LEAT_OPS_EIGHT_IMPL_H

#include "ops/eight.h"

#include <string.h>

enum {
	LEAT_EIGHT_TILE = 192, /* columns whose sums of eight rows are made together: they stay in the L1 cache */
	LEAT_EIGHT_ROW = LEAT_EIGHT_TILE + 16, /* words from row to row of a tile: loads may pass the end */
	LEAT_EIGHT_PAIR = 2 * LEAT_EIGHT /* words of one pair of samples of one channel, of all rows */
};

/* What a call works in. */
struct leat_eight_work {
	int16_t *rows; /* [LEAT_EIGHT][LEAT_EIGHT_ROW]: column sums of a tile */
	int16_t *pairs; /* [pairs of a row][channels][LEAT_EIGHT][2] */
	uint8_t *result; /* [samples of a result row][LEAT_EIGHT] */
};

/* n columns of one result row: sums of `taps` input rows, rounded to words. */
struct leat_eight_column {
	const uint8_t *from;
	size_t stride;
	const int16_t *weight;
	uint32_t taps;
	unsigned shift; /* of the sums; at least 1 */
};

/* eight_columns.c: n <= LEAT_EIGHT_TILE columns. */
void leat_eight_columns(const struct leat_eight_column *c, size_t n, int16_t *to, enum leat_cpu level);
/* eight_along.c: `pairs` pairs of pixels of a tile beside each other. */
void leat_eight_lay(const int16_t *rows, size_t pairs, unsigned channels, int16_t *to, enum leat_cpu level);
/* eight_along.c: the pairs of all rows to the samples of the result, eight by eight. */
void leat_eight_along(const struct leat_eight *e, const struct leat_eight_work *w, enum leat_cpu level);
/* eight_along.c: those to the first `rows` rows at `to`. */
void leat_eight_put(const struct leat_eight *e, const struct leat_eight_work *w, uint32_t rows, uint8_t *to,
		    size_t stride, enum leat_cpu level);

#endif
