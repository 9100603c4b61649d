/* SPDX-License-Identifier: MIT */
/* The marker segments of a JPEG, walked with bounds and without a library. After ITU-T T.81 annex B. */
#ifndef LEAT_FORMATS_JPEG_MARKS_H
#define LEAT_FORMATS_JPEG_MARKS_H

#include "core/codec.h"

struct leat_jpeg_header {
	uint32_t width, height;
	uint8_t components; /* 1, 3 or 4 */
	bool multiscan; /* progressive, or its components in several scans: decoded whole */
	uint8_t orientation; /* EXIF 1..8 */
	uint64_t coefficients; /* bytes libjpeg keeps for a multiscan image */
};

struct leat_jpeg_segment {
	uint8_t marker; /* second byte of the marker */
	uint32_t len; /* bytes of data; 0 for markers without */
	const uint8_t *data; /* behind the length */
};

/*
 * The segment at or behind *pos (bytes between segments are passed over); *pos moves behind it. 1:
 * got it; 0: it is not all there; -1: its length is impossible. Start with *pos = 2, behind SOI.
 */
int leat_jpeg_next(const uint8_t *d, size_t n, size_t *pos, struct leat_jpeg_segment *s);

/*
 * The header, from the first n bytes (`whole`: that is the file), up to the first SOS. 0; -1 with
 * *err; 1 when more bytes are needed.
 */
int leat_jpeg_header(const uint8_t *d, size_t n, bool whole, struct leat_jpeg_header *h, struct leat_err *err);

/*
 * The denominator to decode it with: o->shrink, or the largest of 8, 4, 2 that leaves no less than the target; of
 * images that will be turned only one that divides both sides.
 */
unsigned leat_jpeg_shrink(const struct leat_jpeg_header *h, const struct leat_decode_opts *o);

/* codec.probe */
int leat_jpeg_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err);

#endif
