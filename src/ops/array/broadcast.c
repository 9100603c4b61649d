/* SPDX-License-Identifier: MIT */
/* Shapes that go together. See broadcast.h. */
#include "ops/array/broadcast.h"

#include <string.h>

/* The dimension of s that stands at axis i of n. */
static uint64_t dim_at(const struct leat_array_shape *s, int i, int n)
{
	int k = i - (n - s->ndim);
	return k >= 0 ? s->dim[k] : 1;
}

static bool same_dims(const struct leat_array_shape *a, const struct leat_array_shape *b)
{
	return a->ndim == b->ndim && memcmp(a->dim, b->dim, (size_t)a->ndim * sizeof *a->dim) == 0;
}

int leat_broadcast_shape(const struct leat_array_shape *a, const struct leat_array_shape *b,
			 struct leat_array_shape *out, struct leat_err *err)
{
	char ta[192], tb[192];
	*out = (struct leat_array_shape){.dtype = a->dtype, .ndim = a->ndim > b->ndim ? a->ndim : b->ndim};
	for (int i = 0; i < out->ndim; i++) {
		uint64_t x = dim_at(a, i, out->ndim), y = dim_at(b, i, out->ndim);
		if (x != y && x != 1 && y != 1)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "the shapes %s and %s do not go together",
					 leat_array_shape_text(a, ta), leat_array_shape_text(b, tb));
		out->dim[i] = x == 1 ? y : x;
	}
	out->fortran = a->fortran && same_dims(a, out);
	return 0;
}

/* Row by row of the result, which is in C order, as `from` is. */
static void repeat(const struct leat_array *from, struct leat_array *to)
{
	const struct leat_array_shape *s = &to->shape;
	uint64_t step[LEAT_MAX_DIMS] = {0}, at[LEAT_MAX_DIMS] = {0}, all = 1;
	const double *src = from->data;
	double *dst = to->data;
	int last = s->ndim - 1;
	for (int i = last; i >= 0; i--) {
		uint64_t d = dim_at(&from->shape, i, s->ndim);
		step[i] = d == 1 ? 0 : all;
		all *= d;
	}
	for (;;) {
		for (uint64_t k = 0; k < s->dim[last]; k++)
			*dst++ = src[k * step[last]];
		int i = last - 1;
		for (; i >= 0; i--) {
			src += step[i];
			if (++at[i] < s->dim[i])
				break;
			src -= step[i] * s->dim[i];
			at[i] = 0;
		}
		if (i < 0)
			return;
	}
}

struct leat_array *leat_broadcast(struct leat_array *a, const struct leat_array_shape *to, struct leat_err *err)
{
	if (same_dims(&a->shape, to))
		return leat_array_as(a, LEAT_DT_F8, to->fortran, err);
	struct leat_array_shape shape = *to;
	shape.dtype = LEAT_DT_F8;
	shape.fortran = false;
	struct leat_array *from = leat_array_as(a, LEAT_DT_F8, false, err);
	struct leat_array *out = from ? leat_array_new(&shape, err) : NULL;
	if (out && leat_array_count(&shape) > 0)
		repeat(from, out);
	leat_array_unref(&from);
	if (!out || !to->fortran)
		return out;
	from = leat_array_as(out, LEAT_DT_F8, true, err);
	leat_array_unref(&out);
	return from;
}
