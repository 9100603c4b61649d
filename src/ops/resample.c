/* SPDX-License-Identifier: MIT */
/* Resampling of image rows. See resample.h. */
#include "ops/resample.h"

#include "base/mem.h"
#include "ops/loops.h"
#include "ops/picked.h"
#include "ops/planes.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

#include <math.h>

LEAT_VECTORIZE_FILE

enum {
	GROUP = 8, /* most output rows whose column sums are built up together */
	GROUP_BYTES = 256 << 10, /* but no more than fit here: the L2 cache */
	PARTIAL = 32 /* terms of a partial sum in float, at least */
};

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

/* --- rows of the result --- */

static struct leat_planes planes_of(const struct leat_resample *r)
{
	return (struct leat_planes){.shape = &r->in, .transfer = r->transfer, .plane = plane_floats(r)};
}

/* The second half of every output row: planes of column sums to samples. */
static void finish_row(const struct leat_resample *r, const float *planes, float *result, void *to)
{
	leat_along(&r->w->x, planes, plane_floats(r), r->in.channels, result, r->level);
	const struct leat_planes p = planes_of(r);
	leat_planes_store(&p, result, r->w->x.axis.out, to);
}

/* --- down the columns, fixed point --- */

static void column_sums(const struct leat_resample *r, const struct leat_rows *in, uint32_t y, float *sums)
{
	const int16_t *weight = r->w->y.fixed + (size_t)y * r->w->y.step;
	float unit = 1 / (float)(1u << r->w->y.bits);
	leat_column_sums(leat_row(in, r->w->y.first[y]), in->stride, weight, r->w->y.count[y], unit,
			 (size_t)r->in.width * r->in.channels, sums, r->level);
}

static void rows_fixed(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
		       uint32_t y0, uint32_t y1, const struct work *w)
{
	const struct leat_planes p = planes_of(r);
	for (uint32_t y = y0; y < y1; y++) {
		column_sums(r, in, y, w->flat);
		leat_planes_split(&p, w->flat, w->planes);
		finish_row(r, w->planes, w->result, to + (y - y0) * stride);
	}
}

/* --- down the columns, float --- */

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
	const struct leat_planes p = planes_of(r);
	leat_resample_need(r, y0, y1, &a, &b);
	memset(w->sums, 0, each * (y1 - y0) * sizeof *w->sums);
	for (uint32_t i = a; i < b; i++) {
		leat_planes_load(&p, leat_row(in, i), w->flat, w->planes);
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
