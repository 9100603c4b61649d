/* SPDX-License-Identifier: MIT */
/* Sums, products and extremes of whole numbers, exact. */
#ifndef LEAT_OPS_ARRAY_OVER_WHOLE_H
#define LEAT_OPS_ARRAY_OVER_WHOLE_H

#include "ops/array/axis.h"
#include "ops/array/over.h"

/* Is it for this file: sum, prod, min, max, ptp of integers and truth values. */
bool leat_over_is_whole(enum leat_over_how how, enum leat_dtype t);

/* As leat_over_lines, of such a type; axis: of the array in C order. */
struct leat_array *leat_over_whole(enum leat_over_how how, struct leat_array *a, const struct leat_axis *axis,
				   const struct leat_array_shape *out, struct leat_err *err);

#endif
