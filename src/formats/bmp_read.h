/* SPDX-License-Identifier: MIT */
/*
 * BMP decoding: rows straight from the file, or the indices of the whole image when they are run-length coded. Pixels
 * that a run-length coded image leaves out are of the palette's first color. Indices beyond the palette are black and
 * told. Gray palettes give one channel.
 */
#ifndef LEAT_FORMATS_BMP_READ_H
#define LEAT_FORMATS_BMP_READ_H

#include "formats/bmp_head.h"

/* The functions of struct leat_codec of the same names. */
int leat_bmp_dec_open(struct leat_decoder **d, const uint8_t *data, size_t n, const struct leat_decode_opts *o,
		      struct leat_image_shape *shape, struct leat_meta **meta, struct leat_notices *notes,
		      struct leat_err *err);
int leat_bmp_dec_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err);
int leat_bmp_dec_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err);
void leat_bmp_dec_close(struct leat_decoder **d);

/*
 * Unpacks run-length codes of n bytes into width x height indices, zeroed before; *rows: how many rows, from the
 * bottom, are there when it fails; *cut: runs went on over the end of
 * a row, as some programs write them, and were cut there. 0, or -1 with *err (TRUNCATED, CORRUPT).
 */
int leat_bmp_unpack(const struct leat_bmp *b, const uint8_t *d, size_t n, uint8_t *indices, uint32_t *rows, bool *cut,
		    struct leat_err *err);

#endif
