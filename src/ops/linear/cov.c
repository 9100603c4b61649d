/* SPDX-License-Identifier: MIT */
/* cov: covariances of columns of a matrix (rowvar=yes: of rows), as numpy.cov. */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/linear/products.h"
#include "ops/rows.h"

struct cov {
	bool rowvar;
	int64_t ddof;
};

static const struct leat_param params[] = {
	LEAT_P_SWITCH(struct cov, rowvar, "rowvar", "no", 0, "rows are the variables, columns the observations"),
	LEAT_P_INT(struct cov, ddof, "ddof", "1", 0, INT32_MAX, NULL, 0,
		   "delta degrees of freedom: the divisor is the count less this"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("cov", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_covariances_shape(in, ((const struct cov *)params_)->rowvar, out, err);
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct cov *p = x->params;
	return leat_covariances(x, p->rowvar, p->ddof, to, err);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("cov", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_cov = {
	.name = "cov",
	.group = "linear",
	.summary = "covariances of columns of a matrix",
	.example = "cov",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct cov),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
