/* SPDX-License-Identifier: MIT */
/* Which loop undoes which filter; and the plain ones, for machines without SSE2 and as the measure of the others. */
#include "formats/png_unfilter.h"

#include "base/cpu.h"
#include "formats/png_paeth_tail.h"
#include "formats/png_unfilter_avx2.h"
#include "formats/png_unfilter_sse.h"

#include <string.h>

static void plain_sub(size_t pixel, const struct leat_png_row *r, size_t n)
{
	for (size_t i = 0; i < pixel; i++)
		r->to[i] = r->from[i];
	for (size_t i = pixel; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + r->to[i - pixel]);
}

static void plain_up(const struct leat_png_row *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + r->above[i]);
}

static void plain_average(size_t pixel, const struct leat_png_row *r, size_t n)
{
	for (size_t i = 0; i < pixel; i++)
		r->to[i] = (uint8_t)(r->from[i] + r->above[i] / 2);
	for (size_t i = pixel; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + (r->to[i - pixel] + r->above[i]) / 2);
}

void leat_png_unfilter_plain(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n)
{
	switch (filter) {
	case LEAT_PNG_SUB:
		plain_sub(pixel, r, n);
		break;
	case LEAT_PNG_UP:
		plain_up(r, n);
		break;
	case LEAT_PNG_AVERAGE:
		plain_average(pixel, r, n);
		break;
	case LEAT_PNG_PAETH:
		leat_png_paeth_tail(pixel, r, 0, n);
		break;
	default:
		memcpy(r->to, r->from, n);
	}
}

void leat_png_unfilter(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n)
{
	if (!leat_png_unfilter_sse(filter, pixel, r, n))
		leat_png_unfilter_plain(filter, pixel, r, n);
}

void leat_png_unfilter_paeths(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			      size_t rows, size_t n)
{
	struct leat_png_row r = *first;
	bool avx2 = rows >= LEAT_PNG_AVX2_ROWS && leat_cpu_level() >= LEAT_CPU_AVX2;
	while (rows > 0) {
		size_t done = avx2 ? leat_png_paeths_avx2(pixel, &r, from_stride, to_stride, rows, n) : 0;
		if (done == 0)
			done = leat_png_paeths_sse(pixel, &r, from_stride, to_stride, rows, n);
		if (done == 0) {
			leat_png_unfilter(LEAT_PNG_PAETH, pixel, &r, n);
			done = 1;
		}
		r.from += done * from_stride;
		r.to += done * to_stride;
		r.above = r.to - to_stride;
		rows -= done;
	}
}
