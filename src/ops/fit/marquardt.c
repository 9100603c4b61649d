/* SPDX-License-Identifier: MIT */
/* See marquardt.h. */
#include "ops/fit/marquardt.h"

#include "base/mem.h"
#include "ops/fit/leastsq.h"

#include <math.h>

struct work {
	const struct leat_model *m;
	const double *x, *y;
	size_t n, k; /* points, parameters */
	double *value, *up, *near; /* [n] of the model; [k] parameters that are tried */
	double *jacobian; /* [k][n] */
	long double *a, *b, *step; /* the linear problem: [k][n + k], [n + k], [k] */
	double *scale; /* [k] the longest a column has been */
};

static int values(const struct work *w, const double *p, double *to, struct leat_err *err)
{
	return leat_model_run(w->m, p, w->x, w->n, 1, to, err);
}

static double squares(const struct work *w, const double *value)
{
	long double sum = 0;
	for (size_t i = 0; i < w->n; i++)
		sum += ((long double)w->y[i] - value[i]) * ((long double)w->y[i] - value[i]);
	return (double)sum;
}

/* Column k by differences of five points. */
static int slope(const struct work *w, const double *p, size_t k, struct leat_err *err)
{
	static const double at[] = {-2, -1, 1, 2}, weight[] = {1, -8, 8, -1};
	double *column = w->jacobian + k * w->n, h = 7e-4 * (p[k] != 0 ? fabs(p[k]) : 1e-3);
	memset(column, 0, w->n * sizeof *column);
	memcpy(w->near, p, w->k * sizeof *p);
	for (size_t j = 0; j < LEAT_LEN(at); j++) {
		w->near[k] = p[k] + at[j] * h;
		if (values(w, w->near, w->up, err) < 0)
			return -1;
		for (size_t i = 0; i < w->n; i++)
			column[i] += weight[j] * w->up[i] / (12 * h);
	}
	return 0;
}

static int slopes(const struct work *w, const double *p, struct leat_err *err)
{
	for (size_t k = 0; k < w->k; k++) {
		double sum = 0;
		if (slope(w, p, k, err) < 0)
			return -1;
		for (size_t i = 0; i < w->n; i++)
			sum += w->jacobian[k * w->n + i] * w->jacobian[k * w->n + i];
		w->scale[k] = fmax(w->scale[k], sqrt(sum));
	}
	return 0;
}

/* The step for this weight lambda; without one -1 where columns depend on each other. */
static int solve(const struct work *w, double lambda, struct leat_err *err)
{
	size_t rows = w->n + w->k;
	for (size_t k = 0; k < w->k; k++) {
		for (size_t i = 0; i < w->n; i++)
			w->a[k * rows + i] = w->jacobian[k * w->n + i];
		for (size_t j = 0; j < w->k; j++)
			w->a[k * rows + w->n + j] = j == k ? sqrtl(lambda) * (w->scale[k] > 0 ? w->scale[k] : 1) : 0;
	}
	for (size_t i = 0; i < rows; i++)
		w->b[i] = i < w->n ? (long double)w->y[i] - w->value[i] : 0;
	return leat_least_squares(w->a, w->b, rows, w->k, w->step, err);
}

/* The largest part of a parameter by which the step moves one. */
static double moved(const struct work *w, const double *p)
{
	double most = 0;
	for (size_t k = 0; k < w->k; k++)
		most = fmax(most, fabs((double)w->step[k]) / fmax(fabs(p[k]), 1e-30));
	return most;
}

/* Tries p + step; takes it where the squares do not grow by more than the slack. 1: taken; 0: not; -1 with *err. */
static int try(struct work *w, double *p, double *rss, double slack, struct leat_err *err)
{
	for (size_t k = 0; k < w->k; k++)
		w->near[k] = (double)(p[k] + w->step[k]);
	if (values(w, w->near, w->up, err) < 0)
		return -1;
	double now = squares(w, w->up);
	if (!(now <= *rss * slack))
		return 0;
	memcpy(p, w->near, w->k * sizeof *p);
	memcpy(w->value, w->up, w->n * sizeof *w->value);
	*rss = now;
	return 1;
}

/* Behind the search: steps without a weight, to the last digits. */
static int polish(struct work *w, double *p, double *rss, struct leat_err *err)
{
	double last = INFINITY;
	for (int i = 0; i < 12; i++) {
		struct leat_err flat = {0};
		if (slopes(w, p, err) < 0)
			return -1;
		if (solve(w, 0, &flat) < 0)
			return 0;
		double now = moved(w, p);
		if (now >= last || now < 1e-16 || try(w, p, rss, 1 + 1e-9, err) <= 0)
			break;
		last = now;
	}
	return 0;
}

static int search(struct work *w, struct leat_fit_found *f, double tol, int64_t max_iter, struct leat_err *err)
{
	double lambda = 1e-3;
	for (f->iterations = 1; f->iterations <= max_iter; f->iterations++) {
		if (slopes(w, f->p, err) < 0)
			return -1;
		for (int tries = 0;; tries++) {
			double before = f->rss;
			int taken = solve(w, lambda, err) < 0 ? -1 : try(w, f->p, &f->rss, 1, err);
			if (taken < 0)
				return -1;
			double far = moved(w, f->p);
			lambda = taken ? fmax(lambda / 10, 1e-20) : lambda * 8;
			if (far < tol && (!taken || before - f->rss <= 1e-6 * before))
				return 0;
			if (taken)
				break;
			if (tries > 60)
				return 0; /* no step makes it better */
		}
	}
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "no convergence in %lld steps", (long long)max_iter);
}

/* Inverts the k x k matrix in place, scaled by its diagonal; false where it is singular. */
static bool invert(long double *a, size_t k, long double *d)
{
	for (size_t i = 0; i < k; i++)
		d[i] = a[i * k + i] > 0 ? sqrtl(a[i * k + i]) : 1;
	for (size_t i = 0; i < k * k; i++)
		a[i] /= d[i / k] * d[i % k];
	for (size_t c = 0; c < k; c++) { /* Gauss and Jordan; positive definite: no exchange */
		long double pivot = a[c * k + c];
		if (!(pivot > 1e-30L))
			return false;
		a[c * k + c] = 1;
		for (size_t j = 0; j < k; j++)
			a[c * k + j] /= pivot;
		for (size_t r = 0; r < k; r++) {
			long double factor = a[r * k + c];
			if (r == c)
				continue;
			a[r * k + c] = 0;
			for (size_t j = 0; j < k; j++)
				a[r * k + j] -= factor * a[c * k + j];
		}
	}
	for (size_t i = 0; i < k * k; i++)
		a[i] /= d[i / k] * d[i % k];
	return true;
}

static void errors(struct work *w, struct leat_fit_found *f)
{
	size_t k = w->k;
	double left = (double)w->n - (double)k;
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			long double sum = 0;
			for (size_t r = 0; r < w->n; r++)
				sum += (long double)w->jacobian[i * w->n + r] * w->jacobian[j * w->n + r];
			w->a[i * k + j] = sum;
		}
	bool good = left > 0 && invert(w->a, k, w->step);
	for (size_t i = 0; i < k; i++)
		f->error[i] = good ? (double)sqrtl(w->a[i * k + i] * f->rss / left) : NAN;
}

int leat_marquardt(const struct leat_model *m, const double *x, const double *y, size_t n, double tol, int64_t max_iter,
		   struct leat_fit_found *found, struct leat_err *err)
{
	size_t k = m->n, rows = n + k;
	struct work w = {.m = m, .x = x, .y = y, .n = n, .k = k};
	if (n < k)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%zu points are too few for %zu parameters", n, k);
	double *room = leat_zalloc(leat_size_add(leat_size_mul(n, k + 2), 2 * k), sizeof *room, err);
	long double *more = room ? leat_zalloc(leat_size_add(leat_size_mul(rows, k + 1), k), sizeof *more, err) : NULL;
	int ok = more ? 0 : -1;
	if (ok == 0) {
		w.value = room;
		w.up = w.value + n;
		w.jacobian = w.up + n;
		w.near = w.jacobian + n * k;
		w.scale = w.near + k;
		w.a = more;
		w.b = w.a + rows * k;
		w.step = w.b + rows;
		ok = values(&w, found->p, w.value, err);
		found->rss = squares(&w, w.value);
	}
	if (ok == 0 && !isfinite(found->rss))
		ok = leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
			       "the expression has no value where the search begins (p0=)");
	if (ok == 0)
		ok = search(&w, found, tol, max_iter, err);
	if (ok == 0)
		ok = polish(&w, found->p, &found->rss, err);
	if (ok == 0)
		errors(&w, found);
	free(room);
	free(more);
	return ok;
}
