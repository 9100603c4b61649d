/* SPDX-License-Identifier: MIT */
/* Stored samples of a TIFF to leat's. See tiff_layout.h. */
#include "formats/tiff_layout.h"

#include <string.h>

/* Sample `i` of a stored row, as it stands: up to 32 bits. libtiff has brought the bytes into the host's order. */
static uint32_t raw(const uint8_t *row, unsigned bits, size_t i)
{
	if (bits == 8)
		return row[i];
	if (bits == 16) {
		uint16_t v;
		memcpy(&v, row + 2 * i, sizeof v);
		return v;
	}
	if (bits == 32) {
		uint32_t v;
		memcpy(&v, row + 4 * i, sizeof v);
		return v;
	}
	unsigned per = 8 / bits, shift = (unsigned)(per - 1 - i % per) * bits;
	return row[i / per] >> shift & ((1u << bits) - 1);
}

static float real(const struct leat_tiff_layout *l, const uint8_t *row, size_t i)
{
	if (!l->is_float)
		return (float)(raw(row, 32, i) / 4294967295.0);
	if (l->bits == 64) {
		double v;
		memcpy(&v, row + 8 * i, sizeof v);
		return (float)v;
	}
	float v;
	memcpy(&v, row + 4 * i, sizeof v);
	return v;
}

/* Where sample `s` of pixel x stands. */
static const uint8_t *place(const struct leat_tiff_layout *l, const uint8_t *const *rows, uint32_t x, unsigned s,
			    size_t *i)
{
	*i = l->separate ? x : (size_t)x * l->samples + s;
	return rows[l->separate ? s : 0];
}

/* As 8 or 16 bits; fewer bits than 8 are scaled up. */
static uint32_t whole(const struct leat_tiff_layout *l, const uint8_t *const *rows, uint32_t x, unsigned s)
{
	size_t i;
	const uint8_t *row = place(l, rows, x, s, &i);
	uint32_t v = raw(row, l->bits, i);
	return l->bits < 8 ? v * 255 / ((1u << l->bits) - 1) : v;
}

static unsigned stored(const struct leat_tiff_layout *l, unsigned channel)
{
	return l->shape.alpha && channel == l->shape.channels - 1u ? (unsigned)l->alpha : channel;
}

static void put(const struct leat_tiff_layout *l, void *to, size_t i, uint32_t v)
{
	if (l->shape.sample == LEAT_U16)
		((uint16_t *)to)[i] = (uint16_t)v;
	else
		((uint8_t *)to)[i] = (uint8_t)v;
}

/* Color times alpha becomes color. */
static uint32_t divide(uint32_t v, uint32_t alpha, uint32_t full)
{
	uint32_t r = alpha ? (uint32_t)(((uint64_t)v * full + alpha / 2) / alpha) : 0;
	return r < full ? r : full;
}

static void whole_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, void *to, uint32_t n)
{
	unsigned channels = l->shape.channels;
	uint32_t full = l->shape.sample == LEAT_U16 ? 65535 : 255;
	for (uint32_t x = 0; x < n; x++) {
		uint32_t alpha = l->shape.alpha ? whole(l, rows, x, (unsigned)l->alpha) : full;
		for (unsigned c = 0; c < channels; c++) {
			bool is_alpha = l->shape.alpha && c == channels - 1;
			uint32_t v = whole(l, rows, x, stored(l, c));
			if (l->white_is_zero && !is_alpha)
				v = full - v;
			if (l->premultiplied && !is_alpha)
				v = divide(v, alpha, full);
			put(l, to, (size_t)x * channels + c, v);
		}
	}
}

static void real_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, float *to, uint32_t n)
{
	unsigned channels = l->shape.channels;
	for (uint32_t x = 0; x < n; x++, to += channels) {
		for (unsigned c = 0; c < channels; c++) {
			size_t i;
			const uint8_t *row = place(l, rows, x, stored(l, c), &i);
			to[c] = real(l, row, i);
			if (l->white_is_zero && c == 0)
				to[c] = 1 - to[c];
		}
		float alpha = l->premultiplied ? to[channels - 1] : 1;
		for (unsigned c = 0; c + 1 < channels && l->premultiplied; c++)
			to[c] = alpha > 0 ? to[c] / alpha : 0;
	}
}

static void palette_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, uint8_t *to, uint32_t n)
{
	unsigned channels = l->shape.channels;
	for (uint32_t x = 0; x < n; x++, to += channels) {
		size_t i;
		const uint8_t *row = place(l, rows, x, 0, &i);
		memcpy(to, l->palette[raw(row, l->bits, i)], 3);
		if (l->shape.alpha)
			to[3] = (uint8_t)whole(l, rows, x, (unsigned)l->alpha);
	}
}

/* What light is left: paper times ink. */
static void ink_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, void *to, uint32_t n)
{
	uint64_t full = l->bits == 16 ? 65535 : 255;
	for (uint32_t x = 0; x < n; x++) {
		uint64_t paper = full - whole(l, rows, x, 3);
		for (unsigned c = 0; c < 3; c++) {
			uint64_t v = ((full - whole(l, rows, x, c)) * paper + full / 2) / full;
			put(l, to, (size_t)x * 3 + c, (uint32_t)v);
		}
	}
}

/* Samples that are leat's already. */
static bool same(const struct leat_tiff_layout *l)
{
	bool colors = l->photometric == PHOTOMETRIC_MINISBLACK || l->photometric == PHOTOMETRIC_RGB ||
		      l->photometric == PHOTOMETRIC_YCBCR;
	bool bits = l->is_float ? l->bits == 32 : l->bits == 8 || l->bits == 16;
	bool order = l->samples == l->shape.channels && (!l->shape.alpha || l->alpha == l->shape.channels - 1);
	return colors && bits && order && !l->premultiplied && !l->separate;
}

void leat_tiff_row(const struct leat_tiff_layout *l, const uint8_t *const *rows, void *to, uint32_t n)
{
	if (same(l))
		memcpy(to, rows[0], (size_t)n * l->samples * (l->bits / 8));
	else if (l->photometric == PHOTOMETRIC_PALETTE)
		palette_row(l, rows, to, n);
	else if (l->photometric == PHOTOMETRIC_SEPARATED)
		ink_row(l, rows, to, n);
	else if (l->shape.sample == LEAT_F32)
		real_row(l, rows, to, n);
	else
		whole_row(l, rows, to, n);
}
