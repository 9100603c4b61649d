/* SPDX-License-Identifier: MIT */
/*
 * EXIF inside of a TIFF: its entries stand in the first directory of the image itself and in two more that it points
 * to. Here they are gathered into a structure of their own, as all other formats embed it, and put back. Own bounded
 * code; layout after TIFF 6.0, EXIF 2.3 and the BigTIFF design.
 */
#ifndef LEAT_FORMATS_TIFF_EXIF_H
#define LEAT_FORMATS_TIFF_EXIF_H

#include "core/bytes.h"

/*
 * *out is what a TIFF of n bytes says as EXIF, the caller's reference; NULL where it says nothing. What lies outside
 * of the file or has no known type is left out. dir: offset of the page's directory. 0, or -1 with *err (MEMORY).
 */
int leat_tiff_exif_gather(const uint8_t *d, size_t n, uint64_t dir, struct leat_bytes **out, struct leat_err *err);

/*
 * Adds the entries of the structure `exif` to the first directory of a TIFF (classic or BigTIFF); but
 * orientation and copyright, which it has. The old directory stays where it is, unused. 0, or -1 with *err (MEMORY,
 * LIMIT).
 */
int leat_tiff_exif_put(struct leat_bytes *file, const struct leat_bytes *exif, struct leat_err *err);

#endif
