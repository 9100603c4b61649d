/* SPDX-License-Identifier: MIT */
/*
 * lstsq: x so that the squares of a x - b are least, the shortest such x where there are many, by LAPACK's singular
 * values (dgelsd), as numpy.linalg.lstsq; b is a file.
 */
#include "base/mem.h"
#include "ops/array/operand.h"
#include "ops/linear/rightside.h"
#include "ops/rows.h"

#include <float.h>
#include <math.h>

struct lstsq {
	struct leat_fileref with; /* first: leat_operand_open */
	double rcond;
};

static const struct leat_param params[] = {
	LEAT_P_RIGHT_SIDE(struct lstsq),
	LEAT_P_REAL_OR(struct lstsq, rcond, "rcond", "auto", "auto",
		       "singular values below this share of the largest count as zero; auto: of rounding"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("lstsq", err) ? 0 : -1;
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* b: [max(m, n)][k] in columns, which becomes x. */
static int fitted(const struct leat_matrix *x, double *b, int k, struct leat_err *err)
{
	const struct lstsq *p = x->params;
	int ld = larger(x->m, x->n), few = x->m < x->n ? x->m : x->n, rank, info = 0, ask = -1, levels = 32;
	double rcond = isnan(p->rcond) ? DBL_EPSILON * ld : p->rcond, best = 1;
	double *s = leat_zalloc((size_t)few, sizeof *s, err);
	int *whole = leat_zalloc((size_t)few * (3 * (size_t)levels + 11), sizeof *whole, err);
	x->blas->dgelsd(&x->m, &x->n, &k, x->a, &x->m, b, &ld, s, &rcond, &rank, &best, &ask, whole, &info);
	int size = (int)best;
	double *work = s && whole ? leat_lapack_room(best, err) : NULL;
	if (work)
		x->blas->dgelsd(&x->m, &x->n, &k, x->a, &x->m, b, &ld, s, &rcond, &rank, work, &size, whole, &info);
	free(work);
	free(s);
	free(whole);
	if (work && info != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the singular values did not converge");
	return work ? 0 : -1;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	int k = leat_right_side_columns(x), ld = larger(x->m, x->n);
	double *b = leat_zalloc(leat_size_mul((size_t)ld, (size_t)k), sizeof *b, err);
	if (b)
		leat_right_side_copy(x, x->m, ld, b);
	int ok = b ? fitted(x, b, k, err) : -1;
	if (ok == 0)
		leat_matrix_rows(b, x->n, k, ld, to);
	free(b);
	return ok;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_right_side_run("lstsq", false, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 3);
}

const struct leat_op leat_op_lstsq = {
	.name = "lstsq",
	.group = "linear",
	.summary = "solve by least squares with the right side of a file",
	.example = "lstsq with=measured.npy",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct lstsq),
	LEAT_MATRIX_ROWS,
	.shape = leat_right_side_shape,
	.cost = cost,
	.prepare = prepare,
	.open = leat_operand_open,
	.run = run,
	.close = leat_operand_close,
};
