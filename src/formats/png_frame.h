/* SPDX-License-Identifier: MIT */
/* The frame around the pixels of a PNG to be written: signature and IHDR, chunks, IEND. */
#ifndef LEAT_FORMATS_PNG_FRAME_H
#define LEAT_FORMATS_PNG_FRAME_H

#include "formats/png_chunks.h"

/* Appends signature and IHDR: of h width, height, depth, color and interlace count. 0 or -1 with *err. */
int leat_png_put_header(struct leat_bytes *to, const struct leat_png_header *h, struct leat_err *err);

/* Appends a chunk: length, name, data, CRC. 0 or -1 with *err. */
int leat_png_put_chunk(struct leat_bytes *to, const char name[static 4], const uint8_t *data, size_t n,
		       struct leat_err *err);

/* Appends IEND. 0 or -1 with *err. */
int leat_png_put_end(struct leat_bytes *to, struct leat_err *err);

#endif
