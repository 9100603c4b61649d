/* SPDX-License-Identifier: MIT */
/*
 * rotate: clockwise by any angle. Multiples of 90 degrees move pixels as they are (ops/turn.h). Otherwise the result is
 * the rotated image's bounding box, rounded to pixels, centers on centers; each of its pixels is interpolated where it
 * comes from, with the background around the image, so that slanted edges are smooth.
 */
#include "base/mem.h"
#include "ops/rows.h"
#include "ops/turn.h"
#include "ops/vectorize.h"

#include <math.h>

LEAT_VECTORIZE_FILE

enum kernel { CUBIC, LINEAR, NEAREST };
static const char *const kernels[] = {"cubic", "linear", "nearest", NULL};

struct rotate {
	double angle;
	struct leat_color background;
	int64_t kernel;
};

static const struct leat_param params[] = {
	LEAT_P_REAL(struct rotate, angle, "angle", NULL, -3600, 3600, "degrees", LEAT_POSITIONAL | LEAT_REQUIRED,
		    "how far to turn, clockwise; multiples of 90 are exact"),
	LEAT_P(struct rotate, background, struct leat_color, LEAT_PT_COLOR, "background", NULL, 0,
	       "the color of the corners; transparent, on opaque images #ffffff, when not given"),
	LEAT_P_CHOICE(struct rotate, kernel, "kernel", "cubic", kernels, 0,
		      "the interpolation at angles that are no multiple of 90"),
	LEAT_P_END};

struct item {
	struct leat_turn turn; /* first; also serves leat_need_all */
	bool exact; /* by turn alone */
	enum kernel kernel;
	struct leat_image_shape in, out;
	double cosine, sine;
	uint8_t background[LEAT_PIXEL_MAX];
	float color[4]; /* the background as the kernel adds it: times alpha */
};

/* The angle in [0, 360). */
static double normal(double angle)
{
	double a = fmod(angle, 360);
	return a < 0 ? a + 360 : a;
}

/* The EXIF orientation that a multiple of 90 undoes, 0 for other angles. */
static int quarter(double angle)
{
	double a = normal(angle);
	return a == 0 || a == 360 ? 1 : a == 90 ? 6 : a == 180 ? 3 : a == 270 ? 8 : 0;
}

static double radians(double angle)
{
	return normal(angle) * (3.14159265358979323846 / 180);
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct rotate *p = params_;
	*out = *in;
	if (quarter(p->angle)) {
		struct leat_turn t = leat_turn_of(quarter(p->angle), &in->image);
		leat_turn_shape(&t, &out->image);
		return 0;
	}
	double c = fabs(cos(radians(p->angle))), s = fabs(sin(radians(p->angle)));
	double w = in->image.width, h = in->image.height;
	return leat_out_size("rotate", (uint64_t)(w * c + h * s + 0.5), (uint64_t)(w * s + h * c + 0.5), out, err);
}

/* Channel c of a pixel. */
LEAT_INLINE float channel(const uint8_t *px, unsigned c, enum leat_sample kind)
{
	uint16_t v;
	float f;
	if (kind == LEAT_U8)
		return px[c];
	if (kind == LEAT_F32) {
		memcpy(&f, px + 4 * (size_t)c, 4);
		return f;
	}
	memcpy(&v, px + 2 * (size_t)c, 2);
	return v;
}

LEAT_INLINE size_t pixel(unsigned channels, enum leat_sample kind)
{
	return channels * (kind == LEAT_U8 ? 1u : kind == LEAT_U16 ? 2u : 4u);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct rotate *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->exact = quarter(p->angle) != 0;
	it->turn = leat_turn_of(quarter(p->angle), &b->in->image);
	if (leat_turn_meta(&it->turn, b->meta_out, err)) {
		free(it);
		return -1;
	}
	*item = it;
	if (it->exact)
		return 0;
	it->kernel = (enum kernel)p->kernel;
	it->in = b->in->image;
	it->out = b->out->image;
	it->cosine = cos(radians(p->angle));
	it->sine = sin(radians(p->angle));
	leat_background(&p->background, &it->in, it->background);
	unsigned colors = leat_colors(&it->in);
	for (unsigned c = 0; c < it->in.channels; c++)
		it->color[c] = channel(it->background, c, it->in.sample);
	for (unsigned c = 0; c < colors && it->in.alpha; c++)
		it->color[c] *= it->color[colors];
	return 0;
}

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	if (it->exact)
		leat_turn_need(item, y0, y1, in_y0, in_y1);
	else
		leat_need_all(item, y0, y1, in_y0, in_y1);
}

/* The weights of the samples around a point `t` behind one of them: 2, or 4 (Catmull-Rom, from one before it on). */
LEAT_INLINE void weights(float t, int taps, float *w)
{
	if (taps == 2) {
		w[0] = 1 - t;
		w[1] = t;
		return;
	}
	w[0] = ((-0.5f * t + 1) * t - 0.5f) * t;
	w[1] = (1.5f * t - 2.5f) * t * t + 1;
	w[2] = ((-1.5f * t + 2) * t + 0.5f) * t;
	w[3] = (0.5f * t - 0.5f) * t * t;
}

/*
 * The sum over the taps x taps input pixels from (x, y) on, color times alpha. All of them are `within` the image, or
 * else those that are not count as background.
 */
LEAT_INLINE void interpolate(const struct item *it, const struct leat_rows *in, int64_t x, int64_t y, bool within,
			     const float *wx, const float *wy, int taps, unsigned channels, enum leat_sample kind,
			     float *sum)
{
	size_t px = pixel(channels, kind);
	bool alpha = channels == 2 || channels == 4;
	for (unsigned c = 0; c < channels; c++)
		sum[c] = 0;
	for (int j = 0; j < taps; j++) {
		bool row = within || (y + j >= 0 && y + j < it->in.height);
		const uint8_t *from = row ? leat_row(in, (uint32_t)(y + j)) : NULL;
		float part[4] = {0};
		for (int i = 0; i < taps; i++) {
			bool there = within || (row && x + i >= 0 && x + i < it->in.width);
			const uint8_t *at = there ? from + (size_t)(x + i) * px : NULL;
			float a = there && alpha ? channel(at, channels - 1, kind) : 1;
			for (unsigned c = 0; c < channels; c++) {
				float v = !there ? it->color[c] : channel(at, c, kind);
				part[c] += wx[i] * (there && alpha && c + 1 < channels ? v * a : v);
			}
		}
		for (unsigned c = 0; c < channels; c++)
			sum[c] += wy[j] * part[c];
	}
}

/* Neither rounded nor clamped. */
LEAT_INLINE void store_float(const float *sum, unsigned channels, bool alpha, uint8_t *to)
{
	float a = alpha ? sum[channels - 1] : 1;
	for (unsigned c = 0; c < channels; c++) {
		bool color = alpha && c + 1 < channels;
		float v = !alpha || a > 0 ? (color ? sum[c] / a : sum[c]) : 0;
		memcpy(to + 4 * (size_t)c, &v, sizeof v);
	}
}

/* Channel values, color times alpha, to a pixel. */
LEAT_INLINE void store(const float *sum, unsigned channels, enum leat_sample kind, uint8_t *to)
{
	bool alpha = channels == 2 || channels == 4, wide = kind == LEAT_U16;
	float max = wide ? 65535 : 255, a = alpha ? sum[channels - 1] : 1;
	if (kind == LEAT_F32) {
		store_float(sum, channels, alpha, to);
		return;
	}
	bool seen = !alpha || leat_to_level(a, max) > 0;
	for (unsigned c = 0; c < channels; c++) {
		bool color = alpha && c + 1 < channels;
		uint16_t v = (uint16_t)leat_to_level(!color ? sum[c] : seen ? sum[c] / a : 0, max);
		if (wide)
			memcpy(to + 2 * (size_t)c, &v, 2);
		else
			to[c] = (uint8_t)v;
	}
}

/* Where in the input the center of output pixel (x, y) comes from; whole numbers are centers of input pixels. */
LEAT_INLINE void source(const struct item *it, uint32_t x, uint32_t y, double *u, double *v)
{
	double dx = x + 0.5 - it->out.width * 0.5, dy = y + 0.5 - it->out.height * 0.5;
	*u = dx * it->cosine + dy * it->sine + it->in.width * 0.5 - 0.5;
	*v = dy * it->cosine - dx * it->sine + it->in.height * 0.5 - 0.5;
}

/* floor(v) for |v| below 2^62, without a call. */
LEAT_INLINE int64_t whole(double v)
{
	int64_t i = (int64_t)v;
	return i - (v < (double)i);
}

LEAT_INLINE void row_of(const struct item *it, const struct leat_rows *in, uint32_t y, int taps, unsigned channels,
			enum leat_sample kind, uint8_t *to)
{
	size_t px = pixel(channels, kind);
	int before = taps / 2 - 1; /* samples before the one at or below the point */
	int64_t w = it->in.width, h = it->in.height;
	for (uint32_t x = 0; x < it->out.width; x++, to += px) {
		double u, v;
		float wx[4], wy[4], sum[4];
		source(it, x, y, &u, &v);
		int64_t iu = whole(u), iv = whole(v), x0 = iu - before, y0 = iv - before;
		if (x0 + taps <= 0 || y0 + taps <= 0 || x0 >= w || y0 >= h) {
			memcpy(to, it->background, px);
			continue;
		}
		weights((float)(u - (double)iu), taps, wx);
		weights((float)(v - (double)iv), taps, wy);
		if (x0 >= 0 && y0 >= 0 && x0 + taps <= w && y0 + taps <= h)
			interpolate(it, in, x0, y0, true, wx, wy, taps, channels, kind, sum);
		else
			interpolate(it, in, x0, y0, false, wx, wy, taps, channels, kind, sum);
		store(sum, channels, kind, to);
	}
}

LEAT_INLINE void row_by_channels(const struct item *it, const struct leat_rows *in, uint32_t y, int taps,
				 enum leat_sample kind, uint8_t *to)
{
	switch (it->in.channels) {
	case 1:
		row_of(it, in, y, taps, 1, kind, to);
		break;
	case 2:
		row_of(it, in, y, taps, 2, kind, to);
		break;
	case 3:
		row_of(it, in, y, taps, 3, kind, to);
		break;
	default:
		row_of(it, in, y, taps, 4, kind, to);
	}
}

static void row_nearest(const struct item *it, const struct leat_rows *in, uint32_t y, uint8_t *to)
{
	size_t px = leat_pixel_bytes(&it->in);
	for (uint32_t x = 0; x < it->out.width; x++, to += px) {
		double u, v;
		source(it, x, y, &u, &v);
		int64_t iu = whole(u + 0.5), iv = whole(v + 0.5);
		bool there = iu >= 0 && iv >= 0 && iu < it->in.width && iv < it->in.height;
		memcpy(to, there ? leat_row(in, (uint32_t)iv) + (size_t)iu * px : it->background, px);
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	if (it->exact)
		return leat_turn_rows(item, in, out, y0, y1, scratch, err);
	enum leat_sample kind = it->in.sample;
	for (uint32_t y = y0; y < y1; y++) {
		uint8_t *to = leat_row(out, y);
		if (it->kernel == NEAREST)
			row_nearest(it, in, y, to);
		else if (it->kernel == CUBIC && kind == LEAT_U16)
			row_by_channels(it, in, y, 4, LEAT_U16, to);
		else if (it->kernel == CUBIC && kind == LEAT_U8)
			row_by_channels(it, in, y, 4, LEAT_U8, to);
		else
			row_by_channels(it, in, y, it->kernel == CUBIC ? 4 : 2, kind, to);
	}
	return 0;
}

const struct leat_op leat_op_rotate = {
	.name = "rotate",
	.group = "geometry",
	.summary = "turn the image clockwise by any angle",
	.example = "rotate 90",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct rotate),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.begin = begin,
	.need = need,
	.rows = rows,
	.end = leat_turn_end,
};
