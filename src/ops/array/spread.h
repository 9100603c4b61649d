/* SPDX-License-Identifier: MIT */
/* Squares of distances from the mean in one way through memory. */
#ifndef LEAT_OPS_ARRAY_SPREAD_H
#define LEAT_OPS_ARRAY_SPREAD_H

#include "ops/array/sums.h"

/*
 * Sums of all lines, and the sum of (x - mean)^2 of each; NaN is left out and counted. Long lines are gone through
 * once, in blocks seen from the mean of those before, which are joined in order (Chan, Golub and LeVeque 1979): the
 * bits do not depend on the team. -1 with *err (MEMORY). Thread safe.
 */
int leat_lines_spread(const struct leat_lines *l, int team, struct leat_sum *sum, double *squares,
		      struct leat_err *err);

#endif
