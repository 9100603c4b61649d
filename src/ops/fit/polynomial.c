/* SPDX-License-Identifier: MIT */
/* See polynomial.h. */
#include "ops/fit/polynomial.h"

#include "base/mem.h"
#include "ops/fit/leastsq.h"

/* Powers of (x - middle) / half become powers of x: Horner's way, from the highest down. */
static void expand(const long double *c, size_t degree, long double middle, long double half, long double *out)
{
	for (size_t i = 0; i <= degree; i++)
		out[i] = 0;
	for (size_t k = degree + 1; k-- > 0;) {
		for (size_t i = degree; i > 0; i--)
			out[i] = out[i - 1] / half - out[i] * middle / half;
		out[0] = c[k] - out[0] * middle / half;
	}
}

static void ends(const double *x, size_t n, long double *middle, long double *half)
{
	double low = x[0], high = x[0];
	for (size_t i = 1; i < n; i++) {
		low = x[i] < low ? x[i] : low;
		high = x[i] > high ? x[i] : high;
	}
	*middle = ((long double)low + high) / 2;
	*half = high > low ? ((long double)high - low) / 2 : 1;
}

int leat_polynomial(const double *x, const double *y, size_t n, size_t degree, double *coef, double *rss,
		    struct leat_err *err)
{
	long double middle, half, sum = 0;
	size_t columns = degree + 1;
	if (n < columns)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%zu points are too few for a degree of %zu", n, degree);
	long double *a = leat_zalloc(leat_size_add(leat_size_mul(n, columns + 1), 2 * columns), sizeof *a, err);
	if (!a)
		return -1;
	long double *b = a + n * columns, *c = b + n, *out = c + columns;
	ends(x, n, &middle, &half);
	for (size_t i = 0; i < n; i++) {
		long double t = (x[i] - middle) / half, power = 1;
		for (size_t k = 0; k < columns; k++, power *= t)
			a[k * n + i] = power;
		b[i] = y[i];
	}
	int ok = leat_least_squares(a, b, n, columns, c, err);
	if (ok == 0) {
		expand(c, degree, middle, half, out);
		for (size_t k = 0; k < columns; k++)
			coef[k] = (double)out[k];
		for (size_t i = columns; i < n; i++)
			sum += b[i] * b[i];
		if (rss)
			*rss = (double)sum;
	}
	free(a);
	return ok;
}
