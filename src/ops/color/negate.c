/* SPDX-License-Identifier: MIT */
/* negate: every sample becomes its opposite; of floats, whose range is 0 .. 1, what is missing to 1. */
#include "base/mem.h"
#include "ops/rows.h"

struct negate {
	bool alpha;
};

static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct negate, alpha, "alpha", "no", 0, "whether alpha is turned around too"),
	LEAT_P_END,
};

/* What rows() wants to know, kept for one item. */
struct item {
	struct leat_image_shape shape;
	unsigned colors; /* channels to negate */
};

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct negate *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->shape = b->in->image;
	it->colors = p->alpha ? it->shape.channels : leat_colors(&it->shape);
	*item = it;
	return 0;
}

static void negate_floats(const struct item *it, const float *in, float *out)
{
	unsigned channels = it->shape.channels;
	for (size_t i = 0; i < (size_t)it->shape.width * channels; i++)
		out[i] = i % channels >= it->colors ? in[i] : 1 - in[i];
}

static void negate_row(const struct item *it, const uint8_t *in, uint8_t *out)
{
	unsigned channels = it->shape.channels;
	for (size_t i = 0; i < (size_t)it->shape.width * channels; i++) {
		bool keep = i % channels >= it->colors;
		if (it->shape.sample == LEAT_U8)
			out[i] = keep ? in[i] : (uint8_t)(255 - in[i]);
		else
			((uint16_t *)(void *)out)[i] =
				(uint16_t)(((const uint16_t *)(const void *)in)[i] ^ (keep ? 0 : 0xffff));
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	(void)scratch, (void)err;
	const struct item *it = item;
	for (uint32_t y = y0; y < y1; y++) {
		uint8_t *from = leat_row(in, y), *to = leat_row(out, y);
		if (it->shape.sample == LEAT_F32)
			negate_floats(it, (const void *)from, (void *)to);
		else
			negate_row(it, from, to);
	}
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	(void)fields, (void)err; /* it measures nothing */
	free(item);
	return 0;
}

const struct leat_op leat_op_negate = {
	.name = "negate",
	.group = "color",
	.summary = "turn every sample into its opposite",
	.example = "negate",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct negate),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.shape = leat_shape_same,
	.begin = begin,
	.rows = rows,
	.end = end,
};
