/* SPDX-License-Identifier: MIT */
/* Steps that hold each matrix against a right side from a file, which begins their parameters. Thread safe. */
#ifndef LEAT_OPS_LINEAR_RIGHTSIDE_H
#define LEAT_OPS_LINEAR_RIGHTSIDE_H

#include "ops/linear/each.h"

/* The row of with=, for a struct that begins with it: leat_operand_open reads it. */
#define LEAT_P_RIGHT_SIDE(type)                                                            \
	LEAT_P(type, with, struct leat_fileref, LEAT_PT_FILE, "with", NULL, LEAT_REQUIRED, \
	       "the right side: a file with one array or table, a number for each row")

/* Its columns: 1 where it has one dimension. */
int leat_right_side_columns(const struct leat_matrix *x);

/* The right side, [rows][columns], column by column; from one column to the next are `stride` numbers. */
void leat_right_side_copy(const struct leat_matrix *x, int rows, int stride, double *columns);

/*
 * shape() of such steps. The result depends on the right side, which is not read there: told is the item's own shape.
 */
int leat_right_side_shape(const void *params, const struct leat_shape *in, struct leat_shape *out,
			  struct leat_err *err);

/* run() of such steps: as leat_matrix_run; the result is as wide as the right side, or has one dimension as that. */
int leat_right_side_run(const char *step, bool square, leat_matrix_fn *fn, const struct leat_whole *w,
			const struct leat_payload *in, struct leat_payload *out, struct leat_err *err);

#endif
