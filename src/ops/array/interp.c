/* SPDX-License-Identifier: MIT */
/*
 * interp: numbers between the numbers of an axis, on straight lines between neighbors, as numpy.interp with the places
 * 0, 1, 2 ... for xp. Float64.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

#include <math.h>

struct interp {
	struct leat_numbers x;
	int64_t axis, outside;
};

enum { FAIL, GIVES_NAN, EDGE };

static const char *const outsides[] = {"fail", "nan", "edge", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct interp, x, struct leat_numbers, LEAT_PT_NUMBERS, "x", NULL, LEAT_REQUIRED,
	       "places along the axis, from 0 to the last, with fractions"),
	LEAT_P_INT(struct interp, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_CHOICE(struct interp, outside, "outside", "fail", outsides, 0,
		      "what a place outside does: the item fails, NaN, or the number at that end"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct interp *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	if (leat_real_check(&in->array, err) < 0 || leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	out->array.dim[a.axis] = p->x.n;
	if (a.n == 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no number along the axis");
	for (size_t i = 0; p->outside == FAIL && i < p->x.n; i++)
		if (!(p->x.v[i] >= 0 && p->x.v[i] <= (double)(a.n - 1)))
			return leat_fail(err, LEAT_CAUSE_MISMATCH,
					 "the place %g lies outside 0 to %llu (outside=edge or outside=nan allows it)",
					 p->x.v[i], (unsigned long long)(a.n - 1));
	return 0;
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static double between(const double *v, size_t n, double x, int64_t outside)
{
	double last = (double)(n - 1);
	if (!(x >= 0 && x <= last))
		return outside == EDGE && !isnan(x) ? v[x < 0 ? 0 : n - 1] : NAN;
	size_t k = (size_t)x;
	if (k == n - 1 || x == (double)k)
		return v[k];
	return (v[k + 1] - v[k]) * (x - (double)k) + v[k];
}

static int line(const void *ctx, const double *v, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct interp *p = ctx;
	(void)scratch, (void)err; /* cannot fail */
	for (size_t i = 0; i < m; i++)
		to[i] = between(v, n, p->x.v[i], p->outside);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct interp *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(p, &was, &gives, err) < 0)
		return -1;
	struct leat_line_work work = {.fn = line, .ctx = p, .m = p->x.n};
	return leat_whole_give(leat_axis_apply(a, p->axis, &work, w->team, err), out);
}

const struct leat_op leat_op_interp = {
	.name = "interp",
	.group = "array",
	.summary = "numbers between the numbers of an axis",
	.example = "interp x=0,0.5,1 axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct interp),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.cost = cost,
};
