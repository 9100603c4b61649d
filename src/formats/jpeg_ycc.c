/* SPDX-License-Identifier: MIT */
/* YCbCr to RGB. See jpeg_ycc.h. */
#include "formats/jpeg_ycc.h"

#include <stdbool.h>

/* 1.402, 1.772, 0.71414, 0.34414 in units of 2^-16. */
enum { CR_R = 91881, CB_B = 116130, CR_G = 46802, CB_G = 22554, HALF = 32768 };

static inline uint8_t clamp(int32_t v)
{
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* Written so that compilers make vectors of it: planes first, then pixels. */
enum { PART = 256 };

#define PART_ROW                                                            \
	uint8_t r[PART], g[PART], b[PART];                                  \
	_Pragma("omp simd") for (size_t i = 0; i < n; i++)                  \
	{                                                                   \
		int32_t u = cb[i] - 128, v = cr[i] - 128;                   \
		r[i] = clamp(y[i] + ((CR_R * v + HALF) >> 16));             \
		g[i] = clamp(y[i] + ((-CB_G * u - CR_G * v + HALF) >> 16)); \
		b[i] = clamp(y[i] + ((CB_B * u + HALF) >> 16));             \
	}                                                                   \
	for (size_t i = 0; i < n; i++) {                                    \
		rgb[3 * i] = r[i];                                          \
		rgb[3 * i + 1] = g[i];                                      \
		rgb[3 * i + 2] = b[i];                                      \
	}

static void part(const uint8_t *restrict y, const uint8_t *restrict cb, const uint8_t *restrict cr,
		 uint8_t *restrict rgb, size_t n)
{
	PART_ROW
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void part_avx2(const uint8_t *restrict y, const uint8_t *restrict cb,
						      const uint8_t *restrict cr, uint8_t *restrict rgb, size_t n)
{
	PART_ROW
}

static bool wide(void)
{
	return __builtin_cpu_supports("avx2");
}
#else
#define part_avx2 part
static bool wide(void)
{
	return false;
}
#endif

void leat_ycc_row(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *rgb, size_t n)
{
	bool avx2 = wide();
	for (size_t i = 0; i < n; i += PART)
		(avx2 ? part_avx2 : part)(y + i, cb + i, cr + i, rgb + 3 * i, n - i < PART ? n - i : PART);
}
