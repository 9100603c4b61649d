/* SPDX-License-Identifier: MIT */
/*
 * inv: the inverse of a square matrix, or of each matrix in the last two dimensions of more, by LAPACK's LU
 * (dgetrf, dgetri), in float64.
 *
 * The condition number is that of the 1-norm, from the matrix and its computed inverse: |A| |A^-1|, what
 * numpy.linalg.cond(a, 1) gives. A singular matrix, or one above max-cond, fails the item and tells the number; so
 * does a matrix with NaN or infinity in it.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/linear/blas.h"
#include "ops/rows.h"

#include <math.h>

struct inv {
	double max_cond;
};

static const struct leat_param params[] = {
	LEAT_P_REAL(
		struct inv, max_cond, "max-cond", "1e15", 1, 1e308, NULL, 0,
		"condition number (1-norm) above which the item fails, because no digit of the result would be right"),
	LEAT_P_END,
};

static int prepare(const void *params_, struct leat_err *err)
{
	(void)params_; /* needed in any case */
	return leat_blas_load("inv", err) ? 0 : -1;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct leat_array_shape *s = &in->array;
	char text[192];
	(void)params_; /* the same for all */
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = *s};
	out->array.dtype = LEAT_DT_F8;
	if (leat_dtype_is_complex(s->dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(s->dtype));
	if (s->ndim < 2 || s->dim[s->ndim - 1] != s->dim[s->ndim - 2])
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "it needs a square matrix, this is %s",
				 leat_array_shape_text(s, text));
	if (s->dim[s->ndim - 1] > 46340) /* the work of LAPACK is counted in 32 bits */
		return leat_fail(err, LEAT_CAUSE_LIMIT, "%s is over the limit of 46340 rows",
				 leat_array_shape_text(s, text));
	return 0;
}

/* LAPACK works in blocks of at most 64 columns. */
static size_t work_bytes(size_t n)
{
	return leat_size_mul(n, 64 * sizeof(double) + sizeof(int));
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_; /* the same for all */
	size_t n = in->array.ndim >= 2 ? (size_t)in->array.dim[in->array.ndim - 1] : 0;
	return leat_size_add(leat_array_bytes(&out->array), work_bytes(n));
}

struct work {
	const struct leat_blas_calls *blas;
	const struct inv *params;
	int n;
	double *work; /* [n * 64] */
	int *pivot; /* [n] */
};

/* The largest sum of magnitudes of a column, columns side by side; NaN stays NaN. */
static double norm_of(const double *a, int n)
{
	double most = 0;
	for (int c = 0; c < n; c++) {
		double sum = 0;
		for (int r = 0; r < n; r++)
			sum += fabs(a[(size_t)c * (size_t)n + (size_t)r]);
		most = sum > most || isnan(sum) ? sum : most;
		if (isnan(most))
			return most;
	}
	return most;
}

/* The same of the rows. sums: [n]. */
static double norm_of_rows(const double *a, int n, double *sums)
{
	double most = 0;
	memset(sums, 0, (size_t)n * sizeof *sums);
	for (size_t c = 0; c < (size_t)n; c++)
		for (size_t r = 0; r < (size_t)n; r++)
			sums[r] += fabs(a[c * (size_t)n + r]);
	for (int r = 0; r < n; r++) {
		if (isnan(sums[r]))
			return sums[r];
		most = sums[r] > most ? sums[r] : most;
	}
	return most;
}

/* The 1-norm of the matrix as written: LAPACK sees the rows of C order as its columns. */
static double one_norm(const double *a, const struct work *w, bool fortran)
{
	return fortran ? norm_of(a, w->n) : norm_of_rows(a, w->n, w->work);
}

/* One matrix in place. */
static int invert(double *a, const struct work *w, bool fortran, struct leat_err *err)
{
	const int lwork = w->n * 64;
	int info = 0;
	double before = one_norm(a, w, fortran);
	if (!isfinite(before))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the matrix holds NaN or infinity: it has no inverse");
	w->blas->dgetrf(&w->n, &w->n, a, &w->n, w->pivot, &info);
	if (info == 0)
		w->blas->dgetri(&w->n, a, &w->n, w->pivot, w->work, &lwork, &info);
	if (info != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the matrix is singular: its condition number is infinite");
	double after = one_norm(a, w, fortran), cond = isnan(after) ? INFINITY : before * after;
	if (cond > w->params->max_cond)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the condition number %.3g (1-norm) is above max-cond=%.3g", cond,
				 w->params->max_cond);
	return 0;
}

/* All matrices of a, each n x n and packed, in place. */
static int invert_all(struct leat_array *a, const struct leat_whole *item, size_t n, struct leat_err *err)
{
	struct work w = {.blas = leat_blas_load("inv", err), .params = item->params, .n = (int)n};
	size_t each = n * n, count = each ? (size_t)leat_array_count(&a->shape) / each : 0;
	double *data = a->data;
	if (!w.blas)
		return -1;
	w.work = leat_zalloc(n, 64 * sizeof *w.work, err);
	w.pivot = w.work ? leat_zalloc(n, sizeof *w.pivot, err) : NULL;
	int ok = w.pivot ? 0 : -1;
	(void)leat_blas_enter(item->team);
	for (size_t i = 0; ok == 0 && i < count; i++)
		ok = invert(data + i * each, &w, a->shape.fortran, err);
	leat_blas_leave();
	free(w.work);
	free(w.pivot);
	return ok;
}

/* A copy of its own to work in. Many matrices lie one behind the other in C order only. */
static struct leat_array *own_copy(struct leat_array *from, struct leat_err *err)
{
	bool fortran = from->shape.fortran && from->shape.ndim == 2;
	struct leat_array *a = leat_array_as(from, LEAT_DT_F8, fortran, err);
	if (!a || atomic_load(&a->refs) == 1)
		return a;
	struct leat_array *copy = leat_array_new(&a->shape, err);
	if (copy)
		memcpy(copy->data, a->data, leat_array_bytes(&a->shape));
	leat_array_unref(&a);
	return copy;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array *from = leat_payload_numbers(in);
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = from->shape}, gives;
	const struct leat_whole *w = item;
	if (shape(w->params, &was, &gives, err) < 0)
		return -1;
	struct leat_array *a = own_copy(from, err);
	if (!a)
		return -1;
	if (invert_all(a, w, (size_t)from->shape.dim[from->shape.ndim - 1], err) < 0) {
		leat_array_unref(&a);
		return -1;
	}
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	return 0;
}

const struct leat_op leat_op_inv = {
	.name = "inv",
	.group = "linear",
	.summary = "invert a matrix",
	.example = "inv max-cond=1e12",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct inv),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.blas = leat_blas_threads,
	.shape = shape,
	.cost = cost,
	.prepare = prepare,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
