/* SPDX-License-Identifier: MIT */
/*
 * to-srgb: what the engine puts before an encoder that cannot hold a profile. All metadata but the color
 * description stay.
 */
#include "ops/color/icc.h"
#include "ops/color/recolor.h"

static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)p;
	(void)out; /* as in */
	return leat_icc_cost(in->image.sample);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	(void)o; /* no parameters */
	return leat_recolor_open(state, err);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	return leat_recolor_begin(b, LEAT_KEEP_ALL & ~LEAT_KEEP_ICC, item, err);
}

const struct leat_op leat_op_to_srgb = {
	.name = "to-srgb",
	.group = "color",
	.summary = "convert samples to sRGB and drop the color description",
	.example = "to-srgb",
	.version = 1,
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.hidden = true,
	.shape = leat_shape_same,
	.cost = cost,
	.open = open,
	.begin = begin,
	.rows = leat_recolor_rows,
	.end = leat_recolor_end,
	.close = leat_recolor_close,
};
