/* SPDX-License-Identifier: MIT */
/* Which chunks of a PNG stay when it is written anew with the same pixels. */
#ifndef LEAT_FORMATS_PNG_KEEP_H
#define LEAT_FORMATS_PNG_KEEP_H

#include "formats/png_chunks.h"

enum leat_png_strip { LEAT_STRIP_SAFE, LEAT_STRIP_ALL, LEAT_STRIP_NONE };

/*
 * Does this ancillary chunk stay? safe: what says how the pixels look (colors, density, which side is up) and the
 * copyright; none: all, but those that hold only for the packed bytes as they were. IHDR, PLTE, tRNS, IDAT and IEND
 * are never asked for. A chunk with a wrong CRC does not stay.
 */
bool leat_png_keeps(enum leat_png_strip strip, const struct leat_png_chunk *c);

/* Is it about one color type and depth (bKGD, hIST, sBIT)? */
bool leat_png_bound_to_form(uint32_t type);
/* Does it stand behind PLTE (bKGD, hIST)? */
bool leat_png_behind_palette(uint32_t type);

#endif
