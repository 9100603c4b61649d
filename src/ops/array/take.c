/* SPDX-License-Identifier: MIT */
/* take: elements along an axis by their places, in any order and also twice, as numpy.take. */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/pieces.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

#include <math.h>

struct take {
	struct leat_numbers indices;
	int64_t axis;
};

static const struct leat_param params[] = {
	LEAT_P(struct take, indices, struct leat_numbers, LEAT_PT_NUMBERS, "indices", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "places counted from 0, negative from the last"),
	LEAT_P_INT(struct take, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which is taken, negative from the last"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct take *p = params_;
	*which = &params[0];
	for (size_t i = 0; i < p->indices.n; i++)
		if (!(fabs(p->indices.v[i]) <= 0x1p53 && p->indices.v[i] == (double)(int64_t)p->indices.v[i]))
			return leat_fail(err, LEAT_CAUSE_USAGE, "a place is a whole number");
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct take *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	if (leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	for (size_t i = 0; i < p->indices.n; i++)
		if (p->indices.v[i] >= (double)a.n || p->indices.v[i] < -(double)a.n)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no place %.0f along an axis of %llu",
					 p->indices.v[i], (unsigned long long)a.n);
	out->array.dim[a.axis] = p->indices.n;
	out->array.fortran = false;
	return 0;
}

struct places {
	const struct take *p;
	uint64_t n;
};

static int64_t place(const void *ctx, uint64_t k)
{
	const struct places *at = ctx;
	double v = at->p->indices.v[k];
	return (int64_t)(v < 0 ? v + (double)at->n : v);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct take *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	struct leat_axis x;
	if (shape(p, &was, &gives, err) < 0 || leat_axis_of(&x, &a->shape, p->axis, err) < 0)
		return -1;
	struct places at = {p, x.n};
	return leat_whole_give(leat_pick(a, x.axis, p->indices.n, place, &at, NULL, err), out);
}

const struct leat_op leat_op_take = {
	.name = "take",
	.group = "array",
	.summary = "take elements along an axis by their places",
	.example = "take 0,2,-1 axis=1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct take),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.check = check,
};
