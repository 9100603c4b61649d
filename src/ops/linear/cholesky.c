/* SPDX-License-Identifier: MIT */
/*
 * cholesky: the lower triangle l with l l' = a, by LAPACK (dpotrf), as numpy.linalg.cholesky; only the lower
 * triangle of a is read. A matrix that is not positive definite fails the item.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/rows.h"

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("cholesky", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_; /* there are none */
	if (leat_matrix_shape(&in->array, true, out, err) < 0)
		return -1;
	out->array = in->array;
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	return 0;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	int info = 0;
	x->blas->dpotrf("L", &x->n, x->a, &x->n, &info, 1);
	if (info != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the matrix is not positive definite: its leading minor of order %d is not", info);
	for (size_t c = 1; c < (size_t)x->n; c++)
		memset(x->a + c * (size_t)x->n, 0, c * sizeof *x->a);
	leat_matrix_rows(x->a, x->n, x->n, x->n, to);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(w->params, &was, &gives, err) < 0)
		return -1;
	return leat_whole_give(leat_matrix_each("cholesky", w, a, &gives.array, one, err), out);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 1);
}

const struct leat_op leat_op_cholesky = {
	.name = "cholesky",
	.group = "linear",
	.summary = "the Cholesky factor of a positive definite matrix",
	.example = "cholesky",
	.version = 1,
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.blas = leat_blas_threads,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
