/* SPDX-License-Identifier: MIT */
/* The seven passes of an interlaced PNG (specification, 8.2). */
#ifndef LEAT_FORMATS_PNG_ADAM7_H
#define LEAT_FORMATS_PNG_ADAM7_H

#include <stdint.h>

enum { LEAT_PNG_PASSES = 7 };

/* First column and row of a pass, and the steps to the next. */
struct leat_png_pass {
	uint8_t x0, y0, dx, dy;
};
extern const struct leat_png_pass leat_png_passes[LEAT_PNG_PASSES];

/* Columns and rows that a pass has of an image w wide, h high; either may be 0. */
uint32_t leat_png_pass_width(int pass, uint32_t w);
uint32_t leat_png_pass_height(int pass, uint32_t h);

/* Bytes of all filtered rows of an interlaced image with pixels of bpp bytes. */
uint64_t leat_png_pass_bytes(uint32_t w, uint32_t h, unsigned bpp);

/* The pixels of a pass, of bpp bytes each, out of a row of an image w wide. */
void leat_png_pass_row(int pass, const uint8_t *row, uint32_t w, unsigned bpp, uint8_t *to);

#endif
