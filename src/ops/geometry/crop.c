/* SPDX-License-Identifier: MIT */
/* crop: a rectangle of the image. */
#include "base/mem.h"
#include "ops/place.h"
#include "ops/rows.h"

#include <inttypes.h>

enum partial { FAIL, CLIP };
static const char *const partials[] = {"fail", "clip", NULL};

struct crop {
	struct leat_pixels size;
	struct leat_optint left, top;
	int64_t gravity, partial;
};

static const struct leat_param params[] = {
	LEAT_P(struct crop, size, struct leat_pixels, LEAT_PT_PIXELS, "size", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "the size of the part as WxH, Wx or xH; a side left out reaches to the edge"),
	LEAT_P_OPTINT(struct crop, left, "left", 0, INT64_MAX, "px", 0,
		      "pixels to the left of the part, 0 when only top is given"),
	LEAT_P_OPTINT(struct crop, top, "top", 0, INT64_MAX, "px", 0,
		      "pixels above the part, 0 when only left is given"),
	LEAT_P_CHOICE(struct crop, gravity, "gravity", "center", leat_gravities, 0,
		      "where the part lies when neither left nor top is given"),
	LEAT_P_CHOICE(struct crop, partial, "partial", "fail", partials, 0,
		      "what happens when the part does not lie within the image: an error, or what there is of it"),
	LEAT_P_END};

struct item {
	uint32_t top;
	size_t skip, bytes; /* of each row */
};

struct rect {
	uint64_t left, top, width, height;
};

static int check_offset(const struct crop *p, const struct leat_optint *v, const char *name, struct leat_err *err)
{
	if (v->given && p->gravity != LEAT_CENTER)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' and 'gravity' exclude each other", name);
	return 0;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct crop *p = params_;
	const struct leat_param *at = NULL;
	if (leat_gravity_check(p->gravity, err))
		at = leat_param_find(params, "gravity");
	else if (check_offset(p, &p->left, "left", err))
		at = leat_param_find(params, "left");
	else if (check_offset(p, &p->top, "top", err))
		at = leat_param_find(params, "top");
	if (!at)
		return 0;
	*which = at;
	return -1;
}

static uint32_t room(uint64_t all, uint64_t part)
{
	return all > part ? (uint32_t)(all - part) : 0;
}

/* The part within a width x height image, or -1. */
static int find_rect(const struct crop *p, uint32_t width, uint32_t height, struct rect *r, struct leat_err *err)
{
	bool placed = p->left.given || p->top.given;
	uint64_t left = (uint64_t)p->left.v, top = (uint64_t)p->top.v;
	r->width = p->size.width ? p->size.width : room(width, left);
	r->height = p->size.height ? p->size.height : room(height, top);
	r->left = placed ? left : leat_gravity_x(p->gravity, room(width, r->width), true);
	r->top = placed ? top : leat_gravity_y(p->gravity, room(height, r->height), true);
	if (r->left >= width || r->top >= height)
		return leat_fail(err, LEAT_CAUSE_MISMATCH,
				 "'crop' begins at %" PRIu64 ",%" PRIu64 ", outside the image of %ux%u pixels", r->left,
				 r->top, width, height);
	bool within = r->width <= width - r->left && r->height <= height - r->top;
	if (!within && p->partial == FAIL)
		return leat_fail(err, LEAT_CAUSE_MISMATCH,
				 "'crop' of %" PRIu64 "x%" PRIu64 " at %" PRIu64 ",%" PRIu64
				 " does not lie within the image of %ux%u pixels",
				 r->width, r->height, r->left, r->top, width, height);
	if (r->width > width - r->left)
		r->width = width - r->left;
	if (r->height > height - r->top)
		r->height = height - r->top;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	struct rect r;
	*out = *in;
	if (find_rect(params_, in->image.width, in->image.height, &r, err))
		return -1;
	out->image.width = (uint32_t)r.width; /* within the input, so no limit to check */
	out->image.height = (uint32_t)r.height;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct rect r;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	if (find_rect(b->params, b->in->image.width, b->in->image.height, &r, err)) {
		free(it);
		return -1;
	}
	it->top = (uint32_t)r.top;
	it->skip = r.left * leat_pixel_bytes(&b->in->image);
	it->bytes = r.width * leat_pixel_bytes(&b->in->image);
	*item = it;
	return 0;
}

static void need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct item *it = item;
	*in_y0 = (int64_t)it->top + y0;
	*in_y1 = (int64_t)it->top + y1;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch;
	(void)err; /* nothing here can fail */
	for (uint32_t y = y0; y < y1; y++)
		memcpy(leat_row(out, y), leat_row(in, it->top + y) + it->skip, it->bytes);
	return 0;
}

const struct leat_op leat_op_crop = {
	.name = "crop",
	.group = "geometry",
	.summary = "keep a rectangle of the image",
	.example = "crop 800x600 left=20 top=10",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct crop),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.begin = begin,
	.need = need,
	.rows = rows,
	.end = leat_end_free,
};
