/* SPDX-License-Identifier: MIT */
/*
 * A small bounded reader of EXIF: the TIFF structure without "Exif\0\0". It looks only at the first
 * directory and trusts nothing. Layout after TIFF 6.0 and EXIF 2.3.
 */
#ifndef LEAT_FORMATS_EXIF_H
#define LEAT_FORMATS_EXIF_H

#include "core/image.h"

/* Begins as a TIFF structure does, with a first directory inside. */
bool leat_exif_valid(const uint8_t *d, size_t n);

/* Orientation 1..8; 1 when it is absent or nonsense. */
int leat_exif_orientation(const uint8_t *d, size_t n);

/*
 * The copyright as UTF-8, malloced; NULL when there is none, or with *err set. Photographer and
 * editor are joined with ", ".
 */
char *leat_exif_copyright(const uint8_t *d, size_t n, struct leat_err *err);

/*
 * What an encoder embeds: meta's EXIF with its orientation set to meta's and meta's copyright added where it has none,
 * or a new structure with only these two. A new reference in *out; NULL in it when there is nothing to embed. 0 or -1.
 */
int leat_exif_for_output(const struct leat_meta *meta, struct leat_bytes **out, struct leat_err *err);

/*
 * Takes the EXIF bytes (with or without a leading "Exif\0\0") into meta: blob, orientation,
 * copyright. 1 when they are no EXIF, 0, or -1.
 */
int leat_exif_take(struct leat_meta *meta, const uint8_t *d, size_t n, struct leat_err *err);

#endif
