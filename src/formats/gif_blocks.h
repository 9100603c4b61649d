/* SPDX-License-Identifier: MIT */
/* The blocks of a GIF, walked with bounds: the first frame, what may be seen through, and whether there are more. */
#ifndef LEAT_FORMATS_GIF_BLOCKS_H
#define LEAT_FORMATS_GIF_BLOCKS_H

#include "core/codec.h"

struct leat_gif {
	uint32_t width, height; /* of the canvas, which holds at least the first frame */
	uint32_t x, y, w, h; /* the first frame on it */
	const uint8_t *palette; /* RGB; NULL: none, all is black */
	unsigned colors;
	int transparent; /* index, -1: none */
	bool interlaced;
	size_t codes; /* offset of the first frame's code size and codes */
};

/* Up to the first frame, from n bytes (`whole`: that is the file). 0; -1 with *err; 1 when more bytes are needed. */
int leat_gif_header(const uint8_t *d, size_t n, bool whole, struct leat_gif *g, struct leat_err *err);
/*
 * What stands behind the first frame, from offset `pos` of its sub-blocks: *frames counts it and the others, *end is
 * behind the trailer. 0, or -1 with *err: TRUNCATED, CORRUPT.
 */
int leat_gif_rest(const uint8_t *d, size_t n, size_t pos, unsigned *frames, size_t *end, struct leat_err *err);
/* The next sub-block: its length at *pos, 0 at the end of the chain. False: the file ends. */
bool leat_gif_block(const uint8_t *d, size_t n, size_t *pos, const uint8_t **data, size_t *len);

struct leat_image_shape leat_gif_shape(const struct leat_gif *g);
int leat_gif_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err);

/*
 * Unpacks LZW codes of variable length from the sub-blocks at *pos, which begin with the code size, into n indices.
 * *got: how many there are. 0, or -1 with *err (TRUNCATED, CORRUPT); *pos is behind the chain's end.
 */
int leat_gif_unpack(const uint8_t *d, size_t size, size_t *pos, uint8_t *to, size_t n, size_t *got,
		    struct leat_err *err);

#endif
