/* SPDX-License-Identifier: MIT */
/* PNG with a palette, for images that have few colors already: what `encode png colors=` writes. */
#ifndef LEAT_FORMATS_PNG_COLORS_H
#define LEAT_FORMATS_PNG_COLORS_H

#include "core/image.h"

/*
 * leat_fit_encode, for RGB and RGBA of 8 bit with at most 256 colors. ctx: an int, the deflate level. RGBA stays so, if
 * all of it is opaque, too.
 */
int leat_png_colors(const void *ctx, int64_t quality, const struct leat_image *im, struct leat_bytes **out,
		    struct leat_err *err);

#endif
