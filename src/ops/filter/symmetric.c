/* SPDX-License-Identifier: MIT */
/*
 * The passes of a separable, symmetric kernel. See symmetric.h.
 *
 * Blocks of 32 samples stay in registers while the taps go by, two mirrored taps at a time (one multiplication for
 * both). The last block of a line overlaps the one before it: a sample computed twice gets the same bits twice.
 * Lines shorter than a block are computed sample by sample, in the same order of operations. The code is written
 * once and compiled for every processor and, on x86, for AVX2 too; they differ in how eight samples are widened,
 * not in a result.
 */
#include "ops/filter/symmetric.h"

#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { LANES = 8, BLOCK = 4 * LANES };

typedef float f32x8 __attribute__((vector_size(32)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef uint8_t u8x8 __attribute__((vector_size(8)));
typedef uint16_t u16x8 __attribute__((vector_size(16)));

/* Statements that read eight samples at p into v, which sums two of them exactly. */
#define READ_F32(v, p) memcpy(&(v), p, sizeof(v))
#define READ_U16(v, p)                                         \
	do {                                                   \
		u16x8 narrow_;                                 \
		memcpy(&narrow_, p, sizeof narrow_);           \
		(v) = __builtin_convertvector(narrow_, i32x8); \
	} while (0)
#define READ_U8(v, p)                                                                          \
	do {                                                                                   \
		u8x8 narrow_;                                                                  \
		memcpy(&narrow_, p, sizeof narrow_);                                           \
		(v) = __builtin_convertvector(__builtin_convertvector(narrow_, u16x8), i32x8); \
	} while (0)
#define READ_U16_AVX2(v, p) ((v) = (i32x8)_mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)(p))))
#define READ_U8_AVX2(v, p) ((v) = (i32x8)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)(p))))

/* One group of a block: the middle tap, and then a pair of taps. */
#define MIDDLE(g, acc, p, READ, SUMS)                              \
	do {                                                       \
		SUMS a_;                                           \
		READ(a_, (p) + (g)*LANES);                         \
		(acc) = __builtin_convertvector(a_, f32x8) * w[0]; \
	} while (0)
#define PAIR(g, acc, p, q, READ, SUMS)                                   \
	do {                                                             \
		SUMS a_, b_;                                             \
		READ(a_, (p) + (g)*LANES);                               \
		READ(b_, (q) + (g)*LANES);                               \
		(acc) += __builtin_convertvector(a_ + b_, f32x8) * w[k]; \
	} while (0)

/*
 * A pass over n samples. MID, NEAR and FAR are the places of the middle tap and of the pair at distance k, as
 * `const T *`; SUM and SUMS hold the sum of two samples, one and eight.
 */
#define PASS(T, SUM, SUMS, READ, MID, NEAR, FAR)                      \
	for (size_t at = 0; n >= BLOCK && at < n; at += BLOCK) {      \
		size_t i = at + BLOCK <= n ? at : n - BLOCK;          \
		f32x8 a0, a1, a2, a3;                                 \
		const T *mid = (MID) + i;                             \
		MIDDLE(0, a0, mid, READ, SUMS);                       \
		MIDDLE(1, a1, mid, READ, SUMS);                       \
		MIDDLE(2, a2, mid, READ, SUMS);                       \
		MIDDLE(3, a3, mid, READ, SUMS);                       \
		for (size_t k = 1; k <= radius; k++) {                \
			const T *near = (NEAR) + i, *far = (FAR) + i; \
			PAIR(0, a0, near, far, READ, SUMS);           \
			PAIR(1, a1, near, far, READ, SUMS);           \
			PAIR(2, a2, near, far, READ, SUMS);           \
			PAIR(3, a3, near, far, READ, SUMS);           \
		}                                                     \
		memcpy(out + i, &a0, sizeof a0);                      \
		memcpy(out + i + LANES, &a1, sizeof a1);              \
		memcpy(out + i + 2 * LANES, &a2, sizeof a2);          \
		memcpy(out + i + 3 * LANES, &a3, sizeof a3);          \
	}                                                             \
	for (size_t i = 0; n < BLOCK && i < n; i++) {                 \
		float acc = (float)(MID)[i] * w[0];                   \
		for (size_t k = 1; k <= radius; k++) {                \
			SUM sum = (SUM)(NEAR)[i] + (SUM)(FAR)[i];     \
			acc += (float)sum * w[k];                     \
		}                                                     \
		out[i] = acc;                                         \
	}

#define VERTICAL(NAME, TARGET, T, SUM, SUMS, READ)                                                              \
	TARGET static void NAME(const void *const *rows, const float *w, uint32_t radius, size_t n, float *out) \
	{                                                                                                       \
		PASS(T, SUM, SUMS, READ, (const T *)rows[radius], (const T *)rows[radius - k],                  \
		     (const T *)rows[radius + k])                                                               \
	}
#define HORIZONTAL(NAME, TARGET)                                                                                     \
	TARGET static void NAME(const float *in, const float *w, uint32_t radius, size_t step, size_t n, float *out) \
	{                                                                                                            \
		const float *center = in + radius * step;                                                            \
		PASS(float, float, f32x8, READ_F32, center, center - k * step, center + k * step)                    \
	}

#define ANYWHERE
VERTICAL(vertical_u8, ANYWHERE, uint8_t, int32_t, i32x8, READ_U8)
VERTICAL(vertical_u16, ANYWHERE, uint16_t, int32_t, i32x8, READ_U16)
VERTICAL(vertical_f32, ANYWHERE, float, float, f32x8, READ_F32)
HORIZONTAL(horizontal, ANYWHERE)

static const struct leat_symmetric passes = {vertical_u8, vertical_u16, vertical_f32, horizontal};

#ifdef __x86_64__
#define WITH_AVX2 __attribute__((target("avx2")))
VERTICAL(vertical_u8_avx2, WITH_AVX2, uint8_t, int32_t, i32x8, READ_U8_AVX2)
VERTICAL(vertical_u16_avx2, WITH_AVX2, uint16_t, int32_t, i32x8, READ_U16_AVX2)
VERTICAL(vertical_f32_avx2, WITH_AVX2, float, float, f32x8, READ_F32)
HORIZONTAL(horizontal_avx2, WITH_AVX2)

static const struct leat_symmetric passes_avx2 = {vertical_u8_avx2, vertical_u16_avx2, vertical_f32_avx2,
						  horizontal_avx2};
#endif

const struct leat_symmetric *leat_symmetric_passes(enum leat_cpu level)
{
#ifdef __x86_64__
	if (level >= LEAT_CPU_AVX2)
		return &passes_avx2;
#endif
	(void)level; /* elsewhere there is one set */
	return &passes;
}
