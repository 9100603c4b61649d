/* SPDX-License-Identifier: MIT */
/* See products.h. */
#include "ops/linear/products.h"

#include "base/mem.h"

#include <math.h>

enum { MOST = 46340 }; /* variables: their square is counted in 32 bits */

int leat_covariances_shape(const struct leat_shape *in, bool by_rows, struct leat_shape *out, struct leat_err *err)
{
	if (leat_matrix_shape(&in->array, false, out, err) < 0)
		return -1;
	uint64_t n = in->array.dim[in->array.ndim - (by_rows ? 2 : 1)];
	if (n > MOST)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%llu variables; %d are the limit", (unsigned long long)n,
				 MOST);
	out->array.dim[out->array.ndim++] = n;
	out->array.dim[out->array.ndim++] = n;
	return 0;
}

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
