/* SPDX-License-Identifier: MIT */
/* Resampling of image rows. See resample.h. */
#include "ops/resample.h"

#include "base/mem.h"
#include "ops/columns.h"
#include "ops/rows.h"

#include <math.h>

/* The loops below are written to be vectorized; gcc does that fully from -O3 on, clang always. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#define INLINE static inline __attribute__((always_inline))

enum {
	GROUP = 8, /* most output rows whose column sums are built up together */
	GROUP_BYTES = 256 << 10, /* but no more than fit here: the L2 cache */
	PARTIAL = 32, /* terms of a partial sum in float, at least */
	TILE = 64 /* samples whose column sums stay in registers */
};

/* Eight floats; gcc and clang make of it what the machine has. */
typedef float lanes __attribute__((vector_size(4 * LEAT_TAP_LANES)));
typedef float quad __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));
typedef uint8_t quad_byte __attribute__((vector_size(4)));

int leat_resample_make(struct leat_resample *r, enum leat_kernel k, const struct leat_axis *x,
		       const struct leat_axis *y, struct leat_err *err)
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
	size_t sums = is_fixed(r) ? planes : leat_size_mul(sums_floats(r), group_rows(r));
	size_t result = leat_size_mul(leat_size_add(r->x.axis.out, 3), 4);
	return leat_size_mul(leat_size_add(leat_size_add(planes, sums), result), sizeof(float));
}

/* --- along the row --- */

/*
 * Four weighted sums at once: `step` samples from each of p times the weights at each of w. The order of
 * additions is fixed, the same for all four. `used` of them are wanted, the others come out as 0.
 */
INLINE void four_sums(const float *const p[4], const float *const w[4], uint32_t step, int used, float *to)
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

/* Floats per pixel in the result row. */
INLINE unsigned result_step(unsigned channels)
{
	return channels == 3 ? 4 : channels;
}

/* All channels of all pixels of a result row from the planes of column sums. */
INLINE void along(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels, uint32_t step,
		  float *result)
{
	uint32_t together = 4 / result_step(channels), last = t->axis.out - 1;
	for (uint32_t i = 0; i <= last; i += together) {
		const float *p[4] = {0}, *w[4] = {0};
		for (unsigned j = 0; j < together * channels; j++) {
			uint32_t at = i + j / channels < last ? i + j / channels : last;
			p[j] = planes + j % channels * plane + t->first[at];
			w[j] = t->weight + (size_t)at * step;
		}
		four_sums(p, w, step, (int)(together * channels), result + (size_t)i * result_step(channels));
	}
}

/* The usual numbers of weights get loops of their own. */
INLINE void along_steps(const struct leat_taps *t, const float *planes, size_t plane, unsigned channels, float *result)
{
	if (t->step == 8)
		along(t, planes, plane, channels, 8, result);
	else if (t->step == 16)
		along(t, planes, plane, channels, 16, result);
	else if (t->step == 24)
		along(t, planes, plane, channels, 24, result);
	else
		along(t, planes, plane, channels, t->step, result);
}

/* --- results to samples --- */

/* Results to samples. Constant arguments make special cases. */
INLINE void store_pixels(const struct leat_transfer *tr, const float *result, uint32_t n, unsigned channels, bool alpha,
			 bool wide, void *to)
{
	unsigned colors = channels - alpha;
	float max = wide ? 65535 : 255;
	uint8_t *to8 = to;
	uint16_t *to16 = to;
	for (uint32_t i = 0; i < n; i++, result += result_step(channels)) {
		float a = alpha ? result[colors] : 1;
		uint32_t level[4] = {0}, seen = leat_to_level(a, max);
		for (unsigned c = 0; c < colors; c++) {
			float v = !alpha ? result[c] : seen ? result[c] / a : 0;
			level[c] = leat_to_level(tr ? leat_transfer_encode(tr, v) : v, max);
		}
		if (alpha)
			level[colors] = seen;
		for (unsigned c = 0; c < channels; c++) {
			if (wide)
				to16[(size_t)i * channels + c] = (uint16_t)level[c];
			else
				to8[(size_t)i * channels + c] = (uint8_t)level[c];
		}
	}
}

/* As store_pixels for 8-bit RGB: four bytes are written at once, the fourth is overwritten by the next pixel. */
INLINE void store_rgb8(const float *result, uint32_t n, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++, result += 4, to += 3) {
		quad v;
		memcpy(&v, result, sizeof v);
		quad_int level = __builtin_convertvector(v + 0.5f, quad_int), over = level > 255;
		level = (level & ~over & ~(level < 0)) | (over & 255);
		quad_byte b = __builtin_convertvector(level, quad_byte);
		memcpy(to, &b, i + 1 < n ? 4 : 3);
	}
}

/* The second half of every output row: planes of column sums to samples. */
INLINE void finish_channels(const struct leat_resample *r, const float *planes, size_t plane, unsigned channels,
			    bool wide, float *result, void *to)
{
	uint32_t n = r->x.axis.out;
	bool alpha = channels == 2 || channels == 4;
	along_steps(&r->x, planes, plane, channels, result);
	if (r->transfer)
		store_pixels(r->transfer, result, n, channels, alpha, wide, to);
	else if (channels == 3 && !wide)
		store_rgb8(result, n, to);
	else
		store_pixels(NULL, result, n, channels, alpha, wide, to);
}

INLINE void finish_row(const struct leat_resample *r, const float *planes, float *result, void *to)
{
	size_t plane = plane_floats(r);
	bool wide = r->in.sample == LEAT_U16;
	if (r->in.channels == 1)
		finish_channels(r, planes, plane, 1, wide, result, to);
	else if (r->in.channels == 2)
		finish_channels(r, planes, plane, 2, wide, result, to);
	else if (r->in.channels == 3)
		finish_channels(r, planes, plane, 3, wide, result, to);
	else
		finish_channels(r, planes, plane, 4, wide, result, to);
}

/* --- down the columns, fixed point --- */

INLINE void column_sums(const struct leat_resample *r, const struct leat_rows *in, uint32_t y, float *sums)
{
	const int16_t *weight = r->y.fixed + (size_t)y * r->y.step;
	float unit = 1 / (float)(1u << r->y.bits);
	leat_column_sums(leat_row(in, r->y.first[y]), in->stride, weight, r->y.count[y], unit,
			 (size_t)r->in.width * r->in.channels, sums);
}

/* Interleaved floats to planes, each padded with zeros. */
INLINE void split_channels(const float *row, uint32_t width, unsigned channels, size_t plane, float *planes)
{
	for (unsigned c = 0; c < channels; c++) {
		float *to = planes + c * plane;
		for (uint32_t i = 0; i < width; i++)
			to[i] = row[(size_t)i * channels + c];
		memset(to + width, 0, (plane - width) * sizeof *to);
	}
}

INLINE void rows_fixed(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, float *scratch)
{
	size_t plane = plane_floats(r);
	float *planes = scratch, *sums = planes + plane * r->in.channels, *result = sums + plane * r->in.channels;
	for (uint32_t y = y0; y < y1; y++) {
		column_sums(r, in, y, sums);
		if (r->in.channels == 3)
			split_channels(sums, r->in.width, 3, plane, planes);
		else
			split_channels(sums, r->in.width, 1, plane, planes);
		finish_row(r, planes, result, to + (y - y0) * stride);
	}
}

/* --- down the columns, float --- */

/* One input row as planes of floats: linear light when asked, color times alpha. */
INLINE void load_pixels(const struct leat_transfer *tr, const void *from, uint32_t width, unsigned channels, bool alpha,
			bool wide, size_t plane, float *planes)
{
	const uint8_t *from8 = from;
	const uint16_t *from16 = from;
	unsigned colors = channels - alpha;
	for (uint32_t i = 0; i < width; i++) {
		size_t at = (size_t)i * channels;
		float a = !alpha ? 1 : wide ? from16[at + colors] : from8[at + colors];
		for (unsigned c = 0; c < colors; c++) {
			uint32_t v = wide ? from16[at + c] : from8[at + c];
			float f = tr ? tr->decode[v] : (float)v;
			planes[c * plane + i] = alpha ? f * a : f;
		}
		if (alpha)
			planes[colors * plane + i] = a;
	}
	for (unsigned c = 0; c < channels; c++)
		memset(planes + c * plane + width, 0, (plane - width) * sizeof *planes);
}

INLINE void load_channels(const struct leat_resample *r, const void *from, bool wide, float *planes)
{
	size_t plane = plane_floats(r);
	uint32_t width = r->in.width;
	if (r->transfer)
		load_pixels(r->transfer, from, width, r->in.channels, r->in.alpha, wide, plane, planes);
	else if (r->in.channels == 4)
		load_pixels(NULL, from, width, 4, true, wide, plane, planes);
	else if (r->in.channels == 3)
		load_pixels(NULL, from, width, 3, false, wide, plane, planes);
	else if (r->in.channels == 2)
		load_pixels(NULL, from, width, 2, true, wide, plane, planes);
	else
		load_pixels(NULL, from, width, 1, false, wide, plane, planes);
}

INLINE void add_weighted(float *sum, const float *v, float weight, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum[i] += v[i] * weight;
}

/* total += sum, sum = 0 */
INLINE void add_partial(float *total, float *sum, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		total[i] += sum[i];
		sum[i] = 0;
	}
}

/*
 * Output rows [y0, y1), at most group_rows(): each input row is loaded once and added to every output row it belongs
 * to. For each output row the order of its terms is that of its weights, however rows are grouped.
 */
INLINE void group_sums(const struct leat_resample *r, const struct leat_rows *in, uint32_t y0, uint32_t y1, float *row,
		       float *sums)
{
	size_t n = plane_floats(r) * r->in.channels, each = sums_floats(r);
	uint32_t a, b, partial = partial_terms(r);
	leat_resample_need(r, y0, y1, &a, &b);
	memset(sums, 0, each * (y1 - y0) * sizeof *sums);
	for (uint32_t i = a; i < b; i++) {
		if (r->in.sample == LEAT_U16)
			load_channels(r, leat_row(in, i), true, row);
		else
			load_channels(r, leat_row(in, i), false, row);
		for (uint32_t y = y0; y < y1; y++) {
			uint32_t k = i - r->y.first[y]; /* wraps to a large number before its first */
			float *sum = sums + (y - y0) * each;
			if (k >= r->y.count[y])
				continue;
			add_weighted(sum, row, r->y.weight[(size_t)y * r->y.step + k], n);
			if (each > n && (k % partial == partial - 1 || k == r->y.count[y] - 1))
				add_partial(sum + n, sum, n);
		}
	}
}

INLINE void rows_float(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, float *scratch)
{
	size_t n = plane_floats(r) * r->in.channels, each = sums_floats(r);
	uint32_t group = group_rows(r);
	float *row = scratch, *sums = row + n, *result = sums + each * group;
	for (uint32_t y = y0; y < y1; y += group) {
		uint32_t end = y1 - y < group ? y1 : y + group;
		group_sums(r, in, y, end, row, sums);
		for (uint32_t i = y; i < end; i++)
			finish_row(r, sums + (i - y) * each + (each - n), result, to + (i - y0) * stride);
	}
}

/* --- pixels taken as they are --- */

INLINE void gather(const uint8_t *from, const uint32_t *first, uint32_t n, size_t bytes, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++)
		memcpy(to + i * bytes, from + first[i] * bytes, bytes);
}

static void copy_row(const struct leat_resample *r, const uint8_t *from, uint8_t *to)
{
	const struct leat_axis *x = &r->x.axis;
	size_t bytes = r->in.channels * leat_sample_size(r->in.sample);
	if (x->in == x->scaled)
		memcpy(to, from + x->offset * bytes, x->out * bytes);
	else if (bytes == 1)
		gather(from, r->x.first, x->out, 1, to);
	else if (bytes == 3)
		gather(from, r->x.first, x->out, 3, to);
	else if (bytes == 4)
		gather(from, r->x.first, x->out, 4, to);
	else
		gather(from, r->x.first, x->out, bytes, to);
}

static void rows_copy(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		      uint32_t y0, uint32_t y1)
{
	for (uint32_t y = y0; y < y1; y++)
		copy_row(r, leat_row(in, r->y.first[y]), to + (y - y0) * stride);
}

/* --- the way in --- */

INLINE void rows_any(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride, uint32_t y0,
		     uint32_t y1, float *scratch)
{
	if (is_fixed(r))
		rows_fixed(r, in, to, stride, y0, y1, scratch);
	else
		rows_float(r, in, to, stride, y0, y1, scratch);
}

static void rows_plain(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, float *scratch)
{
	rows_any(r, in, to, stride, y0, y1, scratch);
}

/* The same code with wider vectors. No fused multiply-add: the bytes are the same on every machine. */
#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rows_avx2(const struct leat_resample *r, const struct leat_rows *in,
						      uint8_t *to, size_t stride, uint32_t y0, uint32_t y1,
						      float *scratch)
{
	rows_any(r, in, to, stride, y0, y1, scratch);
}
#endif

void leat_resample_rows(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
			uint32_t y0, uint32_t y1, void *scratch)
{
	if (is_copy(r)) {
		rows_copy(r, in, to, stride, y0, y1);
		return;
	}
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		rows_avx2(r, in, to, stride, y0, y1, scratch);
		return;
	}
#endif
	rows_plain(r, in, to, stride, y0, y1, scratch);
}
