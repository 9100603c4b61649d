/* SPDX-License-Identifier: MIT */
/* A whole decoded image between a library that gives nothing less and a caller who wants rows; and back. */
#ifndef LEAT_FORMATS_FRAME_H
#define LEAT_FORMATS_FRAME_H

#include "core/codec.h"

struct leat_frame {
	struct leat_image_shape shape;
	uint8_t *pixels; /* packed rows, leat_row_bytes apart; NULL until leat_frame_alloc */
	uint32_t next; /* the row that comes next, out of it or into it */
};

/* Memory for all rows, zeroed. 0 or -1. */
int leat_frame_alloc(struct leat_frame *f, struct leat_err *err);
/* The next rows of `out` from the frame. `format` names the codec in messages. 0 or -1 (INTERNAL: out of order). */
int leat_frame_give(struct leat_frame *f, const char *format, struct leat_rows *out, struct leat_err *err);
/* The next rows into the frame. */
int leat_frame_take(struct leat_frame *f, const char *format, const struct leat_rows *in, struct leat_err *err);
void leat_frame_free(struct leat_frame *f);

/*
 * Samples of an image of 8 bit to RGB or, with alpha, RGBA: gray becomes three equal samples. n pixels of `channels`
 * (1 to 4) at `from`.
 */
void leat_frame_expand(uint8_t *to, const uint8_t *from, size_t n, unsigned channels);

#endif
