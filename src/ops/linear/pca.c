/* SPDX-License-Identifier: MIT */
/*
 * pca: principal components of a matrix whose rows are observations: columns are centered (scale=yes: also divided
 * by their deviation, ddof=1), singular vectors taken, by LAPACK. scores: the observations in the new axes;
 * components: those axes, as rows. The loading of the largest magnitude of each axis is positive.
 */
#include "base/mem.h"
#include "ops/linear/each.h"
#include "ops/linear/singular.h"
#include "ops/rows.h"

#include <math.h>

struct pca {
	int64_t components, gives;
	bool scale;
};

enum { GIVES_SCORES, GIVES_COMPONENTS };

static const char *const gives_words[] = {"scores", "components", NULL};

static const struct leat_param params[] = {
	LEAT_P_INT(struct pca, components, "components", NULL, 1, 46340, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "how many"),
	LEAT_P_SWITCH(struct pca, scale, "scale", "no", 0, "divide columns by their standard deviation first"),
	LEAT_P_CHOICE(struct pca, gives, "gives", "scores", gives_words, 0,
		      "the observations in the new axes, or these axes"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("pca", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct pca *p = params_;
	char text[192];
	if (leat_matrix_shape(&in->array, false, out, err) < 0)
		return -1;
	struct leat_array_shape *o = &out->array;
	uint64_t m = in->array.dim[in->array.ndim - 2], n = in->array.dim[in->array.ndim - 1];
	if ((uint64_t)p->components > (m < n ? m : n))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "%s has no %lld components",
				 leat_array_shape_text(&in->array, text), (long long)p->components);
	o->dim[o->ndim++] = p->gives == GIVES_SCORES ? m : (uint64_t)p->components;
	o->dim[o->ndim++] = p->gives == GIVES_SCORES ? (uint64_t)p->components : n;
	return 0;
}

/* A column of equal numbers stays zero. */
static void center(double *column, size_t m, bool scale)
{
	double mean = 0, squares = 0;
	for (size_t i = 0; i < m; i++)
		mean += column[i];
	mean /= (double)m;
	for (size_t i = 0; i < m; i++) {
		column[i] -= mean;
		squares += column[i] * column[i];
	}
	double std = scale && squares > 0 && m > 1 ? sqrt(squares / (double)(m - 1)) : 1;
	for (size_t i = 0; i < m; i++)
		column[i] /= std;
}

static int one(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct pca *p = x->params;
	struct leat_singular d;
	size_t k = (size_t)p->components;
	for (size_t c = 0; c < (size_t)x->n; c++)
		center(x->a + c * (size_t)x->m, (size_t)x->m, p->scale);
	if (leat_singular_of(x, true, false, &d, err) < 0)
		return -1;
	for (size_t r = 0; p->gives == GIVES_SCORES && r < (size_t)x->m; r++)
		for (size_t c = 0; c < k; c++)
			to[r * k + c] = d.u[c * (size_t)x->m + r] * d.s[c];
	if (p->gives == GIVES_COMPONENTS)
		leat_matrix_rows(d.vt, (int)k, x->n, d.vrows, to);
	leat_singular_free(&d);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	return leat_matrix_run("pca", shape, one, item, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_matrix_cost(in, 5);
}

const struct leat_op leat_op_pca = {
	.name = "pca",
	.group = "linear",
	.summary = "principal components of the rows of a matrix",
	.example = "pca 2 scale=yes",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct pca),
	LEAT_MATRIX_ROWS,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.run = run,
};
