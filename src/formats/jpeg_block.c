/* SPDX-License-Identifier: MIT */
/* Blocks: entropy decoding and the transform. See jpeg_block.h. */
#include "formats/jpeg_block.h"

#include "formats/jpeg_idct.h"

#include <stdlib.h>

/* All in one function, so that where reading stands is in registers. */
#define INLINE static inline __attribute__((always_inline))

/* Place by rows of the coefficients in the order of the file (T.81 figure A.6). */
static const uint8_t zigzag[64] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
				   12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
				   35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
				   58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

enum { COLUMNS = 5, UNUSED = 2 * COLUMNS, SUMS = UNUSED + 1, MOST_STEP = 255, MOST_DC = 32767 };

/* The sum of 2x2 that a coefficient goes into: of even ones, then of odd ones, by columns. */
static uint8_t sum_of(unsigned row, unsigned column)
{
	if ((row > 0 && row % 2 == 0) || (column > 0 && column % 2 == 0))
		return UNUSED;
	return (uint8_t)((row ? COLUMNS : 0) + (column + 1) / 2);
}

bool leat_jpeg_plane_quant(struct leat_jpeg_plane *p, const uint16_t quant[64])
{
	static const int32_t rows[8] = {1, LEAT_IDCT_1, 0, LEAT_IDCT_3, 0, LEAT_IDCT_5, 0, LEAT_IDCT_7};
	for (unsigned k = 0; k < 64; k++) {
		unsigned at = zigzag[k], row = at / 8, column = at % 8;
		if (quant[at] > MOST_STEP)
			return false;
		p->step[k] = quant[at];
		p->weight[k] = quant[at] * rows[row];
		p->place[k] = p->size == 2 ? sum_of(row, column) : (uint8_t)at;
		p->counts[k] = p->size == 2 ? p->place[k] != UNUSED : row != 4 && column != 4;
	}
	return true;
}

INLINE uint32_t symbol(const struct leat_huff *h, struct leat_bits_at *b)
{
	if (b->n < 32)
		leat_bits_refill(b);
	uint32_t e = h->value[leat_bits_peek(b, LEAT_HUFF_BITS)];
	if (__builtin_expect(!(e & 63), 0))
		e = leat_huff_long(h, b->buf, e);
	leat_bits_take(b, e & 63);
	return e;
}

INLINE int32_t value_of(uint32_t entry)
{
	return (int32_t)entry >> 16;
}

INLINE bool next_dc(struct leat_jpeg_plane *p, struct leat_bits_at *b)
{
	uint32_t e = symbol(p->dc, b);
	p->last_dc += value_of(e);
	return e != 0 && p->last_dc <= MOST_DC && p->last_dc >= -MOST_DC;
}

/* A symbol that the table does not hold, or with which the block might be full. 1: go on, 0: the block is done. */
INLINE int skip_one(const struct leat_jpeg_plane *p, struct leat_bits_at *b, unsigned *k)
{
	uint32_t e = symbol(p->ac, b);
	if (e & LEAT_HUFF_EOB)
		return 0;
	*k += e >> 8 & 31;
	return !e || *k > 63 ? -1 : *k < 63;
}

/* To the end of the block, all coefficients passed over. */
INLINE bool skip_block(const struct leat_jpeg_plane *p, struct leat_bits_at *b)
{
	enum { AT_ONCE = 4 }; /* look-ups that one refill is enough for */
	const struct leat_skip *skip = p->skip;
	for (unsigned k = 0;;) { /* the last one read */
		int more = 1;
		leat_bits_refill(b);
		for (int i = 0; i < AT_ONCE; i++) {
			unsigned e = skip->entry[leat_bits_peek(b, LEAT_SKIP_BITS)], on = e >> 8 & 127;
			/* What ends the block must be in the block: behind coefficient 63 there is no end of block. */
			if (__builtin_expect(k + on > 63, 0)) {
				if (k == 63)
					return true;
				more = skip_one(p, b, &k);
				break;
			}
			leat_bits_take(b, e & 31);
			if (e & LEAT_SKIP_EOB)
				return true;
			k += on;
		}
		if (more <= 0)
			return more == 0;
	}
}

/* What the coefficients of a block come to. */
struct values {
	uint32_t sum; /* of the magnitudes of those that count */
	unsigned columns; /* bit c: one of column c is there */
};

/* The coefficients, times their steps, into sums of 2x2 (size 2) or to their places. */
INLINE bool read_values(const struct leat_jpeg_plane *p, struct leat_bits_at *b, int32_t *block, bool sums,
			struct values *v)
{
	unsigned k = 0;
	do {
		uint32_t e = symbol(p->ac, b);
		if (e & LEAT_HUFF_EOB)
			return true;
		k += e >> 8 & 31;
		if (!e || k > 63)
			return false;
		int32_t value = value_of(e), z = value * p->step[k];
		unsigned place = p->place[k];
		v->sum += (uint32_t)abs(z) * p->counts[k];
		if (sums) {
			block[place] = (int32_t)((uint32_t)block[place] + (uint32_t)value * (uint32_t)p->weight[k]);
		} else {
			block[place] = z;
			v->columns |= 1u << (place & 7);
		}
	} while (k < 63);
	return true;
}

static void fill(uint8_t *to, size_t stride, unsigned size)
{
	for (unsigned y = 0; y < size; y++)
		memset(to + y * stride, *to, size);
}

INLINE bool block_1(const struct leat_jpeg_plane *p, struct leat_bits_at *b, int32_t dc, uint8_t *to)
{
	bool ok = leat_idct_1(dc, to);
	return skip_block(p, b) && ok;
}

INLINE bool block_2(const struct leat_jpeg_plane *p, struct leat_bits_at *b, int32_t dc, uint8_t *to, size_t stride)
{
	int32_t sums[SUMS] = {dc};
	struct values v = {(uint32_t)abs(dc), 0};
	uint32_t alone = v.sum;
	if (!read_values(p, b, sums, true, &v) || v.sum > LEAT_IDCT_SUM)
		return false;
	if (v.sum > alone)
		return leat_idct_2(sums, sums + COLUMNS, to, stride);
	bool ok = leat_idct_1(dc, to);
	to[1] = to[stride] = to[stride + 1] = to[0];
	return ok;
}

INLINE bool block_4(const struct leat_jpeg_plane *p, struct leat_bits_at *b, int32_t dc, uint8_t *to, size_t stride)
{
	int32_t block[64] = {dc};
	struct values v = {(uint32_t)abs(dc), 1};
	uint32_t alone = v.sum;
	if (!read_values(p, b, block, false, &v) || v.sum > LEAT_IDCT_SUM)
		return false;
	if (v.sum > alone)
		return leat_idct_4(block, v.columns, to, stride);
	bool ok = leat_idct_1(dc, to);
	fill(to, stride, 4);
	return ok;
}

INLINE bool read_block(struct leat_jpeg_plane *p, struct leat_bits_at *b, uint8_t *to)
{
	if (!next_dc(p, b))
		return false;
	int32_t dc = p->last_dc * p->step[0];
	switch (p->size) {
	case 1:
		return block_1(p, b, dc, to);
	case 2:
		return block_2(p, b, dc, to, p->stride);
	default:
		return block_4(p, b, dc, to, p->stride);
	}
}

bool leat_jpeg_mcus(const struct leat_jpeg_unit *units, unsigned n, uint32_t count, struct leat_bits *bits)
{
	for (size_t x = 0; x < count; x++) {
		if (!leat_bits_ready(bits))
			return false;
		struct leat_bits_at b = bits->at;
		for (unsigned i = 0; i < n; i++)
			if (!read_block(units[i].plane, &b, units[i].to + x * units[i].on))
				return false;
		bits->at = b;
	}
	return leat_bits_ready(bits);
}
