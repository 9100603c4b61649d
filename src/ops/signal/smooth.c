/* SPDX-License-Identifier: MIT */
/* See smooth.h. */
#include "ops/signal/smooth.h"

#include "base/mem.h"

#include <math.h>

void leat_with_border(const double *line, size_t n, size_t before, size_t after, enum leat_edge edge, double cval,
		      double *to)
{
	memcpy(to + before, line, n * sizeof *to);
	for (size_t k = 0; k < before; k++) {
		int64_t at = leat_edge_at(edge, (int64_t)k - (int64_t)before, (int64_t)n);
		to[k] = at < 0 ? cval : line[at];
	}
	for (size_t k = 0; k < after; k++) {
		int64_t at = leat_edge_at(edge, (int64_t)(n + k), (int64_t)n);
		to[before + n + k] = at < 0 ? cval : line[at];
	}
}

int leat_smooth_shape(double axis, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	struct leat_axis a;
	*out = *in;
	if (in->kind == LEAT_ARRAY) {
		out->array.dtype = leat_dtype_is_float(in->array.dtype) ? in->array.dtype : LEAT_DT_F8;
		out->array.fortran = false;
	}
	if (leat_real_check(&in->array, err) < 0)
		return -1;
	return isnan(axis) ? 0 : leat_axis_of(&a, &in->array, (int64_t)axis, err);
}

size_t leat_smooth_cost(const struct leat_shape *in)
{
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

int leat_smooth_run(const struct leat_whole *w, double axis, leat_smooth_fn *of, const struct leat_payload *in,
		    struct leat_payload *out, struct leat_err *err)
{
	struct leat_array *from = leat_payload_numbers(in), *a = leat_array_as(from, LEAT_DT_F8, false, err);
	struct leat_shape was = {.kind = in->kind, .array = from->shape}, gives;
	if (leat_smooth_shape(axis, &was, &gives, err) < 0)
		leat_array_unref(&a);
	for (int i = 0; a && i < from->shape.ndim; i++) {
		struct leat_line_work work = {.ctx = w->params};
		struct leat_axis x;
		if (!isnan(axis) && (leat_axis_of(&x, &from->shape, (int64_t)axis, err) < 0 || x.axis != i))
			continue;
		if (from->shape.dim[i] == 0)
			continue;
		of(w->params, (size_t)from->shape.dim[i], &work);
		work.m = (size_t)from->shape.dim[i];
		struct leat_array *next = leat_axis_apply(a, i, &work, w->team, err);
		leat_array_unref(&a);
		a = next;
	}
	struct leat_array *made = a ? leat_array_as(a, gives.array.dtype, false, err) : NULL;
	leat_array_unref(&a);
	return leat_whole_give_like(in, made, out, err);
}
