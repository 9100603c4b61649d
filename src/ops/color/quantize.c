/* SPDX-License-Identifier: MIT */
/*
 * quantize: at most so many different colors, chosen for the image. The engine puts it before `encode png colors=`,
 * too. All rows are looked at before the first comes out.
 */
#include "base/mem.h"
#include "ops/color/palette.h"
#include "ops/rows.h"

#include <pthread.h>

struct quantize {
	int64_t colors;
	double dither;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct quantize, colors, "colors", NULL, 2, LEAT_PALETTE_MOST, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "how many colors may be left"),
	LEAT_P(struct quantize, dither, double, LEAT_PT_PERCENT, "dither", "100%", 0,
	       "how much of what a pixel is off goes on to its neighbors"),
	LEAT_P_END,
};

struct item {
	uint32_t height; /* first: leat_need_all */
	struct leat_image_shape shape;
	const struct quantize *p;
	pthread_mutex_t lock; /* the first rows() makes the rest */
	uint8_t *entries; /* of all pixels; NULL: not yet */
	struct leat_palette palette;
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct quantize *p = params_;
	if (p->dither >= 0 && p->dither <= 1)
		return 0;
	*which = &params[1];
	return leat_fail(err, LEAT_CAUSE_USAGE, "dither goes from 0%% to 100%%");
}

static int shape(const void *p, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)p; /* no matter how many */
	*out = *in;
	if (in->image.sample == LEAT_U8)
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'quantize' works on 8 bit: 'convert depth=8' before it");
}

static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)p, (void)out; /* as in */
	return leat_size_add(leat_palette_cost(&in->image), leat_size_mul(in->image.width, in->image.height));
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->shape = b->in->image;
	it->height = b->in->image.height;
	it->p = b->params;
	(void)pthread_mutex_init(&it->lock, NULL); /* cannot fail with these arguments */
	*item = it;
	return 0;
}

static int make(struct item *it, const struct leat_rows *in, struct leat_err *err)
{
	uint8_t *entries = leat_zalloc(it->shape.height, it->shape.width, err);
	if (entries && leat_palette_find(&it->palette, &it->shape, in, (unsigned)it->p->colors, err) == 0 &&
	    leat_palette_map(&it->palette, &it->shape, in, it->p->dither, entries, err) == 0) {
		it->entries = entries;
		return 0;
	}
	free(entries);
	return -1;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	struct item *it = item;
	size_t channels = it->shape.channels;
	(void)scratch; /* what it needs is the item's */
	pthread_mutex_lock(&it->lock);
	int ok = it->entries ? 0 : make(it, in, err);
	pthread_mutex_unlock(&it->lock);
	for (uint32_t y = y0; ok == 0 && y < y1; y++) {
		const uint8_t *entry = it->entries + (size_t)y * it->shape.width;
		uint8_t *to = leat_row(out, y);
		for (uint32_t x = 0; x < it->shape.width; x++, to += channels)
			memcpy(to, it->palette.color[entry[x]], channels);
	}
	return ok;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields, (void)err; /* measures nothing */
	(void)pthread_mutex_destroy(&it->lock);
	free(it->entries);
	free(it);
	return 0;
}

const struct leat_op leat_op_quantize = {
	.name = "quantize",
	.group = "color",
	.summary = "leave only so many colors, chosen for the image",
	.example = "quantize 64",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct quantize),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.cost = cost,
	.begin = begin,
	.need = leat_need_all,
	.rows = rows,
	.end = end,
};
