/* SPDX-License-Identifier: MIT */
/* gradient: slopes along an axis by central differences, at the ends by the neighbor, as numpy.gradient. Float64. */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct gradient {
	int64_t axis;
	double spacing;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct gradient, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_REAL(struct gradient, spacing, "spacing", "1", 0, 0, NULL, 0, "distance of two neighbors"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct gradient *p = params_;
	*which = p->spacing == 0 ? leat_param_find(params, "spacing") : NULL;
	return p->spacing == 0 ? leat_fail(err, LEAT_CAUSE_USAGE, "a distance of 0 has no slope") : 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct gradient *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	if (leat_real_check(&in->array, err) < 0 || leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	return a.n >= 2 ? 0 : leat_fail(err, LEAT_CAUSE_MISMATCH, "it takes at least two numbers along the axis");
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static int line(const void *ctx, const double *x, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	double h = *(const double *)ctx;
	(void)m, (void)scratch, (void)err; /* as many; cannot fail */
	to[0] = (x[1] - x[0]) / h;
	for (size_t i = 1; i + 1 < n; i++)
		to[i] = (x[i + 1] - x[i - 1]) / (2 * h);
	to[n - 1] = (x[n - 1] - x[n - 2]) / h;
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct gradient *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	struct leat_axis x;
	if (shape(p, &was, &gives, err) < 0 || leat_axis_of(&x, &a->shape, p->axis, err) < 0)
		return -1;
	struct leat_line_work work = {.fn = line, .ctx = &p->spacing, .m = (size_t)x.n};
	return leat_whole_give(leat_axis_apply(a, p->axis, &work, w->team, err), out);
}

const struct leat_op leat_op_gradient = {
	.name = "gradient",
	.group = "array",
	.summary = "slopes along an axis",
	.example = "gradient axis=0 spacing=0.1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct gradient),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
