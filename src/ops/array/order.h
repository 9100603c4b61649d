/* SPDX-License-Identifier: MIT */
/* Numbers in ascending order, and what stands at a share of them. All are thread safe. */
#ifndef LEAT_OPS_ARRAY_ORDER_H
#define LEAT_OPS_ARRAY_ORDER_H

#include "ops/array/lines.h"

struct leat_ordered {
	double *v; /* [n] ascending; owned */
	size_t n;
};

/*
 * The numbers of line i that are numbers; finite: infinities are left out, too. Takes 16 bytes a number while it
 * works. -1 with *err (MEMORY). Release with leat_ordered_free.
 */
int leat_order_line(struct leat_ordered *o, const struct leat_lines *l, size_t i, bool finite, struct leat_err *err);
void leat_ordered_free(struct leat_ordered *o);

/* share 0..1 of at least one number: numpy.percentile's method "linear", bit for bit. */
double leat_ordered_quantile(const struct leat_ordered *o, double share);

/* The middle one, or the mean of the two in the middle, as numpy.median. Of at least one number. */
double leat_ordered_median(const struct leat_ordered *o);

#endif
