/* SPDX-License-Identifier: MIT */
/* PNG filters undone by SSE2, which every x86-64 has; elsewhere these do nothing, and say so. */
#ifndef LEAT_FORMATS_PNG_UNFILTER_SSE_H
#define LEAT_FORMATS_PNG_UNFILTER_SSE_H

#include "formats/png_unfilter.h"

#include <stdbool.h>

#ifdef __SSE2__
/* As leat_png_unfilter; false where the plain loop is as good. */
bool leat_png_unfilter_sse(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n);
/* As leat_png_unfilter_paeths, of the first rows: so many are done, 0 where there is no way for several at once. */
size_t leat_png_paeths_sse(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			   size_t rows, size_t n);
#else
static inline bool leat_png_unfilter_sse(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n)
{
	(void)filter, (void)pixel, (void)r, (void)n;
	return false;
}
static inline size_t leat_png_paeths_sse(unsigned pixel, const struct leat_png_row *first, size_t from_stride,
					 size_t to_stride, size_t rows, size_t n)
{
	(void)pixel, (void)first, (void)from_stride, (void)to_stride, (void)rows, (void)n;
	return 0;
}
#endif

#endif
