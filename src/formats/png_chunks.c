/* SPDX-License-Identifier: MIT */
#include "formats/png_chunks.h"

#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/limits.h"
#include "formats/png_fast.h"
#include "formats/png_stream.h"
#include "base/mem.h"

#include <libdeflate.h>
#include <string.h>

enum { SIGNATURE = 8, IHDR_LEN = 13, FRAME = 12 }; /* FRAME: length, name, CRC */

static const uint8_t signature[SIGNATURE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

static bool letter(uint32_t c)
{
	c &= 0xff;
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int leat_png_next(const uint8_t *d, size_t n, size_t *pos, struct leat_png_chunk *c)
{
	*c = (struct leat_png_chunk){0};
	if (*pos > n || n - *pos < 8)
		return 0;
	uint32_t len = leat_be32(d + *pos), type = leat_be32(d + *pos + 4);
	if (len > INT32_MAX || !letter(type >> 24) || !letter(type >> 16) || !letter(type >> 8) || !letter(type))
		return -1;
	c->type = type;
	c->len = len;
	if (n - *pos < FRAME || n - *pos - FRAME < len)
		return 0;
	c->data = d + *pos + 8;
	*pos += (size_t)len + FRAME;
	return 1;
}

uint32_t leat_png_crc_more(uint32_t crc, const uint8_t *d, size_t n)
{
	return libdeflate_crc32(crc, d, n);
}

uint32_t leat_png_crc(const uint8_t *d, size_t n)
{
	return leat_png_crc_more(0, d, n);
}

bool leat_png_crc_ok(const struct leat_png_chunk *c)
{
	return leat_png_crc(c->data - 4, (size_t)c->len + 4) == leat_be32(c->data + c->len);
}

/* More bytes may come (1) or the file is too short (-1). */
static int too_short(bool whole, size_t n, struct leat_err *err)
{
	if (!whole)
		return 1;
	return leat_fail(err, LEAT_CAUSE_TRUNCATED, "truncated png: it ends after %zu bytes, before the pixels", n);
}

static bool depth_fits(uint8_t color, uint8_t depth)
{
	switch (color) {
	case LEAT_PNG_GRAY:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
	case LEAT_PNG_PALETTE:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8;
	case LEAT_PNG_RGB:
	case LEAT_PNG_GA:
	case LEAT_PNG_RGBA:
		return depth == 8 || depth == 16;
	default:
		return false;
	}
}

static int read_ihdr(const uint8_t *p, struct leat_png_header *h, struct leat_err *err)
{
	h->width = leat_be32(p);
	h->height = leat_be32(p + 4);
	h->depth = p[8];
	h->color = p[9];
	h->interlace = p[12];
	if (!depth_fits(h->color, h->depth))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt png: color type %u with %u bits does not exist",
				 h->color, h->depth);
	if (p[10] != 0 || p[11] != 0 || h->interlace > 1)
		return leat_fail(err, LEAT_CAUSE_CORRUPT,
				 "corrupt png: unknown compression %u, filter method %u or interlacing %u", p[10],
				 p[11], h->interlace);
	return leat_limit_sides("png", h->width, h->height, err);
}

static int check_signature(const uint8_t *d, size_t n, bool whole, struct leat_err *err)
{
	size_t there = n < SIGNATURE ? n : SIGNATURE;
	if (there == 0 || memcmp(d, signature, there) == 0)
		return there == SIGNATURE ? 0 : too_short(whole, n, err);
	if (there < 4 || memcmp(d, signature, 4) != 0)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "no png: its first bytes are others");
	return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt png: a transfer as text has damaged its signature");
}

static int first_chunk(const uint8_t *d, size_t n, bool whole, struct leat_png_header *h, size_t *pos,
		       struct leat_err *err)
{
	struct leat_png_chunk c;
	int r = leat_png_next(d, n, pos, &c);
	if (c.type == LEAT_PNG_TYPE('C', 'g', 'B', 'I'))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "png in the CgBI form of iOS programs, which is no standard PNG");
	if (r < 0 || (c.type && (c.type != LEAT_PNG_TYPE('I', 'H', 'D', 'R') || c.len != IHDR_LEN)))
		return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt png: its first chunk is not a proper IHDR");
	if (r == 0)
		return too_short(whole, n, err);
	return read_ihdr(c.data, h, err);
}

/*
 * A tRNS chunk counts when its length fits the color type, for palettes after PLTE, and its CRC is
 * right; the first one.
 */
static bool trns_counts(const struct leat_png_header *h, const struct leat_png_chunk *c, uint32_t palette)
{
	bool fits = h->color == LEAT_PNG_GRAY      ? c->len == 2
		    : h->color == LEAT_PNG_RGB     ? c->len == 6
		    : h->color == LEAT_PNG_PALETTE ? c->len > 0 && c->len <= palette
						   : false;
	return fits && leat_png_crc_ok(c);
}

static uint32_t palette_entries(const struct leat_png_header *h, const struct leat_png_chunk *c)
{
	uint32_t most = UINT32_C(1) << h->depth;
	if (c->len % 3 || c->len > 768)
		return 0;
	return c->len / 3 < most ? c->len / 3 : most;
}

/* Everything between IHDR and IDAT that decides about the shape. */
static int before_pixels(const uint8_t *d, size_t n, size_t pos, bool whole, struct leat_png_header *h,
			 struct leat_err *err)
{
	if (!whole && (h->color & 4))
		return 0; /* has its alpha anyway: nothing to look for in a beginning */
	uint32_t palette = 0;
	for (;;) {
		struct leat_png_chunk c;
		int r = leat_png_next(d, n, &pos, &c);
		if (r < 0)
			return leat_fail(err, LEAT_CAUSE_CORRUPT, "corrupt png: no chunk at byte %zu", pos);
		if (c.type == LEAT_PNG_TYPE('I', 'D', 'A', 'T') || c.type == LEAT_PNG_TYPE('I', 'E', 'N', 'D'))
			return 0;
		if (r == 0)
			return too_short(whole, n, err);
		if (c.type == LEAT_PNG_TYPE('P', 'L', 'T', 'E') && h->color == LEAT_PNG_PALETTE && !palette)
			palette = palette_entries(h, &c);
		else if (c.type == LEAT_PNG_TYPE('t', 'R', 'N', 'S') && !h->trns)
			h->trns = trns_counts(h, &c, palette);
		else if (c.type == LEAT_PNG_TYPE('a', 'c', 'T', 'L'))
			h->animated = true;
		else if (c.type == LEAT_PNG_TYPE('e', 'X', 'I', 'f'))
			h->orientation = (uint8_t)leat_exif_orientation(c.data, c.len);
	}
}

int leat_png_header(const uint8_t *d, size_t n, bool whole, struct leat_png_header *h, struct leat_err *err)
{
	*h = (struct leat_png_header){.orientation = 1};
	size_t pos = SIGNATURE;
	int r = check_signature(d, n, whole, err);
	if (r == 0)
		r = first_chunk(d, n, whole, h, &pos, err);
	return r == 0 ? before_pixels(d, n, pos, whole, h, err) : r;
}

struct leat_image_shape leat_png_shape(const struct leat_png_header *h)
{
	bool gray = h->color == LEAT_PNG_GRAY || h->color == LEAT_PNG_GA;
	bool alpha = h->trns || h->color == LEAT_PNG_GA || h->color == LEAT_PNG_RGBA;
	return (struct leat_image_shape){
		.width = h->width,
		.height = h->height,
		.channels = (uint8_t)((gray ? 1 : 3) + alpha),
		.alpha = alpha,
		.sample = h->depth == 16 ? LEAT_U16 : LEAT_U8,
		.pages = 1,
	};
}

int leat_png_end(const uint8_t *d, size_t n, size_t *end, struct leat_png_chunk *last)
{
	size_t pos = SIGNATURE;
	int r;
	while ((r = leat_png_next(d, n, &pos, last)) == 1) {
		*end = pos;
		if (last->type == LEAT_PNG_TYPE('I', 'E', 'N', 'D'))
			return 1;
	}
	return r;
}

int leat_png_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err)
{
	struct leat_png_header png;
	int r = leat_png_header(d, n, whole, &png, err);
	if (r != 0)
		return r;
	*h = (struct leat_header){
		.format = "png", .shape = leat_png_shape(&png), .whole = png.interlace, .orientation = png.orientation};
	h->peak_bytes = leat_size_add(leat_limit_peak(&h->shape, LEAT_PNG_FAST_ROWS),
				      leat_png_stream_bytes(leat_row_bytes(&h->shape), h->shape.height));
	if (png.interlace)
		h->peak_bytes += leat_image_bytes(&h->shape);
	return 0;
}
