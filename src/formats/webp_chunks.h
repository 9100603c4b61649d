/* SPDX-License-Identifier: MIT */
/*
 * The container of WebP (RIFF), walked with bounds and without a library: where the first image is, its size, and the
 * metadata around it. Layout after the WebP container specification and RFC 9649.
 */
#ifndef LEAT_FORMATS_WEBP_CHUNKS_H
#define LEAT_FORMATS_WEBP_CHUNKS_H

#include "core/codec.h"

struct leat_webp_part {
	const uint8_t *data; /* NULL: absent */
	size_t n;
};

struct leat_webp {
	uint32_t width, height; /* of the canvas */
	bool alpha; /* rows have it: the image says so, or leaves some of the canvas free */
	bool animated, lossless;
	uint32_t x, y, w, h; /* the image on the canvas */
	bool soft; /* lossy with an alpha plane of its own */
	struct leat_webp_part image; /* chunks as libwebp takes them: [ALPH] VP8, or VP8L; may end early */
	size_t after; /* offset behind the first image, or past the file */
	size_t end; /* where RIFF says the file ends; may be past the file */
	bool extended; /* has a VP8X chunk */
};

/*
 * Finds the first image within n bytes (`whole`: that is the file). 0; -1 with *err (FORMAT, TRUNCATED, CORRUPT,
 * LIMIT); 1 when more bytes are needed.
 */
int leat_webp_scan(const uint8_t *d, size_t n, bool whole, struct leat_webp *w, struct leat_err *err);

/* The first chunk of this name (four letters) of an extended file; absent: data is NULL. */
struct leat_webp_part leat_webp_find(const uint8_t *d, size_t n, const struct leat_webp *w, const char *name);

/* codec.probe */
int leat_webp_probe(const uint8_t *d, size_t n, bool whole, struct leat_header *h, struct leat_err *err);

/* Shape of the rows; private memory of a decode of all of it. */
struct leat_image_shape leat_webp_shape(const struct leat_webp *w);
uint64_t leat_webp_peak(const struct leat_webp *w);

#endif
