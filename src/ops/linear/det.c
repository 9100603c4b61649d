/* SPDX-License-Identifier: MIT */
/* det: the determinant, by LAPACK's LU (dgetrf), as numpy.linalg.det; of a singular matrix 0. */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/rows.h"

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("det", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_; /* there are none */
	return leat_matrix_shape(&in->array, true, out, err);
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	int info = 0, *pivot = leat_zalloc((size_t)x->n, sizeof *pivot, err);
	if (!pivot)
		return -1;
	x->blas->dgetrf(&x->n, &x->n, x->a, &x->n, pivot, &info);
	*to = 1;
	for (size_t i = 0; i < (size_t)x->n; i++)
		*to *= x->a[i * (size_t)x->n + i] * (pivot[i] == (int)i + 1 ? 1 : -1);
	free(pivot);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("det", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_det = {
	.name = "det",
	.group = "linear",
	.summary = "the determinant of a matrix",
	.example = "det",
	.version = 1,
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
