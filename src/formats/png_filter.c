/* SPDX-License-Identifier: MIT */
#include "formats/png_filter.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- plain ---- */

/* Specification, 9.4: the neighbor nearest to left + above - corner; the first of equals. */
static uint8_t paeth(int a, int b, int c)
{
	int pa = abs(b - c), pb = abs(a - c), pc = abs(a + b - 2 * c);
	if (pa <= pb && pa <= pc)
		return (uint8_t)a;
	return (uint8_t)(pb <= pc ? b : c);
}

static uint8_t plain(enum leat_png_filter f, const struct leat_png_pair *p, size_t i)
{
	const uint8_t *row = p->row + i, *above = p->above + i;
	uint8_t a = *(row - p->bpp), b = *above, c = *(above - p->bpp);
	switch (f) {
	case LEAT_PNG_SUB:
		return (uint8_t)(*row - a);
	case LEAT_PNG_UP:
		return (uint8_t)(*row - b);
	case LEAT_PNG_AVERAGE:
		return (uint8_t)(*row - (a + b) / 2);
	case LEAT_PNG_PAETH:
		return (uint8_t)(*row - paeth(a, b, c));
	default:
		return *row;
	}
}

/* Adds what the bytes from i on sum up to. */
static void plain_sums(const struct leat_png_pair *p, size_t i, uint64_t sums[LEAT_PNG_FILTERS])
{
	for (; i < p->n; i++)
		for (int f = 0; f < LEAT_PNG_FILTERS; f++)
			sums[f] += (uint64_t)abs((int8_t)plain((enum leat_png_filter)f, p, i));
}

/* ---- 16 bytes at a time ---- */

#ifdef __SSE2__

#define INLINE static inline __attribute__((always_inline))

struct four {
	__m128i x, a, b, c; /* the byte, left of it, above it, above the left */
};

INLINE __m128i load(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

INLINE struct four load_four(const struct leat_png_pair *p, size_t i)
{
	return (struct four){load(p->row + i), load(p->row + i - p->bpp), load(p->above + i),
			     load(p->above + i - p->bpp)};
}

INLINE __m128i distance(__m128i a, __m128i b)
{
	return _mm_sub_epi8(_mm_max_epu8(a, b), _mm_min_epu8(a, b));
}

/* yes where mask is all ones, no where it is zero. */
INLINE __m128i choose(__m128i mask, __m128i yes, __m128i no)
{
	return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

/* Rounded down; the instruction rounds up. */
INLINE __m128i average(__m128i a, __m128i b)
{
	__m128i odd = _mm_and_si128(_mm_xor_si128(a, b), _mm_set1_epi8(1));
	return _mm_sub_epi8(_mm_avg_epu8(a, b), odd);
}

/*
 * All in bytes: the distance to the corner is the sum of the other two where left and above lie on the same side of
 * it, else their difference. A sum that does not fit a byte is cut to 255, which is never less than either of them.
 */
INLINE __m128i paeth_of(struct four v)
{
	__m128i pa = distance(v.b, v.c), pb = distance(v.a, v.c);
	__m128i b_over = _mm_cmpeq_epi8(_mm_max_epu8(v.b, v.c), v.b),
		a_over = _mm_cmpeq_epi8(_mm_max_epu8(v.a, v.c), v.a);
	__m128i apart = _mm_xor_si128(a_over, b_over);
	__m128i pc = choose(apart, distance(pa, pb), _mm_adds_epu8(pa, pb));
	__m128i least = _mm_min_epu8(pc, _mm_min_epu8(pa, pb));
	__m128i b_or_c = choose(_mm_cmpeq_epi8(pb, least), v.b, v.c);
	return choose(_mm_cmpeq_epi8(pa, least), v.a, b_or_c);
}

INLINE __m128i filtered(enum leat_png_filter f, struct four v)
{
	switch (f) {
	case LEAT_PNG_SUB:
		return _mm_sub_epi8(v.x, v.a);
	case LEAT_PNG_UP:
		return _mm_sub_epi8(v.x, v.b);
	case LEAT_PNG_AVERAGE:
		return _mm_sub_epi8(v.x, average(v.a, v.b));
	case LEAT_PNG_PAETH:
		return _mm_sub_epi8(v.x, paeth_of(v));
	default:
		return v.x;
	}
}

/* Two 64-bit sums of |signed byte|. */
INLINE __m128i absolute_sum(__m128i v)
{
	__m128i zero = _mm_setzero_si128();
	return _mm_sad_epu8(_mm_min_epu8(v, _mm_sub_epi8(zero, v)), zero);
}

INLINE void filter_all(enum leat_png_filter f, const struct leat_png_pair *p, uint8_t *to)
{
	for (size_t i = 0; i < p->n; i += 16)
		_mm_storeu_si128((__m128i *)(void *)(to + i), filtered(f, load_four(p, i)));
}

void leat_png_sums(const struct leat_png_pair *p, uint64_t sums[LEAT_PNG_FILTERS])
{
	__m128i acc[LEAT_PNG_FILTERS];
	size_t i = 0;
	for (int f = 0; f < LEAT_PNG_FILTERS; f++)
		acc[f] = _mm_setzero_si128();
	for (; i + 16 <= p->n; i += 16) {
		struct four v = load_four(p, i);
		for (int f = 0; f < LEAT_PNG_FILTERS; f++)
			acc[f] = _mm_add_epi64(acc[f], absolute_sum(filtered((enum leat_png_filter)f, v)));
	}
	for (int f = 0; f < LEAT_PNG_FILTERS; f++) {
		uint64_t halves[2];
		memcpy(halves, &acc[f], sizeof halves);
		sums[f] = halves[0] + halves[1];
	}
	plain_sums(p, i, sums);
}

#else

static inline void filter_all(enum leat_png_filter f, const struct leat_png_pair *p, uint8_t *to)
{
	for (size_t i = 0; i < p->n; i++)
		to[i] = plain(f, p, i);
}

void leat_png_sums(const struct leat_png_pair *p, uint64_t sums[LEAT_PNG_FILTERS])
{
	memset(sums, 0, LEAT_PNG_FILTERS * sizeof *sums);
	plain_sums(p, 0, sums);
}

#endif

void leat_png_filter(enum leat_png_filter f, const struct leat_png_pair *p, uint8_t *to)
{
	switch (f) { /* each with its own loop */
	case LEAT_PNG_SUB:
		filter_all(LEAT_PNG_SUB, p, to);
		break;
	case LEAT_PNG_UP:
		filter_all(LEAT_PNG_UP, p, to);
		break;
	case LEAT_PNG_AVERAGE:
		filter_all(LEAT_PNG_AVERAGE, p, to);
		break;
	case LEAT_PNG_PAETH:
		filter_all(LEAT_PNG_PAETH, p, to);
		break;
	default:
		memcpy(to, p->row, p->n);
	}
}

enum leat_png_filter leat_png_least_sum(const struct leat_png_pair *p)
{
	uint64_t sums[LEAT_PNG_FILTERS];
	int best = 0;
	leat_png_sums(p, sums);
	for (int f = 1; f < LEAT_PNG_FILTERS; f++)
		if (sums[f] < sums[best])
			best = f;
	return (enum leat_png_filter)best;
}
