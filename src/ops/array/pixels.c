/* SPDX-License-Identifier: MIT */
/* Images as arrays of their samples. See pixels.h. */
#include "ops/array/pixels.h"

#include <string.h>

struct leat_array_shape leat_pixels_shape(const struct leat_image_shape *s, bool chw)
{
	static const enum leat_dtype types[] = {
		[LEAT_U8] = LEAT_DT_U1, [LEAT_U16] = LEAT_DT_U2, [LEAT_F32] = LEAT_DT_F4};
	struct leat_array_shape a = {.dtype = types[s->sample]};
	if (s->page_height)
		a.dim[a.ndim++] = s->pages;
	if (s->channels > 1 && chw)
		a.dim[a.ndim++] = s->channels;
	a.dim[a.ndim++] = s->page_height ? s->page_height : s->height;
	a.dim[a.ndim++] = s->width;
	if (s->channels > 1 && !chw)
		a.dim[a.ndim++] = s->channels;
	return a;
}

/* A row of pixels into one row of each channel's plane, `plane` samples apart. */
#define SPLIT(NAME, T)                                                                      \
	static void NAME(const T *from, T *to, size_t width, size_t channels, size_t plane) \
	{                                                                                   \
		for (size_t c = 0; c < channels; c++)                                       \
			for (size_t x = 0; x < width; x++)                                  \
				to[c * plane + x] = from[x * channels + c];                 \
	}
SPLIT(split_1, uint8_t)
SPLIT(split_2, uint16_t)
SPLIT(split_4, uint32_t)

struct leat_array *leat_pixels_array(const struct leat_image *im, bool chw, struct leat_err *err)
{
	const struct leat_image_shape *s = &im->shape;
	struct leat_array_shape shape = leat_pixels_shape(s, chw);
	struct leat_array *a = leat_array_new(&shape, err);
	size_t bytes = leat_row_bytes(s), size = leat_sample_size(s->sample);
	uint32_t height = s->page_height ? s->page_height : s->height; /* of a page */
	size_t plane = (size_t)s->width * height;
	for (uint32_t y = 0; a && y < s->height; y++) {
		const void *from = im->pixels + y * im->stride;
		bool split = chw && s->channels > 1;
		size_t at = y / height * height * bytes + (size_t)(y % height) * s->width * size;
		uint8_t *to = (uint8_t *)a->data + (split ? at : y * bytes);
		if (!split)
			memcpy(to, from, bytes);
		else if (size == 1)
			split_1(from, to, s->width, s->channels, plane);
		else if (size == 2)
			split_2(from, (void *)to, s->width, s->channels, plane);
		else
			split_4(from, (void *)to, s->width, s->channels, plane);
	}
	return a;
}
