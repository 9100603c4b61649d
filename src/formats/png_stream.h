/* SPDX-License-Identifier: MIT */
/*
 * The filtered rows of a PNG, as they come out of its IDAT chunks: packed bytes are looked at where they are, chunk by
 * chunk, their CRCs checked on the way, and unpacked into a window that holds some rows at a time. A large image may be
 * unpacked by the thread beside, some windows ahead; its rows, and what is wrong with it, are the same.
 *
 * Safety: an object belongs to one thread at a time.
 */
#ifndef LEAT_FORMATS_PNG_STREAM_H
#define LEAT_FORMATS_PNG_STREAM_H

#include "base/aside.h"
#include "formats/png_layout.h"

struct leat_png_stream;

enum { LEAT_PNG_PAD = 64 }; /* bytes behind the rows given that may be read, of any value */

/* Over the IDAT chunks of d. `rows`: as many there are in the image. aside: or NULL. NULL with *err (MEMORY). */
struct leat_png_stream *leat_png_stream_open(const uint8_t *d, const struct leat_png_layout *l, uint32_t rows,
					     struct leat_aside *aside, struct leat_err *err);

/*
 * The next rows, at least one and at most `most`: *n of them, one behind the other, each a filter byte and
 * l->row_bytes. Theirs until the next call, and may be written. 0; -1 with *err: TRUNCATED, CORRUPT.
 */
int leat_png_stream_rows(struct leat_png_stream *s, uint32_t most, uint8_t **rows, uint32_t *n, struct leat_err *err);

/*
 * After the last row: the end of the stream with its checksum, the CRCs of what is left, and notices where there is
 * more than the image needs. 0 or -1.
 */
int leat_png_stream_finish(struct leat_png_stream *s, struct leat_notices *notes, struct leat_err *err);

void leat_png_stream_close(struct leat_png_stream **s);

/* Bytes it takes for so many rows of so many bytes. */
size_t leat_png_stream_bytes(size_t row_bytes, uint32_t rows);

#endif
