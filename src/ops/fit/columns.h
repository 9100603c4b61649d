/* SPDX-License-Identifier: MIT */
/* x and y of a fit: columns of a table or array by name or place, or the numbers of one dimension. Thread safe. */
#ifndef LEAT_OPS_FIT_COLUMNS_H
#define LEAT_OPS_FIT_COLUMNS_H

#include "core/payload.h"

struct leat_columns {
	double *x, *y; /* [n], packed; owned: leat_columns_free */
	size_t n;
};

/*
 * Of one dimension y is the numbers and x 0, 1, 2 ...; of two columns the first and the second, unless x_name and
 * y_name (NULL: not given) say otherwise. Points where either is no number are left out. -1 with *err (MISMATCH,
 * MEMORY).
 */
int leat_columns_of(struct leat_columns *c, const struct leat_payload *in, const char *x_name, const char *y_name,
		    struct leat_err *err);
void leat_columns_free(struct leat_columns *c);

#endif
