/* SPDX-License-Identifier: MIT */
/* Along the row: eight rows beside each other, multiplied and added, and back to rows. See eight.h. */
#include "ops/eight_impl.h"
#include "ops/vectorize.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

LEAT_VECTORIZE_FILE

/* --- eight rows beside each other --- */

/* `pairs` pairs of pixels of a tile. Rows are LEAT_EIGHT_ROW words apart. */
LEAT_INLINE void lay_plain(const int16_t *rows, size_t pairs, unsigned channels, int16_t *to)
{
	for (size_t p = 0; p < pairs; p++)
		for (unsigned c = 0; c < channels; c++, to += LEAT_EIGHT_PAIR)
			for (int r = 0; r < LEAT_EIGHT; r++) {
				const int16_t *v = rows + (size_t)r * LEAT_EIGHT_ROW + p * 2 * channels + c;
				to[2 * r] = v[0];
				to[2 * r + 1] = v[channels];
			}
}

#if defined(__x86_64__)

/* A 4x4 transposition of 32-bit pairs: v[row] to to[column], columns `step` vectors apart. */
LEAT_INLINE void transpose(const __m128i v[4], int columns_, size_t step, int16_t *to)
{
	__m128i a = _mm_unpacklo_epi32(v[0], v[1]), b = _mm_unpacklo_epi32(v[2], v[3]);
	__m128i c = _mm_unpackhi_epi32(v[0], v[1]), d = _mm_unpackhi_epi32(v[2], v[3]);
	__m128i out[4] = {_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b), _mm_unpacklo_epi64(c, d),
			  _mm_unpackhi_epi64(c, d)};
	for (int i = 0; i < columns_; i++)
		_mm_store_si128((__m128i *)(void *)(to + (size_t)i * step), out[i]);
}

/* RGB: two pixels of a row are six words, of which 0 and 3, 1 and 4, 2 and 5 go together. */
static void lay_rgb(const int16_t *rows, size_t pairs, int16_t *to)
{
	for (size_t p = 0; p < pairs; p++, to += 3 * LEAT_EIGHT_PAIR)
		for (int half = 0; half < 2; half++) {
			__m128i v[4];
			for (int r = 0; r < 4; r++) {
				const int16_t *at = rows + (size_t)(4 * half + r) * LEAT_EIGHT_ROW + p * 6;
				__m128i six = _mm_loadu_si128((const __m128i *)(const void *)at);
				v[r] = _mm_unpacklo_epi16(six, _mm_srli_si128(six, 6));
			}
			transpose(v, 3, LEAT_EIGHT_PAIR, to + 8 * half);
		}
}

/* Gray: four pairs at a time, some more than are wanted perhaps: there is room for them. */
static void lay_gray(const int16_t *rows, size_t pairs, int16_t *to)
{
	for (size_t p = 0; p < pairs; p += 4, to += 4 * LEAT_EIGHT_PAIR) {
		int n = pairs - p < 4 ? (int)(pairs - p) : 4;
		for (int half = 0; half < 2; half++) {
			__m128i v[4];
			for (int r = 0; r < 4; r++) {
				const int16_t *at = rows + (size_t)(4 * half + r) * LEAT_EIGHT_ROW + p * 2;
				v[r] = _mm_loadu_si128((const __m128i *)(const void *)at);
			}
			transpose(v, n, LEAT_EIGHT_PAIR, to + 8 * half);
		}
	}
}

#endif

void leat_eight_lay(const int16_t *rows, size_t pairs, unsigned channels, int16_t *to, enum leat_cpu level)
{
#if defined(__x86_64__)
	if (level >= LEAT_CPU_BASE) {
		if (channels == 3)
			lay_rgb(rows, pairs, to);
		else
			lay_gray(rows, pairs, to);
		return;
	}
#else
	(void)level;
#endif
	if (channels == 3)
		lay_plain(rows, pairs, 3, to);
	else
		lay_plain(rows, pairs, 1, to);
}

/* --- along the row --- */

LEAT_INLINE uint8_t to_byte(int32_t v)
{
	return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
}

LEAT_INLINE void along_plain(const struct leat_eight *e, const struct leat_eight_work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	for (size_t i = 0; i < e->out; i++)
		for (unsigned c = 0; c < channels; c++) {
			const int16_t *v = w->pairs + ((size_t)x->first[i] * channels + c) * LEAT_EIGHT_PAIR;
			const int16_t *weight = x->weight + i * 2 * x->n;
			int32_t sum[LEAT_EIGHT];
			for (int r = 0; r < LEAT_EIGHT; r++)
				sum[r] = 1 << (shift - 1);
			for (uint32_t k = 0; k < x->n; k++, v += (size_t)channels * LEAT_EIGHT_PAIR)
				for (int r = 0; r < LEAT_EIGHT; r++)
					sum[r] += v[2 * r] * weight[2 * k] + v[2 * r + 1] * weight[2 * k + 1];
			for (int r = 0; r < LEAT_EIGHT; r++)
				w->result[(i * channels + c) * LEAT_EIGHT + (size_t)r] = to_byte(sum[r] >> shift);
		}
}

#if defined(__x86_64__)

LEAT_INLINE int two(const int16_t *weight)
{
	int v;
	memcpy(&v, weight, sizeof v);
	return v;
}

LEAT_INLINE void along_base(const struct leat_eight *e, const struct leat_eight_work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	const __m128i half = _mm_set1_epi32(1 << (shift - 1)), by = _mm_cvtsi32_si128((int)shift);
	for (size_t i = 0; i < e->out; i++) {
		const int16_t *v = w->pairs + (size_t)x->first[i] * channels * LEAT_EIGHT_PAIR,
			      *weight = x->weight + i * 2 * x->n;
		__m128i sum[3][2] = {{half, half}, {half, half}, {half, half}};
		for (uint32_t k = 0; k < x->n; k++) {
			__m128i both = _mm_set1_epi32(two(weight + 2 * k));
			for (unsigned c = 0; c < channels; c++, v += LEAT_EIGHT_PAIR) {
				const __m128i *eight = (const __m128i *)(const void *)v;
				sum[c][0] = _mm_add_epi32(sum[c][0], _mm_madd_epi16(_mm_load_si128(eight), both));
				sum[c][1] = _mm_add_epi32(sum[c][1], _mm_madd_epi16(_mm_load_si128(eight + 1), both));
			}
		}
		for (unsigned c = 0; c < channels; c++) {
			__m128i words = _mm_packs_epi32(_mm_sra_epi32(sum[c][0], by), _mm_sra_epi32(sum[c][1], by));
			_mm_storel_epi64((__m128i *)(void *)(w->result + (i * channels + c) * LEAT_EIGHT),
					 _mm_packus_epi16(words, words));
		}
	}
}

LEAT_INLINE_AVX2 void along_avx2(const struct leat_eight *e, const struct leat_eight_work *w, unsigned channels)
{
	const struct leat_pairs *x = e->x;
	unsigned shift = x->bits + LEAT_EIGHT_BITS;
	const __m256i half = _mm256_set1_epi32(1 << (shift - 1));
	const __m128i by = _mm_cvtsi32_si128((int)shift);
	for (size_t i = 0; i < e->out; i++) {
		const int16_t *v = w->pairs + (size_t)x->first[i] * channels * LEAT_EIGHT_PAIR,
			      *weight = x->weight + i * 2 * x->n;
		__m256i sum[3] = {half, half, half};
		for (uint32_t k = 0; k < x->n; k++) {
			__m256i both = _mm256_set1_epi32(two(weight + 2 * k));
			for (unsigned c = 0; c < channels; c++, v += LEAT_EIGHT_PAIR) {
				__m256i eight = _mm256_load_si256((const __m256i *)(const void *)v);
				sum[c] = _mm256_add_epi32(sum[c], _mm256_madd_epi16(eight, both));
			}
		}
		for (unsigned c = 0; c < channels; c++) {
			__m256i v32 = _mm256_sra_epi32(sum[c], by);
			__m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v32), _mm256_extracti128_si256(v32, 1));
			_mm_storel_epi64((__m128i *)(void *)(w->result + (i * channels + c) * LEAT_EIGHT),
					 _mm_packus_epi16(words, words));
		}
	}
}

__attribute__((target("avx2"))) static void along_rgb_avx2(const struct leat_eight *e, const struct leat_eight_work *w)
{
	along_avx2(e, w, 3);
}

__attribute__((target("avx2"))) static void along_gray_avx2(const struct leat_eight *e, const struct leat_eight_work *w)
{
	along_avx2(e, w, 1);
}

#endif

void leat_eight_along(const struct leat_eight *e, const struct leat_eight_work *w, enum leat_cpu level)
{
	bool rgb = e->channels == 3;
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		if (rgb)
			along_rgb_avx2(e, w);
		else
			along_gray_avx2(e, w);
		return;
	}
	if (level >= LEAT_CPU_BASE) {
		if (rgb)
			along_base(e, w, 3);
		else
			along_base(e, w, 1);
		return;
	}
#else
	(void)level;
#endif
	if (rgb)
		along_plain(e, w, 3);
	else
		along_plain(e, w, 1);
}

/* --- and back to rows --- */

/* Samples [at, n) of each row, one by one. */
static void put_plain(const uint8_t *result, size_t at, size_t n, uint32_t rows, uint8_t *to, size_t stride)
{
	for (uint32_t r = 0; r < rows; r++)
		for (size_t i = at; i < n; i++)
			to[r * stride + i] = result[i * LEAT_EIGHT + r];
}

#if defined(__x86_64__)

/* Eight samples of eight rows: a transposition of 8x8 bytes. */
LEAT_INLINE void put_block(const uint8_t *result, uint32_t rows, uint8_t *to, size_t stride)
{
	const __m128i *v = (const __m128i *)(const void *)result;
	__m128i a = _mm_load_si128(v), b = _mm_load_si128(v + 1), c = _mm_load_si128(v + 2), d = _mm_load_si128(v + 3);
	__m128i w[4];
	a = _mm_unpacklo_epi8(a, _mm_srli_si128(a, 8)); /* rows 0..7 of samples 0 and 1 */
	b = _mm_unpacklo_epi8(b, _mm_srli_si128(b, 8));
	c = _mm_unpacklo_epi8(c, _mm_srli_si128(c, 8));
	d = _mm_unpacklo_epi8(d, _mm_srli_si128(d, 8));
	__m128i low = _mm_unpacklo_epi16(a, b), high = _mm_unpackhi_epi16(a, b); /* samples 0..3 of rows 0..3, 4..7 */
	__m128i low2 = _mm_unpacklo_epi16(c, d), high2 = _mm_unpackhi_epi16(c, d);
	w[0] = _mm_unpacklo_epi32(low, low2);
	w[1] = _mm_unpackhi_epi32(low, low2);
	w[2] = _mm_unpacklo_epi32(high, high2);
	w[3] = _mm_unpackhi_epi32(high, high2);
	for (uint32_t r = 0; r < rows; r++) {
		__m128i row = r % 2 ? _mm_srli_si128(w[r / 2], 8) : w[r / 2];
		_mm_storel_epi64((__m128i *)(void *)(to + r * stride), row);
	}
}

#endif

void leat_eight_put(const struct leat_eight *e, const struct leat_eight_work *w, uint32_t rows, uint8_t *to,
		    size_t stride, enum leat_cpu level)
{
	size_t n = (size_t)e->out * e->channels, i = 0;
#if defined(__x86_64__)
	for (; level >= LEAT_CPU_BASE && rows == LEAT_EIGHT && i + 8 <= n; i += 8)
		put_block(w->result + i * LEAT_EIGHT, LEAT_EIGHT, to + i, stride);
	for (; level >= LEAT_CPU_BASE && i + 8 <= n; i += 8)
		put_block(w->result + i * LEAT_EIGHT, rows, to + i, stride);
#else
	(void)level;
#endif
	put_plain(w->result, i, n, rows, to, stride);
}
