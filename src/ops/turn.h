/* SPDX-License-Identifier: MIT */
/*
 * The eight ways to lay a rectangle of pixels on itself, exact: what flip, flop, orient and rotate by quarter turns
 * share. They are named by the EXIF orientation they undo: 1 nothing, 2 mirrored left-right, 3 half a turn, 4 mirrored
 * top-bottom, 5 transposed, 6 a quarter turn clockwise, 7 transposed the other way, 8 a quarter turn counterclockwise.
 */
#ifndef LEAT_OPS_TURN_H
#define LEAT_OPS_TURN_H

#include "core/op.h"

/* An op's item may be this, or begin with it. */
struct leat_turn {
	uint32_t height, width; /* of the input; height first, for leat_need_all */
	bool swap; /* columns become rows */
	bool flip_x, flip_y; /* input columns (rows) are taken from the far end */
	uint8_t pixel; /* bytes */
};

/* The turn by orientation 1..8 (anything else is 1) of images of this shape. */
struct leat_turn leat_turn_of(int orientation, const struct leat_image_shape *in);

/* The shape after it. */
void leat_turn_shape(const struct leat_turn *t, struct leat_image_shape *s);

/* Swaps the densities of *meta where columns become rows: puts a copy there. May be NULL. -1 with *err (MEMORY). */
int leat_turn_meta(const struct leat_turn *t, struct leat_meta **meta, struct leat_err *err);

/* Functions of an op whose item, on the heap, begins with a struct leat_turn. rows works in place too for 1 and 2. */
int leat_turn_begin(int orientation, const struct leat_op_begin *b, void **item, struct leat_err *err);
void leat_turn_need(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1);
int leat_turn_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		   void *scratch, struct leat_err *err);
int leat_turn_end(void *item, struct leat_fields *fields, struct leat_err *err);

#endif
