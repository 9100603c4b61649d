/* SPDX-License-Identifier: MIT */
/* Paeth rows four at a time, by AVX2: only to be called where the machine has it (base/cpu.h). */
#ifndef LEAT_FORMATS_PNG_UNFILTER_AVX2_H
#define LEAT_FORMATS_PNG_UNFILTER_AVX2_H

#include "formats/png_unfilter.h"

enum { LEAT_PNG_AVX2_ROWS = 4 }; /* fewer are not taken */

#if defined(__x86_64__) && defined(__GNUC__)
#define LEAT_PNG_AVX2
/* As leat_png_unfilter_paeths, of the first eight or four rows: how many, or 0 where it cannot. */
size_t leat_png_paeths_avx2(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			    size_t rows, size_t n);
#else
static inline size_t leat_png_paeths_avx2(unsigned pixel, const struct leat_png_row *first, size_t from_stride,
					  size_t to_stride, size_t rows, size_t n)
{
	(void)pixel, (void)first, (void)from_stride, (void)to_stride, (void)rows, (void)n;
	return 0;
}
#endif

#endif
