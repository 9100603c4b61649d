/* SPDX-License-Identifier: MIT */
/* The chunks of a PNG, walked with bounds and without a library (but for the CRC): header, end, order. */
#ifndef LEAT_FORMATS_PNG_CHUNKS_H
#define LEAT_FORMATS_PNG_CHUNKS_H

#include "core/codec.h"

#define LEAT_PNG_TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

enum leat_png_color { LEAT_PNG_GRAY = 0, LEAT_PNG_RGB = 2, LEAT_PNG_PALETTE = 3, LEAT_PNG_GA = 4, LEAT_PNG_RGBA = 6 };

struct leat_png_header {
	uint32_t width, height;
	uint8_t depth, color, interlace; /* as in IHDR, valid together */
	bool trns; /* a tRNS chunk that counts stands before the pixels */
	uint8_t orientation; /* EXIF 1..8 */
	bool animated; /* acTL before the pixels */
};

struct leat_png_chunk {
	uint32_t type;
	uint32_t len;
	const uint8_t *data; /* len bytes, then the CRC */
};

/*
 * The chunk at *pos; *pos moves behind it. 1: got it. 0: it is not all there; *c then has type and
 * len, when 8 bytes of it are there, else zeros. -1: no chunk can look so (length over 2^31, name
 * not of letters).
 */
int leat_png_next(const uint8_t *d, size_t n, size_t *pos, struct leat_png_chunk *c);

/* CRC-32 of ISO 3309 over n bytes: of a chunk's name and data. */
uint32_t leat_png_crc(const uint8_t *d, size_t n);
/* The same of n more bytes behind those that gave `crc`; 0 before the first. */
uint32_t leat_png_crc_more(uint32_t crc, const uint8_t *d, size_t n);

/* Does the CRC of the chunk match? */
bool leat_png_crc_ok(const struct leat_png_chunk *c);

/*
 * Signature, IHDR, and what stands before the first IDAT: the header, from the first n bytes
 * (`whole`: that is the file). 0; -1 with *err; 1 when more bytes are needed. `trns` follows
 * libpng's rules for accepting the chunk.
 */
int leat_png_header(const uint8_t *d, size_t n, bool whole, struct leat_png_header *h, struct leat_err *err);

/* The shape rows are delivered in: palette and low depths expanded, tRNS as alpha. */
struct leat_image_shape leat_png_shape(const struct leat_png_header *h);

/*
 * Looks for IEND. 1 with the offset behind it in *end; 0 when the file ends first, then *last is
 * the chunk it ends in (type 0: between chunks); -1 when something that is no chunk stands before
 * it.
 */
int leat_png_end(const uint8_t *d, size_t n, size_t *end, struct leat_png_chunk *last);

/* codec.probe */
int leat_png_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err);

#endif
