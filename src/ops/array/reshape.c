/* SPDX-License-Identifier: MIT */
/*
 * reshape: the same elements in another shape, as numpy.reshape. Without a copy where the order is that of
 * the memory.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/array/wide.h"
#include "ops/rows.h"

struct reshape {
	struct leat_numbers shape;
	int64_t order;
};

enum { ORDER_C, ORDER_F };

static const char *const orders[] = {"c", "f", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct reshape, shape, struct leat_numbers, LEAT_PT_NUMBERS, "shape", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "the dimensions; one of them may be -1: what is left"),
	LEAT_P_CHOICE(struct reshape, order, "order", "c", orders, 0,
		      "in which order elements are read and placed: c row by row, f column by column"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct reshape *p = params_;
	size_t open = 0;
	*which = &params[0];
	if (p->shape.n > LEAT_MAX_DIMS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "%zu dimensions; %d are the limit", p->shape.n, LEAT_MAX_DIMS);
	for (size_t i = 0; i < p->shape.n; i++) {
		double v = p->shape.v[i];
		open += v == -1;
		if (!(v >= -1 && v <= 0x1p53 && v == (double)(int64_t)v))
			return leat_fail(err, LEAT_CAUSE_USAGE, "a dimension is a whole number from 0, or -1");
	}
	if (open > 1)
		return leat_fail(err, LEAT_CAUSE_USAGE, "only one dimension can be -1");
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct reshape *p = params_;
	uint64_t n = leat_array_count(&in->array), known = 1;
	char from[192], to[192];
	int open = -1;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = in->array.dtype}};
	struct leat_array_shape *o = &out->array;
	o->ndim = (int)p->shape.n;
	o->fortran = p->order == ORDER_F && o->ndim > 1;
	for (int i = 0; i < o->ndim; i++) {
		o->dim[i] = p->shape.v[i] < 0 ? 1 : (uint64_t)p->shape.v[i];
		open = p->shape.v[i] < 0 ? i : open;
	}
	known = leat_array_count(o);
	if (open >= 0 && known > 0 && n % known == 0)
		o->dim[open] = n / known;
	if (leat_array_count(o) != n)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "%llu elements of the shape %s cannot become %s",
				 (unsigned long long)n, leat_array_shape_text(&in->array, from),
				 leat_array_shape_text(o, to));
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *a = leat_payload_numbers(in), *made;
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(w->params, &was, &gives, err) < 0)
		return -1;
	struct leat_array_shape order = a->shape;
	order.fortran = ((const struct reshape *)w->params)->order == ORDER_F && order.ndim > 1;
	struct leat_array *turned = leat_array_as(a, a->shape.dtype, order.fortran, err);
	made = turned ? leat_array_wrap(&gives.array, turned->mem, turned->data, err) : NULL;
	leat_array_unref(&turned);
	*out = (struct leat_payload){.kind = made ? LEAT_ARRAY : LEAT_NONE, .array = made};
	return made ? 0 : -1;
}

const struct leat_op leat_op_reshape = {
	.name = "reshape",
	.group = "array",
	.summary = "give the elements of an array another shape",
	.example = "reshape 3,-1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct reshape),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.check = check,
	.shape = shape,
	.run = run,
};
