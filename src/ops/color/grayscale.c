/* SPDX-License-Identifier: MIT */
/*
 * grayscale: the luminance of an image, coded with the sRGB curve.
 *
 * Samples go to linear light by the sRGB curve (IEC 61966-2-1), Y = 0.2126 R + 0.7152 G + 0.0722 B (ITU-R BT.709,
 * the primaries of sRGB), and Y comes back through the curve: the way of libvips and sharp. Older libvips rounds
 * the weights to 0.2, 0.7, 0.1, and all of them interpolate between whole levels where here the curve itself is
 * used, so single samples may differ from theirs. Images of other colors (P3 ...) are brought to sRGB first. Gray
 * images stay as they are. Floats beyond 0 .. 1 keep their light: the curve goes on behind white, and below black it is
 * the same mirrored.
 */
#include "base/mem.h"
#include "ops/color/icc.h"
#include "ops/rows.h"

#include <math.h>

struct grayscale {
	bool keep_channels;
};

struct item {
	uint32_t width;
	uint8_t channels;
	bool alpha, keep;
	enum leat_sample sample;
	size_t row_bytes; /* of the input */
	struct leat_to_srgb *way; /* NULL: the samples are sRGB */
	const struct leat_transfer *curve; /* NULL: the image is gray */
};

static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct grayscale, keep_channels, "keep-channels", "no", 0,
		      "whether a color image keeps three equal channels"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct grayscale *p = params_;
	(void)err; /* every image has one */
	*out = *in;
	if (!p->keep_channels)
		out->image.channels = in->image.alpha ? 2 : 1;
	return 0;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_; /* the same for both */
	(void)out;
	return in->image.channels < 3 ? 0 : leat_icc_cost(in->image.sample);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	(void)o; /* nothing depends on parameters */
	*state = leat_icc_new(err);
	return *state ? 0 : -1;
}

static void close(void *state)
{
	struct leat_icc *icc = state;
	leat_icc_free(&icc);
}

/* The description of colors does not fit the result: gray has no RGB profile, converted samples are sRGB. */
static int describe(const struct item *it, struct leat_meta **meta, struct leat_err *err)
{
	if (!leat_icc_described(*meta) || (it->keep && !it->way))
		return 0;
	struct leat_meta *m = leat_meta_copy(*meta, err);
	if (!m)
		return -1;
	bool srgb = m->has_srgb;
	leat_icc_forget(m);
	m->has_srgb = srgb;
	leat_meta_unref(meta);
	*meta = m;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct leat_image_shape *s = &b->in->image;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	*it = (struct item){.width = s->width,
			    .channels = s->channels,
			    .alpha = s->alpha,
			    .sample = s->sample,
			    .keep = ((const struct grayscale *)b->params)->keep_channels,
			    .row_bytes = leat_row_bytes(s)};
	if (s->channels >= 3) {
		it->curve = leat_icc_curve(b->state, s->sample, err);
		if (!it->curve || leat_icc_find(b->state, b->meta, s, &it->way, err) < 0 ||
		    describe(it, b->meta_out, err) < 0) {
			leat_to_srgb_unref(&it->way);
			free(it);
			return -1;
		}
	}
	*item = it;
	return 0;
}

static size_t scratch_bytes(const void *item)
{
	const struct item *it = item;
	return it->way ? it->row_bytes : 0;
}

/* One row, written once for both depths. */
#define GRAY_ROW(SUFFIX, T)                                                                                 \
	static void gray_row_##SUFFIX(const struct item *it, const T *in, T *out)                           \
	{                                                                                                   \
		const float *light = it->curve->decode;                                                     \
		size_t step = it->channels, to = it->keep ? 3 : 1, width = it->width;                       \
		for (size_t x = 0; x < width; x++, in += step) {                                            \
			float y = 0.2126f * light[in[0]] + 0.7152f * light[in[1]] + 0.0722f * light[in[2]]; \
			T v = (T)(leat_transfer_encode(it->curve, y) + 0.5f), alpha = in[step - 1];         \
			for (size_t c = 0; c < to; c++)                                                     \
				*out++ = v;                                                                 \
			if (it->alpha)                                                                      \
				*out++ = alpha;                                                             \
		}                                                                                           \
	}
GRAY_ROW(u8, uint8_t)
GRAY_ROW(u16, uint16_t)

/* Linear light of a float sample: within 0 .. 1 between the table's entries, elsewhere by the curve itself. */
static float light_of(const struct leat_transfer *t, float v)
{
	float at = v * (float)t->max;
	if (!(at >= 0 && at < (float)t->max))
		return copysignf((float)leat_srgb_decode(fabs((double)v)), v);
	uint32_t i = (uint32_t)at;
	return t->decode[i] + (t->decode[i + 1] - t->decode[i]) * (at - (float)i);
}

static float coded(const struct leat_transfer *t, float y)
{
	if (y >= 0 && y <= 1)
		return leat_transfer_encode(t, y) / (float)t->max;
	return copysignf((float)leat_srgb_encode(fabs((double)y)), y);
}

static void gray_row_f32(const struct item *it, const float *in, float *out)
{
	size_t step = it->channels, to = it->keep ? 3 : 1;
	for (size_t x = 0; x < it->width; x++, in += step) {
		float y = 0.2126f * light_of(it->curve, in[0]) + 0.7152f * light_of(it->curve, in[1]) +
			  0.0722f * light_of(it->curve, in[2]);
		float v = coded(it->curve, y), alpha = in[step - 1];
		for (size_t c = 0; c < to; c++)
			*out++ = v;
		if (it->alpha)
			*out++ = alpha;
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)err; /* nothing can fail */
	if (!it->curve)
		leat_copy_rows(in, out, y0, y1, it->row_bytes);
	for (uint32_t y = y0; it->curve && y < y1; y++) {
		const uint8_t *from = leat_row(in, y);
		if (it->way) {
			leat_to_srgb_row(it->way, from, scratch, it->width);
			from = scratch;
		}
		if (it->sample == LEAT_U8)
			gray_row_u8(it, from, leat_row(out, y));
		else if (it->sample == LEAT_F32)
			gray_row_f32(it, (const void *)from, (void *)leat_row(out, y));
		else
			gray_row_u16(it, (const void *)from, (void *)leat_row(out, y));
	}
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields; /* measures nothing */
	(void)err;
	leat_to_srgb_unref(&it->way);
	free(it);
	return 0;
}

const struct leat_op leat_op_grayscale = {
	.name = "grayscale",
	.group = "color",
	.summary = "reduce colors to their luminance",
	.example = "grayscale",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct grayscale),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.shape = shape,
	.cost = cost,
	.open = open,
	.begin = begin,
	.scratch = scratch_bytes,
	.rows = rows,
	.end = end,
	.close = close,
};
