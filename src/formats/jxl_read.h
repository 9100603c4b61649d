/* SPDX-License-Identifier: MIT */
/*
 * JPEG XL decoding through libjxl, in one thread. Up to 8 bit, up to 16 bit and float, gray and color, alpha (which is
 * divided out). What the samples mean is told by a profile that libjxl makes, unless they are sRGB. The stream's own
 * orientation counts, that of its EXIF does not.
 *
 * Whole images: they are decoded when the first rows are asked for. Of an animation the first frame. With keep_damaged
 * what there is of an image that is cut short, which libjxl fills up.
 */
#ifndef LEAT_FORMATS_JXL_READ_H
#define LEAT_FORMATS_JXL_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_jxl_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err);
void leat_jxl_dec_header(const struct leat_decoder *d, struct leat_header *h);
int leat_jxl_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_jxl_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_jxl_dec_close(struct leat_decoder **d);

#endif
