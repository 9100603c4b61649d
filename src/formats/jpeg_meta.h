/* SPDX-License-Identifier: MIT */
/* The metadata of a JPEG, read from the segments before its pixels without libjpeg. */
#ifndef LEAT_FORMATS_JPEG_META_H
#define LEAT_FORMATS_JPEG_META_H

#include "formats/jpeg_marks.h"

/* What APP segments begin with, zeros included. */
#define LEAT_JPEG_EXIF "Exif\0"
#define LEAT_JPEG_XMP "http://ns.adobe.com/xap/1.0/"
#define LEAT_JPEG_ICC "ICC_PROFILE"
#define LEAT_JPEG_IPTC "Photoshop 3.0"

enum { LEAT_JPEG_SEGMENT = 65533 }; /* bytes a segment holds */

/*
 * Fills m from APP0 (density), APP1 (EXIF, XMP), APP2 (ICC, in any number of parts) and APP13 (the
 * image resources with IPTC, parts joined). gray, cmyk: the image is. A profile that does not fit,
 * is incomplete or is damaged is left out and told in notes; of a CMYK image it is not looked into:
 * the decoder uses it up. 0, or -1 with *err (MEMORY).
 */
int leat_jpeg_meta_read(const uint8_t *d, size_t n, bool gray, bool cmyk, struct leat_meta *m,
			struct leat_notices *notes, struct leat_err *err);

#endif
