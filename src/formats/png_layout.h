/* SPDX-License-Identifier: MIT */
/*
 * Where in a PNG its pixels are, if nothing about its other chunks is out of the ordinary. Everything but the pixels
 * themselves is checked here, once; what is odd, right or wrong, is left to libpng and its words.
 */
#ifndef LEAT_FORMATS_PNG_LAYOUT_H
#define LEAT_FORMATS_PNG_LAYOUT_H

#include "formats/png_chunks.h"

struct leat_png_layout {
	size_t idat, end; /* the IDAT chunks, one behind the other: first byte of the first, first behind the last */
	struct leat_png_chunk plte, trns; /* type 0 where there is none; CRC checked */
	size_t row_bytes; /* of a row as it is stored, without its filter byte */
	unsigned pixel_bytes; /* what filters take for a pixel: 1 to 8 */
};

/*
 * Is it an image without interlacing whose chunks stand as they should: IHDR; PLTE and tRNS where they belong, at most
 * once and of a length that fits; no other critical chunk; one row of IDAT; IEND; the CRC of all but IDAT right; a
 * zlib header that promises a window large enough; less than 4 GiB of pixels.
 */
bool leat_png_layout(const uint8_t *d, size_t n, const struct leat_png_header *h, struct leat_png_layout *l);

#endif
