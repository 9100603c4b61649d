/* SPDX-License-Identifier: MIT */
/* See each.h. */
#include "ops/linear/each.h"

#include "base/mem.h"
#include "ops/array/axis.h"

#include <math.h>

enum { MOST = 46340 }; /* rows: the work of LAPACK is counted in 32 bits */

int leat_matrix_shape(const struct leat_array_shape *s, bool square, struct leat_shape *out, struct leat_err *err)
{
	char text[192];
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = LEAT_DT_F8, .ndim = s->ndim - 2}};
	if (leat_real_check(s, err) < 0)
		return -1;
	if (s->ndim < 2 || (square && s->dim[s->ndim - 1] != s->dim[s->ndim - 2]))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "it needs a %smatrix, this is %s", square ? "square " : "",
				 leat_array_shape_text(s, text));
	if (s->dim[s->ndim - 1] > MOST || s->dim[s->ndim - 2] > INT32_MAX / 4)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%s is over the limit of %d rows",
				 leat_array_shape_text(s, text), MOST);
	for (int i = 0; i < out->array.ndim; i++)
		out->array.dim[i] = s->dim[i];
	return 0;
}

int leat_matrix_shape_as(const struct leat_array_shape *in, bool square, struct leat_shape *out, struct leat_err *err)
{
	if (leat_matrix_shape(in, square, out, err) < 0)
		return -1;
	out->array = *in;
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	return 0;
}

int leat_matrix_shape_same(const void *params, const struct leat_shape *in, struct leat_shape *out,
			   struct leat_err *err)
{
	(void)params; /* the same for all */
	return leat_matrix_shape_as(&in->array, true, out, err);
}

size_t leat_matrix_cost(const struct leat_shape *in, size_t more)
{
	const struct leat_array_shape *s = &in->array;
	size_t all = leat_size_mul((size_t)leat_array_count(s), sizeof(double));
	size_t one = s->ndim >= 2 ? leat_size_mul((size_t)s->dim[s->ndim - 1], (size_t)s->dim[s->ndim - 2]) : 0;
	return leat_size_add(all, leat_size_mul(one, (more + 1) * sizeof(double)));
}

/* Rows become columns; false where a number is none or infinite. */
static bool columns_of(const double *rows, int m, int n, double *columns)
{
	double check = 0;
	for (size_t r = 0; r < (size_t)m; r++)
		for (size_t c = 0; c < (size_t)n; c++) {
			double v = rows[r * (size_t)n + c];
			columns[c * (size_t)m + r] = v;
			check += v - v;
		}
	return check == 0;
}

static int each(struct leat_matrix *x, const struct leat_array *from, struct leat_array *to, leat_matrix_fn *fn,
		struct leat_err *err)
{
	uint64_t size = (uint64_t)x->m * (uint64_t)x->n, count = size ? leat_array_count(&from->shape) / size : 0;
	uint64_t result = count ? leat_array_count(&to->shape) / count : 0;
	const double *rows = from->data;
	for (uint64_t i = 0; i < count; i++) {
		if (!columns_of(rows + i * size, x->m, x->n, x->a))
			return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the matrix holds NaN or infinity");
		if (fn(x, (double *)to->data + i * result, err) < 0)
			return -1;
	}
	return 0;
}

struct leat_array *leat_matrix_each(const char *step, const struct leat_whole *w, struct leat_array *in,
				    const struct leat_array_shape *out, leat_matrix_fn *fn, struct leat_err *err)
{
	const struct leat_array_shape *s = &in->shape;
	struct leat_matrix x = {.params = w->params, .with = w->state, .blas = leat_blas_load(step, err)};
	if (!x.blas)
		return NULL;
	x.m = (int)s->dim[s->ndim - 2];
	x.n = (int)s->dim[s->ndim - 1];
	struct leat_array *from = leat_array_as(in, LEAT_DT_F8, false, err);
	struct leat_array *to = from ? leat_array_new(out, err) : NULL;
	x.a = to ? leat_alloc_aligned(leat_size_add(leat_size_mul((size_t)x.m * (size_t)x.n, sizeof(double)), 64), err)
		 : NULL;
	int ok = x.a ? 0 : -1;
	if (ok == 0) {
		memset(to->data, 0, leat_array_bytes(&to->shape));
		(void)leat_blas_enter(w->team);
		ok = each(&x, from, to, fn, err);
		leat_blas_leave();
	}
	free(x.a);
	leat_array_unref(&from);
	if (ok < 0)
		leat_array_unref(&to);
	return to;
}

int leat_matrix_run(const char *step, leat_matrix_shape_fn *shape, leat_matrix_fn *fn, const struct leat_whole *w,
		    const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(w->params, &was, &gives, err) < 0)
		return -1;
	return leat_whole_give(leat_matrix_each(step, w, a, &gives.array, fn, err), out);
}

double *leat_lapack_room(double best, struct leat_err *err)
{
	size_t n = best >= 1 && best < (double)INT32_MAX ? (size_t)best : 1;
	return leat_zalloc(n, sizeof(double), err);
}

void leat_matrix_rows(const double *columns, int m, int n, int stride, double *rows)
{
	for (size_t r = 0; r < (size_t)m; r++)
		for (size_t c = 0; c < (size_t)n; c++)
			rows[r * (size_t)n + c] = columns[c * (size_t)stride + r];
}

double leat_matrix_norm1(const double *a, int m, int n)
{
	double most = 0;
	for (size_t c = 0; c < (size_t)n; c++) {
		double sum = 0;
		for (size_t r = 0; r < (size_t)m; r++)
			sum += fabs(a[c * (size_t)m + r]);
		most = sum > most ? sum : most;
	}
	return most;
}
