/* SPDX-License-Identifier: MIT */
/*
 * PNG decoding without libpng, for images whose layout is an ordinary one (png_layout.h): unpacked into a window that
 * stays in the cache, filters undone straight into the rows that are asked for. Pixels are the same as libpng's.
 * Verdicts too, except that after the last row
 *
 *   - damage to the packed data behind it, which libpng tells of and passes over, is an error here
 *   - the checksum of all pixels counts also where it is spread over two chunks, which libpng does not look at
 *
 * Safety: an object belongs to one thread at a time.
 */
#ifndef LEAT_FORMATS_PNG_FAST_H
#define LEAT_FORMATS_PNG_FAST_H

#include "base/aside.h"
#include "formats/png_layout.h"

struct leat_png_fast;

/* Memory it takes: so many rows as delivered, and leat_png_stream_bytes. */
enum { LEAT_PNG_FAST_BLOCK = 8, LEAT_PNG_FAST_ROWS = LEAT_PNG_FAST_BLOCK + 2 };

/* Over the file's bytes, which must stay. aside: a thread that may unpack, or NULL. NULL with *err (MEMORY). */
struct leat_png_fast *leat_png_fast_open(const uint8_t *d, const struct leat_png_header *h,
					 const struct leat_png_layout *l, struct leat_aside *aside,
					 struct leat_err *err);
/* The next rows, which the caller has checked to be the next. 0 or -1 with *err, from then on. */
int leat_png_fast_rows(struct leat_png_fast *f, struct leat_rows *out, struct leat_err *err);
/* After the last row that is wanted; what is behind the image counts only when that was its last. 0 or -1. */
int leat_png_fast_finish(struct leat_png_fast *f, struct leat_notices *notes, struct leat_err *err);
void leat_png_fast_close(struct leat_png_fast **f);

#endif
