/* SPDX-License-Identifier: MIT */
/* The window over a scan's bytes. See jpeg_bits.h. */
#include "formats/jpeg_bits.h"

/* Bytes without 0xff, then a stuffed one, and so on, until the window is full or the data end. */
static void fill(struct leat_bits *b)
{
	uint8_t *full = b->window + LEAT_BITS_WINDOW;
	while (b->end < full && !b->ended) {
		size_t room = (size_t)(full - b->end), left = (size_t)(b->src_end - b->src);
		size_t most = left < room ? left : room;
		const uint8_t *mark = memchr(b->src, 0xff, most);
		size_t plain = mark ? (size_t)(mark - b->src) : most;
		memcpy(b->end, b->src, plain);
		b->end += plain;
		b->src += plain;
		if (mark && b->src_end - b->src >= 2 && b->src[1] == 0) {
			*b->end++ = 0xff;
			b->src += 2;
		} else if (mark || b->src == b->src_end) {
			b->ended = true;
		}
	}
	/* The reader looks at eight bytes at a time, so zeros belong behind the end in any case. */
	memset(b->end, 0, b->ended ? LEAT_BITS_MCU : 8);
	b->safe = b->ended ? b->end : b->end - LEAT_BITS_MCU;
}

void leat_bits_begin(struct leat_bits *b, const uint8_t *src, const uint8_t *src_end)
{
	b->at = (struct leat_bits_at){.p = b->window};
	b->end = b->window;
	b->ended = false;
	b->src = src;
	b->src_end = src_end;
	fill(b);
}

/* Bits of data that are left; less than 0 when zeros behind the end were taken. */
static int64_t bits_left(const struct leat_bits *b)
{
	return (int64_t)(b->end - b->at.p) * 8 + (int64_t)b->at.n;
}

bool leat_bits_more(struct leat_bits *b)
{
	if (!b->ended) { /* then what there is has all been there: p is not past end */
		size_t left = (size_t)(b->end - b->at.p);
		memmove(b->window, b->at.p, left);
		b->at.p = b->window;
		b->end = b->window + left;
		fill(b);
		/* What the buffer holds below its valid bits is what stands at p: still true. */
		return true;
	}
	return bits_left(b) >= 0;
}

const uint8_t *leat_bits_marker(struct leat_bits *b)
{
	if (!b->ended)
		(void)leat_bits_more(b);
	if (!b->ended || b->src_end - b->src < 2)
		return NULL;
	int64_t left = bits_left(b);
	return left >= 0 && left < 8 ? b->src : NULL;
}
