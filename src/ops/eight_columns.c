/* SPDX-License-Identifier: MIT */
/* Down the columns: weighted sums of bytes, rounded to words. See eight.h. */
#include "ops/eight_impl.h"
#include "ops/vectorize.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

LEAT_VECTORIZE_FILE

enum { PART = 32 }; /* columns in plain C at a time, so that sums stay in registers */

LEAT_INLINE void columns_plain(const struct leat_eight_column *c, size_t at, size_t n, int16_t *to)
{
	int32_t sum[PART];
	for (size_t i = 0; i < n; i++)
		sum[i] = 1 << (c->shift - 1);
	for (uint32_t k = 0; k < c->taps; k++) {
		const uint8_t *from = c->from + k * c->stride + at;
		int16_t weight = c->weight[k];
		for (size_t i = 0; i < n; i++)
			sum[i] += (int16_t)from[i] * weight;
	}
	for (size_t i = 0; i < n; i++)
		to[at + i] = (int16_t)(sum[i] >> c->shift);
}

#if defined(__x86_64__)

LEAT_INLINE __m128i two_weights(const struct leat_eight_column *c, uint32_t k)
{
	uint16_t a = (uint16_t)c->weight[k], b = k + 1 < c->taps ? (uint16_t)c->weight[k + 1] : 0;
	return _mm_set1_epi32((int)((uint32_t)b << 16 | a));
}

/* 16 columns at `at`: bytes of two rows are paired and widened, and a pair's weighted sum is one instruction. */
LEAT_INLINE void columns_base(const struct leat_eight_column *c, size_t at, int16_t *to)
{
	const __m128i zero = _mm_setzero_si128(), half = _mm_set1_epi32(1 << (c->shift - 1));
	__m128i sum[4] = {half, half, half, half}, by = _mm_cvtsi32_si128((int)c->shift);
	for (uint32_t k = 0; k < c->taps; k += 2) {
		const uint8_t *a = c->from + k * c->stride + at, *b = k + 1 < c->taps ? a + c->stride : a;
		__m128i w = two_weights(c, k), va = _mm_loadu_si128((const __m128i *)(const void *)a);
		__m128i vb = _mm_loadu_si128((const __m128i *)(const void *)b);
		__m128i low = _mm_unpacklo_epi8(va, vb), high = _mm_unpackhi_epi8(va, vb);
		sum[0] = _mm_add_epi32(sum[0], _mm_madd_epi16(_mm_unpacklo_epi8(low, zero), w));
		sum[1] = _mm_add_epi32(sum[1], _mm_madd_epi16(_mm_unpackhi_epi8(low, zero), w));
		sum[2] = _mm_add_epi32(sum[2], _mm_madd_epi16(_mm_unpacklo_epi8(high, zero), w));
		sum[3] = _mm_add_epi32(sum[3], _mm_madd_epi16(_mm_unpackhi_epi8(high, zero), w));
	}
	for (int i = 0; i < 4; i++)
		sum[i] = _mm_sra_epi32(sum[i], by);
	_mm_storeu_si128((__m128i *)(void *)(to + at), _mm_packs_epi32(sum[0], sum[1]));
	_mm_storeu_si128((__m128i *)(void *)(to + at + 8), _mm_packs_epi32(sum[2], sum[3]));
}

LEAT_INLINE_AVX2 void add_rows(const uint8_t *a, const uint8_t *b, __m256i w, __m256i sum[4])
{
	const __m256i zero = _mm256_setzero_si256();
	__m256i va = _mm256_loadu_si256((const __m256i *)(const void *)a);
	__m256i vb = _mm256_loadu_si256((const __m256i *)(const void *)b);
	__m256i low = _mm256_unpacklo_epi8(va, vb), high = _mm256_unpackhi_epi8(va, vb);
	sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), w));
	sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), w));
	sum[2] = _mm256_add_epi32(sum[2], _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), w));
	sum[3] = _mm256_add_epi32(sum[3], _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), w));
}

/* `parts` times 32 columns. Unpacking and packing both work in halves of 128 bits: the words come out in order. */
LEAT_INLINE_AVX2 void columns_of(const struct leat_eight_column *c, size_t at, int parts, int16_t *to)
{
	__m256i sum[2][4];
	__m128i by = _mm_cvtsi32_si128((int)c->shift);
	for (int i = 0; i < 2 * 4; i++)
		sum[i / 4][i % 4] = _mm256_set1_epi32(1 << (c->shift - 1));
	for (uint32_t k = 0; k < c->taps; k += 2) {
		const uint8_t *a = c->from + k * c->stride + at, *b = k + 1 < c->taps ? a + c->stride : a;
		__m256i w = _mm256_broadcastsi128_si256(two_weights(c, k));
		for (int i = 0; i < parts; i++)
			add_rows(a + 32 * i, b + 32 * i, w, sum[i]);
	}
	for (int i = 0; i < parts; i++) {
		for (int j = 0; j < 4; j++)
			sum[i][j] = _mm256_sra_epi32(sum[i][j], by);
		__m256i even = _mm256_packs_epi32(sum[i][0], sum[i][1]), odd = _mm256_packs_epi32(sum[i][2], sum[i][3]);
		int16_t *put = to + at + 32 * i;
		_mm256_storeu_si256((__m256i *)(void *)put, _mm256_permute2x128_si256(even, odd, 0x20));
		_mm256_storeu_si256((__m256i *)(void *)(put + 16), _mm256_permute2x128_si256(even, odd, 0x31));
	}
}

/* Less than 64 columns, from i on, of n. */
LEAT_INLINE_AVX2 void columns_rest(const struct leat_eight_column *c, size_t i, size_t n, int16_t *to)
{
	for (; i + 32 <= n; i += 32)
		columns_of(c, i, 1, to);
	if (i < n && n >= 32)
		columns_of(c, n - 32, 1, to); /* some once more, to the same words */
	else if (i + 16 <= n)
		columns_base(c, i, to), columns_plain(c, i + 16, n - i - 16, to);
	else
		columns_plain(c, i, n - i, to);
}

__attribute__((target("avx2"))) static void columns_avx2(const struct leat_eight_column *c, size_t n, int16_t *to)
{
	size_t i = 0;
	for (; i + 64 <= n; i += 64)
		columns_of(c, i, 2, to);
	columns_rest(c, i, n, to);
}

#define AVX512 __attribute__((target("avx2,avx512f,avx512bw")))

/* 64 columns, as columns_of: a quarter of the time of a large reduction is saved. */
AVX512 static void columns_64(const struct leat_eight_column *c, size_t at, int16_t *to)
{
	const __m512i zero = _mm512_setzero_si512(), half = _mm512_set1_epi32(1 << (c->shift - 1));
	/* Halves of the words come out beside each other: quarters 0 2 | 1 3 of both. */
	const __m512i front = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
	const __m512i back = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
	__m512i s0 = half, s1 = half, s2 = half, s3 = half;
	__m128i by = _mm_cvtsi32_si128((int)c->shift);
	for (uint32_t k = 0; k < c->taps; k += 2) {
		const uint8_t *a = c->from + k * c->stride + at, *b = k + 1 < c->taps ? a + c->stride : a;
		__m512i w = _mm512_broadcastd_epi32(two_weights(c, k));
		__m512i va = _mm512_loadu_si512(a), vb = _mm512_loadu_si512(b);
		__m512i low = _mm512_unpacklo_epi8(va, vb), high = _mm512_unpackhi_epi8(va, vb);
		s0 = _mm512_add_epi32(s0, _mm512_madd_epi16(_mm512_unpacklo_epi8(low, zero), w));
		s1 = _mm512_add_epi32(s1, _mm512_madd_epi16(_mm512_unpackhi_epi8(low, zero), w));
		s2 = _mm512_add_epi32(s2, _mm512_madd_epi16(_mm512_unpacklo_epi8(high, zero), w));
		s3 = _mm512_add_epi32(s3, _mm512_madd_epi16(_mm512_unpackhi_epi8(high, zero), w));
	}
	__m512i even = _mm512_packs_epi32(_mm512_sra_epi32(s0, by), _mm512_sra_epi32(s1, by));
	__m512i odd = _mm512_packs_epi32(_mm512_sra_epi32(s2, by), _mm512_sra_epi32(s3, by));
	_mm512_storeu_si512(to + at, _mm512_permutex2var_epi64(even, front, odd));
	_mm512_storeu_si512(to + at + 32, _mm512_permutex2var_epi64(even, back, odd));
}

AVX512 static void columns_avx512(const struct leat_eight_column *c, size_t n, int16_t *to)
{
	size_t i = 0;
	for (; i + 64 <= n; i += 64)
		columns_64(c, i, to);
	columns_rest(c, i, n, to);
}

#endif

void leat_eight_columns(const struct leat_eight_column *c, size_t n, int16_t *to, enum leat_cpu level)
{
	size_t i = 0;
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX512) {
		columns_avx512(c, n, to);
		return;
	}
	if (level >= LEAT_CPU_AVX2) {
		columns_avx2(c, n, to);
		return;
	}
	for (; level >= LEAT_CPU_BASE && i + 16 <= n; i += 16)
		columns_base(c, i, to);
	if (i < n && i >= 16) {
		columns_base(c, n - 16, to);
		return;
	}
#else
	(void)level;
#endif
	for (; i + PART <= n; i += PART)
		columns_plain(c, i, PART, to);
	columns_plain(c, i, n - i, to);
}
