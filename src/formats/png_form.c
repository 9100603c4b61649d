/* SPDX-License-Identifier: MIT */
#include "formats/png_form.h"

#include "base/mem.h"
#include "formats/endian.h"
#include "formats/png_frame.h"
#include "formats/png_sample.h"

unsigned leat_png_form_bits(const struct leat_png_form *f)
{
	static const uint8_t samples[] = {[LEAT_PNG_GRAY] = 1,
					  [LEAT_PNG_RGB] = 3,
					  [LEAT_PNG_PALETTE] = 1,
					  [LEAT_PNG_GA] = 2,
					  [LEAT_PNG_RGBA] = 4};
	return (unsigned)(samples[f->color] * f->depth);
}

size_t leat_png_form_bytes(const struct leat_png_form *f, uint32_t width)
{
	return (size_t)(((uint64_t)width * leat_png_form_bits(f) + 7) / 8);
}

unsigned leat_png_form_step(const struct leat_png_form *f)
{
	return (leat_png_form_bits(f) + 7) / 8;
}

/* ---- palettes ---- */

void leat_png_index_clear(struct leat_png_index *x)
{
	memset(x->at, 0xff, sizeof x->at);
}

/* The slot that has the color, or where it would go. There are four times as many as colors. */
static size_t slot(const struct leat_png_index *x, uint32_t color)
{
	size_t i = color * 2654435761u >> 22;
	while (x->at[i] >= 0 && x->color[i] != color)
		i = (i + 1) % LEAT_LEN(x->at);
	return i;
}

bool leat_png_index_find(const struct leat_png_index *x, uint32_t color, int16_t *at)
{
	*at = x->at[slot(x, color)];
	return *at >= 0;
}

bool leat_png_index_add(struct leat_png_index *x, uint32_t color, int16_t next, int16_t *at)
{
	size_t i = slot(x, color);
	bool fresh = x->at[i] < 0;
	if (fresh) {
		x->color[i] = color;
		x->at[i] = next;
	}
	*at = x->at[i];
	return fresh;
}

void leat_png_form_index(const struct leat_png_form *f, struct leat_png_index *x)
{
	int16_t at;
	leat_png_index_clear(x);
	for (unsigned i = 0; f->color == LEAT_PNG_PALETTE && i < f->entries; i++)
		(void)leat_png_index_add(x, leat_be32(f->palette[i]), (int16_t)i, &at);
}

/* ---- the form of a file ---- */

static void own_palette(struct leat_png_form *f, const struct leat_png_chunk *c)
{
	f->entries = c->len / 3 < 256 ? c->len / 3 : 256;
	for (unsigned i = 0; i < f->entries; i++) {
		memcpy(f->palette[i], c->data + (size_t)3 * i, 3);
		f->palette[i][3] = 255;
	}
}

static void own_transparency(struct leat_png_form *f, const struct leat_png_chunk *c)
{
	if (f->color == LEAT_PNG_PALETTE) {
		f->clear = c->len < f->entries ? c->len : f->entries;
		for (unsigned i = 0; i < f->clear; i++)
			f->palette[i][3] = c->data[i];
		return;
	}
	f->key = true;
	for (unsigned i = 0; i < (f->color == LEAT_PNG_RGB ? 3u : 1u) && 2 * i + 2 <= c->len; i++)
		f->key_color[i] = (uint16_t)(leat_be16(c->data + (size_t)2 * i) & ((1u << f->depth) - 1));
}

bool leat_png_form_own(struct leat_png_form *f, const uint8_t *d, size_t n, const struct leat_png_header *h)
{
	struct leat_png_chunk c;
	size_t pos = 8;
	*f = (struct leat_png_form){.color = h->color, .depth = h->depth};
	while (leat_png_next(d, n, &pos, &c) == 1 && c.type != LEAT_PNG_TYPE('I', 'D', 'A', 'T')) {
		if (c.type == LEAT_PNG_TYPE('P', 'L', 'T', 'E') && h->color == LEAT_PNG_PALETTE)
			own_palette(f, &c);
		if (c.type == LEAT_PNG_TYPE('t', 'R', 'N', 'S') && h->trns)
			own_transparency(f, &c);
	}
	return f->color != LEAT_PNG_PALETTE || f->entries > 0;
}

/* ---- writing ---- */

/* The value that a sample of 16 bit has in `depth` bits; exact where the form was found for it. */
static unsigned narrowed(unsigned v, unsigned depth)
{
	return v >> (16 - depth);
}

/* Values of `depth` bits, the first in the high bits. */
struct bits {
	uint8_t *to;
	unsigned depth, used, byte;
};

static inline void put_bits(struct bits *b, unsigned v)
{
	b->byte = b->byte << b->depth | v;
	b->used += b->depth;
	if (b->used == 8) {
		*b->to++ = (uint8_t)b->byte;
		b->used = b->byte = 0;
	}
}

static void end_bits(const struct bits *b)
{
	if (b->used)
		*b->to = (uint8_t)(b->byte << (8 - b->used));
}

static bool pack_palette(const struct leat_png_form *f, const struct leat_png_index *x, const struct leat_png_pixels *p,
			 uint32_t y, uint8_t *to)
{
	struct bits b = {.to = to, .depth = f->depth};
	for (uint32_t i = 0; i < p->shape.width; i++) {
		struct leat_png_sample s = leat_png_sample(p, y, i);
		int16_t at = -1;
		if (!leat_png_index_find(x, leat_png_sample_color(s), &at))
			return false;
		put_bits(&b, (unsigned)at);
	}
	end_bits(&b);
	return true;
}

static void pack_samples(const struct leat_png_form *f, const struct leat_png_pixels *p, uint32_t y, uint8_t *to)
{
	bool gray = f->color == LEAT_PNG_GRAY || f->color == LEAT_PNG_GA;
	bool alpha = f->color == LEAT_PNG_GA || f->color == LEAT_PNG_RGBA;
	unsigned colors = gray ? 1 : 3, n = colors + alpha;
	for (uint32_t i = 0; i < p->shape.width; i++) {
		struct leat_png_sample s = leat_png_sample(p, y, i);
		const uint16_t v[4] = {s.v[0], gray ? s.v[3] : s.v[1], s.v[2], s.v[3]};
		for (unsigned c = 0; c < n; c++) {
			*to++ = (uint8_t)(v[c] >> 8);
			if (f->depth == 16)
				*to++ = (uint8_t)v[c];
		}
	}
}

bool leat_png_form_row(const struct leat_png_form *f, const struct leat_png_index *x, const struct leat_png_pixels *p,
		       uint32_t y, uint8_t *to)
{
	if (f->color == LEAT_PNG_PALETTE)
		return pack_palette(f, x, p, y, to);
	if (f->depth >= 8) {
		pack_samples(f, p, y, to);
		return true;
	}
	struct bits b = {.to = to, .depth = f->depth};
	for (uint32_t i = 0; i < p->shape.width; i++)
		put_bits(&b, narrowed(leat_png_sample(p, y, i).v[0], f->depth));
	end_bits(&b);
	return true;
}

static int put_palette(const struct leat_png_form *f, struct leat_bytes *to, struct leat_err *err)
{
	uint8_t rgb[256 * 3], alpha[256];
	for (unsigned i = 0; i < f->entries; i++) {
		memcpy(rgb + (size_t)3 * i, f->palette[i], 3);
		alpha[i] = f->palette[i][3];
	}
	if (leat_png_put_chunk(to, "PLTE", rgb, (size_t)3 * f->entries, err) < 0)
		return -1;
	return f->clear ? leat_png_put_chunk(to, "tRNS", alpha, f->clear, err) : 0;
}

int leat_png_form_put(const struct leat_png_form *f, struct leat_bytes *to, struct leat_err *err)
{
	uint8_t key[6];
	if (f->color == LEAT_PNG_PALETTE)
		return put_palette(f, to, err);
	for (int i = 0; i < 3; i++)
		leat_put_be16(key + 2 * i, f->key_color[i]);
	return f->key ? leat_png_put_chunk(to, "tRNS", key, f->color == LEAT_PNG_RGB ? 6 : 2, err) : 0;
}
