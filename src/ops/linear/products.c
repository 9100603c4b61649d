/* SPDX-License-Identifier: MIT */
/* See products.h. */
#include "ops/linear/products.h"

#include "base/mem.h"

#include <math.h>

/* v[n], `step` apart, less its mean. */
static void center(double *v, size_t n, size_t step)
{
	double mean = 0, rest = 0;
	for (size_t i = 0; i < n; i++)
		mean += v[i * step];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		rest += v[i * step] - mean; /* what rounding took from the mean */
	mean += rest / (double)n;
	for (size_t i = 0; i < n; i++)
		v[i * step] -= mean;
}

int leat_covariances(const struct leat_matrix *x, bool by_rows, int64_t ddof, double *to, struct leat_err *err)
{
	int n = by_rows ? x->m : x->n, count = by_rows ? x->n : x->m;
	double left = (double)count - (double)ddof, alpha = left > 0 ? 1 / left : NAN, zero = 0;
	(void)err; /* nothing is allocated */
	for (int i = 0; i < n; i++)
		center(x->a + (by_rows ? (size_t)i : (size_t)i * (size_t)x->m), (size_t)count,
		       by_rows ? (size_t)x->m : 1);
	x->blas->dgemm(by_rows ? "N" : "T", by_rows ? "T" : "N", &n, &n, &count, &alpha, x->a, &x->m, x->a, &x->m,
		       &zero, to, &n, 1, 1);
	return 0;
}
