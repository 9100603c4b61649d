/* SPDX-License-Identifier: MIT */
/* How a TIFF keeps its samples, and their way to rows of leat's. */
#ifndef LEAT_FORMATS_TIFF_LAYOUT_H
#define LEAT_FORMATS_TIFF_LAYOUT_H

#include "formats/tiff_calls.h"

struct leat_tiff_layout {
	uint32_t width, height;
	unsigned bits, samples; /* stored: of a sample, of a pixel */
	unsigned photometric, compression;
	bool is_float, separate, tiled;
	bool by_library; /* libtiff makes 8-bit RGB of the whole image */
	bool white_is_zero, premultiplied;
	int alpha; /* the stored sample that is alpha, -1: none */
	unsigned band, tile_width; /* rows of a strip or tile; columns of a tile, or the width */
	size_t piece, piece_row; /* bytes of a stored strip or tile, and of a row in it */
	uint8_t palette[256][3]; /* of photometric palette */
	struct leat_image_shape shape; /* of the rows that come out */
};

/* Reads and checks what the tags of the open file say. 0, or -1 with *err. */
int leat_tiff_layout(struct leat_tiff *t, uint64_t max_pixels, struct leat_tiff_layout *l, struct leat_notices *notes,
		     struct leat_err *err);

/*
 * n pixels of one stored row, from `rows` (one pointer for each plane, or one to all samples), to leat's pixels at
 * `to`.
 */
void leat_tiff_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, void *to, uint32_t n);

#endif
