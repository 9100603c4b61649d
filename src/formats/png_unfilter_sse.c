/* SPDX-License-Identifier: MIT */
/*
 * How the loops are made short. Each pixel waits for its left neighbor, so what counts is how few steps lead from
 * there to the result:
 *
 *   Sub      sums within a vector first, in log2 steps; only the sum of all pixels so far is handed on, by one addition
 *   Average  with A for not a: not (x + (a + b) / 2) is avg(A, not b) - x, where avg rounds up. Two steps
 *   Paeth    x + a, x + b and x + c are formed before it is known which one is taken; and of rows that are all Paeth,
 *            each runs two pixels behind the one above it in the same vector, so that no row waits for another
 *
 * Loads and stores of three bytes are four wide: the fourth one belongs to the next pixel, which comes later. The last
 * pixels are done by loops that touch nothing else.
 */
#include "formats/png_unfilter_sse.h"

#ifdef __SSE2__

#include "formats/png_paeth_tail.h"

#include <emmintrin.h>
#include <string.h>

#define ALWAYS static inline __attribute__((always_inline))

/* ---- Sub */

/* Each pixel of v becomes the sum of itself and those before it. */
ALWAYS __m128i sums(unsigned pixel, __m128i v)
{
	switch (pixel) {
	case 1:
		v = _mm_add_epi8(v, _mm_slli_si128(v, 1));
		__attribute__((fallthrough));
	case 2:
		v = _mm_add_epi8(v, _mm_slli_si128(v, 2));
		__attribute__((fallthrough));
	case 4:
		v = _mm_add_epi8(v, _mm_slli_si128(v, 4));
		__attribute__((fallthrough));
	case 8:
		return _mm_add_epi8(v, _mm_slli_si128(v, 8));
	case 3:
		v = _mm_add_epi8(v, _mm_slli_si128(v, 3));
		__attribute__((fallthrough));
	default:
		return _mm_add_epi8(v, _mm_slli_si128(v, 6));
	}
}

/* The last whole pixel of v in the place of every pixel. */
ALWAYS __m128i last(unsigned pixel, __m128i v)
{
	switch (pixel) {
	case 1:
		v = _mm_srli_si128(v, 15);
		v = _mm_unpacklo_epi8(v, v);
		return _mm_shuffle_epi32(_mm_shufflelo_epi16(v, 0), 0);
	case 2:
		return _mm_shuffle_epi32(_mm_shufflehi_epi16(v, 0xff), 0xff);
	case 4:
		return _mm_shuffle_epi32(v, 0xff);
	case 8:
		return _mm_unpackhi_epi64(v, v);
	case 3:
		v = _mm_srli_si128(_mm_slli_si128(v, 4), 13);
		v = _mm_or_si128(v, _mm_slli_si128(v, 3));
		return _mm_or_si128(v, _mm_slli_si128(v, 6));
	default:
		v = _mm_srli_si128(_mm_slli_si128(v, 4), 10);
		return _mm_or_si128(v, _mm_slli_si128(v, 6));
	}
}

ALWAYS void sub(unsigned pixel, const struct leat_png_row *r, size_t n)
{
	const size_t wide = 16, step = pixel % 3 ? 16 : 12;
	__m128i carry = _mm_setzero_si128();
	size_t i = 0;
	for (; i + wide <= n; i += step) {
		__m128i v = sums(pixel, _mm_loadu_si128((const __m128i *)(const void *)(r->from + i)));
		_mm_storeu_si128((__m128i *)(void *)(r->to + i), _mm_add_epi8(v, carry));
		carry = _mm_add_epi8(carry, last(pixel, v));
	}
	for (; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + (i < pixel ? 0 : r->to[i - pixel]));
}

/* ---- Up */

static void up(const struct leat_png_row *r, size_t n)
{
	enum { WIDE = 16 };
	size_t i = 0;
	for (; i + WIDE <= n; i += WIDE) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(r->from + i));
		__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(r->above + i));
		_mm_storeu_si128((__m128i *)(void *)(r->to + i), _mm_add_epi8(x, b));
	}
	for (; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + r->above[i]);
}

/* ---- one pixel: 4 bytes for those of 1 to 4, else 8 */

ALWAYS size_t width(unsigned pixel)
{
	return pixel <= 4 ? 4 : 8;
}

ALWAYS __m128i load(unsigned pixel, const uint8_t *p)
{
	if (pixel > 4)
		return _mm_loadl_epi64((const __m128i *)(const void *)p);
	int32_t v;
	memcpy(&v, p, sizeof v);
	return _mm_cvtsi32_si128(v);
}

ALWAYS void store(unsigned pixel, uint8_t *p, __m128i v)
{
	if (pixel > 4) {
		_mm_storel_epi64((__m128i *)(void *)p, v);
		return;
	}
	int32_t t = _mm_cvtsi128_si32(v);
	memcpy(p, &t, sizeof t);
}

/* ---- Average */

ALWAYS void average(unsigned pixel, const struct leat_png_row *r, size_t n)
{
	const __m128i ones = _mm_set1_epi8(-1);
	__m128i a = ones; /* not a */
	size_t i = 0;
	for (; i + width(pixel) <= n; i += pixel) {
		__m128i b = _mm_xor_si128(load(pixel, r->above + i), ones);
		a = _mm_sub_epi8(_mm_avg_epu8(a, b), load(pixel, r->from + i));
		store(pixel, r->to + i, _mm_xor_si128(a, ones));
	}
	for (; i < n; i++)
		r->to[i] = (uint8_t)(r->from[i] + ((i < pixel ? 0 : r->to[i - pixel]) + r->above[i]) / 2);
}

/* ---- Paeth: samples in 16 bits each */

ALWAYS __m128i magnitude(__m128i v)
{
	return _mm_max_epi16(v, _mm_sub_epi16(_mm_setzero_si128(), v));
}

/* x and the nearest of a, b, c, modulo 256. */
ALWAYS __m128i with_nearest(__m128i x, __m128i a, __m128i b, __m128i c)
{
	__m128i p = _mm_sub_epi16(b, c), q = _mm_sub_epi16(a, c);
	__m128i pa = magnitude(p), pb = magnitude(q), pc = magnitude(_mm_add_epi16(p, q));
	__m128i xa = _mm_add_epi8(x, a), xb = _mm_add_epi8(x, b), xc = _mm_add_epi8(x, c);
	__m128i not_a = _mm_or_si128(_mm_cmpgt_epi16(pa, pb), _mm_cmpgt_epi16(pa, pc));
	__m128i not_b = _mm_cmpgt_epi16(pb, pc);
	__m128i other = _mm_xor_si128(xb, _mm_and_si128(not_b, _mm_xor_si128(xb, xc)));
	return _mm_or_si128(_mm_andnot_si128(not_a, xa), _mm_and_si128(not_a, other));
}

ALWAYS __m128i widen(__m128i v)
{
	return _mm_unpacklo_epi8(v, _mm_setzero_si128());
}

ALWAYS void paeth(unsigned pixel, const struct leat_png_row *r, size_t n)
{
	__m128i a = _mm_setzero_si128(), c = a;
	size_t i = 0;
	for (; i + width(pixel) <= n; i += pixel) {
		__m128i b = widen(load(pixel, r->above + i));
		a = with_nearest(widen(load(pixel, r->from + i)), a, b, c);
		c = b;
		store(pixel, r->to + i, _mm_packus_epi16(a, a));
	}
	leat_png_paeth_tail(pixel, r, i, n);
}

/* Two rows: the upper one in the low half of the vectors, the lower one two pixels behind it in the high half. */
ALWAYS size_t paeth2(unsigned pixel, const struct leat_png_row *r0, const struct leat_png_row *r1, size_t n)
{
	enum { WIDE = 4 };
	const size_t lag = 2 * (size_t)pixel;
	const uint8_t *from0 = r0->from, *from1 = r1->from - lag, *above = r0->above;
	uint8_t *to0 = r0->to, *to1 = r1->to - lag;
	if (n < 2 * lag + WIDE)
		return 0;
	leat_png_paeth_tail(pixel, r0, 0, lag);
	__m128i a = widen(load(pixel, r0->to + pixel)), before = widen(load(pixel, r0->to));
	__m128i c = widen(load(pixel, r0->above + pixel)), zero = _mm_setzero_si128();
	a = _mm_unpacklo_epi64(a, zero);
	c = _mm_unpacklo_epi64(c, zero);
	size_t i = lag;
	for (; i + WIDE <= n; i += pixel) {
		__m128i x = widen(_mm_unpacklo_epi32(load(pixel, from0 + i), load(pixel, from1 + i)));
		__m128i b = _mm_unpacklo_epi64(widen(load(pixel, above + i)), before);
		before = a;
		a = with_nearest(x, a, b, c);
		c = b;
		__m128i both = _mm_packus_epi16(a, a);
		store(pixel, to0 + i, both);
		store(pixel, to1 + i, _mm_srli_epi64(both, 32));
	}
	leat_png_paeth_tail(pixel, r0, i, n);
	leat_png_paeth_tail(pixel, r1, i - lag, n);
	return 2;
}

/* ---- which */

ALWAYS bool filtered(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n)
{
	switch (filter) {
	case LEAT_PNG_SUB:
		sub(pixel, r, n);
		return true;
	case LEAT_PNG_UP:
		up(r, n);
		return true;
	case LEAT_PNG_AVERAGE:
		if (pixel > 2)
			average(pixel, r, n);
		return pixel > 2;
	case LEAT_PNG_PAETH:
		if (pixel > 2)
			paeth(pixel, r, n);
		return pixel > 2;
	default:
		return false;
	}
}

bool leat_png_unfilter_sse(unsigned filter, unsigned pixel, const struct leat_png_row *r, size_t n)
{
	switch (pixel) {
	case 1:
		return filtered(filter, 1, r, n);
	case 2:
		return filtered(filter, 2, r, n);
	case 3:
		return filtered(filter, 3, r, n);
	case 4:
		return filtered(filter, 4, r, n);
	case 6:
		return filtered(filter, 6, r, n);
	case 8:
		return filtered(filter, 8, r, n);
	default:
		return false;
	}
}

size_t leat_png_paeths_sse(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			   size_t rows, size_t n)
{
	if (rows < 2)
		return 0;
	struct leat_png_row next = {first->from + from_stride, first->to, first->to + to_stride};
	switch (pixel) {
	case 1:
		return paeth2(1, first, &next, n);
	case 2:
		return paeth2(2, first, &next, n);
	case 3:
		return paeth2(3, first, &next, n);
	case 4:
		return paeth2(4, first, &next, n);
	default:
		return 0;
	}
}

#endif
