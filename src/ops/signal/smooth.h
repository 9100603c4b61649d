/* SPDX-License-Identifier: MIT */
/* What filters along axes share: parameters of the border, lines with what stands outside, the way through axes. */
#ifndef LEAT_OPS_SIGNAL_SMOOTH_H
#define LEAT_OPS_SIGNAL_SMOOTH_H

#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/filter/edge.h"

/* line[n] with `before` numbers in front and `after` behind, into to[before + n + after]. n is at least 1. */
void leat_with_border(const double *line, size_t n, size_t before, size_t after, enum leat_edge edge, double cval,
		      double *to);

/* The shape of a filter's result: floats keep their type, whole numbers become float64. */
int leat_smooth_shape(double axis, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err);
size_t leat_smooth_cost(const struct leat_shape *in);

/*
 * The work on each axis after the other (axis NaN), or on one; every line has as many results as numbers. of: makes the
 * work for lines of n numbers; its scratch may depend on n. Gives *out as leat_whole_give_like.
 */
typedef void leat_smooth_fn(const void *params, size_t n, struct leat_line_work *w);
int leat_smooth_run(const struct leat_whole *w, double axis, leat_smooth_fn *of, const struct leat_payload *in,
		    struct leat_payload *out, struct leat_err *err);

#endif
