/* SPDX-License-Identifier: MIT */
/* Numbers that a fit found: the step's result and fields of the item. */
#ifndef LEAT_OPS_FIT_RESULTS_H
#define LEAT_OPS_FIT_RESULTS_H

#include "ops/array/whole.h"

/* The item of such steps. */
struct leat_fit_item {
	struct leat_whole whole;
	struct leat_fields fields; /* set by run() */
};

/* begin() of such ops. */
int leat_fit_begin(const struct leat_op_begin *b, void **item, struct leat_err *err);
/* end(): fields go to the item. */
int leat_fit_end(void *item, struct leat_fields *fields, struct leat_err *err);

/* n numbers as the step's result, one dimension of float64. */
int leat_fit_give(const double *v, size_t n, struct leat_payload *out, struct leat_err *err);

#endif
