/* SPDX-License-Identifier: MIT */
/*
 * to-array: the samples of an image as an array of the same type, alpha as the last channel. A gray image has two
 * dimensions, as in Pillow and Matplotlib; others have three, with the channels last or first. Orientation is what
 * `decode` made of it; color profile and metadata do not go along.
 */
#include "ops/array/pixels.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct to_array {
	int64_t layout;
};

enum { HWC, CHW };

static const char *const layouts[] = {"hwc", "chw", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct to_array, layout, "layout", "hwc", layouts, 0,
		      "order of the axes: height, width, channels, or channels first; gray images have no channels"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct to_array *p = params_;
	(void)err; /* every image has one */
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = leat_pixels_shape(&in->image, p->layout == CHW)};
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct to_array *p = w->params;
	struct leat_array *a = leat_pixels_array(in->image, p->layout == CHW, err);
	if (!a)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	return 0;
}

const struct leat_op leat_op_to_array = {
	.name = "to-array",
	.group = "array",
	.summary = "make an array of an image's samples",
	.example = "to-array layout=chw",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct to_array),
	.in = LEAT_IMAGE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.paged = leat_paged_always,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
