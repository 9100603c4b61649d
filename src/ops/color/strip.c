/* SPDX-License-Identifier: MIT */
/* strip: removes metadata; an image whose color description goes is converted to sRGB first. */
#include "ops/color/icc.h"
#include "ops/color/recolor.h"

struct strip {
	uint64_t keep;
};

enum { WORD_ALL = 64, WORD_NONE = 128 };

static const char *const words[] = {"icc", "exif", "xmp", "iptc", "copyright", "density", "all", "none", NULL};

static const struct leat_param params[] = {
	LEAT_P_FLAGS(struct strip, keep, "keep", "icc,copyright", words, 0,
		     "what stays; icc is all that describes colors: without it the samples become sRGB"),
	LEAT_P_END,
};

static unsigned kept(const struct strip *p)
{
	return p->keep & WORD_ALL ? LEAT_KEEP_ALL : (unsigned)p->keep & LEAT_KEEP_ALL;
}

static int check(const void *p, const struct leat_param **which, struct leat_err *err)
{
	const struct strip *s = p;
	if (!(s->keep & WORD_NONE) || s->keep == WORD_NONE)
		return 0;
	*which = &params[0];
	return leat_fail(err, LEAT_CAUSE_USAGE, "'none' stands alone in keep");
}

static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)out; /* as in */
	return kept(p) & LEAT_KEEP_ICC ? 0 : leat_icc_cost(in->image.sample);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	*state = NULL;
	return kept(o->params) & LEAT_KEEP_ICC ? 0 : leat_recolor_open(state, err);
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	return leat_recolor_begin(b, kept(b->params), item, err);
}

const struct leat_op leat_op_strip = {
	.name = "strip",
	.group = "color",
	.summary = "remove metadata, converting to sRGB where the profile goes",
	.example = "strip keep=icc",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct strip),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.check = check,
	.shape = leat_shape_same,
	.cost = cost,
	.open = open,
	.begin = begin,
	.rows = leat_recolor_rows,
	.end = leat_recolor_end,
	.close = leat_recolor_close,
};
