/* SPDX-License-Identifier: MIT */
/*
 * transpose: the axes of an array in another order, by default reversed, as numpy.transpose. Reversed axes cost
 * nothing: the same memory is read in the other order.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct transpose {
	struct leat_numbers axes;
};

static const struct leat_param params[] = {
	LEAT_P(struct transpose, axes, struct leat_numbers, LEAT_PT_NUMBERS, "axes", NULL, 0,
	       "the old axis at each place, counted from 0, negative from the last; reversed when not given"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct transpose *p = params_;
	*which = &params[0];
	for (size_t i = 0; i < p->axes.n; i++)
		if (p->axes.v[i] != (int)p->axes.v[i] || p->axes.v[i] >= LEAT_MAX_DIMS || p->axes.v[i] < -LEAT_MAX_DIMS)
			return leat_fail(err, LEAT_CAUSE_USAGE, "an axis is a whole number from -%d to %d",
					 LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1);
	*which = NULL;
	return 0;
}

/* axis[i] = the old axis at place i. *reversed: they are 3, 2, 1, 0. */
static int axes_of(const struct transpose *p, const struct leat_array_shape *s, int *axis, bool *reversed,
		   struct leat_err *err)
{
	char text[192];
	unsigned seen = 0;
	*reversed = true;
	if (p->axes.n && p->axes.n != (size_t)s->ndim)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "axes= has %zu entries for the shape %s", p->axes.n,
				 leat_array_shape_text(s, text));
	for (int i = 0; i < s->ndim; i++) {
		axis[i] = p->axes.n ? (int)p->axes.v[i] : s->ndim - 1 - i;
		axis[i] += axis[i] < 0 ? s->ndim : 0;
		if (axis[i] < 0 || axis[i] >= s->ndim || (seen >> axis[i] & 1))
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "axes= names each of the %d axes once", s->ndim);
		seen |= 1u << axis[i];
		*reversed = *reversed && axis[i] == s->ndim - 1 - i;
	}
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct leat_array_shape *s = &in->array;
	int axis[LEAT_MAX_DIMS];
	bool reversed;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = *s};
	if (axes_of(params_, s, axis, &reversed, err) < 0)
		return -1;
	for (int i = 0; i < s->ndim; i++)
		out->array.dim[i] = s->dim[axis[i]];
	out->array.fortran = reversed && s->ndim > 1 && !s->fortran;
	return 0;
}

/* n elements, `step` bytes apart, side by side. */
static void gather(const uint8_t *from, size_t step, size_t n, size_t size, uint8_t *to)
{
#define EACH(T)                        \
	for (size_t i = 0; i < n; i++) \
	((T *)(void *)to)[i] = *(const T *)(const void *)(from + i * step)
	struct pair {
		uint64_t v[2];
	};
	switch (size) {
	case 1:
		EACH(uint8_t);
		break;
	case 2:
		EACH(uint16_t);
		break;
	case 4:
		EACH(uint32_t);
		break;
	case 8:
		EACH(uint64_t);
		break;
	default:
		EACH(struct pair);
		break;
	}
#undef EACH
}

/* All elements of `to`, which is in C order, from their places in `from`. */
static void move(const struct leat_array *from, const int *axis, struct leat_array *to)
{
	const struct leat_array_shape *s = &from->shape, *d = &to->shape;
	size_t size = leat_dtype_size(s->dtype), old[LEAT_MAX_DIMS] = {0}, step[LEAT_MAX_DIMS], at[LEAT_MAX_DIMS] = {0};
	const uint8_t *src = from->data;
	uint8_t *dst = to->data;
	size_t bytes = size;
	for (int k = 0; k < s->ndim; k++) {
		int i = s->fortran ? k : s->ndim - 1 - k;
		old[i] = bytes;
		bytes *= (size_t)s->dim[i];
	}
	for (int i = 0; i < d->ndim; i++)
		step[i] = old[axis[i]];
	int last = d->ndim - 1;
	for (;;) {
		gather(src, step[last], (size_t)d->dim[last], size, dst);
		dst += size * (size_t)d->dim[last];
		int i = last - 1;
		for (; i >= 0; i--) {
			src += step[i];
			if (++at[i] < d->dim[i])
				break;
			src -= step[i] * (size_t)d->dim[i];
			at[i] = 0;
		}
		if (i < 0)
			return;
	}
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	struct leat_array *from = leat_payload_numbers(in), *to = NULL;
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = from->shape}, gives;
	int axis[LEAT_MAX_DIMS];
	bool reversed;
	if (shape(w->params, &was, &gives, err) < 0 || axes_of(w->params, &from->shape, axis, &reversed, err) < 0)
		return -1;
	if (reversed)
		to = leat_array_wrap(&gives.array, from->mem, from->data, err);
	else
		to = leat_array_new(&gives.array, err);
	if (to && !reversed && leat_array_count(&gives.array) > 0)
		move(from, axis, to);
	if (!to)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = to};
	return 0;
}

const struct leat_op leat_op_transpose = {
	.name = "transpose",
	.group = "array",
	.summary = "put the axes of an array into another order",
	.example = "transpose axes=1,2,0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct transpose),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
