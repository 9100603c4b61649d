/* SPDX-License-Identifier: MIT */
/*
 * How the pixels of a PNG are stored: color type, bits, palette, one transparent color. Finds the smallest form that
 * still says the same of every pixel, alpha and the color under it included, and packs rows so.
 */
#ifndef LEAT_FORMATS_PNG_FORM_H
#define LEAT_FORMATS_PNG_FORM_H

#include "formats/png_chunks.h"

struct leat_png_form {
	uint8_t color, depth; /* as in IHDR */
	bool key; /* gray, RGB: pixels of key_color are transparent */
	uint16_t key_color[3]; /* of `depth` bits; gray: the first counts */
	unsigned entries; /* PALETTE */
	unsigned clear; /* entries up to the last that is not opaque */
	uint8_t palette[256][4];
};

/* Decoded pixels, as leat_png_shape says: packed rows, 16 bit in host order. */
struct leat_png_pixels {
	struct leat_image_shape shape;
	const uint8_t *data;
};

/* What must not change although the pixels would allow it: there is a color profile of that kind. */
struct leat_png_limits {
	bool color_stays, gray_stays;
};

/*
 * The form of a file itself, from its chunks: d is a whole PNG that was decoded without an error. False where it has
 * no form that could be written again (a palette that misses).
 */
bool leat_png_form_own(struct leat_png_form *f, const uint8_t *d, size_t n, const struct leat_png_header *h);

/*
 * Forms that hold exactly these pixels, the most promising first: 1 or, where only a trial can tell, 2. forms has room
 * for 2.
 */
int leat_png_form_find(struct leat_png_form *forms, const struct leat_png_pixels *p, const struct leat_png_limits *l);

/* Bits of a pixel, bytes of a row, and the distance that filters look back. */
unsigned leat_png_form_bits(const struct leat_png_form *f);
size_t leat_png_form_bytes(const struct leat_png_form *f, uint32_t width);
unsigned leat_png_form_step(const struct leat_png_form *f);

/* Colors of a palette by their value: to find the entry of each pixel. */
struct leat_png_index {
	uint32_t color[1024];
	int16_t at[1024]; /* -1: free */
};
/* Empty. Then adds colors; *at is where the color stands, `next` for a new one. False: it was there already. */
void leat_png_index_clear(struct leat_png_index *x);
bool leat_png_index_add(struct leat_png_index *x, uint32_t color, int16_t next, int16_t *at);
/* Where a color stands; false: it is not there. */
bool leat_png_index_find(const struct leat_png_index *x, uint32_t color, int16_t *at);

/*
 * Row y as it is stored, packed. False when a pixel has no place in the form: of a palette that lacks it. x: of the
 * palette's colors, by leat_png_form_index.
 */
void leat_png_form_index(const struct leat_png_form *f, struct leat_png_index *x);
bool leat_png_form_row(const struct leat_png_form *f, const struct leat_png_index *x, const struct leat_png_pixels *p,
		       uint32_t y, uint8_t *to);

/* Appends PLTE where the form has one, and tRNS where it needs one. 0 or -1 with *err. */
int leat_png_form_put(const struct leat_png_form *f, struct leat_bytes *to, struct leat_err *err);

#endif
