/* SPDX-License-Identifier: MIT */
/*
 * blur: convolution with a Gaussian, vertically and then horizontally, in float.
 *
 * The kernel is the Gaussian sampled at whole pixels, normalized, cut off where what is left away cannot change a
 * result by one level: at 3.25 sigma in 8 bit (0.12 % of the weight), at 4.75 sigma in 16 bit and of float samples,
 * which are neither rounded nor clamped. With alpha, colors are weighted by it, so that what is transparent does not
 * bleed; a pixel that ends fully transparent is black. A constant border has its cval in every channel, alpha too.
 */
#include "base/mem.h"
#include "ops/filter/edge.h"
#include "ops/filter/symmetric.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

#include <math.h>

struct blur {
	double sigma;
	int64_t edge;
	struct leat_level cval;
};

struct item {
	uint32_t height; /* first: leat_need_all */
	struct leat_image_shape shape;
	enum leat_edge edge;
	float cval; /* as a whole sample */
	uint32_t radius;
	size_t samples; /* of a row */
	uint32_t ring; /* rows of converted samples that are kept: with alpha only */
	const struct leat_symmetric *pass;
	float *weights; /* [radius + 1] */
};

/* The parts of a rows() call's scratch. */
struct work {
	const void **taps; /* [2 radius + 1] the rows of a window */
	float *line; /* one row after the vertical pass, `radius` pixels longer on both sides */
	float *result; /* one row after both passes */
	void *constant; /* one row of cval, as the vertical pass reads them */
	float *ring; /* [item.ring] rows with colors times alpha */
	uint32_t converted; /* rows below this one are in the ring */
};

static const struct leat_param params[] = {
	LEAT_P_REAL(struct blur, sigma, "sigma", NULL, 0.01, 1000, "px", LEAT_POSITIONAL | LEAT_REQUIRED,
		    "standard deviation of the Gaussian"),
	LEAT_P_CHOICE(
		struct blur, edge, "edge", "nearest", leat_edges, 0,
		"what stands outside the image: itself mirrored with or without its border pixel, its border pixel, "
		"its other side, or cval"),
	LEAT_P(struct blur, cval, struct leat_level, LEAT_PT_LEVEL, "cval", "0", 0,
	       "the level outside the image with edge=constant, in every channel"),
	LEAT_P_END,
};

static int check(const void *p, const struct leat_param **which, struct leat_err *err)
{
	const struct blur *b = p;
	*which = &params[2];
	if (b->cval.v < 0 || (b->cval.percent && b->cval.v > 1))
		return leat_fail(err, LEAT_CAUSE_USAGE, "cval is outside the range of samples");
	if (b->cval.v > 0 && b->edge != LEAT_EDGE_CONSTANT)
		return leat_fail(err, LEAT_CAUSE_USAGE, "cval is for edge=constant alone");
	*which = NULL;
	return 0;
}

static double full_range(const struct leat_image_shape *s)
{
	return s->sample == LEAT_U8 ? 255 : s->sample == LEAT_U16 ? 65535 : 1;
}

static uint32_t radius_of(const struct blur *p, const struct leat_image_shape *s)
{
	return (uint32_t)ceil(p->sigma * (s->sample == LEAT_U8 ? 3.25 : 4.75));
}

static int shape(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct blur *b = p;
	*out = *in;
	if (!b->cval.percent && b->cval.v > full_range(&in->image))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "cval=%g is more than the %g of this image's samples",
				 b->cval.v, full_range(&in->image));
	return 0;
}

static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)out; /* as in */
	return ((size_t)radius_of(p, &in->image) + 1) * sizeof(float) + sizeof(struct item);
}

/* The middle takes what rounding to float left over, so that a plain surface stays as it is. */
static void fill_weights(float *w, uint32_t radius, double sigma)
{
	double sum = 1, rest = 1;
	for (uint32_t k = 1; k <= radius; k++)
		sum += 2 * exp(-0.5 * (k / sigma) * (k / sigma));
	for (uint32_t k = 1; k <= radius; k++) {
		w[k] = (float)(exp(-0.5 * (k / sigma) * (k / sigma)) / sum);
		rest -= 2 * (double)w[k];
	}
	w[0] = (float)rest;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct blur *p = b->params;
	const struct leat_image_shape *s = &b->in->image;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->height = s->height;
	it->shape = *s;
	it->edge = (enum leat_edge)p->edge;
	double cval = p->cval.percent ? p->cval.v * full_range(s) : p->cval.v;
	it->cval = (float)(s->sample == LEAT_F32 ? cval : floor(cval + 0.5));
	it->radius = radius_of(p, s);
	it->samples = leat_size_mul(s->width, s->channels);
	if (s->alpha) {
		uint32_t window = 2 * it->radius + 1;
		it->ring = it->edge == LEAT_EDGE_WRAP || window > s->height ? s->height : window;
	}
	it->pass = leat_symmetric_passes(leat_cpu_level());
	it->weights = leat_zalloc((size_t)it->radius + 1, sizeof(float), err);
	if (!it->weights) {
		free(it);
		return -1;
	}
	fill_weights(it->weights, it->radius, p->sigma);
	*item = it;
	return 0;
}

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	if (it->edge == LEAT_EDGE_WRAP) {
		leat_need_all(item, y0, y1, in_y0, in_y1);
		return;
	}
	/* Reflected rows lie nearer than the window reaches, so it holds them too. */
	*in_y0 = (int64_t)y0 - it->radius;
	*in_y1 = (int64_t)y1 + it->radius;
}

/* The next `bytes` of scratch, in steps of 64; with base NULL only counts. */
static void *part(uint8_t *base, size_t *used, size_t bytes)
{
	void *p = base ? base + *used : NULL;
	*used = leat_size_add(*used, leat_size_add(bytes, 63) & ~(size_t)63);
	return p;
}

static size_t lay_out(const struct item *it, uint8_t *base, struct work *w)
{
	size_t used = 0, row = leat_size_mul(it->samples, sizeof(float));
	size_t taps = 2 * (size_t)it->radius + 1, pads = leat_size_mul(2 * (size_t)it->radius, it->shape.channels);
	w->taps = part(base, &used, leat_size_mul(taps, sizeof(void *)));
	w->line = part(base, &used, leat_size_add(row, leat_size_mul(pads, sizeof(float))));
	w->result = part(base, &used, row);
	w->constant = part(base, &used, it->edge == LEAT_EDGE_CONSTANT ? row : 0);
	w->ring = part(base, &used, leat_size_mul(row, it->ring));
	w->converted = 0;
	return used;
}

static size_t scratch_bytes(const void *item)
{
	struct work w;
	return lay_out(item, NULL, &w);
}

/* cval as the line has it: colors times alpha. */
static float constant_sample(const struct item *it, size_t i)
{
	float max = (float)full_range(&it->shape), v = it->cval;
	bool color = it->shape.alpha && (i + 1) % it->shape.channels;
	return color ? v * v / max : v;
}

static void fill_constant(const struct item *it, struct work *w)
{
	for (size_t i = 0; i < it->samples; i++) {
		float v = constant_sample(it, i);
		if (it->shape.alpha || it->shape.sample == LEAT_F32)
			((float *)w->constant)[i] = v;
		else if (it->shape.sample == LEAT_U8)
			((uint8_t *)w->constant)[i] = (uint8_t)(v + 0.5f);
		else
			((uint16_t *)w->constant)[i] = (uint16_t)(v + 0.5f);
	}
}

/* Colors times alpha, both as samples, and alpha itself; and back. Written once for both depths. */
#define ALPHA_LOOPS(SUFFIX, T, MAX)                                                        \
	static void weigh_##SUFFIX(const T *in, float *out, size_t samples, size_t step)   \
	{                                                                                  \
		for (size_t i = 0; i < samples; i += step) {                               \
			float alpha = in[i + step - 1], share = alpha * (1.0f / MAX);      \
			for (size_t c = 0; c + 1 < step; c++)                              \
				out[i + c] = (float)in[i + c] * share;                     \
			out[i + step - 1] = alpha;                                         \
		}                                                                          \
	}                                                                                  \
	static inline T level_##SUFFIX(float v)                                            \
	{                                                                                  \
		int32_t whole = (int32_t)(v + 0.5f);                                       \
		return (T)(whole < (int32_t)MAX ? whole : (int32_t)MAX);                   \
	}                                                                                  \
	static void store_##SUFFIX(const float *in, T *out, size_t samples)                \
	{                                                                                  \
		LEAT_VECTORIZE                                                             \
		for (size_t i = 0; i < samples; i++)                                       \
			out[i] = level_##SUFFIX(in[i]);                                    \
	}                                                                                  \
	static void unweigh_##SUFFIX(const float *in, T *out, size_t samples, size_t step) \
	{                                                                                  \
		for (size_t i = 0; i < samples; i += step) {                               \
			T alpha = level_##SUFFIX(in[i + step - 1]);                        \
			float back = alpha ? MAX / in[i + step - 1] : 0;                   \
			for (size_t c = 0; c + 1 < step; c++)                              \
				out[i + c] = level_##SUFFIX(in[i + c] * back);             \
			out[i + step - 1] = alpha;                                         \
		}                                                                          \
	}
ALPHA_LOOPS(u8, uint8_t, 255.0f)
ALPHA_LOOPS(u16, uint16_t, 65535.0f)

/* The same of float samples: alpha is 0 to 1 already. */
static void weigh_f32(const float *in, float *out, size_t samples, size_t step)
{
	for (size_t i = 0; i < samples; i += step) {
		for (size_t c = 0; c + 1 < step; c++)
			out[i + c] = in[i + c] * in[i + step - 1];
		out[i + step - 1] = in[i + step - 1];
	}
}

static void unweigh_f32(const float *in, float *out, size_t samples, size_t step)
{
	for (size_t i = 0; i < samples; i += step) {
		float alpha = in[i + step - 1];
		for (size_t c = 0; c + 1 < step; c++)
			out[i + c] = alpha > 0 ? in[i + c] / alpha : 0;
		out[i + step - 1] = alpha > 0 ? alpha : 0;
	}
}

static float *ring_row(const struct item *it, const struct work *w, uint32_t y)
{
	return w->ring + (size_t)(y % it->ring) * it->samples;
}

/* Brings the rows below `end` into the ring; they follow those that are there. */
static void convert_rows(const struct item *it, const struct leat_rows *in, struct work *w, uint32_t end)
{
	for (; w->converted < end; w->converted++) {
		const uint8_t *from = leat_row(in, w->converted);
		float *to = ring_row(it, w, w->converted);
		if (it->shape.sample == LEAT_U8)
			weigh_u8(from, to, it->samples, it->shape.channels);
		else if (it->shape.sample == LEAT_F32)
			weigh_f32((const void *)from, to, it->samples, it->shape.channels);
		else
			weigh_u16((const void *)from, to, it->samples, it->shape.channels);
	}
}

/* The rows of the window around y, by the border rule. */
static void gather_taps(const struct item *it, const struct leat_rows *in, struct work *w, uint32_t y)
{
	int64_t radius = it->radius;
	for (int64_t k = -radius; k <= radius; k++) {
		int64_t at = leat_edge_at(it->edge, (int64_t)y + k, it->height);
		const void *row = w->constant;
		if (at >= 0)
			row = it->ring ? (const void *)ring_row(it, w, (uint32_t)at) : leat_row(in, (uint32_t)at);
		w->taps[k + radius] = row;
	}
}

/* Continues the line to both sides. */
static void pad_line(const struct item *it, const struct work *w)
{
	size_t step = it->shape.channels;
	int64_t width = it->shape.width, radius = it->radius;
	float *first = w->line + (size_t)radius * step;
	for (int64_t i = 0; i < 2 * radius; i++) {
		int64_t x = i < radius ? i - radius : width + i - radius, at = leat_edge_at(it->edge, x, width);
		for (size_t c = 0; c < step; c++)
			first[x * (int64_t)step + (int64_t)c] =
				at < 0 ? constant_sample(it, c) : first[(size_t)at * step + c];
	}
}

static void vertical(const struct item *it, const struct work *w)
{
	float *to = w->line + (size_t)it->radius * it->shape.channels;
	if (it->ring || it->shape.sample == LEAT_F32)
		it->pass->vertical_f32(w->taps, it->weights, it->radius, it->samples, to);
	else if (it->shape.sample == LEAT_U8)
		it->pass->vertical_u8(w->taps, it->weights, it->radius, it->samples, to);
	else
		it->pass->vertical_u16(w->taps, it->weights, it->radius, it->samples, to);
}

static void store(const struct item *it, const struct work *w, uint8_t *to)
{
	bool narrow = it->shape.sample == LEAT_U8;
	if (it->shape.sample == LEAT_F32 && it->ring)
		unweigh_f32(w->result, (void *)to, it->samples, it->shape.channels);
	else if (it->shape.sample == LEAT_F32)
		memcpy(to, w->result, it->samples * sizeof *w->result);
	else if (it->ring && narrow)
		unweigh_u8(w->result, to, it->samples, it->shape.channels);
	else if (it->ring)
		unweigh_u16(w->result, (void *)to, it->samples, it->shape.channels);
	else if (narrow)
		store_u8(w->result, to, it->samples);
	else
		store_u16(w->result, (void *)to, it->samples);
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	struct work w;
	(void)err; /* nothing can fail */
	lay_out(it, scratch, &w);
	bool wrap = it->edge == LEAT_EDGE_WRAP;
	if (it->edge == LEAT_EDGE_CONSTANT)
		fill_constant(it, &w);
	w.converted = wrap || y0 < it->radius ? 0 : y0 - it->radius;
	for (uint32_t y = y0; y < y1; y++) {
		uint64_t end = (uint64_t)y + it->radius + 1;
		if (it->ring)
			convert_rows(it, in, &w, wrap || end > it->height ? it->height : (uint32_t)end);
		gather_taps(it, in, &w, y);
		vertical(it, &w);
		pad_line(it, &w);
		it->pass->horizontal(w.line, it->weights, it->radius, it->shape.channels, it->samples, w.result);
		store(it, &w, leat_row(out, y));
	}
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields; /* measures nothing */
	(void)err;
	free(it->weights);
	free(it);
	return 0;
}

const struct leat_op leat_op_blur = {
	.name = "blur",
	.group = "filter",
	.summary = "blur with a Gaussian",
	.example = "blur 2.5",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct blur),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.cost = cost,
	.begin = begin,
	.need = need,
	.scratch = scratch_bytes,
	.rows = rows,
	.end = end,
};
