/* SPDX-License-Identifier: MIT */
/* Small helpers that many ops share: pixels, backgrounds, row copies, sizes of results. All are thread safe. */
#ifndef LEAT_OPS_ROWS_H
#define LEAT_OPS_ROWS_H

#include "core/op.h"

enum {
	LEAT_SIDE_MAX = 1000000, /* pixels: the longest side a step may produce */
	LEAT_PIXEL_MAX = 16, /* bytes of the largest pixel: four float samples */
};

/* Channels without alpha: 1 or 3. */
static inline unsigned leat_colors(const struct leat_image_shape *s)
{
	return s->channels - (s->alpha ? 1u : 0u);
}

/* Bytes of one pixel, 1 .. LEAT_PIXEL_MAX. */
static inline size_t leat_pixel_bytes(const struct leat_image_shape *s)
{
	return s->channels * leat_sample_size(s->sample);
}

/* Rounded and clamped to 0..max, which is 255 or 65535; v is not NaN. */
static inline uint32_t leat_to_level(float v, float max)
{
	v += 0.5f;
	return (uint32_t)(int32_t)(v < 0 ? 0 : v > max ? max : v);
}

/*
 * Puts width x height, at least 1x1, into out->image. -1 with *err (LIMIT) naming `step` and both numbers when a
 * side is over LEAT_SIDE_MAX or the image does not fit the address space.
 */
int leat_out_size(const char *step, uint64_t width, uint64_t height, struct leat_shape *out, struct leat_err *err);

/*
 * The pixel of a background in an image of shape s. Not given: transparent where there is alpha, else
 * white. Without alpha a color is seen over white, so that 'transparent' is white there too; gray
 * images get the color's luminance (Rec. 709, in linear light).
 */
void leat_background(const struct leat_color *c, const struct leat_image_shape *s, uint8_t px[static LEAT_PIXEL_MAX]);

/* Writes the pixel of `bytes` bytes n times. */
void leat_fill_pixels(uint8_t *to, const uint8_t *px, size_t bytes, size_t n);

/* end() of ops that measure nothing and whose item is one piece of memory: frees it. */
int leat_end_free(void *item, struct leat_fields *fields, struct leat_err *err);

/* Copies rows [y0, y1) of `bytes` bytes each; the two windows may be the same memory. */
void leat_copy_rows(const struct leat_rows *in, const struct leat_rows *out, uint32_t y0, uint32_t y1, size_t bytes);

#endif
