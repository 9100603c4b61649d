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
	return leat_matrix_run("cholesky", leat_matrix_shape_same, one, item, in, out, err);
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
	LEAT_MATRIX_ROWS,
	.shape = leat_matrix_shape_same,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
