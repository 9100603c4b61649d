/* SPDX-License-Identifier: MIT */
/*
 * A few colors that stand for all of an image of 8 bit, and every pixel's nearest of them.
 *
 * The colors are found by cutting boxes of colors, always the one with the largest squared error, at the mean of its
 * longest axis (after P. Heckbert, "Color image quantization for frame buffer display", 1982, with the choice by
 * variance of S. Wan, K. Wong and P. Prusinkiewicz, 1988), and moved to the middle of what is nearest to them a few
 * times (S. Lloyd, "Least squares quantization in PCM", 1982). Dithering spreads what a pixel is off over its
 * neighbors (R. Floyd and L. Steinberg, "An adaptive algorithm for spatial greyscale", 1976), rows to and fro.
 *
 * Colors count as much as their alpha lets see of them. The same image gives the same bytes.
 */
#ifndef LEAT_OPS_COLOR_PALETTE_H
#define LEAT_OPS_COLOR_PALETTE_H

#include "core/image.h"

enum { LEAT_PALETTE_MOST = 256 };

struct leat_palette {
	unsigned n, channels; /* of the image, 1 to 4, alpha last */
	bool alpha;
	uint8_t color[LEAT_PALETTE_MOST][4]; /* as samples */
	int seen[LEAT_PALETTE_MOST][4]; /* colors times alpha, 0 to 255; then alpha */
};

/*
 * At most `most` (2 to 256) colors for the rows of an image of shape s (U8). Where it has no more than that, those are
 * its own. 0, or -1 with *err (MEMORY).
 */
int leat_palette_find(struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		      unsigned most, struct leat_err *err);

/*
 * The entry of every pixel, s->width * s->height of them. dither: 0 the nearest, 1 all that is off goes on to the
 * neighbors. 0, or -1 with *err (MEMORY).
 */
int leat_palette_map(const struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		     double dither, uint8_t *entries, struct leat_err *err);

/* Bytes that both take at most, besides the entries. */
size_t leat_palette_cost(const struct leat_image_shape *s);

#endif
