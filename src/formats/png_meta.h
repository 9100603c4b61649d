/* SPDX-License-Identifier: MIT */
/* The metadata of a PNG, read from its chunks without libpng: its handling of them is where its faults were. */
#ifndef LEAT_FORMATS_PNG_META_H
#define LEAT_FORMATS_PNG_META_H

#include "formats/png_chunks.h"

/*
 * Fills m from iCCP, sRGB, gAMA, cHRM, cICP, pHYs (before the pixels), eXIf, iTXt and tEXt
 * (anywhere). Chunks with a wrong CRC or a wrong length are left out; what is left out for another
 * reason is told in notes. The first of a kind counts. 0, or -1 with *err (MEMORY).
 */
int leat_png_meta_read(const uint8_t *d, size_t n, const struct leat_png_header *h, struct leat_meta *m,
		       struct leat_notices *notes, struct leat_err *err);

#endif
