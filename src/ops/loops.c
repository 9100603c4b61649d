/* SPDX-License-Identifier: MIT */
/* The inner loops of resampling. See loops.h. */
#include "ops/loops.h"
#include "ops/vectorize.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

LEAT_VECTORIZE_FILE

enum { TILE = 64 }; /* columns whose sums stay in registers */

/* Eight and four floats; gcc and clang make of them what the machine has. */
typedef float lanes __attribute__((vector_size(4 * LEAT_TAP_LANES)));
typedef float quad __attribute__((vector_size(16)));

/* --- down the columns, 8 bit --- */

/* n <= TILE columns. */
LEAT_INLINE void tile(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit, size_t n,
		      float *sums)
{
	int32_t acc[TILE] = {0};
	uint32_t k = 0;
	for (; k + 1 < taps; k += 2) {
		const uint8_t *a = from + k * stride, *b = a + stride;
		int16_t wa = weight[k], wb = weight[k + 1];
		for (size_t i = 0; i < n; i++)
			acc[i] += (int16_t)a[i] * wa + (int16_t)b[i] * wb;
	}
	if (k < taps)
		for (size_t i = 0; i < n; i++)
			acc[i] += (int16_t)from[k * stride + i] * weight[k];
	for (size_t i = 0; i < n; i++)
		sums[i] = (float)acc[i] * unit;
}

static void column_sums_plain(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit,
			      size_t n, float *sums)
{
	size_t i = 0;
	for (; i + TILE <= n; i += TILE)
		tile(from + i, stride, weight, taps, unit, TILE, sums + i);
	tile(from + i, stride, weight, taps, unit, n - i, sums + i);
}

#if defined(__x86_64__)

/*
 * Adds rows a and b of 32 columns. Bytes of both are paired and widened, and a pair's weighted sum is one
 * instruction. Unpacking works in 128-bit halves, so sum[j] holds columns 4j..4j+3 and 16+4j..16+4j+3.
 */
LEAT_INLINE_AVX2 void add_rows(const uint8_t *a, const uint8_t *b, __m256i weights, __m256i sum[4])
{
	const __m256i zero = _mm256_setzero_si256();
	__m256i va = _mm256_loadu_si256((const __m256i *)(const void *)a);
	__m256i vb = _mm256_loadu_si256((const __m256i *)(const void *)b);
	__m256i low = _mm256_unpacklo_epi8(va, vb), high = _mm256_unpackhi_epi8(va, vb);
	sum[0] = _mm256_add_epi32(sum[0], _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), weights));
	sum[1] = _mm256_add_epi32(sum[1], _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), weights));
	sum[2] = _mm256_add_epi32(sum[2], _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), weights));
	sum[3] = _mm256_add_epi32(sum[3], _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), weights));
}

LEAT_INLINE_AVX2 void put_sums(const __m256i sum[4], __m256 unit, float *to)
{
	__m256i v[4] = {
		_mm256_permute2x128_si256(sum[0], sum[1], 0x20), _mm256_permute2x128_si256(sum[2], sum[3], 0x20),
		_mm256_permute2x128_si256(sum[0], sum[1], 0x31), _mm256_permute2x128_si256(sum[2], sum[3], 0x31)};
	for (int i = 0; i < 4; i++)
		_mm256_storeu_ps(to + 8 * i, _mm256_mul_ps(_mm256_cvtepi32_ps(v[i]), unit));
}

LEAT_INLINE_AVX2 __m256i weight_pair(int16_t a, int16_t b)
{
	return _mm256_set1_epi32((int)((uint32_t)(uint16_t)b << 16 | (uint16_t)a));
}

/* `parts` times 32 columns. */
LEAT_INLINE_AVX2 void tile_avx2(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, __m256 unit,
				int parts, float *sums)
{
	__m256i sum[2][4];
	memset(sum, 0, sizeof sum);
	for (uint32_t k = 0; k < taps; k += 2) {
		bool two = k + 1 < taps;
		const uint8_t *a = from + k * stride, *b = two ? a + stride : a;
		__m256i w = weight_pair(weight[k], two ? weight[k + 1] : 0);
		for (int i = 0; i < parts; i++)
			add_rows(a + 32 * i, b + 32 * i, w, sum[i]);
	}
	for (int i = 0; i < parts; i++)
		put_sums(sum[i], unit, sums + 32 * i);
}

__attribute__((target("avx2"))) static void column_sums_avx2(const uint8_t *from, size_t stride, const int16_t *weight,
							     uint32_t taps, float unit, size_t n, float *sums)
{
	__m256 u = _mm256_set1_ps(unit);
	size_t i = 0;
	for (; i + 64 <= n; i += 64)
		tile_avx2(from + i, stride, weight, taps, u, 2, sums + i);
	for (; i + 32 <= n; i += 32)
		tile_avx2(from + i, stride, weight, taps, u, 1, sums + i);
	tile(from + i, stride, weight, taps, unit, n - i, sums + i);
}

#endif

void leat_column_sums(const uint8_t *from, size_t stride, const int16_t *weight, uint32_t taps, float unit, size_t n,
		      float *sums, enum leat_cpu level)
{
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		column_sums_avx2(from, stride, weight, taps, unit, n, sums);
		return;
	}
#endif
	(void)level; /* elsewhere there is one version */
	column_sums_plain(from, stride, weight, taps, unit, n, sums);
}

/* --- down the columns, float --- */

LEAT_INLINE void add_weighted(float *sum, const float *v, float weight, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] += v[i] * weight;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void add_weighted_avx2(float *sum, const float *v, float weight, size_t n)
{
	add_weighted(sum, v, weight, n);
}
#endif

void leat_add_weighted(float *sum, const float *v, float weight, size_t n, enum leat_cpu level)
{
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		add_weighted_avx2(sum, v, weight, n);
		return;
	}
#endif
	(void)level;
	add_weighted(sum, v, weight, n);
}

/* --- along the row --- */

/*
 * Four weighted sums at once: `step` samples from each of p times the weights at each of w. The order of
 * additions is fixed, the same for all four. `used` of them are wanted, the others come out as 0.
 */
LEAT_INLINE void four_sums(const float *const p[4], const float *const w[4], uint32_t step, int used, float *to)
{
	lanes sum[4] = {{0}, {0}, {0}, {0}};
	for (uint32_t k = 0; k < step; k += LEAT_TAP_LANES) {
		for (int j = 0; j < used; j++) {
			lanes a, b;
			memcpy(&a, p[j] + k, sizeof a);
			memcpy(&b, w[j] + k, sizeof b);
			sum[j] += a * b;
		}
	}
	quad half[4], even, odd;
	for (int j = 0; j < 4; j++)
		half[j] = __builtin_shufflevector(sum[j], sum[j], 0, 1, 2, 3) +
			  __builtin_shufflevector(sum[j], sum[j], 4, 5, 6, 7);
	/* Two steps of a transposition: lanes 0 and 1 of all four, then summed to one each. */
	even = __builtin_shufflevector(half[0], half[1], 0, 4, 1, 5) +
	       __builtin_shufflevector(half[0], half[1], 2, 6, 3, 7);
	odd = __builtin_shufflevector(half[2], half[3], 0, 4, 1, 5) +
	      __builtin_shufflevector(half[2], half[3], 2, 6, 3, 7);
	even = __builtin_shufflevector(even, odd, 0, 1, 4, 5) + __builtin_shufflevector(even, odd, 2, 3, 6, 7);
	memcpy(to, &even, sizeof even);
}

/* All channels of all pixels of a result row from the planes of column sums. */
LEAT_INLINE void along(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels, uint32_t step,
		       float *result)
{
	uint32_t together = 4 / leat_along_step(channels), last = t->axis.out - 1;
	for (uint32_t i = 0; i <= last; i += together) {
		const float *p[4] = {0}, *w[4] = {0};
		for (unsigned j = 0; j < together * channels; j++) {
			uint32_t at = i + j / channels < last ? i + j / channels : last;
			p[j] = planes + j % channels * plane + t->first[at];
			w[j] = t->weight + (size_t)at * step;
		}
		four_sums(p, w, step, (int)(together * channels), result + (size_t)i * leat_along_step(channels));
	}
}

LEAT_INLINE void along_any(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels,
			   float *result)
{
	if (channels == 1)
		along(t, planes, plane, 1, t->step, result);
	else if (channels == 2)
		along(t, planes, plane, 2, t->step, result);
	else if (channels == 3)
		along(t, planes, plane, 3, t->step, result);
	else
		along(t, planes, plane, 4, t->step, result);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void along_avx2(const struct leat_taps *t, const float *planes, size_t plane,
						       unsigned channels, float *result)
{
	along_any(t, planes, plane, channels, result);
}
#endif

void leat_along(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels, float *result,
		enum leat_cpu level)
{
#if defined(__x86_64__)
	if (level >= LEAT_CPU_AVX2) {
		along_avx2(t, planes, plane, channels, result);
		return;
	}
#endif
	(void)level;
	along_any(t, planes, plane, channels, result);
}
