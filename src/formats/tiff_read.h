/* SPDX-License-Identifier: MIT */
/*
 * TIFF decoding through libtiff, strip by strip or by rows of tiles. Gray, RGB and palettes of 1 to 16 bits, unsigned
 * integers of 32 bits and floats (both as float), CMYK by its profile or else the plain formula, alpha (premultiplied
 * alpha is divided out); other kinds of color (YCbCr without JPEG, old JPEG, LogLuv, Lab) through libtiff's own
 * conversion to 8-bit RGB.
 *
 * Any page; the first with a notice where there are others and none was asked for.
 */
#ifndef LEAT_FORMATS_TIFF_READ_H
#define LEAT_FORMATS_TIFF_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_tiff_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		       struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		       struct leat_err *err);
void leat_tiff_dec_header(const struct leat_decoder *d, struct leat_header *h);
int leat_tiff_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_tiff_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_tiff_dec_close(struct leat_decoder **d);

#endif
