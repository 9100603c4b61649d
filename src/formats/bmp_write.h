/* SPDX-License-Identifier: MIT */
/*
 * BMP encoding: gray with a palette, RGB of 24 bits, with alpha 32 bits and their masks (Windows 4). The last row comes
 * first, as every reader understands. Density is kept; profiles and other metadata are not.
 */
#ifndef LEAT_FORMATS_BMP_WRITE_H
#define LEAT_FORMATS_BMP_WRITE_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_bmp_enc_takes(const void *params, const struct leat_image_shape *in, struct leat_image_shape *want,
		       struct leat_err *err);
uint64_t leat_bmp_bytes(const void *params, const struct leat_image_shape *s);
int leat_bmp_enc_open(struct leat_encoder **e, const void *params, const struct leat_image_shape *shape,
		      const struct leat_meta *meta, struct leat_err *err);
int leat_bmp_enc_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err);
int leat_bmp_enc_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err);
void leat_bmp_enc_close(struct leat_encoder **e);

#endif
