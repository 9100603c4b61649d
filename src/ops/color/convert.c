/* SPDX-License-Identifier: MIT */
/*
 * convert: another depth for the samples. The engine also puts it before encoders that lack a depth.
 *
 * Whole samples stand for 0 .. 1 of their range: 255 of 8 bit is 65535 of 16 bit is 1.0 as float. Going up is exact,
 * going down takes the nearest; float is clamped to the range first and what is no number counts as 0.
 *
 * dither=yes spreads what rounding takes away over a pattern of 8x8 places (ordered dither; B. E. Bayer, "An optimum
 * method for two-level rendition of continuous-tone pictures", 1973), so that smooth gradients show no steps. It
 * depends on the place alone, so the bytes do not depend on strips or threads. Alpha is never dithered.
 */
#include "base/mem.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

LEAT_VECTORIZE_FILE

static const char *const depths[] = {"8", "16", "float", NULL};

struct convert {
	int64_t depth; /* index into depths, which is enum leat_sample */
	bool dither;
};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct convert, depth, "depth", NULL, depths, LEAT_REQUIRED, "bits of each sample of the result"),
	LEAT_P_SWITCH(struct convert, dither, "dither", "no", 0,
		      "whether rounding to fewer bits is spread over a fine pattern"),
	LEAT_P_END,
};

struct item {
	size_t samples, bytes; /* of a row; bytes of an input row */
	unsigned channels, colors; /* of a pixel; those that are not alpha */
	enum leat_sample from, to;
	bool dither;
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct convert *p = params_;
	(void)err; /* every depth goes to every other */
	*out = *in;
	out->image.sample = (enum leat_sample)p->depth;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct leat_image_shape *s = &b->in->image;
	const struct convert *p = b->params;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	*it = (struct item){.samples = (size_t)s->width * s->channels,
			    .bytes = leat_row_bytes(s),
			    .channels = s->channels,
			    .colors = leat_colors(s),
			    .from = s->sample,
			    .to = (enum leat_sample)p->depth,
			    .dither = p->dither && (enum leat_sample)p->depth < s->sample};
	*item = it;
	return 0;
}

/* The threshold of a place, above 0 and below 1: how much of a level must be there to round up. */
static float threshold(uint32_t x, uint32_t y)
{
	unsigned v = 0;
	for (unsigned bit = 0; bit < 3; bit++) { /* the classic recursion, by interleaving the bits of x^y and y */
		unsigned a = (x ^ y) >> bit & 1, b = y >> bit & 1;
		v |= (a << 1 | b) << (4 - 2 * bit);
	}
	return ((float)v + 0.5f) / 64;
}

/* 0 .. 1; what is no number is 0. */
static inline float unit(float v)
{
	return v > 0 ? (v < 1 ? v : 1) : 0;
}

static void u8_to_u16(const uint8_t *restrict from, size_t n, uint16_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint16_t)(from[i] * 257u);
}

/* v / 257 rounded, for all v of 16 bits. */
static void u16_to_u8(const uint16_t *restrict from, size_t n, uint8_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)((from[i] * 255u + 32895) >> 16);
}

/* Division, not multiplication with the reciprocal: the nearest float of every level. */
static void u8_to_float(const uint8_t *restrict from, size_t n, float *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (float)from[i] / 255;
}

static void u16_to_float(const uint16_t *restrict from, size_t n, float *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (float)from[i] / 65535;
}

static void float_to_u8(const float *restrict from, size_t n, uint8_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(int32_t)(unit(from[i]) * 255 + 0.5f);
}

/* In double: 65535 and a half do not both fit 24 bits well. */
static void float_to_u16(const float *restrict from, size_t n, uint16_t *restrict to)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint16_t)(int32_t)((double)unit(from[i]) * 65535 + 0.5);
}

/* One row, with what `round` adds before the fraction is cut off: a half without dither. */
#define DITHERED(FROM, T, TO, MAX, VALUE)                                                                           \
	static void dithered_##FROM##_to_##TO(const struct item *it, const T *from, TO##_t *to, uint32_t y)         \
	{                                                                                                           \
		float round[8];                                                                                     \
		for (uint32_t x = 0; x < 8; x++)                                                                    \
			round[x] = threshold(x, y);                                                                 \
		for (size_t i = 0, x = 0; i < it->samples; x++)                                                     \
			for (unsigned c = 0; c < it->channels; c++, i++) {                                          \
				double v = (VALUE) * (double)(MAX) + (c < it->colors ? (double)round[x & 7] : 0.5); \
				to[i] = (TO##_t)(int32_t)(v + 1e-9);                                                \
			}                                                                                           \
	}
DITHERED(u16, uint16_t, uint8, 255, from[i] / 65535.0)
DITHERED(float, float, uint8, 255, (double)unit(from[i]))
DITHERED(float, float, uint16, 65535, (double)unit(from[i]))

static void dithered(const struct item *it, const void *from, void *to, uint32_t y)
{
	if (it->from == LEAT_U16)
		dithered_u16_to_uint8(it, from, to, y);
	else if (it->to == LEAT_U8)
		dithered_float_to_uint8(it, from, to, y);
	else
		dithered_float_to_uint16(it, from, to, y);
}

static void plain(const struct item *it, const void *from, void *to)
{
	if (it->from == LEAT_U8 && it->to == LEAT_U16)
		u8_to_u16(from, it->samples, to);
	else if (it->from == LEAT_U8)
		u8_to_float(from, it->samples, to);
	else if (it->from == LEAT_U16 && it->to == LEAT_U8)
		u16_to_u8(from, it->samples, to);
	else if (it->from == LEAT_U16)
		u16_to_float(from, it->samples, to);
	else if (it->to == LEAT_U8)
		float_to_u8(from, it->samples, to);
	else
		float_to_u16(from, it->samples, to);
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch;
	(void)err; /* nothing here can fail */
	if (it->from == it->to)
		leat_copy_rows(in, out, y0, y1, it->bytes);
	for (uint32_t y = y0; y < y1 && it->from != it->to; y++) {
		if (it->dither)
			dithered(it, leat_row(in, y), leat_row(out, y), y);
		else
			plain(it, leat_row(in, y), leat_row(out, y));
	}
	return 0;
}

const struct leat_op leat_op_convert = {
	.name = "convert",
	.group = "color",
	.summary = "change the depth of the samples",
	.example = "convert depth=16",
	.version = 2,
	.params = params,
	.params_size = sizeof(struct convert),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.begin = begin,
	.rows = rows,
	.end = leat_end_free,
};
