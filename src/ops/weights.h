/* SPDX-License-Identifier: MIT */
/* The weights of both axes of a resize, shared by images of the same size. */
#ifndef LEAT_OPS_WEIGHTS_H
#define LEAT_OPS_WEIGHTS_H

#include "ops/eight.h"

#include <stdatomic.h>

/* What depends on the sizes alone: made once for images of the same size. */
struct leat_weights {
	atomic_int refs;
	enum leat_kernel kernel;
	struct leat_taps x, y;
	struct leat_pairs pairs; /* for opaque 8-bit images */
};

/*
 * A new reference to weights for these axes: *last, where they fit, else new ones, which replace *last (a reference, or
 * NULL). NULL with *err (MEMORY). Calls with the same *last one at a time; references may be given back by any thread.
 */
struct leat_weights *leat_weights_get(enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y,
				      struct leat_weights **last, struct leat_err *err);
void leat_weights_unref(struct leat_weights **w); /* accepts NULL in it */

/* Bytes that new ones take; SIZE_MAX on overflow. */
size_t leat_weights_bytes(enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y);

#endif
