/* SPDX-License-Identifier: MIT */
/*
 * diff: each number less the one before it along an axis, n times, as numpy.diff. The type stays: whole
 * numbers wrap, and truth values are true where they change.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/array/wide.h"
#include "ops/rows.h"

struct diff {
	int64_t axis, n;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct diff, axis, "axis", "-1", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_INT(struct diff, n, "n", "1", 0, 1000, NULL, 0, "how many times"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct diff *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.fortran = false;
	if (leat_real_check(&in->array, err) < 0 || leat_axis_of(&a, &in->array, p->axis, err) < 0)
		return -1;
	out->array.dim[a.axis] = a.n > (uint64_t)p->n ? a.n - (uint64_t)p->n : 0;
	return 0;
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

/* In place: the lines stay as far apart as they were. */
static void once(struct leat_array *a, const struct leat_axis *x, uint64_t length)
{
	double *v = a->data;
	uint64_t *u = a->data, plane = x->n * x->inner;
	bool floating = a->shape.dtype == LEAT_DT_F8;
	for (uint64_t o = 0; o < x->outer; o++)
		for (uint64_t i = o * plane; i < o * plane + (length - 1) * x->inner; i++) {
			if (floating)
				v[i] = v[i + x->inner] - v[i];
			else
				u[i] = u[i + x->inner] - u[i];
		}
}

/* What is left of each line, side by side. */
static struct leat_array *packed(const struct leat_array *a, const struct leat_axis *x,
				 const struct leat_array_shape *shape, struct leat_err *err)
{
	struct leat_array_shape s = *shape;
	s.dtype = a->shape.dtype;
	struct leat_array *out = leat_array_new(&s, err);
	const uint64_t *from = a->data;
	uint64_t part = s.dim[x->axis] * x->inner;
	for (uint64_t o = 0; out && o < x->outer; o++)
		memcpy((uint64_t *)out->data + o * part, from + o * x->n * x->inner, (size_t)part * sizeof *from);
	return out;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct diff *p = w->params;
	struct leat_array *from = leat_payload_numbers(in), *made = NULL;
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = from->shape}, gives;
	struct leat_axis x;
	if (shape(p, &was, &gives, err) < 0 || leat_axis_of(&x, &from->shape, p->axis, err) < 0)
		return -1;
	struct leat_array *a = leat_wide_of(from, false, err);
	for (uint64_t i = 0; a && i < (uint64_t)p->n && x.n > i; i++)
		once(a, &x, x.n - i);
	for (uint64_t i = 0; a && from->shape.dtype == LEAT_DT_B1 && i < leat_array_count(&a->shape); i++)
		((uint64_t *)a->data)[i] &= 1; /* true where it changes */
	if (a)
		made = packed(a, &x, &gives.array, err);
	leat_array_unref(&a);
	return leat_whole_give(made ? leat_wide_back(&made, from->shape.dtype, err) : NULL, out);
}

const struct leat_op leat_op_diff = {
	.name = "diff",
	.group = "array",
	.summary = "differences of neighbors along an axis",
	.example = "diff axis=0 n=2",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct diff),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.cost = cost,
};
