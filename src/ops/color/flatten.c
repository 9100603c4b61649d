/* SPDX-License-Identifier: MIT */
/* flatten: the image as it looks on a background, without alpha. */
#include "base/mem.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

LEAT_VECTORIZE_FILE

struct flatten {
	struct leat_color background;
};

static const struct leat_param params[] = {LEAT_P(struct flatten, background, struct leat_color, LEAT_PT_COLOR,
						  "background", "#ffffff", 0,
						  "the color seen through what is not opaque"),
					   LEAT_P_END};

struct item {
	struct leat_image_shape in;
	uint16_t background[3]; /* levels */
	float real[3]; /* of floats */
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct flatten *p = params_;
	if (p->background.a == 255)
		return 0;
	*which = &params[0];
	return leat_fail(err, LEAT_CAUSE_USAGE, "the background of 'flatten' must be opaque");
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_, (void)err; /* whatever the color; every image can be flattened */
	*out = *in;
	if (!in->image.alpha)
		return 0;
	out->image.channels--;
	out->image.alpha = false;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct flatten *p = b->params;
	uint8_t px[LEAT_PIXEL_MAX];
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->in = b->in->image;
	if (it->in.alpha) {
		leat_background(&p->background, &b->out->image, px);
		for (unsigned c = 0; c < b->out->image.channels; c++) {
			if (it->in.sample == LEAT_U8)
				it->background[c] = px[c];
			else if (it->in.sample == LEAT_F32)
				memcpy(&it->real[c], px + 4 * (size_t)c, 4);
			else
				memcpy(&it->background[c], px + 2 * (size_t)c, 2);
		}
	}
	*item = it;
	return 0;
}

/* (v * a + background * (max - a)) / max, rounded: it fits 32 bits, also for 16-bit samples. */
static inline uint32_t over(uint32_t v, uint32_t a, uint32_t background, uint32_t max)
{
	return (v * a + background * (max - a) + max / 2) / max;
}

static inline void row8(const uint8_t *from, uint32_t width, unsigned colors, const uint16_t *bg, uint8_t *to)
{
	for (uint32_t i = 0; i < width; i++, from += colors + 1, to += colors)
		for (unsigned c = 0; c < colors; c++)
			to[c] = (uint8_t)over(from[c], from[colors], bg[c], 255);
}

static inline void row16(const uint16_t *from, uint32_t width, unsigned colors, const uint16_t *bg, uint16_t *to)
{
	for (uint32_t i = 0; i < width; i++, from += colors + 1, to += colors)
		for (unsigned c = 0; c < colors; c++)
			to[c] = (uint16_t)over(from[c], from[colors], bg[c], 65535);
}

/* Alpha beyond 0 .. 1 counts as that end; what is no number covers nothing. */
static inline void row_real(const float *from, uint32_t width, unsigned colors, const float *bg, float *to)
{
	for (uint32_t i = 0; i < width; i++, from += colors + 1, to += colors) {
		float a = from[colors] > 0 ? (from[colors] < 1 ? from[colors] : 1) : 0;
		for (unsigned c = 0; c < colors; c++)
			to[c] = a > 0 ? from[c] * a + bg[c] * (1 - a) : bg[c];
	}
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	unsigned colors = leat_colors(&it->in);
	(void)scratch;
	(void)err; /* nothing here can fail */
	if (!it->in.alpha) {
		leat_copy_rows(in, out, y0, y1, leat_row_bytes(&it->in));
		return 0;
	}
	for (uint32_t y = y0; y < y1; y++) {
		const void *from = leat_row(in, y);
		void *to = leat_row(out, y);
		if (it->in.sample == LEAT_F32)
			row_real(from, it->in.width, colors, it->real, to);
		else if (it->in.sample == LEAT_U16)
			row16(from, it->in.width, colors, it->background, to);
		else if (colors == 3)
			row8(from, it->in.width, 3, it->background, to);
		else
			row8(from, it->in.width, 1, it->background, to);
	}
	return 0;
}

const struct leat_op leat_op_flatten = {
	.name = "flatten",
	.group = "color",
	.summary = "lay the image on a background and drop its alpha",
	.example = "flatten background=#202020",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct flatten),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.begin = begin,
	.rows = rows,
	.end = leat_end_free,
};
