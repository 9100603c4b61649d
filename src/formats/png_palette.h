/* SPDX-License-Identifier: MIT */
/*
 * Palette indices to RGB or RGBA, by a table. libpng could do it, but not tell of indices beyond the
 * palette: those are opaque black here, and counted.
 */
#ifndef LEAT_FORMATS_PNG_PALETTE_H
#define LEAT_FORMATS_PNG_PALETTE_H

#include <stddef.h>
#include <stdint.h>

struct leat_png_palette {
	uint8_t rgba[256][4]; /* opaque black from `entries` on */
	unsigned entries;
	unsigned highest; /* index met so far */
};

/* All entries opaque black, none of them there. */
void leat_png_palette_clear(struct leat_png_palette *p);

/* n indices, one a byte, to n pixels of 3 or 4 channels. */
void leat_png_palette_row(struct leat_png_palette *p, const uint8_t *indices, uint8_t *to, size_t n, unsigned channels);

#endif
