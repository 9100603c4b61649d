/* SPDX-License-Identifier: MIT */
/*
 * norm: the length of vectors along an axis (ord 2, 1 or inf), or of all numbers: of two dimensions that is the norm
 * of the matrix (2: the largest singular value, 1 and inf: the largest sum of magnitudes of a column and of a row,
 * nuc: the sum of the singular values), as numpy.linalg.norm; fro, the root of the sum of squares, is for any number
 * of dimensions. One number is also the field norm.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/fit/results.h"
#include "ops/linear/singular.h"
#include "ops/rows.h"

#include <math.h>

struct norm {
	int64_t ord;
	double axis;
};

enum { TWO, FRO, ONE, INF, NUC };

static const char *const ords[] = {"2", "fro", "1", "inf", "nuc", NULL};

static const struct leat_param params[] = {
	LEAT_P_CHOICE(struct norm, ord, "ord", "2", ords, 0, "which norm"),
	LEAT_P_REAL_OR(struct norm, axis, "axis", "all", "all",
		       "axis along which vectors lie, negative from the last; or all numbers"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct norm *p = params_;
	*which = &params[1];
	if (leat_axis_check(p->axis, err) < 0)
		return -1;
	*which = &params[0];
	if (!isnan(p->axis) && (p->ord == FRO || p->ord == NUC))
		return leat_fail(err, LEAT_CAUSE_USAGE, "ord=%s is not for vectors along an axis", ords[p->ord]);
	*which = NULL;
	return 0;
}

/* Singular values are wanted of a matrix alone: without the library all other norms go. */
static int prepare(const void *params_, struct leat_err *err)
{
	const struct norm *p = params_;
	if (isnan(p->axis) && p->ord == NUC)
		return leat_blas_load("norm", err) ? 0 : -1;
	if (isnan(p->axis) && p->ord == TWO)
		(void)leat_blas_load("norm", NULL); /* told where a matrix comes */
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct norm *p = params_;
	const struct leat_array_shape *s = &in->array;
	struct leat_axis a = {.axis = -1};
	char text[192];
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = LEAT_DT_F8}};
	if (leat_real_check(s, err) < 0 || (!isnan(p->axis) && leat_axis_of(&a, s, (int64_t)p->axis, err) < 0))
		return -1;
	if (isnan(p->axis) && p->ord != FRO && (s->ndim > 2 || (p->ord == NUC && s->ndim != 2)))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "ord=%s is not for the shape %s (axis=, or ord=fro)",
				 ords[p->ord], leat_array_shape_text(s, text));
	for (int i = 0; !isnan(p->axis) && i < s->ndim; i++)
		if (i != a.axis)
			out->array.dim[out->array.ndim++] = s->dim[i];
	return 0;
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)kind; /* the same for both */
	if (isnan(((const struct norm *)params_)->axis))
		fn(ctx, "norm", LEAT_V_REAL, "the norm of all numbers");
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), 3 * sizeof(double));
}

/* Scaled by the largest, so that squares neither overflow nor vanish. */
static double length(const double *v, size_t n)
{
	double most = 0, sum = 0;
	for (size_t i = 0; i < n; i++)
		most = !(fabs(v[i]) <= most) ? fabs(v[i]) : most;
	if (most == 0 || !isfinite(most))
		return most;
	for (size_t i = 0; i < n; i++)
		sum += (v[i] / most) * (v[i] / most);
	return most * sqrt(sum);
}

static int line(const void *ctx, const double *v, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct norm *p = ctx;
	(void)m, (void)scratch, (void)err; /* one result; cannot fail */
	*to = p->ord == TWO || p->ord == FRO ? length(v, n) : 0;
	for (size_t i = 0; i < n; i++) {
		double x = fabs(v[i]);
		if (p->ord == ONE)
			*to += x;
		else if (p->ord == INF)
			*to = !(x <= *to) ? x : *to;
	}
	return 0;
}

static int of_matrix(const struct leat_matrix *x, double *to, struct leat_err *err)
{
	const struct norm *p = x->params;
	struct leat_singular d;
	if (leat_singular_of(x, false, false, &d, err) < 0)
		return -1;
	int few = x->m < x->n ? x->m : x->n;
	for (int i = 0; i < few; i++)
		*to += p->ord == NUC || i == 0 ? d.s[i] : 0;
	leat_singular_free(&d);
	return 0;
}

/* The largest sum of magnitudes along `axis`. */
static int largest_sum(const struct leat_whole *w, struct leat_array *x, int axis, double *to, struct leat_err *err)
{
	static const struct norm sums = {.ord = ONE}, most = {.ord = INF};
	struct leat_line_work add = {.fn = line, .ctx = &sums, .m = 1};
	struct leat_array *s = leat_axis_apply(x, axis, &add, w->team, err);
	if (!s)
		return -1;
	int ok = line(&most, s->data, (size_t)leat_array_count(&s->shape), to, 1, NULL, err);
	leat_array_unref(&s);
	return ok;
}

static struct leat_array *norm_of(const struct leat_whole *w, struct leat_array *a, const struct leat_array_shape *out,
				  struct leat_err *err)
{
	const struct norm *p = w->params;
	bool matrix = isnan(p->axis) && a->shape.ndim == 2, sums = matrix && (p->ord == ONE || p->ord == INF);
	if (matrix && !sums && p->ord != FRO)
		return leat_matrix_each("norm", w, a, out, of_matrix, err);
	struct leat_array *x = leat_array_as(a, LEAT_DT_F8, false, err), *made = x ? leat_array_new(out, err) : NULL;
	struct leat_axis all = {.outer = 1, .n = leat_array_count(&a->shape), .inner = 1};
	struct leat_line_work work = {.fn = line, .ctx = p, .m = 1};
	int ok = made ? 0 : -1;
	if (ok == 0 && !isnan(p->axis))
		ok = leat_axis_of(&all, &a->shape, (int64_t)p->axis, err);
	if (ok == 0)
		ok = sums ? largest_sum(w, x, p->ord == ONE ? 0 : 1, made->data, err)
			  : leat_axis_lines(&all, x->data, made->data, &work, w->team, err);
	leat_array_unref(&x);
	if (ok < 0)
		leat_array_unref(&made);
	return made;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_fit_item *it = item;
	const struct norm *p = it->whole.params;
	struct leat_array *a = leat_payload_numbers(in), *made;
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (shape(p, &was, &gives, err) < 0)
		return -1;
	made = norm_of(&it->whole, a, &gives.array, err);
	if (made && isnan(p->axis) && leat_fields_set_real(&it->fields, "norm", *(double *)made->data, err) < 0)
		leat_array_unref(&made);
	return leat_whole_give(made, out);
}

const struct leat_op leat_op_norm = {
	.name = "norm",
	.group = "linear",
	.summary = "the length of vectors, the norm of a matrix",
	.example = "norm axis=-1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct norm),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.prepare = prepare,
	.blas = leat_blas_threads,
	.begin = leat_fit_begin,
	.run = run,
	.end = leat_fit_end,
};
