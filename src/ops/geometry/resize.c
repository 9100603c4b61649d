/* SPDX-License-Identifier: MIT */
/* resize: another size, with sharp's meaning of fit (place.h) and antialiased kernels (taps.h, resample.h). */
#include "core/op.h"

#include "base/mem.h"
#include "ops/eight.h"
#include "ops/place.h"
#include "ops/resample.h"
#include "ops/rows.h"

#include <inttypes.h>

struct resize {
	struct leat_pixels size;
	int64_t fit, kernel, gravity;
	bool enlarge, linear;
	struct leat_color background;
};

static const struct leat_param params[] = {
	LEAT_P(struct resize, size, struct leat_pixels, LEAT_PT_PIXELS, "size", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED | LEAT_ANYPERCENT,
	       "the new size as WxH, Wx, xH or N%; a side left out follows the shape of the image"),
	LEAT_P_CHOICE(
		struct resize, fit, "fit", "inside", leat_fits, 0,
		"how the image meets the size: within it, covering it, within it on a background, distorted to it, "
		"or around it"),
	LEAT_P_CHOICE(struct resize, kernel, "kernel", "lanczos3", leat_kernels, 0,
		      "the resampling kernel, stretched when reducing so that nothing aliases"),
	LEAT_P_CHOICE(struct resize, gravity, "gravity", "center", leat_gravities, 0,
		      "which part cover keeps, and where contain puts the image"),
	LEAT_P_SWITCH(struct resize, enlarge, "enlarge", "no", 0, "whether the image may be scaled up"),
	LEAT_P_SWITCH(struct resize, linear, "linear", "no", 0,
		      "whether to resample in linear light, by the sRGB curve, instead of the values as coded"),
	LEAT_P(struct resize, background, struct leat_color, LEAT_PT_COLOR, "background", NULL, 0,
	       "the color around the image with fit=contain; transparent, on opaque images #ffffff, when not given"),
	LEAT_P_END};

struct item {
	struct leat_image_shape out;
	uint32_t left, top, width, height; /* of the image on the canvas */
	uint8_t background[LEAT_PIXEL_MAX];
	struct leat_resample resample;
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct resize *p = params_;
	if (p->size.percent > 1 && !p->enlarge) {
		*which = &params[0];
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%g%%' is larger than the image: write enlarge=yes too",
				 p->size.percent * 100);
	}
	if (!p->size.width && !p->size.height && !(p->size.percent > 0)) {
		*which = &params[0];
		return leat_fail(err, LEAT_CAUSE_USAGE, "the new size is 0");
	}
	if (leat_gravity_check(p->gravity, err) == 0)
		return 0;
	*which = leat_param_find(params, "gravity");
	return -1;
}

static void frame_of(const struct resize *p, const struct leat_shape *in, struct leat_frame *f)
{
	const struct leat_image_shape *s = &in->image;
	bool less = s->full_width != 0; /* was decoded smaller for this step */
	leat_fit(&p->size, p->fit, p->gravity, p->enlarge, less ? s->full_width : s->width,
		 less ? s->full_height : s->height, f);
}

/* Samples of an axis that the full size fills; 0 where that is all of them. */
static double span_of(uint32_t full, unsigned shrink)
{
	return shrink && full % shrink ? (double)full / shrink : 0;
}

static void axes_of(const struct leat_shape *in, const struct leat_frame *f, struct leat_axis *x, struct leat_axis *y)
{
	const struct leat_image_shape *s = &in->image;
	*x = (struct leat_axis){s->width, (uint32_t)f->scaled_width, (uint32_t)f->x, (uint32_t)f->width,
				span_of(s->full_width, s->shrink)};
	*y = (struct leat_axis){s->height, (uint32_t)f->scaled_height, (uint32_t)f->y, (uint32_t)f->height,
				span_of(s->full_height, s->shrink)};
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	struct leat_frame f;
	*out = *in;
	if (((const struct resize *)params_)->linear && in->image.sample == LEAT_F32)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "'resize linear=yes' does not take float samples, only 8 and 16 bit");
	frame_of(params_, in, &f);
	out->image.full_width = out->image.full_height = out->image.shrink = 0;
	if (f.scaled_width > INT32_MAX || f.scaled_height > INT32_MAX) /* cover scales to more than it keeps */
		return leat_fail(err, LEAT_CAUSE_LIMIT,
				 "'resize' would scale %ux%u pixels to %" PRIu64 "x%" PRIu64 ", a side may have %d",
				 in->image.width, in->image.height, f.scaled_width, f.scaled_height, INT32_MAX);
	return leat_out_size("resize", f.canvas_width, f.canvas_height, out, err);
}

/* Nearest wants single pixels as they are; linear light cannot be had from pixels that were averaged as coded. */
static bool target(const void *params_, const struct leat_image_shape *in, uint32_t *width, uint32_t *height)
{
	const struct resize *p = params_;
	const struct leat_shape s = {.kind = LEAT_IMAGE, .image = *in};
	struct leat_frame f;
	if (p->linear || p->kernel == LEAT_NEAREST)
		return false;
	frame_of(p, &s, &f);
	*width = f.scaled_width < UINT32_MAX ? (uint32_t)f.scaled_width : UINT32_MAX;
	*height = f.scaled_height < UINT32_MAX ? (uint32_t)f.scaled_height : UINT32_MAX;
	return true;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct resize *p = params_;
	struct leat_frame f;
	struct leat_axis x, y;
	(void)out; /* follows from the frame */
	frame_of(p, in, &f);
	axes_of(in, &f, &x, &y);
	return leat_size_add(sizeof(struct item), leat_weights_bytes((enum leat_kernel)p->kernel, &x, &y));
}

/* What is made when first wanted, and used again; one thread at a time calls begin for one state. */
struct tables {
	struct leat_transfer narrow, wide;
	struct leat_weights *last; /* of the item before: sizes often repeat */
};

static int open_tables(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	(void)o; /* nothing here depends on the parameters */
	*state = leat_zalloc(1, sizeof(struct tables), err);
	return *state ? 0 : -1;
}

static void close_tables(void *state)
{
	struct tables *t = state;
	if (!t)
		return;
	leat_transfer_free(&t->narrow);
	leat_transfer_free(&t->wide);
	leat_weights_unref(&t->last);
	free(t);
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields; /* measures nothing */
	(void)err;
	leat_resample_free(&it->resample);
	free(it);
	return 0;
}

static int prepare(struct item *it, const struct leat_op_begin *b, struct leat_err *err)
{
	const struct resize *p = b->params;
	struct tables *t = b->state;
	struct leat_frame f;
	struct leat_axis x, y;
	frame_of(p, b->in, &f);
	axes_of(b->in, &f, &x, &y);
	it->out = b->out->image;
	it->left = (uint32_t)f.left;
	it->top = (uint32_t)f.top;
	it->width = (uint32_t)f.width;
	it->height = (uint32_t)f.height;
	leat_background(&p->background, &it->out, it->background);
	it->resample.in = b->in->image;
	if (p->linear) {
		struct leat_transfer *tr = b->in->image.sample == LEAT_U8 ? &t->narrow : &t->wide;
		if (leat_transfer_make(tr, b->in->image.sample, err))
			return -1;
		it->resample.transfer = tr;
	}
	return leat_resample_make(&it->resample, (enum leat_kernel)p->kernel, &x, &y, &t->last, err);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	if (prepare(it, b, err)) {
		(void)end(it, NULL, NULL); /* only releases */
		return -1;
	}
	*item = it;
	return 0;
}

/* The part of [*y0, *y1) that is image, not background; may be empty. */
static bool image_rows(const struct item *it, uint32_t *y0, uint32_t *y1)
{
	if (*y0 < it->top)
		*y0 = it->top;
	if (*y1 > it->top + it->height)
		*y1 = it->top + it->height;
	return *y0 < *y1;
}

/* Background rows ask for what the nearest image row needs, so that the ranges never decrease and are never empty. */
static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	uint32_t bottom = it->top + it->height, a, b;
	y0 = y0 < it->top ? it->top : y0 >= bottom ? bottom - 1 : y0;
	y1 = y1 <= it->top ? it->top + 1 : y1 > bottom ? bottom : y1;
	leat_resample_need(&it->resample, y0 - it->top, y1 - it->top, &a, &b);
	*in_y0 = a;
	*in_y1 = b;
}

static size_t scratch_bytes(const void *item)
{
	return leat_resample_scratch(&((const struct item *)item)->resample);
}

static void fill_background(const struct item *it, const struct leat_rows *out, uint32_t y0, uint32_t y1)
{
	size_t px = leat_pixel_bytes(&it->out);
	uint32_t right = it->left + it->width;
	for (uint32_t y = y0; y < y1; y++) {
		uint8_t *row = leat_row(out, y);
		if (y < it->top || y >= it->top + it->height) {
			leat_fill_pixels(row, it->background, px, it->out.width);
			continue;
		}
		leat_fill_pixels(row, it->background, px, it->left);
		leat_fill_pixels(row + right * px, it->background, px, it->out.width - right);
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)err; /* nothing here can fail */
	if (it->width < it->out.width || it->height < it->out.height)
		fill_background(it, out, y0, y1);
	if (image_rows(it, &y0, &y1)) {
		uint8_t *to = leat_row(out, y0) + it->left * leat_pixel_bytes(&it->out);
		leat_resample_rows(&it->resample, in, to, out->stride, y0 - it->top, y1 - it->top, scratch);
	}
	return 0;
}

const struct leat_op leat_op_resize = {
	.name = "resize",
	.group = "geometry",
	.summary = "change the size of the image",
	.example = "resize 800x600 fit=cover",
	.version = 2,
	.params = params,
	.params_size = sizeof(struct resize),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.resamples = true,
	.batch = LEAT_EIGHT,
	.check = check,
	.shape = shape,
	.target = target,
	.cost = cost,
	.open = open_tables,
	.begin = begin,
	.need = need,
	.scratch = scratch_bytes,
	.rows = rows,
	.end = end,
	.close = close_tables,
};
