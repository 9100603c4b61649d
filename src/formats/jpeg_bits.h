/* SPDX-License-Identifier: MIT */
/*
 * The bits of a JPEG scan without libjpeg. Stuffed zeros are taken out into a window first, a marker ends the data,
 * and zeros follow the end: so a whole MCU can be read without a look at bounds, and leat_bits_ready, asked before
 * each MCU, says whether what was read so far was really there. After ITU-T T.81 F.2.2.5; the refill without
 * branches after Giesen, "Reading bits in far too many ways" (2018).
 */
#ifndef LEAT_FORMATS_JPEG_BITS_H
#define LEAT_FORMATS_JPEG_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	LEAT_BITS_WINDOW = 32 * 1024,
	/* Bytes an MCU can take: 10 blocks of 64 symbols, 16 bits of code and 15 of value each; and a refill. */
	LEAT_BITS_MCU = 10 * 64 * 31 / 8 + 40,
};

/* Where reading stands; a copy of it in registers is what makes it fast. */
struct leat_bits_at {
	uint64_t buf; /* the next bits, from the top; below the n valid ones there may be more of the stream */
	unsigned n;
	const uint8_t *p; /* next byte of the window */
};

struct leat_bits {
	struct leat_bits_at at;
	const uint8_t *safe; /* as long as at.p is not past this, an MCU can be read */
	uint8_t *end; /* of the data in the window */
	bool ended; /* a marker, or the end of the file, follows `end` */
	const uint8_t *src, *src_end; /* what is not in the window yet */
	uint8_t window[LEAT_BITS_WINDOW + LEAT_BITS_MCU + 16];
};

/* Begins at src, with nothing read. */
void leat_bits_begin(struct leat_bits *b, const uint8_t *src, const uint8_t *src_end);

/* leat_bits_ready where a refill or a closer look is due. */
bool leat_bits_more(struct leat_bits *b);

/* Before each MCU: can it be read? False when more bits have been taken than there are. */
static inline bool leat_bits_ready(struct leat_bits *b)
{
	return b->at.p <= b->safe || leat_bits_more(b);
}

/* What is left is less than a byte of padding, and a marker follows: where it is (its 0xff), else NULL. */
const uint8_t *leat_bits_marker(struct leat_bits *b);

/* At least 56 bits are there after it. */
static inline void leat_bits_refill(struct leat_bits_at *b)
{
	uint64_t v;
	memcpy(&v, b->p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	b->buf |= v >> b->n;
	b->p += (63 - b->n) >> 3;
	b->n |= 56;
}

static inline unsigned leat_bits_peek(const struct leat_bits_at *b, unsigned count) /* count >= 1 */
{
	return (unsigned)(b->buf >> (64 - count));
}

static inline void leat_bits_take(struct leat_bits_at *b, unsigned count) /* at most n, less than 64 */
{
	b->buf <<= count;
	b->n -= count;
}

#endif
