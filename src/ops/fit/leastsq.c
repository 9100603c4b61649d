/* SPDX-License-Identifier: MIT */
/* See leastsq.h. */
#include "ops/fit/leastsq.h"

#include "base/mem.h"

#include <float.h>
#include <math.h>

static long double length(const long double *v, size_t n)
{
	long double most = 0, sum = 0;
	for (size_t i = 0; i < n; i++)
		most = fabsl(v[i]) > most ? fabsl(v[i]) : most;
	for (size_t i = 0; most > 0 && i < n; i++)
		sum += (v[i] / most) * (v[i] / most);
	return most * sqrtl(sum);
}

/* The reflection that makes the numbers behind the first of v zero, applied to w. v[0] is prepared by the caller. */
static void reflect(const long double *v, long double half, long double *w, size_t n)
{
	long double dot = 0;
	for (size_t i = 0; i < n; i++)
		dot += v[i] * w[i];
	for (size_t i = 0; i < n; i++)
		w[i] -= dot / half * v[i];
}

int leat_least_squares(long double *a, long double *b, size_t m, size_t n, long double *x, struct leat_err *err)
{
	long double *scale = leat_zalloc(leat_size_mul(n, 2), sizeof *scale, err);
	if (!scale)
		return -1;
	long double *diagonal = scale + n;
	int ok = 0;
	for (size_t c = 0; c < n; c++) {
		scale[c] = length(a + c * m, m);
		for (size_t r = 0; scale[c] > 0 && r < m; r++)
			a[c * m + r] /= scale[c];
	}
	for (size_t c = 0; ok == 0 && c < n; c++) {
		long double *v = a + c * m + c, norm = length(v, m - c);
		if (!(norm > 8 * (long double)n * LDBL_EPSILON)) {
			ok = leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				       "the problem has no single solution: its columns depend on each other");
			break;
		}
		diagonal[c] = v[0] > 0 ? -norm : norm;
		v[0] -= diagonal[c];
		long double half = -diagonal[c] * v[0];
		for (size_t k = c + 1; k < n; k++)
			reflect(v, half, a + k * m + c, m - c);
		reflect(v, half, b + c, m - c);
	}
	for (size_t c = n; ok == 0 && c-- > 0;) {
		long double sum = b[c];
		for (size_t k = c + 1; k < n; k++)
			sum -= a[k * m + c] * x[k];
		x[c] = sum / diagonal[c];
	}
	for (size_t c = 0; ok == 0 && c < n; c++)
		x[c] /= scale[c];
	free(scale);
	return ok;
}
