/* SPDX-License-Identifier: MIT */
/*
 * JPEG encoding with libjpeg-turbo: gray or RGB of 8 bit; the engine flattens alpha on background=
 * before. The same rows, metadata and parameters give the same bytes; no comment is written.
 *
 * Embedded: density, EXIF with the orientation that holds now, XMP, IPTC, an ICC profile that fits.
 * EXIF or XMP that are too long for a JPEG segment are an error, never dropped in silence. Images
 * up to LEAT_JPEG_OPTIMIZE_PIXELS and progressive ones get Huffman tables of their own, for which
 * libjpeg keeps the image's coefficients; others stream. With max_bytes the image is kept (fit.h).
 */
#ifndef LEAT_FORMATS_JPEG_WRITE_H
#define LEAT_FORMATS_JPEG_WRITE_H

#include "core/codec.h"

struct leat_jpeg_params {
	int64_t quality; /* 1..100 */
	bool progressive;
	int64_t subsampling; /* index: 4:2:0 4:2:2 4:4:4 */
	struct leat_color background; /* the engine's: under transparent pixels */
	int64_t restart; /* MCUs between restart markers, 0 none */
	uint64_t max_bytes; /* 0 none */
};

/* The functions of struct leat_codec of the same names. */
int leat_jpeg_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err);
size_t leat_jpeg_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_jpeg_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err);
int leat_jpeg_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_jpeg_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_jpeg_enc_close(struct leat_encoder **e);

#endif
