/* SPDX-License-Identifier: MIT */
/*
 * gaussian-filter: means weighted by a Gaussian, axis after axis, as scipy.ndimage.gaussian_filter; other than there
 * whole numbers become float64.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/signal/smooth.h"

#include <math.h>

struct gaussian {
	double sigma, axis, cval, truncate;
	int64_t edge;
};

static const struct leat_param params[] = {
	LEAT_P_REAL(struct gaussian, sigma, "sigma", NULL, 0.001, 1e6, "samples", LEAT_POSITIONAL | LEAT_REQUIRED,
		    "standard deviation of the Gaussian"),
	LEAT_P_REAL_OR(struct gaussian, axis, "axis", "all", "all",
		       "axis along which it goes, negative from the last; or all, one after the other"),
	LEAT_P_CHOICE(struct gaussian, edge, "edge", "reflect", leat_edges, 0, "what stands outside"),
	LEAT_P_REAL(struct gaussian, cval, "cval", "0", 0, 0, NULL, 0, "the number of edge=constant"),
	LEAT_P_REAL(struct gaussian, truncate, "truncate", "4", 0, 100, NULL, 0,
		    "standard deviations at which it is cut off"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	*which = leat_param_find(params, "axis");
	if (leat_axis_check(((const struct gaussian *)params_)->axis, err) < 0)
		return -1;
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_smooth_shape(((const struct gaussian *)params_)->axis, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_smooth_cost(in);
}

static size_t radius(const struct gaussian *p)
{
	return (size_t)(p->truncate * p->sigma + 0.5);
}

static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct gaussian *p = ctx;
	size_t r = radius(p);
	double *weight = scratch, *wide = weight + r + 1, sum = 0;
	(void)m, (void)err; /* as many; cannot fail */
	for (size_t k = 0; k <= r; k++) {
		weight[k] = exp(-0.5 * (double)k * (double)k / (p->sigma * p->sigma));
		sum += k ? 2 * weight[k] : weight[k];
	}
	leat_with_border(x, n, r, r, (enum leat_edge)p->edge, p->cval, wide);
	for (size_t i = 0; i < n; i++) {
		const double *at = wide + r + i;
		double v = at[0] * (weight[0] / sum);
		for (size_t k = r; k > 0; k--)
			v += (*(at - k) + at[k]) * (weight[k] / sum);
		to[i] = v;
	}
	return 0;
}

static void work_of(const void *params_, size_t n, struct leat_line_work *w)
{
	size_t r = radius(params_);
	w->fn = line;
	w->scratch = leat_size_mul(leat_size_add(n, 3 * r + 1), sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	return leat_smooth_run(w, ((const struct gaussian *)w->params)->axis, work_of, in, out, err);
}

const struct leat_op leat_op_gaussian_filter = {
	.name = "gaussian-filter",
	.group = "signal",
	.summary = "smooth by a Gaussian along axes",
	.example = "gaussian-filter 2 axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct gaussian),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
