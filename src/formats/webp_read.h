/* SPDX-License-Identifier: MIT */
/*
 * WebP decoding through libwebp, which gives whole images: they are decoded when the first rows are asked for. Of an
 * animation the first frame, on a transparent canvas. A still image can be scaled while it is decoded, to a half, a
 * quarter or an eighth: the smallest that leaves what the next resize wants.
 *
 * With keep_damaged, rows that are not there are zero (transparent black), and a notice says so.
 */
#ifndef LEAT_FORMATS_WEBP_READ_H
#define LEAT_FORMATS_WEBP_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_webp_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err);
int leat_webp_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_webp_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_webp_dec_close(struct leat_decoder **d);

#endif
