/* SPDX-License-Identifier: MIT */
/* Singular values and vectors by LAPACK (dgesdd). Thread safe; between leat_blas_enter and leave. */
#ifndef LEAT_OPS_LINEAR_SINGULAR_H
#define LEAT_OPS_LINEAR_SINGULAR_H

#include "ops/linear/each.h"

struct leat_singular {
	double *s; /* [min(m, n)], descending */
	double *u; /* m x ucols in columns; NULL where vectors were not wanted */
	double *vt; /* vrows x n in columns */
	int ucols, vrows;
};

/*
 * Of x->a, m x n, which is lost. vectors: u and vt, too, full: square ones. Of each row of vt the component of the
 * largest magnitude is positive. -1 with *err (UNSUPPORTED: no convergence; MEMORY). Release with
 * leat_singular_free.
 */
int leat_singular_of(const struct leat_matrix *x, bool vectors, bool full, struct leat_singular *d,
		     struct leat_err *err);
void leat_singular_free(struct leat_singular *d);

#endif
