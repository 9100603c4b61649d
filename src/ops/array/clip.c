/* SPDX-License-Identifier: MIT */
/*
 * clip: numbers below a range become its lower end, those above its upper, as numpy.clip; NaN stays. The type
 * stays: the ends of whole numbers are rounded inward.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/array/axis.h"
#include "ops/array/wide.h"
#include "ops/rows.h"
#include "ops/vectorize.h"

#include <math.h>

struct clip {
	struct leat_range range;
};

static const struct leat_param params[] = {
	LEAT_P(struct clip, range, struct leat_range, LEAT_PT_RANGE, "range", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "the smallest and the largest number"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct clip *p = params_;
	*which = p->range.percent ? &params[0] : NULL;
	return p->range.percent ? leat_fail(err, LEAT_CAUSE_USAGE, "the ends are numbers, not shares") : 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct clip *p = params_;
	*out = *in;
	if (!leat_dtype_is_float(in->array.dtype) && ceil(p->range.a) > floor(p->range.b))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "no whole number lies between %g and %g", p->range.a,
				 p->range.b);
	return leat_real_check(&in->array, err);
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static void clip_floats(double *v, uint64_t n, const struct leat_range *r)
{
	double a = r->a, b = r->b;
	LEAT_VECTORIZE
	for (uint64_t i = 0; i < n; i++) {
		double x = v[i] < a ? a : v[i]; /* NaN stays */
		v[i] = x > b ? b : x;
	}
}

static void clip_signed(int64_t *v, uint64_t n, const struct leat_range *r)
{
	double low = ceil(r->a), high = floor(r->b);
	int64_t a = low <= -0x1p63 ? INT64_MIN : low >= 0x1p63 ? INT64_MAX : (int64_t)low;
	int64_t b = high >= 0x1p63 ? INT64_MAX : high <= -0x1p63 ? INT64_MIN : (int64_t)high;
	for (uint64_t i = 0; i < n; i++)
		v[i] = v[i] < a ? a : v[i] > b ? b : v[i];
}

static void clip_unsigned(uint64_t *v, uint64_t n, const struct leat_range *r)
{
	double low = ceil(r->a), high = floor(r->b);
	uint64_t a = low <= 0 ? 0 : low >= 0x1p64 ? UINT64_MAX : (uint64_t)low;
	uint64_t b = high >= 0x1p64 ? UINT64_MAX : high <= 0 ? 0 : (uint64_t)high;
	for (uint64_t i = 0; i < n; i++)
		v[i] = v[i] < a ? a : v[i] > b ? b : v[i];
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct leat_range *r = &((const struct clip *)w->params)->range;
	struct leat_array *from = leat_payload_numbers(in), *a = leat_wide_of(from, true, err);
	if (!a)
		return -1;
	uint64_t n = leat_array_count(&a->shape);
	if (a->shape.dtype == LEAT_DT_F8)
		clip_floats(a->data, n, r);
	else if (a->shape.dtype == LEAT_DT_I8)
		clip_signed(a->data, n, r);
	else
		clip_unsigned(a->data, n, r);
	return leat_whole_give_like(in, leat_wide_back(&a, from->shape.dtype, err), out, err);
}

const struct leat_op leat_op_clip = {
	.name = "clip",
	.group = "array",
	.summary = "limit numbers to a range",
	.example = "clip 0..1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct clip),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
