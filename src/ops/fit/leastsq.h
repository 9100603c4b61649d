/* SPDX-License-Identifier: MIT */
/*
 * Linear least squares by Householder reflections with columns scaled to length one, in long double: what curve fits
 * and smoothing filters need, with more digits than LAPACK's double has where the columns are nearly alike. Thread
 * safe.
 */
#ifndef LEAT_OPS_FIT_LEASTSQ_H
#define LEAT_OPS_FIT_LEASTSQ_H

#include "base/err.h"

#include <stddef.h>

/*
 * x[n] so that the squares of a x - b are least. a: m x n, column by column, m at least n; b: [m]. Both are changed:
 * b holds the residual turned by the reflections, whose first n numbers do not count. -1 with *err (UNSUPPORTED):
 * the columns depend on each other; MEMORY.
 */
int leat_least_squares(long double *a, long double *b, size_t m, size_t n, long double *x, struct leat_err *err);

#endif
