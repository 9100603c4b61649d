/* SPDX-License-Identifier: MIT */
/* The metadata that a TIFF keeps in tags of its own, read and written. */
#ifndef LEAT_FORMATS_TIFF_META_H
#define LEAT_FORMATS_TIFF_META_H

#include "formats/tiff_layout.h"

/* Fills m: ICC (but of inks), XMP, Photoshop's block with IPTC, orientation, density, copyright, EXIF. 0, or -1. */
int leat_tiff_meta_read(struct leat_tiff *t, const struct leat_tiff_layout *l, struct leat_meta *m,
			struct leat_notices *notes, struct leat_err *err);
/* Sets the tags of a file being written; m may be NULL. */
void leat_tiff_meta_write(struct leat_tiff *t, const struct leat_meta *m, bool gray);

#endif
