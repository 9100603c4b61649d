/* SPDX-License-Identifier: MIT */
/*
 * detrend: numbers along an axis less the straight line that fits them best, or less their mean, as
 * scipy.signal.detrend.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/signal/smooth.h"

struct detrend {
	int64_t type, axis;
};

enum { LINEAR, CONSTANT };

static const char *const types[] = {"linear", "constant", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct detrend, type, "type", "linear", types, 0, "what goes: a straight line or the mean"),
	LEAT_P_INT(struct detrend, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_smooth_shape((double)((const struct detrend *)params_)->axis, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_smooth_cost(in);
}

static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct detrend *p = ctx;
	long double mean = 0, slope = 0, squares = 0, middle = (long double)(n - 1) / 2;
	(void)m, (void)scratch, (void)err; /* as many; cannot fail */
	for (size_t i = 0; i < n; i++)
		mean += x[i];
	mean /= (long double)n;
	for (size_t i = 0; p->type == LINEAR && i < n; i++) {
		long double t = (long double)i - middle;
		slope += t * (x[i] - mean);
		squares += t * t;
	}
	slope = squares > 0 ? slope / squares : 0;
	for (size_t i = 0; i < n; i++)
		to[i] = (double)(x[i] - mean - slope * ((long double)i - middle));
	return 0;
}

static void work_of(const void *params_, size_t n, struct leat_line_work *w)
{
	(void)params_, (void)n; /* the same for all */
	w->fn = line;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	return leat_smooth_run(w, (double)((const struct detrend *)w->params)->axis, work_of, in, out, err);
}

const struct leat_op leat_op_detrend = {
	.name = "detrend",
	.group = "signal",
	.summary = "take the trend out along an axis",
	.example = "detrend axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct detrend),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.cost = cost,
};
