/* SPDX-License-Identifier: MIT */
/* Resampling of image rows. See resample.h. */
#include "ops/resample.h"

#include "base/mem.h"

#include <math.h>

/* The loops below are written to be vectorized; gcc does that fully from -O3 on, clang always. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
	GROUP = 8,              /* most output rows whose column sums are built up together */
	GROUP_BYTES = 256 << 10, /* but no more than fit here: the L2 cache */
	PARTIAL = 32,           /* terms of a partial sum in float, at least */
	TILE = 64               /* samples whose column sums stay in registers */
};

/* Eight floats; gcc and clang make of it what the machine has. */
typedef float lanes __attribute__((vector_size(4 * LEAT_TAP_LANES)));

int leat_resample_make(struct leat_resample *r, enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y,
                       struct leat_err *err)
{
	r->x = r->y = (struct leat_taps){0};
	return leat_taps_make(&r->x, k, x, err) || leat_taps_make(&r->y, k, y, err) ? -1 : 0;
}

void leat_resample_free(struct leat_resample *r)
{
	leat_taps_free(&r->x);
	leat_taps_free(&r->y);
}

void leat_resample_need(const struct leat_resample *r, uint32_t y0, uint32_t y1, uint32_t *a, uint32_t *b)
{
	*a = r->y.first[y0];
	*b = r->y.first[y1 - 1] + r->y.count[y1 - 1];
}

/* --- sizes --- */

/* Floats of one channel of an input row: weights padded with zeros may read a little past its end. */
static size_t plane_floats(const struct leat_resample *r)
{
	return leat_size_add(r->in.width, LEAT_TAP_LANES + 15) & ~(size_t)15;
}

static bool is_copy(const struct leat_resample *r)
{
	return r->x.single && r->y.single;
}

static bool is_fixed(const struct leat_resample *r)
{
	return r->in.sample == LEAT_U8 && !r->in.alpha && !r->transfer && r->y.fixed;
}

/* Terms of a partial sum; more than there are weights: one sum suffices. */
static uint32_t partial_terms(const struct leat_resample *r)
{
	uint32_t root = (uint32_t)sqrt(r->y.most);
	return root > PARTIAL ? root : PARTIAL;
}

/* Column sums per output row: the running one and, where partial sums are needed, the total. */
static size_t sums_floats(const struct leat_resample *r)
{
	return leat_size_mul(plane_floats(r), r->in.channels * (r->y.most > partial_terms(r) ? 2u : 1u));
}

static uint32_t group_rows(const struct leat_resample *r)
{
	size_t fit = GROUP_BYTES / sizeof(float) / sums_floats(r);
	return fit < 1 ? 1 : fit > GROUP ? GROUP : (uint32_t)fit;
}

size_t leat_resample_scratch(const struct leat_resample *r)
{
	if (is_copy(r))
		return 0;
	size_t planes = leat_size_mul(plane_floats(r), r->in.channels);
	size_t sums = is_fixed(r) ? leat_size_add(planes, TILE) : leat_size_mul(sums_floats(r), group_rows(r));
	size_t result = leat_size_mul(r->x.axis.out, r->in.channels);
	return leat_size_mul(leat_size_add(leat_size_add(planes, sums), result), sizeof(float));
}

/* --- along the row --- */

/* One channel: result[i] = sum of the weights of i times samples. Four partial sums in fixed order. */
INLINE void along(const struct leat_taps *t, const float *plane, float *result)
{
	for (uint32_t i = 0; i < t->axis.out; i++) {
		const float *from = plane + t->first[i], *weight = t->weight + (size_t)i * t->step;
		lanes sum = {0};
		for (uint32_t k = 0; k < t->step; k += LEAT_TAP_LANES) {
			lanes a, b;
			memcpy(&a, from + k, sizeof a);
			memcpy(&b, weight + k, sizeof b);
			sum += a * b;
		}
		result[i] = ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
	}
}

/* --- results to samples --- */

/* v rounded and clamped to 0..max; v is never NaN. */
INLINE uint32_t to_level(float v, float max)
{
	v += 0.5f;
	return (uint32_t)(int32_t)(v < 0 ? 0 : v > max ? max : v);
}

/* Planes of n results to interleaved samples; color divided by alpha, and coded again from linear light. */
#define DEFINE_STORE(name, type, max)                                                                                  \
	INLINE void name##_pixels(const struct leat_transfer *tr, const float *plane, uint32_t n, unsigned channels,   \
	                          bool alpha, type *to)                                                                \
	{                                                                                                              \
		unsigned colors = channels - alpha;                                                                    \
		for (uint32_t i = 0; i < n; i++, to += channels) {                                                     \
			float a = alpha ? plane[(size_t)colors * n + i] : 1;                                           \
			uint32_t seen = alpha ? to_level(a, max) : 1;                                                  \
			for (unsigned c = 0; c < colors; c++) {                                                        \
				float v = plane[(size_t)c * n + i];                                                    \
				if (alpha)                                                                             \
					v = seen ? v / a : 0;                                                          \
				if (tr)                                                                                \
					v = leat_transfer_encode(tr, v);                                               \
				to[c] = (type)to_level(v, max);                                                        \
			}                                                                                              \
			if (alpha)                                                                                     \
				to[colors] = (type)seen;                                                               \
		}                                                                                                      \
	}                                                                                                              \
	static void name(const struct leat_resample *r, const float *plane, void *to)                                  \
	{                                                                                                              \
		uint32_t n = r->x.axis.out;                                                                            \
		if (r->transfer)                                                                                       \
			name##_pixels(r->transfer, plane, n, r->in.channels, r->in.alpha, to);                         \
		else if (r->in.alpha && r->in.channels == 4)                                                           \
			name##_pixels(NULL, plane, n, 4, true, to);                                                    \
		else if (r->in.alpha)                                                                                  \
			name##_pixels(NULL, plane, n, 2, true, to);                                                    \
		else if (r->in.channels == 3)                                                                          \
			name##_pixels(NULL, plane, n, 3, false, to);                                                   \
		else                                                                                                   \
			name##_pixels(NULL, plane, n, 1, false, to);                                                   \
	}
DEFINE_STORE(store_u8, uint8_t, 255)
DEFINE_STORE(store_u16, uint16_t, 65535)
