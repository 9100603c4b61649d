/* SPDX-License-Identifier: MIT */
/*
 * PNG decoding: without libpng where the file is an ordinary one (png_fast.h), else through libpng's row calls. Rows
 * come as they are stored: palettes and low depths expanded, 16 bit in host order, no color management. opts.depth is
 * the engine's affair (it adds a conversion), so is opts.orient; a PNG cannot be shrunk on load.
 *
 * Interlaced images are decoded whole in open and delivered from there. With keep_damaged, CRC
 * errors in the pixels are passed over, rows that cannot be had are zero (transparent black where
 * there is alpha; the palette's first color where an interlaced palette image ends early), and a
 * notice says so. A finish before the last row was asked for checks nothing.
 */
#ifndef LEAT_FORMATS_PNG_READ_H
#define LEAT_FORMATS_PNG_READ_H

#include "core/codec.h"

/* The functions of struct leat_codec of the same names. */
int leat_png_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err);
/* The same, always by libpng: what tests hold the other way against. */
int leat_png_dec_open_libpng(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
			     struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
			     struct leat_err *err);
int leat_png_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_png_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_png_dec_close(struct leat_decoder **d);

#endif
