/* SPDX-License-Identifier: MIT */
/* See rightside.h. */
#include "ops/linear/rightside.h"

int leat_right_side_columns(const struct leat_matrix *x)
{
	return x->with->shape.ndim == 2 ? (int)x->with->shape.dim[1] : 1;
}

void leat_right_side_copy(const struct leat_matrix *x, int rows, int stride, double *columns)
{
	size_t k = (size_t)leat_right_side_columns(x);
	const double *from = x->with->data;
	for (size_t i = 0; i < (size_t)rows; i++)
		for (size_t c = 0; c < k; c++)
			columns[c * (size_t)stride + i] = from[i * k + c];
}

int leat_right_side_shape(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params; /* the same for all */
	return leat_matrix_shape_as(&in->array, false, out, err);
}

static int result_shape(const struct leat_array_shape *a, const struct leat_array_shape *b, bool square,
			struct leat_shape *out, struct leat_err *err)
{
	char ta[192], tb[192];
	struct leat_array_shape *o = &out->array;
	if (leat_matrix_shape(a, square, out, err) < 0)
		return -1;
	if (b->ndim < 1 || b->ndim > 2 || b->dim[0] != a->dim[a->ndim - 2])
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the shapes %s and %s do not go together",
				 leat_array_shape_text(a, ta), leat_array_shape_text(b, tb));
	o->dim[o->ndim++] = a->dim[a->ndim - 1];
	if (b->ndim == 2)
		o->dim[o->ndim++] = b->dim[1];
	return 0;
}

int leat_right_side_run(const char *step, bool square, leat_matrix_fn *fn, const struct leat_whole *w,
			const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array *a = leat_payload_numbers(in);
	const struct leat_array *b = w->state;
	struct leat_shape gives;
	if (result_shape(&a->shape, &b->shape, square, &gives, err) < 0)
		return -1;
	return leat_whole_give(leat_matrix_each(step, w, a, &gives.array, fn, err), out);
}
