/* SPDX-License-Identifier: MIT */
/* One pixel of decoded rows, whatever their shape: red, green, blue, alpha of 16 bit. */
#ifndef LEAT_FORMATS_PNG_SAMPLE_H
#define LEAT_FORMATS_PNG_SAMPLE_H

#include "formats/png_form.h"

struct leat_png_sample {
	uint16_t v[4];
};

static inline uint16_t leat_png_wide(const struct leat_png_pixels *p, size_t i)
{
	return p->shape.sample == LEAT_U16 ? ((const uint16_t *)(const void *)p->data)[i]
					   : (uint16_t)(p->data[i] * 257);
}

static inline struct leat_png_sample leat_png_sample(const struct leat_png_pixels *p, uint32_t y, uint32_t x)
{
	unsigned n = p->shape.channels;
	size_t i = ((size_t)y * p->shape.width + x) * n;
	struct leat_png_sample s;
	s.v[0] = leat_png_wide(p, i);
	s.v[1] = n > 2 ? leat_png_wide(p, i + 1) : s.v[0];
	s.v[2] = n > 2 ? leat_png_wide(p, i + 2) : s.v[0];
	s.v[3] = n % 2 == 0 ? leat_png_wide(p, i + n - 1) : UINT16_MAX;
	return s;
}

/* Its 8 high bits each, red first, alpha last. */
static inline uint32_t leat_png_sample_color(struct leat_png_sample s)
{
	return (uint32_t)(s.v[0] >> 8) << 24 | (uint32_t)(s.v[1] >> 8) << 16 | (s.v[2] & 0xff00u) | s.v[3] >> 8;
}

#endif
