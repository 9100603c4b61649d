/* SPDX-License-Identifier: MIT */
/*
 * WebP encoding through libwebp. Gray is written as color. Lossless keeps the color under transparent pixels, too.
 * ICC, EXIF (with orientation and copyright) and XMP stand in chunks around the image; IPTC has no place in a WebP,
 * density only inside EXIF.
 *
 * Lossy rows become brightness and color as they come (1.5 bytes a pixel are kept), lossless ones are kept whole.
 */
#ifndef LEAT_FORMATS_WEBP_WRITE_H
#define LEAT_FORMATS_WEBP_WRITE_H

#include "core/codec.h"

struct leat_webp_params {
	int64_t quality; /* 1..100 */
	bool lossless;
	int64_t effort; /* 0..6 */
	int64_t alpha_quality; /* 0..100 */
	uint64_t max_bytes; /* 0: no limit */
};

/* The functions of struct leat_codec of the same names. */
int leat_webp_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
			struct leat_err *err);
size_t leat_webp_enc_cost(const void *params, const struct leat_image_shape *s);
int leat_webp_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		       const struct leat_meta *meta, struct leat_err *err);
int leat_webp_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_webp_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_webp_enc_close(struct leat_encoder **e);

#endif
