/* SPDX-License-Identifier: MIT */
/*
 * Resampling of image rows by weights (taps.h): first down the columns, then along the row, each output row from input
 * rows alone. So any strip of output rows gives the same bytes, and calls on disjoint strips may run at once.
 *
 * 8 bit without alpha and without linear light: integers (eight.h), for reductions up to about 25; from there on 16-bit
 * weights times samples, summed exactly in 32 bits down the columns, then float. Everything else: float throughout,
 * partial sums of at most 32 (more for giant reductions) terms, so that errors do not grow with the number of
 * weights. Color is multiplied by alpha first and divided by it afterwards; where the alpha rounds to 0 the
 * whole pixel is 0. Float samples are not clamped: what is beyond 0 .. 1 stays so.
 *
 * Errors before the final rounding, against exact arithmetic: 0.35 levels at the most for integers, in practice below
 * 0.03; with fixed point and float taps * 255 / 2^bits, where 2^bits is 16384 times the reduction or more: 0.1 levels
 * at any scale up to 128, 0.25 at the most. Float: 0.1 of a 16-bit level up to reductions of 1000.
 */
#ifndef LEAT_OPS_RESAMPLE_H
#define LEAT_OPS_RESAMPLE_H

#include "core/image.h"
#include "ops/transfer.h"
#include "ops/weights.h"

struct leat_resample {
	struct leat_image_shape in; /* the source */
	const struct leat_transfer *transfer; /* linear light: tables for in.sample, U8 or U16; NULL: values as coded */
	struct leat_weights *w; /* a reference */
	enum leat_cpu level; /* set by leat_resample_make */
};

/*
 * Makes the weights; in and transfer must be set. To be freed in any case. *last: a reference to weights made before,
 * or NULL; taken again where they fit, else replaced by the new ones. -1 with *err (MEMORY).
 */
int leat_resample_make(struct leat_resample *r, enum leat_kernel k, const struct leat_axis *x,
		       const struct leat_axis *y, struct leat_weights **last, struct leat_err *err);
void leat_resample_free(struct leat_resample *r);

/* Input rows [*a, *b) that rows [y0, y1), y0 < y1, of the result need. */
void leat_resample_need(const struct leat_resample *r, uint32_t y0, uint32_t y1, uint32_t *a, uint32_t *b);

/* Bytes of scratch, 64-byte aligned, that leat_resample_rows wants; SIZE_MAX on overflow. */
size_t leat_resample_scratch(const struct leat_resample *r);

/*
 * Rows [y0, y1) of the result, x.axis.out pixels each, row y to `to` + (y - y0) * stride. `in` holds what need() said.
 * Thread safe with scratch of its own for each call.
 */
void leat_resample_rows(const struct leat_resample *r, const struct leat_rows *in, uint8_t *to, size_t stride,
			uint32_t y0, uint32_t y1, void *scratch);

#endif
