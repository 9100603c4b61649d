/* SPDX-License-Identifier: MIT */
/* Resampling of image rows. See resample.h. */
#include "ops/resample.h"

#include "base/mem.h"
#include "ops/loops.h"
#include "ops/picked.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

#include <math.h>

LEAT_VECTORIZE_FILE

enum {
	GROUP = 8, /* most output rows whose column sums are built up together */
	GROUP_BYTES = 256 << 10, /* but no more than fit here: the L2 cache */
	PARTIAL = 32 /* terms of a partial sum in float, at least */
};

/* Four of each. */
typedef float quad __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));

int leat_resample_make(struct leat_resample *r, enum leat_kernel k, const struct leat_axis *x,
		       const struct leat_axis *y, struct leat_weights **last, struct leat_err *err)
{
	r->level = leat_cpu_level();
	r->w = leat_weights_get(k, x, y, last, err);
	return r->w ? 0 : -1;
}

void leat_resample_free(struct leat_resample *r)
{
	leat_weights_unref(&r->w);
}

void leat_resample_need(const struct leat_resample *r, uint32_t y0, uint32_t y1, uint32_t *a, uint32_t *b)
{
	*a = r->w->y.first[y0];
	*b = r->w->y.first[y1 - 1] + r->w->y.count[y1 - 1];
}

/* --- sizes --- */

/* Floats of one channel of an input row: weights padded with zeros may read a little past its end. */
static size_t plane_floats(const struct leat_resample *r)
{
	return leat_size_add(r->in.width, LEAT_TAP_LANES + 15) & ~(size_t)15;
}

static bool is_copy(const struct leat_resample *r)
{
	return r->w->x.single && r->w->y.single;
}

static bool is_fixed(const struct leat_resample *r)
{
	return r->in.sample == LEAT_U8 && !r->in.alpha && !r->transfer && r->w->y.fixed;
}

/* In integers along the row, too. */
static bool is_eight(const struct leat_resample *r)
{
	return is_fixed(r) && !is_copy(r) && r->w->pairs.n && (r->in.channels == 1 || r->in.channels == 3);
}

/* Terms of a partial sum; more than there are weights: one sum suffices. */
static uint32_t partial_terms(const struct leat_resample *r)
{
	uint32_t root = (uint32_t)sqrt(r->w->y.most);
	return root > PARTIAL ? root : PARTIAL;
}

/* Column sums per output row: the running one and, where partial sums are needed, the total. */
static size_t sums_floats(const struct leat_resample *r)
{
	return leat_size_mul(plane_floats(r), r->in.channels * (r->w->y.most > partial_terms(r) ? 2u : 1u));
}

static uint32_t group_rows(const struct leat_resample *r)
{
	size_t fit = GROUP_BYTES / sizeof(float) / sums_floats(r);
	return fit < 1 ? 1 : fit > GROUP ? GROUP : (uint32_t)fit;
}

/* What a call works in. All sizes are multiples of 64 bytes. */
struct work {
	float *flat; /* a row as it comes: interleaved channels */
	float *planes; /* a row by channels */
	float *sums; /* column sums by channels, for each row of a group */
	float *result; /* an output row */
};

/* Lays the parts out from `base` on (NULL: only sizes count) and returns the floats of all; SIZE_MAX on overflow. */
static size_t lay_out(const struct leat_resample *r, float *base, struct work *w)
{
	size_t row = leat_size_mul(plane_floats(r), r->in.channels);
	size_t sums = is_fixed(r) ? 0 : leat_size_mul(sums_floats(r), group_rows(r));
	size_t result = leat_size_mul(leat_size_add(r->w->x.axis.out, 4), 4);
	if (base)
		*w = (struct work){base, base + row, base + 2 * row, base + 2 * row + sums};
	return leat_size_add(leat_size_mul(row, 2), leat_size_add(sums, result));
}

size_t leat_resample_scratch(const struct leat_resample *r)
{
	if (is_eight(r))
		return leat_eight_scratch(&r->w->pairs, r->in.width, r->in.channels, r->w->x.axis.out);
	return is_copy(r) ? 0 : leat_size_mul(lay_out(r, NULL, NULL), sizeof(float));
}

/* --- results to samples --- */

/* Results to samples. Constant arguments make special cases. */
LEAT_INLINE void store_pixels(const struct leat_transfer *tr, const float *result, uint32_t n, unsigned channels,
			      bool alpha, bool wide, void *to)
{
	unsigned colors = channels - alpha;
	float max = wide ? 65535 : 255;
	uint8_t *to8 = to;
	uint16_t *to16 = to;
	for (uint32_t i = 0; i < n; i++, result += leat_along_step(channels)) {
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

/* As store_pixels for 8-bit RGB. */
static void store_rgb8(const float *result, uint32_t n, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++, result += 4, to += 3) {
		quad v;
		memcpy(&v, result, sizeof v);
		quad_int level = __builtin_convertvector(v + 0.5f, quad_int), over = level > 255;
		level = (level & ~over & ~(level < 0)) | (over & 255);
		to[0] = (uint8_t)level[0];
		to[1] = (uint8_t)level[1];
		to[2] = (uint8_t)level[2];
	}
}

LEAT_INLINE void store_channels(const struct leat_resample *r, const float *result, bool wide, void *to)
{
	uint32_t n = r->w->x.axis.out;
	if (r->transfer)
		store_pixels(r->transfer, result, n, r->in.channels, r->in.alpha, wide, to);
	else if (r->in.channels == 1)
		store_pixels(NULL, result, n, 1, false, wide, to);
	else if (r->in.channels == 2)
		store_pixels(NULL, result, n, 2, true, wide, to);
	else if (r->in.channels == 3)
		store_pixels(NULL, result, n, 3, false, wide, to);
	else
		store_pixels(NULL, result, n, 4, true, wide, to);
}

static void store_row(const struct leat_resample *r, const float *result, void *to)
{
	if (r->in.sample == LEAT_U16)
		store_channels(r, result, true, to);
	else if (r->in.channels == 3 && !r->transfer)
		store_rgb8(result, r->w->x.axis.out, to);
	else
		store_channels(r, result, false, to);
}

/* The second half of every output row: planes of column sums to samples. */
static void finish_row(const struct leat_resample *r, const float *planes, float *result, void *to)
{
	leat_along(&r->w->x, planes, plane_floats(r), r->in.channels, result, r->level);
	store_row(r, result, to);
}

/* --- down the columns, fixed point --- */

static void column_sums(const struct leat_resample *r, const struct leat_rows *in, uint32_t y, float *sums)
{
	const int16_t *weight = r->w->y.fixed + (size_t)y * r->w->y.step;
	float unit = 1 / (float)(1u << r->w->y.bits);
	leat_column_sums(leat_row(in, r->w->y.first[y]), in->stride, weight, r->w->y.count[y], unit,
			 (size_t)r->in.width * r->in.channels, sums, r->level);
}

/* Interleaved RGB to planes, four pixels at a time. */
static void split_rgb(const float *row, uint32_t width, size_t plane, float *planes)
{
	uint32_t i = 0;
	for (; i + 4 <= width; i += 4) {
		quad v[3], c[3];
		memcpy(v, row + (size_t)i * 3, sizeof v); /* rgbr gbrg brgb */
		c[0] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 0, 3, 6, 6), v[2], 0, 1, 2, 5);
		c[1] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 1, 4, 7, 7), v[2], 0, 1, 2, 6);
		c[2] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 2, 5, 5, 5), v[2], 0, 1, 4, 7);
		for (size_t k = 0; k < 3; k++)
			memcpy(planes + k * plane + i, &c[k], sizeof c[k]);
	}
	for (; i < width; i++)
		for (size_t k = 0; k < 3; k++)
			planes[k * plane + i] = row[(size_t)i * 3 + k];
}

/* Interleaved floats of an opaque image to planes, each padded with zeros. */
static void split_row(const struct leat_resample *r, const float *row, float *planes)
{
	size_t plane = plane_floats(r), width = r->in.width;
	if (r->in.channels == 3)
		split_rgb(row, r->in.width, plane, planes);
	else
		memcpy(planes, row, width * sizeof *planes);
	for (size_t c = 0; c < r->in.channels; c++)
		memset(planes + c * plane + width, 0, (plane - width) * sizeof *planes);
}

static void rows_fixed(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, const struct work *w)
{
	for (uint32_t y = y0; y < y1; y++) {
		column_sums(r, in, y, w->flat);
		split_row(r, w->flat, w->planes);
		finish_row(r, w->planes, w->result, to + (y - y0) * stride);
	}
}

/* --- down the columns, float --- */

/* One input row as planes of floats: linear light when asked, color times alpha. */
LEAT_INLINE void load_pixels(const struct leat_transfer *tr, const void *from, uint32_t width, unsigned channels,
			     bool alpha, bool wide, size_t plane, float *planes)
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

LEAT_INLINE void load_channels(const struct leat_resample *r, const void *from, bool wide, float *planes)
{
	size_t plane = plane_floats(r);
	uint32_t width = r->in.width;
	if (r->transfer)
		load_pixels(r->transfer, from, width, r->in.channels, r->in.alpha, wide, plane, planes);
	else if (r->in.channels == 2)
		load_pixels(NULL, from, width, 2, true, wide, plane, planes);
	else
		load_pixels(NULL, from, width, 4, true, wide, plane, planes);
}

/* `flat` is room for the row as it comes: for opaque images two simple loops are faster than one. */
static void load_row(const struct leat_resample *r, const void *from, float *flat, float *planes)
{
	size_t n = (size_t)r->in.width * r->in.channels;
	const uint8_t *from8 = from;
	const uint16_t *from16 = from;
	bool wide = r->in.sample == LEAT_U16;
	if (r->transfer || r->in.alpha) {
		if (wide)
			load_channels(r, from, true, planes);
		else
			load_channels(r, from, false, planes);
		return;
	}
	for (size_t i = 0; wide && i < n; i++)
		flat[i] = from16[i];
	for (size_t i = 0; !wide && i < n; i++)
		flat[i] = from8[i];
	split_row(r, flat, planes);
}

/* total += sum, sum = 0 */
static void add_partial(float *total, float *sum, size_t n)
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
static void group_sums(const struct leat_resample *r, const struct leat_rows *in, uint32_t y0, uint32_t y1,
		       const struct work *w)
{
	size_t n = plane_floats(r) * r->in.channels, each = sums_floats(r);
	uint32_t a, b, partial = partial_terms(r);
	leat_resample_need(r, y0, y1, &a, &b);
	memset(w->sums, 0, each * (y1 - y0) * sizeof *w->sums);
	for (uint32_t i = a; i < b; i++) {
		load_row(r, leat_row(in, i), w->flat, w->planes);
		for (uint32_t y = y0; y < y1; y++) {
			uint32_t k = i - r->w->y.first[y]; /* wraps to a large number before its first */
			float *sum = w->sums + (y - y0) * each;
			if (k >= r->w->y.count[y])
				continue;
			leat_add_weighted(sum, w->planes, r->w->y.weight[(size_t)y * r->w->y.step + k], n, r->level);
			if (each > n && (k % partial == partial - 1 || k == r->w->y.count[y] - 1))
				add_partial(sum + n, sum, n);
		}
	}
}

static void rows_float(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, const struct work *w)
{
	size_t n = plane_floats(r) * r->in.channels, each = sums_floats(r);
	uint32_t group = group_rows(r);
	for (uint32_t y = y0; y < y1; y += group) {
		uint32_t end = y1 - y < group ? y1 : y + group;
		group_sums(r, in, y, end, w);
		for (uint32_t i = y; i < end; i++)
			finish_row(r, w->sums + (i - y) * each + (each - n), w->result, to + (i - y0) * stride);
	}
}

/* --- all in integers --- */

static void rows_eight(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, void *scratch)
{
	const struct leat_eight e = {
		.y = &r->w->y,
		.x = &r->w->pairs,
		.width = r->in.width,
		.out = r->w->x.axis.out,
		.channels = r->in.channels,
		.scratch = scratch,
	};
	for (uint32_t y = y0; y < y1; y += LEAT_EIGHT) {
		uint32_t end = y1 - y < LEAT_EIGHT ? y1 : y + LEAT_EIGHT;
		leat_eight_rows(&e, in, y, end, to + (y - y0) * stride, stride, r->level);
	}
}

/* --- the way in --- */

void leat_resample_rows(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
			uint32_t y0, uint32_t y1, void *scratch)
{
	struct work w;
	if (is_copy(r)) {
		leat_picked_rows(&r->w->x, &r->w->y, r->in.channels * leat_sample_size(r->in.sample), in, to, stride,
				 y0, y1);
		return;
	}
	if (is_eight(r)) {
		rows_eight(r, in, to, stride, y0, y1, scratch);
		return;
	}
	(void)lay_out(r, scratch, &w); /* its size is known already */
	if (is_fixed(r))
		rows_fixed(r, in, to, stride, y0, y1, &w);
	else
		rows_float(r, in, to, stride, y0, y1, &w);
}
