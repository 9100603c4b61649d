/* SPDX-License-Identifier: MIT */
/*
 * savgol-filter: Savitzky and Golay's smoothing (1964): each number becomes the value of the polynomial that fits its
 * window best, or of its derivative, as scipy.signal.savgol_filter. edge=interp: at the ends the polynomial of the
 * outermost window.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/fit/leastsq.h"
#include "ops/rows.h"
#include "ops/signal/smooth.h"

struct savgol {
	int64_t window, polyorder, deriv, axis, edge;
};

static const char *const words[] = {"interp", "mirror", "constant", "nearest", "wrap", NULL};
static const enum leat_edge edges[] = {LEAT_EDGE_NEAREST, LEAT_EDGE_MIRROR, LEAT_EDGE_CONSTANT, LEAT_EDGE_NEAREST,
				       LEAT_EDGE_WRAP};

static const struct leat_param params[] = {
	LEAT_P_INT(struct savgol, window, "window", NULL, 1, 9999, "samples", LEAT_POSITIONAL | LEAT_REQUIRED,
		   "numbers in the window, odd"),
	LEAT_P_INT(struct savgol, polyorder, "polyorder", NULL, 0, 20, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "degree of the polynomial, less than the window"),
	LEAT_P_INT(struct savgol, deriv, "deriv", "0", 0, 20, NULL, 0, "which derivative"),
	LEAT_P_INT(struct savgol, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_CHOICE(struct savgol, edge, "edge", "interp", words, 0, "what stands outside"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct savgol *p = params_;
	*which = &params[0];
	if (p->window % 2 == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "a window of %lld has no middle", (long long)p->window);
	*which = &params[1];
	if (p->polyorder >= p->window)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the degree must be less than the window");
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct savgol *p = params_;
	struct leat_axis a;
	if (leat_smooth_shape((double)p->axis, in, out, err) < 0 || leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	if (p->edge == 0 && a.n < (uint64_t)p->window)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "%llu numbers are fewer than the window (edge=nearest goes)",
				 (unsigned long long)a.n);
	return 0;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_smooth_cost(in);
}

/* The weights of a window that give the derivative at place `at`: solutions for unit vectors. */
static int weights(const struct savgol *p, int64_t at, double *to, struct leat_err *err)
{
	size_t m = (size_t)p->window, n = (size_t)p->polyorder + 1, d = (size_t)p->deriv;
	long double half = (long double)(m > 1 ? m - 1 : 2) / 2, factor = 1, x[32];
	long double *a = leat_zalloc(leat_size_mul(m, n + 1), sizeof *a, err), *b = a + m * n;
	int ok = a ? 0 : -1;
	for (size_t k = 2; k <= d; k++)
		factor *= (long double)k;
	for (size_t k = 0; k < d; k++)
		factor /= half;
	for (size_t r = 0; ok == 0 && r < m; r++) {
		memset(b, 0, m * sizeof *b);
		b[r] = 1;
		for (size_t i = 0; i < m; i++) {
			long double power = 1;
			for (size_t c = 0; c < n; c++, power *= ((long double)i - (long double)at) / half)
				a[c * m + i] = power;
		}
		ok = leat_least_squares(a, b, m, n, x, err);
		if (ok == 0)
			to[r] = d < n ? (double)(x[d] * factor) : 0;
	}
	free(a);
	return ok;
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct savgol *p = ctx;
	size_t window = (size_t)p->window, half = window / 2;
	double *weight = scratch, *wide = weight + window;
	(void)m; /* as many */
	if (weights(p, (int64_t)half, weight, err) < 0)
		return -1;
	leat_with_border(x, n, half, half, edges[p->edge], 0, wide);
	for (size_t i = 0; i < n; i++)
		to[i] = dot(weight, wide + i, window);
	for (size_t i = 0; p->edge == 0 && i < half; i++) {
		if (weights(p, (int64_t)i, weight, err) < 0)
			return -1;
		to[i] = dot(weight, x, window);
		if (weights(p, (int64_t)(window - 1 - i), weight, err) < 0)
			return -1;
		to[n - 1 - i] = dot(weight, x + n - window, window);
	}
	return 0;
}

static void work_of(const void *params_, size_t n, struct leat_line_work *w)
{
	const struct savgol *p = params_;
	w->fn = line;
	w->scratch = leat_size_mul(leat_size_add(n, 2 * (size_t)p->window), sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	return leat_smooth_run(w, (double)((const struct savgol *)w->params)->axis, work_of, in, out, err);
}

const struct leat_op leat_op_savgol_filter = {
	.name = "savgol-filter",
	.group = "signal",
	.summary = "smooth by polynomials in a window",
	.example = "savgol-filter 11 3 axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct savgol),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
