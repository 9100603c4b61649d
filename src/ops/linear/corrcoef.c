/* SPDX-License-Identifier: MIT */
/*
 * corrcoef: correlations of columns of a matrix (rowvar=yes: of rows), as numpy.corrcoef. A column that does not
 * vary has no correlation: NaN.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/linear/products.h"
#include "ops/rows.h"

#include <math.h>

struct corrcoef {
	bool rowvar;
};

static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct corrcoef, rowvar, "rowvar", "no", 0, "rows are the variables, columns the observations"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("corrcoef", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_covariances_shape(in, ((const struct corrcoef *)params_)->rowvar, out, err);
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct corrcoef *p = x->params;
	size_t n = (size_t)(p->rowvar ? x->m : x->n);
	if (leat_covariances(x, p->rowvar, 1, to, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++) {
			double r = to[i * n + k] / sqrt(to[i * n + i]) / sqrt(to[k * n + k]);
			to[i * n + k] = to[k * n + i] = r > 1 ? 1 : r < -1 ? -1 : r;
		}
	for (size_t i = 0; i < n; i++)
		to[i * n + i] = to[i * n + i] > 0 ? 1 : NAN;
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("corrcoef", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_corrcoef = {
	.name = "corrcoef",
	.group = "linear",
	.summary = "correlations of columns of a matrix",
	.example = "corrcoef",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct corrcoef),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
