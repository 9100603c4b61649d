/* SPDX-License-Identifier: MIT */
/* squeeze: axes of one element go, as numpy.squeeze: all of them, or those that are named. No element moves. */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct squeeze {
	struct leat_numbers axes;
};

static const struct leat_param params[] = {
	LEAT_P(struct squeeze, axes, struct leat_numbers, LEAT_PT_NUMBERS, "axes", NULL, 0,
	       "the axes that go, negative from the last; all of one element when not given"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct squeeze *p = params_;
	*which = &params[0];
	for (size_t i = 0; i < p->axes.n; i++)
		if (leat_axis_check(p->axes.v[i], err) < 0)
			return -1;
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct squeeze *p = params_;
	const struct leat_array_shape *s = &in->array;
	unsigned goes = 0;
	char text[192];
	for (size_t i = 0; i < p->axes.n; i++) {
		struct leat_axis a;
		if (leat_axis_of(&a, s, (int64_t)p->axes.v[i], err) < 0)
			return -1;
		if (a.n != 1)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "axis %d of the shape %s has not one element",
					 a.axis, leat_array_shape_text(s, text));
		goes |= 1u << a.axis;
	}
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = s->dtype}};
	for (int i = 0; i < s->ndim; i++)
		if (p->axes.n ? !(goes >> i & 1) : s->dim[i] != 1)
			out->array.dim[out->array.ndim++] = s->dim[i];
	out->array.fortran = s->fortran && out->array.ndim > 1;
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(w->params, &was, &gives, err) < 0)
		return -1;
	struct leat_array *made = leat_array_wrap(&gives.array, a->mem, a->data, err);
	*out = (struct leat_payload){.kind = made ? LEAT_ARRAY : LEAT_NONE, .array = made};
	return made ? 0 : -1;
}

const struct leat_op leat_op_squeeze = {
	.name = "squeeze",
	.group = "array",
	.summary = "remove axes of one element",
	.example = "squeeze axes=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct squeeze),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.check = check,
	.shape = shape,
	.run = run,
};
