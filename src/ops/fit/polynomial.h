/* SPDX-License-Identifier: MIT */
/* Polynomials through points by least squares. Thread safe. */
#ifndef LEAT_OPS_FIT_POLYNOMIAL_H
#define LEAT_OPS_FIT_POLYNOMIAL_H

#include "base/err.h"

#include <stddef.h>

/*
 * coef[degree + 1] of powers 0, 1, 2 ... of x for n points, at least degree + 1 of them. x is brought to -1 .. 1 before
 * and the powers to the given x behind, in long double. *rss: the sum of the squares of what is left; may be NULL. -1
 * with *err (UNSUPPORTED): too few different places; MEMORY.
 */
int leat_polynomial(const double *x, const double *y, size_t n, size_t degree, double *coef, double *rss,
		    struct leat_err *err);

#endif
