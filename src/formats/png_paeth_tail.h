/* SPDX-License-Identifier: MIT */
/* The Paeth filter undone sample by sample: ISO/IEC 15948, 9.4. For the ends of rows, and where nothing faster is. */
#ifndef LEAT_FORMATS_PNG_PAETH_TAIL_H
#define LEAT_FORMATS_PNG_PAETH_TAIL_H

#include "formats/png_unfilter.h"

#include <stdlib.h>

/* Of a, b, c the one nearest to a + b - c; the first of those equally near. */
static inline uint8_t leat_png_paeth(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
	int other = pb <= pc ? b : c;
	return (uint8_t)(pa <= pb && pa <= pc ? a : other);
}

/* Bytes i to n - 1 of the row; those before i are done. */
static inline void leat_png_paeth_tail(unsigned pixel, const struct leat_png_row *r, size_t i, size_t n)
{
	for (; i < n && i < pixel; i++)
		r->to[i] = (uint8_t)(r->from[i] + r->above[i]);
	for (; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + leat_png_paeth(r->to[i - pixel], r->above[i], r->above[i - pixel]));
}

#endif
