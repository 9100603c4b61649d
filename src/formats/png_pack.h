/* SPDX-License-Identifier: MIT */
/* The metadata chunks of a PNG to be written. */
#ifndef LEAT_FORMATS_PNG_PACK_H
#define LEAT_FORMATS_PNG_PACK_H

#include "core/image.h"

/*
 * Appends every chunk that meta (may be NULL) asks for, in the order of the format: cICP, iCCP or
 * sRGB, gAMA, cHRM, pHYs, eXIf, iTXt with XMP, iTXt with the copyright where EXIF does not hold it.
 * gray: the image is. 0 or -1 with *err.
 */
int leat_png_meta_write(struct leat_bytes *to, const struct leat_meta *meta, bool gray, struct leat_err *err);

#endif
