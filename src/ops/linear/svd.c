/* SPDX-License-Identifier: MIT */
/*
 * svd: a = u s vt, singular values in descending order, by LAPACK (dgesdd), as numpy.linalg.svd; full=yes: u and vt are
 * square. Of each row of vt the component of the largest magnitude is positive.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/linear/singular.h"
#include "ops/rows.h"

struct svd {
	int64_t gives;
	bool full;
};

enum { GIVES_VALUES, GIVES_U, GIVES_VT };

static const char *const gives_words[] = {"values", "u", "vt", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct svd, gives, "gives", "values", gives_words, 0, "which factor"),
	LEAT_P_SWITCH(struct svd, full, "full", "no", 0, "u and vt are square"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("svd", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct svd *p = params_;
	if (leat_matrix_shape(&in->array, false, out, err) < 0)
		return -1;
	struct leat_array_shape *o = &out->array;
	uint64_t m = in->array.dim[in->array.ndim - 2], n = in->array.dim[in->array.ndim - 1], few = m < n ? m : n;
	if (p->gives == GIVES_U)
		o->dim[o->ndim++] = m;
	o->dim[o->ndim++] = p->gives == GIVES_U && p->full ? m : p->gives == GIVES_VT && p->full ? n : few;
	if (p->gives == GIVES_VT)
		o->dim[o->ndim++] = n;
	return 0;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct svd *p = x->params;
	struct leat_singular d;
	if (leat_singular_of(x, p->gives != GIVES_VALUES, p->full, &d, err) < 0)
		return -1;
	if (p->gives == GIVES_U)
		leat_matrix_rows(d.u, x->m, d.ucols, x->m, to);
	else if (p->gives == GIVES_VT)
		leat_matrix_rows(d.vt, d.vrows, x->n, d.vrows, to);
	else
		memcpy(to, d.s, (size_t)(x->m < x->n ? x->m : x->n) * sizeof *to);
	leat_singular_free(&d);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("svd", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 5);
}

const struct leat_op leat_op_svd = {
	.name = "svd",
	.group = "linear",
	.summary = "singular values or vectors of a matrix",
	.example = "svd gives=vt",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct svd),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
