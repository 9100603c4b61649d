/* SPDX-License-Identifier: MIT */
/* The numbers of over.c. */
#ifndef LEAT_OPS_ARRAY_OVER_LINES_H
#define LEAT_OPS_ARRAY_OVER_LINES_H

#include "ops/array/over.h"

/*
 * a reduced to the shape `out`, which leat_over_shape told. The caller's reference; NULL with *err: nothing to choose
 * from (min of nothing: UNSUPPORTED), MEMORY. The bits do not depend on the team.
 */
struct leat_array *leat_over_lines(const struct leat_over *p, enum leat_over_how how, struct leat_array *a,
				   const struct leat_array_shape *out, int team, struct leat_err *err);

#endif
