/* SPDX-License-Identifier: MIT */
/*
 * uniform-filter: means of a window, axis after axis, as scipy.ndimage.uniform_filter; a window of even size lies one
 * further to the left. Other than there whole numbers become float64.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/signal/smooth.h"

struct uniform {
	int64_t size, edge;
	double axis, cval;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct uniform, size, "size", NULL, 1, 1000000, "samples", LEAT_POSITIONAL | LEAT_REQUIRED,
		   "numbers in the window"),
	LEAT_P_REAL_OR(struct uniform, axis, "axis", "all", "all",
		       "axis along which it goes, negative from the last; or all, one after the other"),
	LEAT_P_CHOICE(struct uniform, edge, "edge", "reflect", leat_edges, 0, "what stands outside"),
	LEAT_P_REAL(struct uniform, cval, "cval", "0", 0, 0, NULL, 0, "the number of edge=constant"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	*which = leat_param_find(params, "axis");
	if (leat_axis_check(((const struct uniform *)params_)->axis, err) < 0)
		return -1;
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_smooth_shape(((const struct uniform *)params_)->axis, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_smooth_cost(in);
}

/* The running sum begins anew from time to time, so that rounding does not add up, and where it is no number. */
static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct uniform *p = ctx;
	size_t size = (size_t)p->size, before = size / 2;
	double *wide = scratch, sum = 0;
	(void)m, (void)err; /* as many; cannot fail */
	leat_with_border(x, n, before, size - 1 - before, (enum leat_edge)p->edge, p->cval, wide);
	for (size_t i = 0; i < n; i++) {
		if (i % 64 == 0 || !(sum - sum == 0)) {
			sum = 0;
			for (size_t k = 0; k < size; k++)
				sum += wide[i + k];
		} else {
			sum += wide[i + size - 1] - wide[i - 1];
		}
		to[i] = sum / (double)size;
	}
	return 0;
}

static void work_of(const void *params_, size_t n, struct leat_line_work *w)
{
	const struct uniform *p = params_;
	w->fn = line;
	w->scratch = leat_size_mul(leat_size_add(n, (size_t)p->size), sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	return leat_smooth_run(w, ((const struct uniform *)w->params)->axis, work_of, in, out, err);
}

const struct leat_op leat_op_uniform_filter = {
	.name = "uniform-filter",
	.group = "signal",
	.summary = "means of a window along axes",
	.example = "uniform-filter 5 axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct uniform),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
