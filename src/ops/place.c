/* SPDX-License-Identifier: MIT */
/* Gravity and fitting. See place.h. */
#include "ops/place.h"

#include <math.h>

const char *const leat_gravities[] = {"center",    "north", "northeast", "east",    "southeast", "south",
				      "southwest", "west",  "northwest", "entropy", "attention", NULL};
const char *const leat_fits[] = {"inside", "cover", "contain", "fill", "outside", NULL};

int leat_gravity_check(int64_t gravity, struct leat_err *err)
{
	if (gravity != LEAT_ENTROPY && gravity != LEAT_ATTENTION)
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'gravity=%s' is not built yet", leat_gravities[gravity]);
}

uint32_t leat_gravity_x(int64_t gravity, uint32_t room, bool up)
{
	switch (gravity) {
	case LEAT_WEST:
	case LEAT_NORTHWEST:
	case LEAT_SOUTHWEST:
		return 0;
	case LEAT_EAST:
	case LEAT_NORTHEAST:
	case LEAT_SOUTHEAST:
		return room;
	default:
		return room / 2 + (up ? room % 2 : 0);
	}
}

uint32_t leat_gravity_y(int64_t gravity, uint32_t room, bool up)
{
	switch (gravity) {
	case LEAT_NORTH:
	case LEAT_NORTHWEST:
	case LEAT_NORTHEAST:
		return 0;
	case LEAT_SOUTH:
	case LEAT_SOUTHWEST:
	case LEAT_SOUTHEAST:
		return room;
	default:
		return room / 2 + (up ? room % 2 : 0);
	}
}

/* side * to / from, rounded; exact, because no factor has more than 32 bits. At least 1. */
static uint64_t follow(uint32_t side, uint32_t to, uint32_t from)
{
	uint64_t v = ((uint64_t)side * to + from / 2) / from;
	return v ? v : 1;
}

static uint64_t percent_of(uint32_t side, double percent)
{
	double v = floor(side * percent + 0.5);
	return v < 1 ? 1 : v > 1e15 ? (uint64_t)1e15 : (uint64_t)v;
}

/* The image scaled so that its shape is kept: both sides at most (around: at least) as given, 0 is free. */
static void scale_to(uint32_t to_width, uint32_t to_height, bool around, uint32_t width, uint32_t height,
		     struct leat_frame *f)
{
	/* The sides' scales compared without a division: to_width / width <= to_height / height. */
	bool wide = (uint64_t)to_width * height <= (uint64_t)to_height * width;
	bool by_width = to_height == 0 || (to_width != 0 && wide != around);
	f->scaled_width = by_width ? to_width : follow(width, to_height, height);
	f->scaled_height = by_width ? follow(height, to_width, width) : to_height;
}

static void scaled_size(const struct leat_pixels *size, int64_t fit, bool enlarge, uint32_t width, uint32_t height,
			struct leat_frame *f)
{
	if (size->percent > 0) {
		f->scaled_width = percent_of(width, size->percent);
		f->scaled_height = percent_of(height, size->percent);
	} else if (fit == LEAT_FILL || (!size->width && !size->height)) {
		f->scaled_width = size->width ? size->width : width;
		f->scaled_height = size->height ? size->height : height;
	} else {
		scale_to(size->width, size->height, fit == LEAT_COVER || fit == LEAT_OUTSIDE, width, height, f);
	}
	/* A shape that is kept grows on both sides or on none, but rounding may hide it on one. */
	bool kept = fit != LEAT_FILL || size->percent > 0;
	bool wider = f->scaled_width > width, higher = f->scaled_height > height;
	if (!enlarge && (wider || (kept && higher)))
		f->scaled_width = width;
	if (!enlarge && (higher || (kept && wider)))
		f->scaled_height = height;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void leat_fit(const struct leat_pixels *size, int64_t fit, int64_t gravity, bool enlarge, uint32_t width,
	      uint32_t height, struct leat_frame *f)
{
	*f = (struct leat_frame){0};
	scaled_size(size, fit, enlarge, width, height, f);
	f->canvas_width = f->width = f->scaled_width;
	f->canvas_height = f->height = f->scaled_height;
	if (size->percent > 0 || !size->width || !size->height)
		return; /* nothing to cut or to fill up */
	if (fit == LEAT_COVER) {
		f->canvas_width = f->width = least(f->scaled_width, size->width);
		f->canvas_height = f->height = least(f->scaled_height, size->height);
		f->x = leat_gravity_x(gravity, (uint32_t)least(f->scaled_width - f->width, UINT32_MAX), true);
		f->y = leat_gravity_y(gravity, (uint32_t)least(f->scaled_height - f->height, UINT32_MAX), true);
	} else if (fit == LEAT_CONTAIN) {
		f->canvas_width = size->width;
		f->canvas_height = size->height;
		f->left = leat_gravity_x(gravity, size->width - (uint32_t)f->width, false);
		f->top = leat_gravity_y(gravity, size->height - (uint32_t)f->height, false);
	}
}
