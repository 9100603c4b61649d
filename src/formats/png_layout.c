/* SPDX-License-Identifier: MIT */
#include "formats/png_layout.h"

#include "formats/endian.h"
#include "formats/limits.h"

enum {
	IHDR = LEAT_PNG_TYPE('I', 'H', 'D', 'R'),
	PLTE = LEAT_PNG_TYPE('P', 'L', 'T', 'E'),
	TRNS = LEAT_PNG_TYPE('t', 'R', 'N', 'S'),
	IDAT = LEAT_PNG_TYPE('I', 'D', 'A', 'T'),
	IEND = LEAT_PNG_TYPE('I', 'E', 'N', 'D')
};

enum { CHUNKS_OFFSET = 8, MOST_COLORS = 256 };

static bool ancillary(uint32_t type)
{
	return type & 0x20000000; /* the first letter is a small one */
}

static unsigned samples(const struct leat_png_header *h)
{
	static const unsigned of_color[] = {[LEAT_PNG_GRAY] = 1,
					    [LEAT_PNG_RGB] = 3,
					    [LEAT_PNG_PALETTE] = 1,
					    [LEAT_PNG_GA] = 2,
					    [LEAT_PNG_RGBA] = 4};
	return of_color[h->color];
}

/* The bytes of all rows with their filters. */
static uint64_t raw_bytes(const struct leat_png_header *h, const struct leat_png_layout *l)
{
	return ((uint64_t)l->row_bytes + 1) * h->height;
}

/* Before the pixels. A palette counts for images of colors only; for others but palette ones it is a suggestion. */
static bool palette_fits(const struct leat_png_header *h, const struct leat_png_layout *l,
			 const struct leat_png_chunk *c)
{
	if (l->plte.type || l->trns.type || !(h->color & 2) || c->len == 0 || c->len % 3)
		return false;
	return c->len / 3 <= (h->color == LEAT_PNG_PALETTE ? 1u << h->depth : (unsigned)MOST_COLORS);
}

/* The numbers of a transparent color are samples of the image, not more. */
static bool key_fits(const struct leat_png_header *h, const struct leat_png_chunk *c)
{
	for (uint32_t i = 0; h->color != LEAT_PNG_PALETTE && i + 2 <= c->len; i += 2)
		if (leat_be16(c->data + i) >> h->depth)
			return false;
	return true;
}

static bool take_before(const struct leat_png_header *h, struct leat_png_layout *l, const struct leat_png_chunk *c)
{
	if (c->len > LEAT_LIMIT_BLOB || !leat_png_crc_ok(c))
		return false;
	if (c->type == PLTE) {
		if (!palette_fits(h, l, c))
			return false;
		l->plte = *c;
		return true;
	}
	if (c->type == TRNS) {
		if (l->trns.type || !h->trns || !key_fits(h, c))
			return false;
		l->trns = *c;
		return true;
	}
	return ancillary(c->type);
}

/* libpng tells of chunks that are larger than all pixels are when stored unpacked: 5 bytes for each block of them. */
static bool plausible_size(const struct leat_png_chunk *c, uint64_t raw)
{
	enum { HEAD_AND_SUM = 6, BLOCK_HEAD = 5, BLOCK = 32566 };
	return c->len <= LEAT_LIMIT_BLOB || c->len <= raw + HEAD_AND_SUM + BLOCK_HEAD * (raw / BLOCK + 1);
}

/* From the first IDAT to what follows the last. */
static bool walk_pixels(const uint8_t *d, size_t n, size_t *pos, struct leat_png_chunk *c, uint64_t raw,
			struct leat_png_layout *l)
{
	uint8_t head[2];
	unsigned seen = 0;
	do {
		if (!plausible_size(c, raw))
			return false;
		for (uint32_t i = 0; i < c->len && seen < 2; i++)
			head[seen++] = c->data[i];
		l->end = *pos;
		if (leat_png_next(d, n, pos, c) != 1)
			return false;
	} while (c->type == IDAT);
	if (seen < 2 || (head[0] & 15) != 8 || head[0] >> 4 > 7 || (head[0] << 8 | head[1]) % 31 || head[1] & 0x20)
		return false;
	uint64_t window = UINT64_C(256) << (head[0] >> 4);
	return window >= raw || head[0] >> 4 == 7;
}

static bool walk_rest(const uint8_t *d, size_t n, size_t *pos, struct leat_png_chunk *c)
{
	while (c->type != IEND) {
		if (c->type == TRNS || !ancillary(c->type) || c->len > LEAT_LIMIT_BLOB || !leat_png_crc_ok(c) ||
		    leat_png_next(d, n, pos, c) != 1)
			return false;
	}
	return c->len == 0 && leat_png_crc_ok(c);
}

bool leat_png_layout(const uint8_t *d, size_t n, const struct leat_png_header *h, struct leat_png_layout *l)
{
	*l = (struct leat_png_layout){0};
	size_t pos = CHUNKS_OFFSET;
	struct leat_png_chunk c;
	if (h->interlace || leat_png_next(d, n, &pos, &c) != 1 || c.type != IHDR || !leat_png_crc_ok(&c))
		return false;
	unsigned bits = samples(h) * h->depth;
	l->row_bytes = ((size_t)h->width * bits + 7) / 8;
	l->pixel_bytes = (bits + 7) / 8;
	if (raw_bytes(h, l) > UINT32_MAX)
		return false;
	for (;;) {
		l->idat = pos;
		if (leat_png_next(d, n, &pos, &c) != 1)
			return false;
		if (c.type == IDAT)
			break;
		if (!take_before(h, l, &c))
			return false;
	}
	if (h->color == LEAT_PNG_PALETTE && !l->plte.type)
		return false;
	return walk_pixels(d, n, &pos, &c, raw_bytes(h, l), l) && walk_rest(d, n, &pos, &c);
}
