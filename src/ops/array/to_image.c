/* SPDX-License-Identifier: MIT */
/*
 * to-image: an array as a picture, as Matplotlib's imshow has it.
 *
 * Two dimensions (or three with one channel) are numbers: vmin .. vmax, by default the smallest and the largest
 * finite number, is cut into 256 equal steps, each a color of the map; what lies outside gets the color of the
 * nearer end. Three dimensions with two to four channels (height, width, channels) are samples: uint8 and uint16
 * stay what they are, other numbers lie between vmin and vmax, floats by default between 0 and 1, and are rounded
 * half up to 8 bits. A pixel with NaN in it gets the color of nan=; only where there is one has the picture an
 * alpha channel for it.
 */
#include "base/mem.h"
#include "ops/array/colormaps.h"
#include "ops/array/sums.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

#include <math.h>

struct to_image {
	double vmin, vmax; /* NaN: of the numbers */
	int64_t colormap; /* 0 gray, else 1 + enum leat_colormap */
	struct leat_color nan;
};

static const char *const colormaps[] = {"gray", "viridis", "magma", "inferno", "plasma", NULL};

static const struct leat_param params[] = {
	LEAT_P_REAL_OR(struct to_image, vmin, "vmin", "min", "min",
		       "the number that gets the first color; min is the smallest, and 0 for colors given as floats"),
	LEAT_P_REAL_OR(struct to_image, vmax, "vmax", "max", "max",
		       "the number that gets the last color; max is the largest, and 1 for colors given as floats"),
	LEAT_P_CHOICE(struct to_image, colormap, "colormap", "gray", colormaps, 0, "the colors of numbers"),
	LEAT_P(struct to_image, nan, struct leat_color, LEAT_PT_COLOR, "nan", "transparent", 0,
	       "the color of what is no number"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct to_image *p = params_;
	*which = &params[1];
	if (p->vmin >= p->vmax) /* false with NaN */
		return leat_fail(err, LEAT_CAUSE_USAGE, "vmax=%g is not above vmin=%g", p->vmax, p->vmin);
	*which = NULL;
	return 0;
}

/* 1: numbers, else the channels of an array of samples. 0 with *err: neither. */
static unsigned channels_of(const struct to_image *p, const struct leat_array_shape *s, struct leat_err *err)
{
	char text[192];
	bool fits = s->ndim == 2 || (s->ndim == 3 && s->dim[2] >= 1 && s->dim[2] <= 4);
	if (!fits) {
		leat_fail(err, LEAT_CAUSE_MISMATCH,
			  "it needs (height, width) or (height, width, channels), this is %s%s",
			  leat_array_shape_text(s, text),
			  s->ndim == 3 && s->dim[0] <= 4 ? "; 'transpose axes=1,2,0' puts the channels last" : "");
		return 0;
	}
	if (leat_dtype_is_complex(s->dtype)) {
		leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
			  leat_dtype_name(s->dtype));
		return 0;
	}
	unsigned channels = s->ndim == 2 ? 1 : (unsigned)s->dim[2];
	if (channels > 1 && p->colormap) {
		leat_fail(err, LEAT_CAUSE_MISMATCH, "colormap=%s is for numbers, this has %u channels",
			  colormaps[p->colormap], channels);
		return 0;
	}
	return channels;
}

static bool own_ends(const struct to_image *p)
{
	return isnan(p->vmin) && isnan(p->vmax);
}

/* Samples that are copied. */
static bool as_they_are(const struct to_image *p, const struct leat_array_shape *s, unsigned channels)
{
	return channels > 1 && own_ends(p) && (s->dtype == LEAT_DT_U1 || s->dtype == LEAT_DT_U2);
}

/* Without looking at the numbers there may be NaN among floats. */
static bool may_be_nan(const struct leat_array_shape *s)
{
	return leat_dtype_is_float(s->dtype);
}

/* The picture's shape, its size checked. */
static int picture(const struct to_image *p, const struct leat_array_shape *s, bool nan, struct leat_shape *out,
		   struct leat_err *err)
{
	unsigned channels = channels_of(p, s, err);
	*out = (struct leat_shape){.kind = LEAT_IMAGE, .image = {.pages = 1, .sample = LEAT_U8}};
	if (!channels)
		return -1;
	if (s->dim[0] == 0 || s->dim[1] == 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "an empty array is no picture");
	if (as_they_are(p, s, channels) && s->dtype == LEAT_DT_U2)
		out->image.sample = LEAT_U16;
	out->image.channels = channels > 1 ? (uint8_t)channels : p->colormap ? 3 : 1;
	out->image.alpha = out->image.channels % 2 == 0;
	if (nan && p->nan.a < 255 && !out->image.alpha) {
		out->image.channels++;
		out->image.alpha = true;
	}
	return leat_out_size("to-image", s->dim[1], s->dim[0], out, err);
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return picture(params_, &in->array, may_be_nan(&in->array), out, err);
}

/* The array in C order, and as float64. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_; /* the same for all */
	(void)out;
	return leat_size_add(leat_array_bytes(&in->array),
			     leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double)));
}

static int copy_samples(struct leat_array *a, const struct leat_shape *shape, struct leat_payload *out,
			struct leat_err *err)
{
	struct leat_array *c = leat_array_as(a, a->shape.dtype, false, err);
	struct leat_image *im = c ? leat_image_new(&shape->image, NULL, err) : NULL;
	size_t bytes = leat_row_bytes(&shape->image);
	for (uint32_t y = 0; im && y < shape->image.height; y++)
		memcpy(im->pixels + y * im->stride, (const uint8_t *)c->data + y * bytes, bytes);
	leat_array_unref(&c);
	if (!im)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = im};
	return 0;
}

struct paint {
	const struct to_image *p;
	double low, high;
	unsigned from; /* channels of the array */
	struct leat_image_shape shape;
	uint8_t none[LEAT_PIXEL_MAX]; /* the pixel of NaN */
};

/* Which of 256 equal steps, or which of 0..255 to round to. v is no NaN. */
static unsigned level(const struct paint *k, double v)
{
	double at = k->high > k->low ? (v - k->low) / (k->high - k->low) : 0;
	if (!(at > 0)) /* infinite ends, too */
		return 0;
	at = k->from > 1 ? at * 255 + 0.5 : at * 256;
	return at >= 255 ? 255 : (unsigned)at;
}

static void paint_number(const struct paint *k, double v, uint8_t *px)
{
	unsigned at = level(k, v), n = k->p->colormap ? 3 : 1;
	uint32_t rgb = k->p->colormap ? leat_colormaps[k->p->colormap - 1][at] : at;
	for (unsigned c = 0; c < n; c++)
		px[c] = (uint8_t)(rgb >> 8 * (n - 1 - c));
	if (k->shape.channels > n)
		px[n] = 255;
}

static void paint_pixel(const struct paint *k, const double *v, uint8_t *px)
{
	for (unsigned c = 0; c < k->from; c++)
		if (isnan(v[c])) {
			memcpy(px, k->none, k->shape.channels);
			return;
		}
	if (k->from == 1) {
		paint_number(k, v[0], px);
		return;
	}
	for (unsigned c = 0; c < k->from; c++)
		px[c] = (uint8_t)level(k, v[c]);
	if (k->shape.channels > k->from)
		px[k->from] = 255;
}

static void paint_all(const struct paint *k, const double *v, struct leat_image *im, int team)
{
	uint32_t width = k->shape.width;
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (uint32_t y = 0; y < k->shape.height; y++)
		for (uint32_t x = 0; x < width; x++)
			paint_pixel(k, v + ((size_t)y * width + x) * k->from,
				    im->pixels + y * im->stride + (size_t)x * k->shape.channels);
}

/* The smallest and largest finite number, where an infinite one was found. */
static void finite_ends(const struct leat_lines *l, struct leat_sum *s)
{
	s->min = INFINITY;
	s->max = -INFINITY;
	for (size_t i = 0; i < l->length; i++)
		if (isfinite(l->data[i])) {
			s->min = l->data[i] < s->min ? l->data[i] : s->min;
			s->max = l->data[i] > s->max ? l->data[i] : s->max;
		}
}

/* What gets the first and the last color. */
static int find_ends(struct paint *k, const struct leat_lines *l, const struct leat_array_shape *s,
		     struct leat_sum *sum, struct leat_err *err)
{
	bool samples = k->from > 1;
	k->low = k->p->vmin;
	k->high = k->p->vmax;
	if (samples && !leat_dtype_is_float(s->dtype) && (isnan(k->low) || isnan(k->high)))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "colors of type %s need vmin= and vmax=", leat_dtype_name(s->dtype));
	if (isinf(sum->min) || isinf(sum->max))
		finite_ends(l, sum);
	if (isnan(k->low))
		k->low = samples ? 0 : sum->min;
	if (isnan(k->high))
		k->high = samples ? 1 : sum->max;
	return 0;
}

static int paint(const struct leat_whole *w, struct leat_array *a, const struct leat_lines *l, struct leat_payload *out,
		 struct leat_err *err)
{
	struct paint k = {.p = w->params};
	struct leat_sum sum;
	struct leat_shape shape;
	if (leat_lines_sum(l, LEAT_SUM_EXTREMES, w->team, &sum, err) < 0 ||
	    picture(k.p, &a->shape, sum.nan > 0, &shape, err) < 0)
		return -1;
	k.from = channels_of(k.p, &a->shape, err);
	k.shape = shape.image;
	if (find_ends(&k, l, &a->shape, &sum, err) < 0)
		return -1;
	leat_background(&k.p->nan, &k.shape, k.none);
	struct leat_image *im = leat_image_new(&k.shape, NULL, err);
	if (!im)
		return -1;
	paint_all(&k, l->data, im, w->team);
	*out = (struct leat_payload){.kind = LEAT_IMAGE, .image = im};
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct to_image *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape s;
	struct leat_lines l;
	if (picture(p, &a->shape, may_be_nan(&a->shape), &s, err) < 0)
		return -1;
	if (as_they_are(p, &a->shape, a->shape.ndim == 3 ? (unsigned)a->shape.dim[2] : 1))
		return copy_samples(a, &s, out, err);
	struct leat_array *c = leat_array_as(a, LEAT_DT_F8, false, err);
	if (!c)
		return -1;
	int ok = leat_lines_of(&l, c, LEAT_PER_ALL, err);
	if (ok == 0) {
		ok = paint(w, a, &l, out, err);
		leat_lines_free(&l);
	}
	leat_array_unref(&c);
	return ok;
}

const struct leat_op leat_op_to_image = {
	.name = "to-image",
	.group = "array",
	.summary = "make a picture of an array",
	.example = "to-image colormap=viridis",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct to_image),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
