/* SPDX-License-Identifier: MIT */
/* Where things stand: gravity, and how an image is fitted into a size. Pure arithmetic, thread safe. */
#ifndef LEAT_OPS_PLACE_H
#define LEAT_OPS_PLACE_H

#include "core/param.h"

/* In the order of leat_gravities. */
enum leat_gravity {
	LEAT_CENTER,
	LEAT_NORTH,
	LEAT_NORTHEAST,
	LEAT_EAST,
	LEAT_SOUTHEAST,
	LEAT_SOUTH,
	LEAT_SOUTHWEST,
	LEAT_WEST,
	LEAT_NORTHWEST,
	LEAT_ENTROPY,
	LEAT_ATTENTION,
};
extern const char *const leat_gravities[]; /* choices of gravity=, NULL-terminated */

/* -1 with *err (USAGE) for the two that look at the pixels: they are not built yet. */
int leat_gravity_check(int64_t gravity, struct leat_err *err);

/*
 * Distance from the left (top) edge at which a part stands that leaves `room` pixels free in all. In the center
 * odd room goes to the left (top) when `up`, else to the right: sharp rounds up where it cuts, down where it adds.
 */
uint32_t leat_gravity_x(int64_t gravity, uint32_t room, bool up);
uint32_t leat_gravity_y(int64_t gravity, uint32_t room, bool up);

/* In the order of leat_fits. */
enum leat_fit { LEAT_INSIDE, LEAT_COVER, LEAT_CONTAIN, LEAT_FILL, LEAT_OUTSIDE };
extern const char *const leat_fits[]; /* choices of fit=, NULL-terminated */

/* How an image is brought to a size: it is scaled, a window of that is kept, and the window stands on a canvas. */
struct leat_frame {
	uint64_t scaled_width, scaled_height; /* the whole image, scaled */
	uint64_t x, y; /* of the window kept, in the scaled image */
	uint64_t width, height; /* of the window */
	uint64_t left, top; /* of the window on the canvas */
	uint64_t canvas_width, canvas_height; /* the result; nothing here is 0 */
};

/*
 * The frame of a width x height image for `size`, with sharp's meaning of fit:
 *   inside, outside  the shape is kept, the result is the largest in (smallest around) the box
 *   cover            as outside, then cut to the box at `gravity`
 *   contain          as inside, then standing in the box at `gravity`
 *   fill             both sides as given, the shape is not kept
 * A free side follows the shape (fill: stays). N% scales both sides whatever the fit. Without `enlarge` nothing is
 * scaled up: inside, outside stay as they are; cover cuts what is over the box; contain stands unscaled in the box;
 * fill leaves the side that would grow. Sides are rounded to the nearest pixel, halves up.
 */
void leat_fit(const struct leat_pixels *size, int64_t fit, int64_t gravity, bool enlarge, uint32_t width,
	      uint32_t height, struct leat_frame *f);

#endif
