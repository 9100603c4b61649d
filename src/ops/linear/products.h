/* SPDX-License-Identifier: MIT */
/* Products of centered columns. Thread safe; between leat_blas_enter and leave. */
#ifndef LEAT_OPS_LINEAR_PRODUCTS_H
#define LEAT_OPS_LINEAR_PRODUCTS_H

#include "ops/linear/each.h"

/* [n][n], variables against variables: shape() where they are columns (by_rows: rows). -1 with *err (LIMIT). */
int leat_covariances_shape(const struct leat_shape *in, bool by_rows, struct leat_shape *out, struct leat_err *err);

/*
 * Covariances of the columns of x (by_rows: of its rows), divided by the observations less ddof: to[n][n]; NaN where
 * that leaves nothing. x->a is lost. -1 with *err (MEMORY).
 */
int leat_covariances(const struct leat_matrix *x, bool by_rows, int64_t ddof, double *to, struct leat_err *err);

#endif
