/* SPDX-License-Identifier: MIT */
/* Rows of samples to planes of floats and back. See planes.h. */
#include "ops/planes.h"

#include "ops/loops.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

#include <string.h>

LEAT_VECTORIZE_FILE

/* Four of each. */
typedef float quad __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));

/* --- back to samples --- */

/* Results to samples. Constant arguments make special cases. */
LEAT_INLINE void store_pixels(const struct leat_transfer *tr, const float *result, uint32_t n, unsigned channels,
			      bool alpha, bool wide, void *to)
{
	unsigned colors = channels - alpha;
	float max = wide ? 65535 : 255;
	uint8_t *to8 = to;
	uint16_t *to16 = to;
	for (uint32_t i = 0; i < n; i++, result += leat_along_step(channels)) {
		float a = alpha ? result[colors] : 1;
		uint32_t level[4] = {0}, seen = leat_to_level(a, max);
		for (unsigned c = 0; c < colors; c++) {
			float v = !alpha ? result[c] : seen ? result[c] / a : 0;
			level[c] = leat_to_level(tr ? leat_transfer_encode(tr, v) : v, max);
		}
		if (alpha)
			level[colors] = seen;
		for (unsigned c = 0; c < channels; c++) {
			if (wide)
				to16[(size_t)i * channels + c] = (uint16_t)level[c];
			else
				to8[(size_t)i * channels + c] = (uint8_t)level[c];
		}
	}
}

/* As store_pixels for 8-bit RGB. */
static void store_rgb8(const float *result, uint32_t n, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++, result += 4, to += 3) {
		quad v;
		memcpy(&v, result, sizeof v);
		quad_int level = __builtin_convertvector(v + 0.5f, quad_int), over = level > 255;
		level = (level & ~over & ~(level < 0)) | (over & 255);
		to[0] = (uint8_t)level[0];
		to[1] = (uint8_t)level[1];
		to[2] = (uint8_t)level[2];
	}
}

LEAT_INLINE void store_whole(const struct leat_planes *p, const float *result, uint32_t n, bool wide, void *to)
{
	const struct leat_image_shape *s = p->shape;
	if (p->transfer)
		store_pixels(p->transfer, result, n, s->channels, s->alpha, wide, to);
	else if (s->channels == 1)
		store_pixels(NULL, result, n, 1, false, wide, to);
	else if (s->channels == 2)
		store_pixels(NULL, result, n, 2, true, wide, to);
	else if (s->channels == 3)
		store_pixels(NULL, result, n, 3, false, wide, to);
	else
		store_pixels(NULL, result, n, 4, true, wide, to);
}

/* Neither rounded nor clamped: what is over the range may be meant so. */
LEAT_INLINE void store_floats(const float *result, uint32_t n, unsigned channels, bool alpha, float *to)
{
	unsigned colors = channels - alpha;
	for (uint32_t i = 0; i < n; i++, result += leat_along_step(channels), to += channels) {
		float a = alpha ? result[colors] : 1;
		for (unsigned c = 0; c < colors; c++)
			to[c] = !alpha ? result[c] : a > 0 ? result[c] / a : 0;
		if (alpha)
			to[colors] = a > 0 ? a : 0;
	}
}

void leat_planes_store(const struct leat_planes *p, const float *result, uint32_t n, void *to)
{
	const struct leat_image_shape *s = p->shape;
	if (s->sample == LEAT_F32 && s->channels == 1)
		memcpy(to, result, n * sizeof *result);
	else if (s->sample == LEAT_F32 && s->channels == 3)
		store_floats(result, n, 3, false, to);
	else if (s->sample == LEAT_F32)
		store_floats(result, n, s->channels, true, to);
	else if (s->sample == LEAT_U16)
		store_whole(p, result, n, true, to);
	else if (s->channels == 3 && !p->transfer)
		store_rgb8(result, n, to);
	else
		store_whole(p, result, n, false, to);
}

/* --- to planes --- */

/* Interleaved RGB to planes, four pixels at a time. */
static void split_rgb(const float *row, uint32_t width, size_t plane, float *planes)
{
	uint32_t i = 0;
	for (; i + 4 <= width; i += 4) {
		quad v[3], c[3];
		memcpy(v, row + (size_t)i * 3, sizeof v); /* rgbr gbrg brgb */
		c[0] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 0, 3, 6, 6), v[2], 0, 1, 2, 5);
		c[1] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 1, 4, 7, 7), v[2], 0, 1, 2, 6);
		c[2] = __builtin_shufflevector(__builtin_shufflevector(v[0], v[1], 2, 5, 5, 5), v[2], 0, 1, 4, 7);
		for (size_t k = 0; k < 3; k++)
			memcpy(planes + k * plane + i, &c[k], sizeof c[k]);
	}
	for (; i < width; i++)
		for (size_t k = 0; k < 3; k++)
			planes[k * plane + i] = row[(size_t)i * 3 + k];
}

void leat_planes_split(const struct leat_planes *p, const float *row, float *planes)
{
	size_t width = p->shape->width;
	if (p->shape->channels == 3)
		split_rgb(row, p->shape->width, p->plane, planes);
	else
		memcpy(planes, row, width * sizeof *planes);
	for (size_t c = 0; c < p->shape->channels; c++)
		memset(planes + c * p->plane + width, 0, (p->plane - width) * sizeof *planes);
}

enum kind { NARROW, WIDE, REAL }; /* enum leat_sample as constants of loops */

LEAT_INLINE uint32_t whole_at(const void *from, size_t i, enum kind kind)
{
	return kind == WIDE ? ((const uint16_t *)from)[i] : ((const uint8_t *)from)[i];
}

LEAT_INLINE float sample_at(const void *from, size_t i, enum kind kind)
{
	return kind == REAL ? ((const float *)from)[i] : (float)whole_at(from, i, kind);
}

/* One input row as planes of floats: linear light when asked, color times alpha. */
LEAT_INLINE void load_pixels(const struct leat_planes *p, const struct leat_transfer *tr, const void *from,
			     unsigned channels, bool alpha, enum kind kind, float *planes)
{
	unsigned colors = channels - alpha;
	uint32_t width = p->shape->width;
	for (uint32_t i = 0; i < width; i++) {
		size_t at = (size_t)i * channels;
		float a = alpha ? sample_at(from, at + colors, kind) : 1;
		for (unsigned c = 0; c < colors; c++) {
			float f = tr ? tr->decode[whole_at(from, at + c, kind)] : sample_at(from, at + c, kind);
			planes[c * p->plane + i] = alpha ? f * a : f;
		}
		if (alpha)
			planes[colors * p->plane + i] = a;
	}
	for (unsigned c = 0; c < channels; c++)
		memset(planes + c * p->plane + width, 0, (p->plane - width) * sizeof *planes);
}

LEAT_INLINE void load_kind(const struct leat_planes *p, const void *from, enum kind kind, float *planes)
{
	const struct leat_image_shape *s = p->shape;
	if (p->transfer)
		load_pixels(p, p->transfer, from, s->channels, s->alpha, kind, planes);
	else if (s->channels == 2)
		load_pixels(p, NULL, from, 2, true, kind, planes);
	else
		load_pixels(p, NULL, from, 4, true, kind, planes);
}

void leat_planes_load(const struct leat_planes *p, const void *from, float *flat, float *planes)
{
	const struct leat_image_shape *s = p->shape;
	size_t n = (size_t)s->width * s->channels;
	const uint8_t *from8 = from;
	const uint16_t *from16 = from;
	if (p->transfer || s->alpha) {
		if (s->sample == LEAT_F32)
			load_kind(p, from, REAL, planes);
		else if (s->sample == LEAT_U16)
			load_kind(p, from, WIDE, planes);
		else
			load_kind(p, from, NARROW, planes);
		return;
	}
	/* Of opaque images: two simple loops are faster than one. */
	for (size_t i = 0; s->sample == LEAT_U16 && i < n; i++)
		flat[i] = from16[i];
	for (size_t i = 0; s->sample == LEAT_U8 && i < n; i++)
		flat[i] = from8[i];
	leat_planes_split(p, s->sample == LEAT_F32 ? from : flat, planes);
}
