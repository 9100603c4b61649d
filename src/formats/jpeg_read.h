/* SPDX-License-Identifier: MIT */
/*
 * JPEG decoding with libjpeg-turbo: gray and RGB of 8 bit; CMYK and YCCK become RGB by the plain
 * formula (told), as no profile is used here. opts.depth and opts.orient are the engine's affair.
 *
 * shrink (1, 2, 4, 8) scales in the DCT; where it is 0, the largest of these is taken that leaves
 * at least target_width x target_height (a side that is 0 does not count; before orientation), of
 * images that will be turned only one that divides both sides.
 * Large baseline images at 1/8 are decoded without libjpeg (jpeg_small.h), which gets those in which
 * something is not in order.
 *
 * Strict: what libjpeg only warns of, as far as it concerns pixels, is a failure. With keep_damaged
 * the rows behind the end of a truncated image are zero and a notice says so.
 */
#ifndef LEAT_FORMATS_JPEG_READ_H
#define LEAT_FORMATS_JPEG_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_jpeg_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err);
int leat_jpeg_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_jpeg_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_jpeg_dec_close(struct leat_decoder **d);

#endif
