/* SPDX-License-Identifier: MIT */
/* The eight exact turns and mirrorings. See turn.h. */
#include "ops/turn.h"

#include "base/mem.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

enum { BLOCK = 32 }; /* pixels: a square of input and one of output stay in the L1 cache */

struct leat_turn leat_turn_of(int orientation, const struct leat_image_shape *in)
{
	struct leat_turn t = {.height = in->height, .width = in->width, .pixel = (uint8_t)leat_pixel_bytes(in)};
	int o = orientation < 1 || orientation > 8 ? 1 : orientation;
	t.swap = o >= 5;
	t.flip_x = o == 2 || o == 3 || o == 7 || o == 8;
	t.flip_y = o == 3 || o == 4 || o == 6 || o == 7;
	return t;
}

void leat_turn_shape(const struct leat_turn *t, struct leat_image_shape *s)
{
	uint32_t full_width = s->full_width;
	s->width = t->swap ? t->height : t->width;
	s->height = t->swap ? t->width : t->height;
	if (t->swap) {
		s->full_width = s->full_height;
		s->full_height = full_width;
	}
}

int leat_turn_meta(const struct leat_turn *t, struct leat_meta **meta, struct leat_err *err)
{
	if (!t->swap || !meta || !*meta || (*meta)->density_x == (*meta)->density_y)
		return 0;
	struct leat_meta *copy = leat_meta_copy(*meta, err);
	if (!copy)
		return -1;
	copy->density_x = (*meta)->density_y;
	copy->density_y = (*meta)->density_x;
	leat_meta_unref(meta);
	*meta = copy;
	return 0;
}

int leat_turn_begin(int orientation, const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct leat_turn *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return -1;
	*t = leat_turn_of(orientation, &b->in->image);
	if (leat_turn_meta(t, b->meta_out, err)) {
		free(t);
		return -1;
	}
	*item = t;
	return 0;
}

void leat_turn_need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	const struct leat_turn *t = item;
	bool same = !t->swap && !t->flip_y;
	*in_y0 = same ? y0 : 0;
	*in_y1 = same ? y1 : t->height;
}

/* A row mirrored; from and to may be the same, so both ends move at once. */
LEAT_INLINE void mirror(const uint8_t *from, uint8_t *to, uint32_t width, size_t px)
{
	for (uint32_t i = 0, j = width - 1; i <= j; i++, j--) {
		uint8_t a[LEAT_PIXEL_MAX], b[LEAT_PIXEL_MAX];
		memcpy(a, from + i * px, px);
		memcpy(b, from + j * px, px);
		memcpy(to + i * px, b, px);
		memcpy(to + j * px, a, px);
		if (j == 0)
			break;
	}
}

static void mirror_row(const uint8_t *from, uint8_t *to, uint32_t width, size_t px)
{
	if (px == 1)
		mirror(from, to, width, 1);
	else if (px == 3)
		mirror(from, to, width, 3);
	else if (px == 4)
		mirror(from, to, width, 4);
	else
		mirror(from, to, width, px);
}

/* Output columns [x0, x1) of one output row that is an input column. */
LEAT_INLINE void column(const struct leat_turn *t, const struct leat_rows *in, uint32_t x, uint32_t x0, uint32_t x1,
			uint8_t *to, size_t px)
{
	for (uint32_t i = x0; i < x1; i++)
		memcpy(to + i * px, leat_row(in, t->flip_y ? t->height - 1 - i : i) + x * px, px);
}

LEAT_INLINE void transpose(const struct leat_turn *t, const struct leat_rows *in, const struct leat_rows *out,
			   uint32_t y0, uint32_t y1, size_t px)
{
	for (uint32_t yb = y0; yb < y1; yb += BLOCK)
		for (uint32_t xb = 0; xb < t->height; xb += BLOCK)
			for (uint32_t y = yb; y < y1 && y - yb < BLOCK; y++)
				column(t, in, t->flip_x ? t->width - 1 - y : y, xb,
				       t->height - xb < BLOCK ? t->height : xb + BLOCK, leat_row(out, y), px);
}

static void transpose_rows(const struct leat_turn *t, const struct leat_rows *in, const struct leat_rows *out,
			   uint32_t y0, uint32_t y1)
{
	if (t->pixel == 1)
		transpose(t, in, out, y0, y1, 1);
	else if (t->pixel == 3)
		transpose(t, in, out, y0, y1, 3);
	else if (t->pixel == 4)
		transpose(t, in, out, y0, y1, 4);
	else
		transpose(t, in, out, y0, y1, t->pixel);
}

int leat_turn_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		   void *scratch, struct leat_err *err)
{
	const struct leat_turn *t = item;
	(void)scratch;
	(void)err; /* nothing here can fail */
	if (t->swap) {
		transpose_rows(t, in, out, y0, y1);
		return 0;
	}
	for (uint32_t y = y0; y < y1; y++) {
		const uint8_t *from = leat_row(in, t->flip_y ? t->height - 1 - y : y);
		uint8_t *to = leat_row(out, y);
		if (t->flip_x)
			mirror_row(from, to, t->width, t->pixel);
		else if (to != from)
			memcpy(to, from, (size_t)t->width * t->pixel);
	}
	return 0;
}

int leat_turn_end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	(void)fields; /* measures nothing */
	(void)err;
	free(item);
	return 0;
}
