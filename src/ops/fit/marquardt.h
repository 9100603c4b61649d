/* SPDX-License-Identifier: MIT */
/*
 * Nonlinear least squares after Levenberg (1944) and Marquardt (1963): each step solves the linear problem with the
 * squares of the step, scaled by the columns, weighed in. Derivatives are differences of five points, good to some
 * 1e-12.
 */
#ifndef LEAT_OPS_FIT_MARQUARDT_H
#define LEAT_OPS_FIT_MARQUARDT_H

#include "ops/fit/model.h"

struct leat_fit_found {
	double *p, *error; /* [n] the parameters (given: where to begin) and their standard errors */
	double rss; /* sum of the squares that are left */
	int64_t iterations;
};

/*
 * -1 with *err: no convergence in max_iter steps, no value where it begins, parameters that do not matter
 * (UNSUPPORTED), MEMORY. Thread safe.
 */
int leat_marquardt(const struct leat_model *m, const double *x, const double *y, size_t n, double tol, int64_t max_iter,
		   struct leat_fit_found *found, struct leat_err *err);

#endif
