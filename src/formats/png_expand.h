/* SPDX-License-Identifier: MIT */
/*
 * A row as a PNG stores it to a row as it is delivered: palettes looked up, low depths spread over 0 to 255, tRNS as
 * alpha, 16 bit in host order.
 */
#ifndef LEAT_FORMATS_PNG_EXPAND_H
#define LEAT_FORMATS_PNG_EXPAND_H

#include "formats/png_layout.h"
#include "formats/png_palette.h"

struct leat_png_expand {
	uint8_t color, depth;
	uint8_t channels; /* delivered */
	bool trns; /* gray and RGB: pixels of this color are transparent */
	uint16_t key[3];
	struct leat_png_palette palette;
	uint8_t *unpacked; /* a row of one byte a pixel where there are fewer bits, for who asks; else NULL */
};

/* Sets it up for such an image. 0 or -1 with *err (MEMORY). */
int leat_png_expand_open(struct leat_png_expand *e, const struct leat_png_header *h, const struct leat_png_layout *l,
			 struct leat_err *err);
void leat_png_expand_close(struct leat_png_expand *e);
/* Are stored rows delivered as they are? */
bool leat_png_expand_none(const struct leat_png_expand *e);
/* One row of `width` pixels; `to` is not `stored`. */
void leat_png_expand_row(struct leat_png_expand *e, const uint8_t *stored, uint8_t *to, size_t width);

#endif
