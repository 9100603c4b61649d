/* SPDX-License-Identifier: MIT */
/*
 * qr: a = q r with orthogonal columns in q and a triangle r, by LAPACK (dgeqrf, dorgqr), as numpy.linalg.qr;
 * full=yes: q is square.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/rows.h"

struct qr {
	int64_t gives;
	bool full;
};

enum { GIVES_R, GIVES_Q };

static const char *const gives_words[] = {"r", "q", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct qr, gives, "gives", "r", gives_words, 0, "which factor"),
	LEAT_P_SWITCH(struct qr, full, "full", "no", 0, "q is square, r as tall as the matrix"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("qr", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct qr *p = params_;
	if (leat_matrix_shape(&in->array, false, out, err) < 0)
		return -1;
	struct leat_array_shape *o = &out->array;
	uint64_t m = in->array.dim[in->array.ndim - 2], n = in->array.dim[in->array.ndim - 1];
	uint64_t inner = p->full || m < n ? m : n;
	o->dim[o->ndim++] = p->gives == GIVES_Q ? m : inner;
	o->dim[o->ndim++] = p->gives == GIVES_Q ? inner : n;
	return 0;
}

static int triangle(const struct leat_matrix *x, int rows, double *to)
{
	for (size_t r = 0; r < (size_t)rows; r++)
		for (size_t c = 0; c < (size_t)x->n; c++)
			to[r * (size_t)x->n + c] = c < r ? 0 : x->a[c * (size_t)x->m + r];
	return 0;
}

/* q: m x inner in columns, of which the first have the reflections. */
static int columns(const struct leat_matrix *x, int inner, const double *tau, double *to, struct leat_err *err)
{
	int few = x->m < x->n ? x->m : x->n, info = 0, ask = -1;
	size_t each = (size_t)x->m;
	double best = 1, *work = NULL, *q = leat_zalloc(leat_size_mul(each, (size_t)inner), sizeof *q, err);
	if (q) {
		memcpy(q, x->a, each * (size_t)few * sizeof *q);
		x->blas->dorgqr(&x->m, &inner, &few, q, &x->m, tau, &best, &ask, &info);
		work = leat_lapack_room(best, err);
	}
	int size = (int)best;
	if (work) {
		x->blas->dorgqr(&x->m, &inner, &few, q, &x->m, tau, work, &size, &info);
		leat_matrix_rows(q, x->m, inner, x->m, to);
	}
	free(q);
	free(work);
	return work ? 0 : -1;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct qr *p = x->params;
	int few = x->m < x->n ? x->m : x->n, inner = p->full ? x->m : few, info = 0, ask = -1;
	double best = 1, *tau = leat_zalloc((size_t)few, sizeof *tau, err);
	if (!tau)
		return -1;
	x->blas->dgeqrf(&x->m, &x->n, x->a, &x->m, tau, &best, &ask, &info);
	double *work = leat_lapack_room(best, err);
	int size = (int)best, ok = work ? 0 : -1;
	if (work) {
		x->blas->dgeqrf(&x->m, &x->n, x->a, &x->m, tau, work, &size, &info);
		ok = p->gives == GIVES_R ? triangle(x, inner, to) : columns(x, inner, tau, to, err);
	}
	free(tau);
	free(work);
	return ok;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("qr", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_qr = {
	.name = "qr",
	.group = "linear",
	.summary = "the QR factors of a matrix",
	.example = "qr gives=q",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct qr),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
