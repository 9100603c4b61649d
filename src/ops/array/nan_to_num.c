/* SPDX-License-Identifier: MIT */
/*
 * nan-to-num: numbers for what is none and for what is infinite, as numpy.nan_to_num. Whole numbers stay as
 * they are.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/array/axis.h"
#include "ops/array/wide.h"
#include "ops/rows.h"

#include <float.h>
#include <math.h>

struct nan_to_num {
	double nan, posinf, neginf;
};

static const struct leat_param params[] = {
	LEAT_P_REAL(struct nan_to_num, nan, "nan", "0", 0, 0, NULL, 0, "what stands for NaN"),
	LEAT_P_REAL_OR(struct nan_to_num, posinf, "posinf", "max", "max",
		       "what stands for infinity; max: the largest number of the type"),
	LEAT_P_REAL_OR(struct nan_to_num, neginf, "neginf", "min", "min",
		       "what stands for negative infinity; min: the smallest number of the type"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params_; /* the same for all */
	*out = *in;
	return leat_real_check(&in->array, err);
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static double largest(enum leat_dtype t)
{
	return t == LEAT_DT_F2 ? 65504 : t == LEAT_DT_F4 ? (double)FLT_MAX : DBL_MAX;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct nan_to_num *p = w->params;
	struct leat_array *from = leat_payload_numbers(in), *a = leat_wide_of(from, true, err);
	if (!a)
		return -1;
	double most = largest(from->shape.dtype), *v = a->data;
	double high = isnan(p->posinf) ? most : p->posinf, low = isnan(p->neginf) ? -most : p->neginf;
	for (uint64_t i = 0; a->shape.dtype == LEAT_DT_F8 && i < leat_array_count(&a->shape); i++)
		v[i] = isnan(v[i]) ? p->nan : v[i] == INFINITY ? high : v[i] == -INFINITY ? low : v[i];
	return leat_whole_give_like(in, leat_wide_back(&a, from->shape.dtype, err), out, err);
}

const struct leat_op leat_op_nan_to_num = {
	.name = "nan-to-num",
	.group = "array",
	.summary = "put numbers where there are none, or infinite ones",
	.example = "nan-to-num nan=0 posinf=1e9",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct nan_to_num),
	LEAT_WHOLE_ROWS,
	.out = 0,
	.shape = shape,
	.run = run,
	.cost = cost,
};
