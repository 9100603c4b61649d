/* SPDX-License-Identifier: MIT */
/*
 * solve: x so that a x = b, by LAPACK's LU (dgetrf, dgetrs), as numpy.linalg.solve; b is a file. A singular matrix,
 * or one whose condition number is above max-cond, fails the item and tells the number, which LAPACK estimates
 * (dgecon).
 */
#include "base/mem.h"
#include "ops/array/operand.h"
#include "ops/linear/rightside.h"
#include "ops/rows.h"

struct solve {
	struct leat_fileref with; /* first: leat_operand_open */
	double max_cond;
};

static const struct leat_param params[] = {
	LEAT_P_RIGHT_SIDE(struct solve),
	LEAT_P_REAL(struct solve, max_cond, "max-cond", "1e15", 1, 1e308, NULL, 0,
		    "condition number (1-norm) above which the item fails, because no digit would be right"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("solve", err) ? 0 : -1;
}

/* What LAPACK works in: [n] pivots, [n] integers, [4 n] numbers, the right side in columns. */
struct room {
	int *pivot, *whole;
	double *work, *b;
};

static int factor(const struct leat_matrix *x, const struct room *r, struct leat_err *err)
{
	double norm = leat_matrix_norm1(x->a, x->n, x->n), rcond = 0,
	       most = ((const struct solve *)x->params)->max_cond;
	int info = 0;
	x->blas->dgetrf(&x->n, &x->n, x->a, &x->n, r->pivot, &info);
	if (info != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the matrix is singular: its condition number is infinite");
	x->blas->dgecon("1", &x->n, x->a, &x->n, &norm, &rcond, r->work, r->whole, &info, 1);
	if (!(1 <= most * rcond))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the condition number %.3g (1-norm) is above max-cond=%.3g", 1 / rcond, most);
	return 0;
}

static int solved(const struct leat_matrix *x, const struct room *r, double *to, struct leat_err *err)
{
	int k = leat_right_side_columns(x), info = 0;
	if (factor(x, r, err) < 0)
		return -1;
	leat_right_side_copy(x, x->n, x->n, r->b);
	x->blas->dgetrs("N", &x->n, &k, x->a, &x->n, r->pivot, r->b, &x->n, &info, 1);
	leat_matrix_rows(r->b, x->n, k, x->n, to);
	return 0;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	size_t n = (size_t)x->n;
	struct room r = {.pivot = leat_zalloc(n, 2 * sizeof *r.pivot, err),
			 .work = leat_zalloc(n, 4 * sizeof *r.work, err),
			 .b = leat_zalloc((size_t)leat_array_count(&x->with->shape), sizeof *r.b, err)};
	r.whole = r.pivot ? r.pivot + n : NULL;
	int ok = r.pivot && r.work && r.b ? solved(x, &r, to, err) : -1;
	free(r.pivot);
	free(r.work);
	free(r.b);
	return ok;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_right_side_run("solve", true, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_solve = {
	.name = "solve",
	.group = "linear",
	.summary = "solve linear equations with the right side of a file",
	.example = "solve with=right.npy",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct solve),
	LEAT_MATRIX_ROWS,
	.shape = leat_matrix_shape_same,
	.cost = cost,
	.prepare = prepare,
	.open = leat_operand_open,
	.run = run,
	.close = leat_operand_close,
};
