/* SPDX-License-Identifier: MIT */
/* The five filters of PNG rows undone: ISO/IEC 15948, 9.2. */
#ifndef LEAT_FORMATS_PNG_UNFILTER_H
#define LEAT_FORMATS_PNG_UNFILTER_H

#include <stddef.h>
#include <stdint.h>

enum { LEAT_PNG_NONE, LEAT_PNG_SUB, LEAT_PNG_UP, LEAT_PNG_AVERAGE, LEAT_PNG_PAETH, LEAT_PNG_FILTERS };

/* One row: n bytes at `from`, the n of the row above at `above`, the result at `to`, which overlaps neither. */
struct leat_png_row {
	const uint8_t *from, *above;
	uint8_t *to;
};

/*
 * filter: below LEAT_PNG_FILTERS. pixel: 1, 2, 3, 4, 6 or 8 bytes, n a multiple of it. Behind `from` another
 * LEAT_PNG_PAD bytes may be read; nothing else is touched.
 */
void leat_png_unfilter(unsigned filter, unsigned pixel, const struct leat_png_row *row, size_t n);

/*
 * Rows of the Paeth filter, each below the one before it: from[k] + stride is from[k + 1], and so on. Several at a
 * time are faster than one by one, because pixels of different rows do not wait for each other.
 */
void leat_png_unfilter_paeths(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			      size_t rows, size_t n);

/* The plain loops of the standard, for any pixel: what the others are held against. */
void leat_png_unfilter_plain(unsigned filter, unsigned pixel, const struct leat_png_row *row, size_t n);

#endif
