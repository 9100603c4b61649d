/* SPDX-License-Identifier: MIT */
/*
 * Four Paeth rows at a time by AVX2: the same steps as in png_unfilter_sse.c, with each row
 * two pixels behind the one above it. A vector has 16 samples of 16 bits: four for each row, the uppermost first.
 * Of wide rows eight at a time, in two vectors: each step waits for the one before it, and two of them wait together.
 */
#include "formats/png_unfilter_avx2.h"

#ifdef LEAT_PNG_AVX2

#include "formats/png_paeth_tail.h"

#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))
#define ALWAYS AVX2 static inline __attribute__((always_inline))

enum { ROWS = LEAT_PNG_AVX2_ROWS, BOTH = 2 * ROWS, WIDE = 4, WIDE_ROW = 1024 };

ALWAYS int load(const uint8_t *p)
{
	int v;
	memcpy(&v, p, sizeof v);
	return v;
}

/* Four bytes from each of four places, one place for each row. */
ALWAYS __m256i gather(const uint8_t *p0, const uint8_t *p1, const uint8_t *p2, const uint8_t *p3)
{
	__m128i upper = _mm_insert_epi32(_mm_cvtsi32_si128(load(p0)), load(p1), 1);
	__m128i lower = _mm_insert_epi32(_mm_cvtsi32_si128(load(p2)), load(p3), 1);
	return _mm256_cvtepu8_epi16(_mm_unpacklo_epi64(upper, lower));
}

/* As with_nearest in png_unfilter_sse.c. */
ALWAYS __m256i with_nearest(__m256i x, __m256i a, __m256i b, __m256i c)
{
	__m256i p = _mm256_sub_epi16(b, c), q = _mm256_sub_epi16(a, c);
	__m256i pa = _mm256_abs_epi16(p), pb = _mm256_abs_epi16(q), pc = _mm256_abs_epi16(_mm256_add_epi16(p, q));
	__m256i xa = _mm256_add_epi8(x, a), xb = _mm256_add_epi8(x, b), xc = _mm256_add_epi8(x, c);
	__m256i not_a = _mm256_or_si256(_mm256_cmpgt_epi16(pa, pb), _mm256_cmpgt_epi16(pa, pc));
	__m256i not_b = _mm256_cmpgt_epi16(pb, pc);
	return _mm256_blendv_epi8(xa, _mm256_blendv_epi8(xb, xc, not_b), not_a);
}

/* The samples above those of the next step: of the uppermost row they are `top`, else those of the row above. */
ALWAYS __m256i below(const uint8_t *top, __m256i rows)
{
	enum { ONE_DOWN = 0x90, FIRST = 3 };
	__m256i first = _mm256_castsi128_si256(_mm_cvtepu8_epi16(_mm_cvtsi32_si128(load(top))));
	return _mm256_blend_epi32(_mm256_permute4x64_epi64(rows, ONE_DOWN), first, FIRST);
}

ALWAYS void put(uint8_t *p, int v)
{
	memcpy(p, &v, sizeof v);
}

/*
 * The triangle before all rows run: row k has done 2 * (3 - k) pixels. Then byte i of the uppermost row goes with byte
 * i - k * lag of row k.
 */
ALWAYS size_t four(unsigned pixel, const struct leat_png_row r[static ROWS], size_t n)
{
	const size_t lag = 2 * (size_t)pixel, start = (ROWS - 1) * lag;
	const uint8_t zeros[WIDE] = {0};
	const uint8_t *from0 = r[0].from, *from1 = r[1].from - lag, *from2 = r[2].from - 2 * lag,
		      *from3 = r[3].from - 3 * lag, *top = r[0].above;
	uint8_t *to0 = r[0].to, *to1 = r[1].to - lag, *to2 = r[2].to - 2 * lag, *to3 = r[3].to - 3 * lag;
	if (n < 2 * start + WIDE)
		return 0;
	for (size_t k = 0; k + 1 < ROWS; k++)
		leat_png_paeth_tail(pixel, &r[k], 0, start - k * lag);
	size_t i = start;
	/* One and two pixels to the left; the last row has none. */
	__m256i a = gather(to0 + i - pixel, to1 + i - pixel, to2 + i - pixel, zeros);
	__m256i before = gather(to0 + i - lag, to1 + i - lag, to2 + i - lag, zeros);
	__m256i c = gather(top + i - pixel, to0 + i - lag - pixel, to1 + i - lag - pixel, zeros);
	for (; i + WIDE <= n; i += pixel) {
		__m256i x = gather(from0 + i, from1 + i, from2 + i, from3 + i);
		__m256i b = below(top + i, before);
		before = a;
		a = with_nearest(x, a, b, c);
		c = b;
		__m256i bytes = _mm256_packus_epi16(a, a);
		__m128i upper = _mm256_castsi256_si128(bytes), lower = _mm256_extracti128_si256(bytes, 1);
		put(to0 + i, _mm_cvtsi128_si32(upper));
		put(to1 + i, _mm_extract_epi32(upper, 1));
		put(to2 + i, _mm_cvtsi128_si32(lower));
		put(to3 + i, _mm_extract_epi32(lower, 1));
	}
	for (size_t k = 0; k < ROWS; k++)
		leat_png_paeth_tail(pixel, &r[k], i - k * lag, n);
	return ROWS;
}

/* Four bytes from each of four places, a step apart. */
ALWAYS __m256i gather_at(const uint8_t *p, ptrdiff_t step)
{
	return gather(p, p + step, p + 2 * step, p + 3 * step);
}

/* As below(), where the row above the uppermost is the last of `upper`. */
ALWAYS __m256i below_row(__m256i upper, __m256i rows)
{
	enum { ONE_DOWN = 0x90, LAST_FIRST = 0x03, FIRST = 3 };
	__m256i first = _mm256_permute4x64_epi64(upper, LAST_FIRST);
	return _mm256_blend_epi32(_mm256_permute4x64_epi64(rows, ONE_DOWN), first, FIRST);
}

ALWAYS void put_at(uint8_t *p, ptrdiff_t step, __m256i rows)
{
	__m256i bytes = _mm256_packus_epi16(rows, rows);
	__m128i upper = _mm256_castsi256_si128(bytes), lower = _mm256_extracti128_si256(bytes, 1);
	put(p, _mm_cvtsi128_si32(upper));
	put(p + step, _mm_extract_epi32(upper, 1));
	put(p + 2 * step, _mm_cvtsi128_si32(lower));
	put(p + 3 * step, _mm_extract_epi32(lower, 1));
}

/* Vectors of four rows under way. */
struct under_way {
	__m256i a, before, c; /* one and two pixels to the left; the sample above a */
};

/*
 * Rows k to k + 3 where byte i of the uppermost row comes next. The last of all has nothing to its left yet; nor has
 * anything behind it, and what is read there is replaced by zeros.
 */
ALWAYS struct under_way begin_at(unsigned pixel, const struct leat_png_row r[static BOTH], size_t k, size_t i)
{
	const uint8_t zeros[WIDE] = {0};
	const uint8_t *a[ROWS], *before[ROWS], *c[ROWS];
	const size_t lag = 2 * (size_t)pixel;
	for (size_t j = 0; j < ROWS; j++) {
		bool none = k + j + 1 == BOTH;
		size_t at = i - (k + j) * lag; /* of that row */
		a[j] = none ? zeros : r[k + j].to + at - pixel;
		before[j] = none ? zeros : r[k + j].to + at - lag;
		c[j] = none ? zeros : r[k + j].above + at - pixel;
	}
	return (struct under_way){gather(a[0], a[1], a[2], a[3]), gather(before[0], before[1], before[2], before[3]),
				  gather(c[0], c[1], c[2], c[3])};
}

ALWAYS void step(struct under_way *w, __m256i x, __m256i b)
{
	w->before = w->a;
	w->a = with_nearest(x, w->a, b, w->c);
	w->c = b;
}

/* As four(), of eight rows that lie from_stride and to_stride apart. */
ALWAYS size_t eight(unsigned pixel, const struct leat_png_row r[static BOTH], size_t from_stride, size_t to_stride,
		    size_t n)
{
	const size_t lag = 2 * (size_t)pixel, start = (BOTH - 1) * lag;
	const ptrdiff_t from_step = (ptrdiff_t)(from_stride - lag), to_step = (ptrdiff_t)(to_stride - lag);
	for (size_t k = 0; k + 1 < BOTH; k++)
		leat_png_paeth_tail(pixel, &r[k], 0, start - k * lag);
	struct under_way u = begin_at(pixel, r, 0, start), l = begin_at(pixel, r, ROWS, start);
	size_t i = start;
	for (; i + WIDE <= n; i += pixel) {
		const uint8_t *from = r[0].from + i;
		uint8_t *to = r[0].to + i;
		__m256i lower = below_row(u.before, l.before);
		step(&u, gather_at(from, from_step), below(r[0].above + i, u.before));
		step(&l, gather_at(from + ROWS * from_step, from_step), lower);
		put_at(to, to_step, u.a);
		put_at(to + ROWS * to_step, to_step, l.a);
	}
	for (size_t k = 0; k < BOTH; k++)
		leat_png_paeth_tail(pixel, &r[k], i - k * lag, n);
	return BOTH;
}

AVX2 static size_t eight_of_3(const struct leat_png_row *r, size_t from_stride, size_t to_stride, size_t n)
{
	return eight(3, r, from_stride, to_stride, n);
}

AVX2 static size_t eight_of_4(const struct leat_png_row *r, size_t from_stride, size_t to_stride, size_t n)
{
	return eight(4, r, from_stride, to_stride, n);
}

AVX2 static size_t of_1(const struct leat_png_row *r, size_t n)
{
	return four(1, r, n);
}

AVX2 static size_t of_2(const struct leat_png_row *r, size_t n)
{
	return four(2, r, n);
}

AVX2 static size_t of_3(const struct leat_png_row *r, size_t n)
{
	return four(3, r, n);
}

AVX2 static size_t of_4(const struct leat_png_row *r, size_t n)
{
	return four(4, r, n);
}

size_t leat_png_paeths_avx2(unsigned pixel, const struct leat_png_row *first, size_t from_stride, size_t to_stride,
			    size_t rows, size_t n)
{
	if (rows < ROWS || pixel > 4)
		return 0;
	struct leat_png_row r[BOTH] = {*first};
	size_t many = rows >= BOTH && pixel >= 3 && n >= WIDE_ROW ? BOTH : ROWS;
	for (size_t k = 1; k < many; k++)
		r[k] = (struct leat_png_row){r[k - 1].from + from_stride, r[k - 1].to, r[k - 1].to + to_stride};
	if (many == BOTH)
		return (pixel == 3 ? eight_of_3 : eight_of_4)(r, from_stride, to_stride, n);
	switch (pixel) {
	case 1:
		return of_1(r, n);
	case 2:
		return of_2(r, n);
	case 3:
		return of_3(r, n);
	default:
		return of_4(r, n);
	}
}

#endif
