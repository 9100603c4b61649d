/* SPDX-License-Identifier: MIT */
#include "formats/png_expand.h"

#include "base/mem.h"
#include "formats/endian.h"

static void take_palette(struct leat_png_expand *e, const struct leat_png_layout *l)
{
	leat_png_palette_clear(&e->palette);
	e->palette.entries = l->plte.len / 3;
	for (unsigned i = 0; i < e->palette.entries; i++)
		memcpy(e->palette.rgba[i], l->plte.data + 3 * (size_t)i, 3);
	for (unsigned i = 0; l->trns.type && i < l->trns.len && i < e->palette.entries; i++)
		e->palette.rgba[i][3] = l->trns.data[i];
}

/* The transparent color: as many low bits of each number as a sample has. */
static void take_key(struct leat_png_expand *e, const struct leat_png_layout *l)
{
	unsigned mask = (1u << e->depth) - 1;
	e->trns = true;
	for (unsigned i = 0; i < l->trns.len / 2 && i < LEAT_LEN(e->key); i++)
		e->key[i] = (uint16_t)(leat_be16(l->trns.data + 2 * (size_t)i) & mask);
}

int leat_png_expand_open(struct leat_png_expand *e, const struct leat_png_header *h, const struct leat_png_layout *l,
			 struct leat_err *err)
{
	*e = (struct leat_png_expand){.color = h->color, .depth = h->depth, .channels = leat_png_shape(h).channels};
	if (h->color == LEAT_PNG_PALETTE)
		take_palette(e, l);
	else if (l->trns.type)
		take_key(e, l);
	if (h->depth >= 8)
		return 0;
	e->unpacked = leat_alloc_aligned(leat_size_add(h->width, 8), err); /* whole bytes of pixels are unpacked */
	return e->unpacked ? 0 : -1;
}

void leat_png_expand_close(struct leat_png_expand *e)
{
	free(e->unpacked);
	e->unpacked = NULL;
}

bool leat_png_expand_none(const struct leat_png_expand *e)
{
	return e->depth == 8 && e->color != LEAT_PNG_PALETTE && !e->trns;
}

/* Samples of 1, 2, 4 bits to one byte each, times `scale`; up to 7 more than asked for are written. */
static void unpack(unsigned depth, const uint8_t *from, uint8_t *to, size_t n, unsigned scale)
{
	unsigned per_byte = 8 / depth, mask = (1u << depth) - 1;
	for (size_t i = 0; i < n; i += per_byte, from++)
		for (unsigned k = 0; k < per_byte; k++)
			to[i + k] = (uint8_t)((*from >> (8 - depth * (k + 1)) & mask) * scale);
}

/* `key` is what the samples are after scaling. */
static void gray_alpha(const uint8_t *from, uint8_t *to, size_t n, unsigned key)
{
	for (size_t i = 0; i < n; i++) {
		to[2 * i] = from[i];
		to[2 * i + 1] = from[i] == key ? 0 : UINT8_MAX;
	}
}

static void rgb_alpha(const uint8_t *from, uint8_t *to, size_t n, const uint16_t key[static 3])
{
	for (size_t i = 0; i < n; i++, from += 3, to += 4) {
		memcpy(to, from, 3);
		to[3] = from[0] == key[0] && from[1] == key[1] && from[2] == key[2] ? 0 : UINT8_MAX;
	}
}

static void host_order(const uint8_t *from, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint16_t v = leat_be16(from + 2 * i);
		memcpy(to + 2 * i, &v, sizeof v);
	}
}

/* 16 bit with tRNS: `samples` of color a pixel, then alpha. */
static void host_order_alpha(const uint8_t *from, uint8_t *to, size_t n, unsigned samples, const uint16_t *key)
{
	for (size_t i = 0; i < n; i++, from += 2 * (size_t)samples) {
		uint16_t v[4], clear = 1;
		for (unsigned k = 0; k < samples; k++) {
			v[k] = leat_be16(from + 2 * (size_t)k);
			clear = clear && v[k] == key[k];
		}
		v[samples] = clear ? 0 : UINT16_MAX;
		memcpy(to, v, 2 * ((size_t)samples + 1));
		to += 2 * ((size_t)samples + 1);
	}
}

static void palette_row(struct leat_png_expand *e, const uint8_t *stored, uint8_t *to, size_t width)
{
	const uint8_t *indices = stored;
	if (e->depth < 8) {
		unpack(e->depth, stored, e->unpacked, width, 1);
		indices = e->unpacked;
	}
	leat_png_palette_row(&e->palette, indices, to, width, e->channels);
}

static void gray_row(struct leat_png_expand *e, const uint8_t *stored, uint8_t *to, size_t width)
{
	unsigned scale = UINT8_MAX / ((1u << e->depth) - 1);
	if (e->depth < 8) {
		unpack(e->depth, stored, e->unpacked, width, scale);
		stored = e->unpacked;
	}
	if (e->trns)
		gray_alpha(stored, to, width, e->key[0] * scale);
	else
		memcpy(to, stored, width);
}

void leat_png_expand_row(struct leat_png_expand *e, const uint8_t *stored, uint8_t *to, size_t width)
{
	unsigned samples = e->color == LEAT_PNG_GRAY  ? 1
			   : e->color == LEAT_PNG_GA  ? 2
			   : e->color == LEAT_PNG_RGB ? 3
						      : 4;
	if (e->color == LEAT_PNG_PALETTE)
		palette_row(e, stored, to, width);
	else if (e->depth == 16 && e->trns)
		host_order_alpha(stored, to, width, samples, e->key);
	else if (e->depth == 16)
		host_order(stored, to, width * samples);
	else if (e->color == LEAT_PNG_GRAY)
		gray_row(e, stored, to, width);
	else if (e->trns)
		rgb_alpha(stored, to, width, e->key);
	else
		memcpy(to, stored, width * samples);
}
