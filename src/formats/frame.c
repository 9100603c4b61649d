/* SPDX-License-Identifier: MIT */
/* See frame.h. */
#include "formats/frame.h"

#include "base/mem.h"
#include "formats/inorder.h"

int leat_frame_alloc(struct leat_frame *f, struct leat_err *err)
{
	f->pixels = leat_zalloc(1, leat_image_bytes(&f->shape), err);
	return f->pixels ? 0 : -1;
}

int leat_frame_give(struct leat_frame *f, const char *format, struct leat_rows *out, struct leat_err *err)
{
	if (leat_rows_in_order(format, out, f->next, f->shape.height, err) < 0)
		return -1;
	size_t bytes = leat_row_bytes(&f->shape);
	for (uint32_t y = out->y0; y < out->y1; y++)
		memcpy(leat_row(out, y), f->pixels + y * bytes, bytes);
	f->next = out->y1;
	return 0;
}

int leat_frame_take(struct leat_frame *f, const char *format, const struct leat_rows *in, struct leat_err *err)
{
	if (leat_rows_in_order(format, in, f->next, f->shape.height, err) < 0)
		return -1;
	size_t bytes = leat_row_bytes(&f->shape);
	for (uint32_t y = in->y0; y < in->y1; y++)
		memcpy(f->pixels + y * bytes, leat_row(in, y), bytes);
	f->next = in->y1;
	return 0;
}

void leat_frame_free(struct leat_frame *f)
{
	free(f->pixels);
	f->pixels = NULL;
}

void leat_frame_expand(uint8_t *to, const uint8_t *from, size_t n, unsigned channels)
{
	unsigned colors = channels < 3 ? 1 : 3;
	if (channels >= 3) {
		memcpy(to, from, n * channels);
		return;
	}
	for (size_t i = 0; i < n; i++, from += channels, to += channels + 2) {
		memset(to, from[0], 3);
		if (channels > colors)
			to[3] = from[1];
	}
}
