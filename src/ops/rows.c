/* SPDX-License-Identifier: MIT */
/* Small helpers that many ops share. */
#include "ops/rows.h"

#include "base/mem.h"
#include "ops/transfer.h"

#include <inttypes.h>

int leat_out_size(const char *step, uint64_t width, uint64_t height, struct leat_shape *out, struct leat_err *err)
{
	if (width == 0)
		width = 1;
	if (height == 0)
		height = 1;
	if (width > LEAT_SIDE_MAX || height > LEAT_SIDE_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT,
				 "'%s' would give %" PRIu64 "x%" PRIu64 " pixels, a side may have %d", step, width,
				 height, LEAT_SIDE_MAX);
	out->image.width = (uint32_t)width;
	out->image.height = (uint32_t)height;
	if (leat_image_bytes(&out->image) == SIZE_MAX)
		return leat_fail(err, LEAT_CAUSE_LIMIT,
				 "'%s' would give %" PRIu64 "x%" PRIu64 " pixels, too many for this machine", step,
				 width, height);
	return 0;
}

/* Luminance of an sRGB color, coded again. */
static double luminance(const double rgb[3])
{
	return leat_srgb_encode(0.2126 * leat_srgb_decode(rgb[0]) + 0.7152 * leat_srgb_decode(rgb[1]) +
				0.0722 * leat_srgb_decode(rgb[2]));
}

void leat_background(const struct leat_color *c, const struct leat_image_shape *s, uint8_t px[static LEAT_PIXEL_MAX])
{
	double v[4] = {0, 0, 0, 0}, rgb[3] = {c->r / 255.0, c->g / 255.0, c->b / 255.0};
	double alpha = c->given ? c->a / 255.0 : 0;
	unsigned colors = leat_colors(s);
	for (int i = 0; i < 3 && !s->alpha; i++)
		rgb[i] = c->given ? rgb[i] * alpha + 1 - alpha : 1;
	for (unsigned i = 0; i < colors && (!s->alpha || alpha > 0); i++)
		v[i] = colors == 1 ? luminance(rgb) : rgb[i];
	if (s->alpha)
		v[colors] = alpha;
	for (unsigned i = 0; i < s->channels; i++) {
		uint16_t wide = (uint16_t)(v[i] * 65535 + 0.5);
		float real = (float)v[i];
		if (s->sample == LEAT_U8)
			px[i] = (uint8_t)(v[i] * 255 + 0.5);
		else if (s->sample == LEAT_F32)
			memcpy(px + 4 * (size_t)i, &real, sizeof real);
		else
			memcpy(px + 2 * (size_t)i, &wide, sizeof wide);
	}
}

void leat_fill_pixels(uint8_t *to, const uint8_t *px, size_t bytes, size_t n)
{
	if (n == 0)
		return;
	memcpy(to, px, bytes);
	size_t done = bytes, all = n * bytes;
	while (done < all) { /* doubling what is there */
		size_t more = done < all - done ? done : all - done;
		memcpy(to + done, to, more);
		done += more;
	}
}

void leat_copy_rows(const struct leat_rows *in, const struct leat_rows *out, uint32_t y0, uint32_t y1, size_t bytes)
{
	for (uint32_t y = y0; y < y1; y++) {
		uint8_t *to = leat_row(out, y);
		const uint8_t *from = leat_row(in, y);
		if (to != from)
			memcpy(to, from, bytes);
	}
}

int leat_end_free(void *item, struct leat_fields *fields, struct leat_err *err)
{
	(void)fields, (void)err;
	free(item);
	return 0;
}
