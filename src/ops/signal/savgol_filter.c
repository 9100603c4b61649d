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

/* What a step keeps; all of it depends on the parameters alone. */
struct state {
	double *middle; /* [window]: the weights that give the number in the middle */
	/*
	 * [polyorder + 1][window]: those that give the coefficients of the polynomial over the window, whose places are
	 * -1 … 1
	 */
	long double *coefficients;
};

static long double half_of(const struct savgol *p)
{
	return (long double)(p->window > 1 ? p->window - 1 : 2) / 2;
}

static void close(void *state_)
{
	struct state *s = state_;
	free(s->middle);
	free(s->coefficients);
	free(s);
}

/* The coefficients for unit vectors. */
static int fill(const struct savgol *p, long double *to, struct leat_err *err)
{
	size_t m = (size_t)p->window, n = (size_t)p->polyorder + 1;
	long double x[32];
	long double *a = leat_zalloc(leat_size_mul(m, n + 1), sizeof *a, err), *b = a + m * n;
	int ok = a ? 0 : -1;
	for (size_t r = 0; ok == 0 && r < m; r++) {
		memset(b, 0, m * sizeof *b);
		b[r] = 1;
		for (size_t i = 0; i < m; i++) {
			long double power = 1, at = ((long double)i - (long double)(m / 2)) / half_of(p);
			for (size_t c = 0; c < n; c++, power *= at)
				a[c * m + i] = power;
		}
		ok = leat_least_squares(a, b, m, n, x, err);
		for (size_t c = 0; ok == 0 && c < n; c++)
			to[c * m + r] = x[c];
	}
	free(a);
	return ok;
}

/* k! / (k - deriv)! by the scale: what becomes of the k-th coefficient in the derivative. */
static long double factor_of(const struct savgol *p, size_t k)
{
	long double f = 1;
	for (size_t i = 0; i < (size_t)p->deriv; i++)
		f *= (long double)(k - i) / half_of(p);
	return f;
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct savgol *p = o->params;
	size_t m = (size_t)p->window, n = (size_t)p->polyorder + 1, d = (size_t)p->deriv;
	struct state *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	s->middle = leat_zalloc(m, sizeof *s->middle, err);
	s->coefficients = leat_zalloc(leat_size_mul(m, n), sizeof *s->coefficients, err);
	if (!s->middle || !s->coefficients || fill(p, s->coefficients, err) < 0) {
		close(s);
		return -1;
	}
	for (size_t r = 0; d < n && r < m; r++)
		s->middle[r] = (double)(s->coefficients[d * m + r] * factor_of(p, d));
	*state = s;
	return 0;
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* The polynomial over the window at x, at the places first … first + half of it. */
static void end_of(const struct savgol *p, const struct state *s, const double *x, size_t first, double *to)
{
	size_t m = (size_t)p->window, n = (size_t)p->polyorder + 1, d = (size_t)p->deriv;
	long double c[32] = {0};
	for (size_t k = d; k < n; k++) {
		for (size_t r = 0; r < m; r++)
			c[k] += s->coefficients[k * m + r] * (long double)x[r];
		c[k] *= factor_of(p, k);
	}
	for (size_t i = 0; i < m / 2; i++) {
		long double at = ((long double)(first + i) - (long double)(m / 2)) / half_of(p), sum = 0;
		for (size_t k = n; k-- > d;)
			sum = sum * at + c[k];
		to[i] = (double)sum;
	}
}

static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct leat_whole *w = ctx;
	const struct savgol *p = w->params;
	const struct state *s = w->state;
	size_t window = (size_t)p->window, half = window / 2;
	double *wide = scratch;
	(void)m, (void)err; /* as many; cannot fail */
	leat_with_border(x, n, half, half, edges[p->edge], 0, wide);
	for (size_t i = 0; i < n; i++)
		to[i] = dot(s->middle, wide + i, window);
	if (p->edge == 0) {
		end_of(p, s, x, 0, to);
		end_of(p, s, x + n - window, window - half, to + n - half);
	}
	return 0;
}

/* params: the step as it runs, so that lines find what it keeps. */
static void work_of(const void *params_, size_t n, struct leat_line_work *w)
{
	const struct savgol *p = ((const struct leat_whole *)params_)->params;
	w->fn = line;
	w->scratch = leat_size_mul(leat_size_add(n, 2 * (size_t)p->window), sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct leat_whole through = {.params = w, .team = w->team};
	return leat_smooth_run(&through, (double)((const struct savgol *)w->params)->axis, work_of, in, out, err);
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
	.open = open,
	.run = run,
	.close = close,
	.check = check,
	.cost = cost,
};
