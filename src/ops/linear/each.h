/* SPDX-License-Identifier: MIT */
/*
 * Steps that make something of each matrix in the last two dimensions, by LAPACK, in float64. Thread safe.
 */
#ifndef LEAT_OPS_LINEAR_EACH_H
#define LEAT_OPS_LINEAR_EACH_H

#include "ops/array/whole.h"
#include "ops/linear/blas.h"

/* One matrix: m x n, column by column, which may be changed. */
struct leat_matrix {
	double *a;
	int m, n;
	const void *params;
	const struct leat_array *with; /* of the step's state: its second operand, or NULL */
	const struct leat_blas_calls *blas;
};

/* to: the result of this matrix in C order. -1 with *err. */
typedef int leat_matrix_fn(const struct leat_matrix *m, double *to, struct leat_err *err);
typedef int leat_matrix_shape_fn(const void *params, const struct leat_shape *in, struct leat_shape *out,
				 struct leat_err *err);

/*
 * Checks that the shape has matrices of real numbers (square, where asked), no longer than LAPACK counts, and puts
 * dtype float64 and the leading dimensions into *out. -1 with *err (MISMATCH, UNSUPPORTED, LIMIT).
 */
int leat_matrix_shape(const struct leat_array_shape *s, bool square, struct leat_shape *out, struct leat_err *err);

/* As leat_matrix_shape, and the rest of the result as the item itself: float64 in C order. */
int leat_matrix_shape_as(const struct leat_array_shape *in, bool square, struct leat_shape *out, struct leat_err *err);

/* shape() of steps that make a matrix of the same size of each square one; they look at no parameter. */
int leat_matrix_shape_same(const void *params, const struct leat_shape *in, struct leat_shape *out,
			   struct leat_err *err);

/* Bytes: a copy in float64, one in columns, and `more` matrices of working room. */
size_t leat_matrix_cost(const struct leat_shape *in, size_t more);

/*
 * The step's result over all matrices of the item; out: as shape() told. Numbers that are none are refused. Between
 * leat_blas_enter and leave. NULL with *err.
 */
struct leat_array *leat_matrix_each(const char *step, const struct leat_whole *w, struct leat_array *in,
				    const struct leat_array_shape *out, leat_matrix_fn *fn, struct leat_err *err);

/* run() of a step is this with what makes it the step that it is: its name, its shape() and what it does with one. */
int leat_matrix_run(const char *step, leat_matrix_shape_fn *shape, leat_matrix_fn *fn, const struct leat_whole *w,
		    const struct leat_payload *in, struct leat_payload *out, struct leat_err *err);

/* Rows of the descriptor of such a step; ops/rows.h is needed. */
#define LEAT_MATRIX_ROWS LEAT_WHOLE_ROWS, .out = LEAT_ARRAY, .blas = leat_blas_threads

/* Room for a call of LAPACK: what it asked for in `best`. NULL with *err. */
double *leat_lapack_room(double best, struct leat_err *err);

/* The result, column by column, to rows. */
void leat_matrix_rows(const double *columns, int m, int n, int stride, double *rows);

/* The sum of magnitudes of the column where it is largest: the 1-norm. */
double leat_matrix_norm1(const double *a, int m, int n);

#endif
