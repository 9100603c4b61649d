/* SPDX-License-Identifier: MIT */
/*
 * AVIF decoding through libavif. Images of 8 bit stay so, 10 and 12 bit become 16; gray stays gray. The container's
 * rotation and mirror become the orientation (its EXIF has no say in that), its clean aperture is cut out.
 *
 * AV1 gives whole images: they are decoded when the first rows are asked for. Of a sequence the first image.
 */
#ifndef LEAT_FORMATS_AVIF_READ_H
#define LEAT_FORMATS_AVIF_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_avif_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err);
void leat_avif_dec_header(const struct leat_decoder *d, struct leat_header *h);
int leat_avif_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_avif_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_avif_dec_close(struct leat_decoder **d);

#endif
