/* SPDX-License-Identifier: MIT */
/*
 * TIFF encoding through libtiff: gray or RGB, with alpha, of 8, 16 bit or float, in strips of about 64 KB or in tiles.
 * ICC, XMP, IPTC, density, orientation and copyright are kept; EXIF is not. No time stamp is written.
 */
#ifndef LEAT_FORMATS_TIFF_WRITE_H
#define LEAT_FORMATS_TIFF_WRITE_H

#include "core/codec.h"
#include "core/param.h"

struct leat_tiff_params {
	int64_t compression; /* index: deflate lzw zstd jpeg none */
	bool predictor;
	struct leat_pixels tile; /* 0x0: strips */
	int64_t bigtiff; /* index: auto yes no */
};
enum { LEAT_TIFF_DEFLATE, LEAT_TIFF_LZW, LEAT_TIFF_ZSTD, LEAT_TIFF_JPEG, LEAT_TIFF_NONE };

/* The functions of struct leat_codec of the same names. */
int leat_tiff_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err);
size_t leat_tiff_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_tiff_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err);
int leat_tiff_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_tiff_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_tiff_enc_close(struct leat_encoder **e);

#endif
