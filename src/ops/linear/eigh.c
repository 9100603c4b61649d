/* SPDX-License-Identifier: MIT */
/*
 * eigh: eigenvalues of a symmetric matrix, ascending, or its eigenvectors as columns, by LAPACK (dsyevd), as
 * numpy.linalg.eigh; only the lower triangle is read. Of each vector the component of the largest magnitude is
 * positive.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/linear/signs.h"
#include "ops/rows.h"

struct eigh {
	int64_t gives;
};

enum { GIVES_VALUES, GIVES_VECTORS };

static const char *const gives_words[] = {"values", "vectors", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct eigh, gives, "gives", "values", gives_words, 0, "the values, or the vectors"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("eigh", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct eigh *p = params_;
	if (leat_matrix_shape(&in->array, true, out, err) < 0)
		return -1;
	uint64_t n = in->array.dim[in->array.ndim - 1];
	out->array.dim[out->array.ndim++] = n;
	if (p->gives == GIVES_VECTORS)
		out->array.dim[out->array.ndim++] = n;
	return 0;
}

/* values: [n]; the vectors come into the matrix. */
static int decompose(const struct leat_matrix *x, const char *job, double *values, struct leat_err *err)
{
	int info = 0, ask = -1, whole_size = 1;
	double best = 1;
	x->blas->dsyevd(job, "L", &x->n, x->a, &x->n, values, &best, &ask, &whole_size, &ask, &info, 1, 1);
	double *work = leat_lapack_room(best, err);
	int *whole = leat_zalloc((size_t)(whole_size > 0 ? whole_size : 1), sizeof *whole, err), size = (int)best;
	if (work && whole)
		x->blas->dsyevd(job, "L", &x->n, x->a, &x->n, values, work, &size, whole, &whole_size, &info, 1, 1);
	int ok = work && whole ? 0 : -1;
	free(work);
	free(whole);
	return ok == 0 && info != 0 ? leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the eigenvalues did not converge") : ok;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	bool vectors = ((const struct eigh *)x->params)->gives == GIVES_VECTORS;
	double *values = leat_zalloc((size_t)x->n, sizeof *values, err);
	int ok = values ? decompose(x, vectors ? "V" : "N", values, err) : -1;
	if (ok == 0 && vectors) {
		for (int c = 0; c < x->n; c++)
			leat_settle_sign(x->a + (size_t)c * (size_t)x->n, (size_t)x->n, 1, NULL, 0, 0);
		leat_matrix_rows(x->a, x->n, x->n, x->n, to);
	} else if (ok == 0) {
		memcpy(to, values, (size_t)x->n * sizeof *to);
	}
	free(values);
	return ok;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("eigh", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 2);
}

const struct leat_op leat_op_eigh = {
	.name = "eigh",
	.group = "linear",
	.summary = "eigenvalues or eigenvectors of a symmetric matrix",
	.example = "eigh gives=vectors",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct eigh),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
