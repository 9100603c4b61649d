/* SPDX-License-Identifier: MIT */
/* Lines along an axis. See axis.h. */
#include "ops/array/axis.h"

#include "base/mem.h"

#include <math.h>

int leat_axis_check(double axis, struct leat_err *err)
{
	if (isnan(axis) || (axis == (int)axis && axis < LEAT_MAX_DIMS && axis >= -LEAT_MAX_DIMS))
		return 0;
	return leat_fail(err, LEAT_CAUSE_USAGE, "an axis is a whole number from -%d to %d", LEAT_MAX_DIMS,
			 LEAT_MAX_DIMS - 1);
}

int leat_real_check(const struct leat_array_shape *s, struct leat_err *err)
{
	if (!leat_dtype_is_complex(s->dtype))
		return 0;
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s", leat_dtype_name(s->dtype));
}

int leat_axis_of(struct leat_axis *a, const struct leat_array_shape *s, int64_t axis, struct leat_err *err)
{
	char text[192];
	int64_t k = axis < 0 ? axis + s->ndim : axis;
	if (k < 0 || k >= s->ndim)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the shape %s has no axis %lld",
				 leat_array_shape_text(s, text), (long long)axis);
	*a = (struct leat_axis){.axis = (int)k, .outer = 1, .n = s->dim[k], .inner = 1};
	for (int i = 0; i < s->ndim; i++) {
		if (i < k)
			a->outer *= s->dim[i];
		else if (i > k)
			a->inner *= s->dim[i];
	}
	return 0;
}

/* Lines [l0, l1) of outer * inner. room: a line, a result, scratch. */
static int some_lines(const struct leat_axis *a, const double *from, double *to, const struct leat_line_work *w,
		      uint64_t l0, uint64_t l1, double *room, struct leat_err *err)
{
	double *line = room, *result = room + a->n, *scratch = result + w->m;
	for (uint64_t l = l0; l < l1; l++) {
		uint64_t o = l / a->inner, i = l % a->inner;
		const double *src = from + o * a->n * a->inner + i;
		double *dst = to + o * w->m * a->inner + i;
		const double *given = a->inner == 1 ? src : line;
		double *made = a->inner == 1 && to != from ? dst : result;
		for (uint64_t k = 0; given == line && k < a->n; k++)
			line[k] = src[k * a->inner];
		if (w->fn(w->ctx, given, (size_t)a->n, made, w->m, scratch, err) < 0)
			return -1;
		for (uint64_t k = 0; made == result && k < w->m; k++)
			dst[k * a->inner] = result[k];
	}
	return 0;
}

int leat_axis_lines(const struct leat_axis *a, const double *from, double *to, const struct leat_line_work *w, int team,
		    struct leat_err *err)
{
	enum { MOST = 64 };
	struct leat_err errs[MOST] = {{0}};
	uint64_t lines = a->outer * a->inner;
	int threads = (uint64_t)team > lines ? (int)lines : team;
	threads = threads < 1 ? 1 : threads > MOST ? MOST : threads;
	size_t each = leat_size_add(leat_size_add((size_t)a->n, w->m), w->scratch / sizeof(double) + 8) & ~(size_t)7;
	size_t bytes = leat_size_mul(leat_size_mul(each, sizeof(double)), (size_t)threads);
	double *room = leat_alloc_aligned(bytes, err);
	if (!room)
		return -1;
#pragma omp parallel for num_threads(threads) schedule(static) if (threads > 1)
	for (int t = 0; t < threads; t++)
		(void)some_lines(a, from, to, w, lines * (uint64_t)t / (uint64_t)threads,
				 lines * ((uint64_t)t + 1) / (uint64_t)threads, room + (size_t)t * each, &errs[t]);
	free(room);
	for (int t = 0; t < threads; t++) /* that of the first line */
		if (errs[t].cause != LEAT_CAUSE_NONE)
			return leat_fail(err, errs[t].cause, "%s", errs[t].text);
	return 0;
}

struct leat_array *leat_axis_apply(struct leat_array *in, int64_t axis, const struct leat_line_work *w, int team,
				   struct leat_err *err)
{
	struct leat_axis a;
	struct leat_array_shape shape = in->shape;
	if (leat_real_check(&shape, err) < 0 || leat_axis_of(&a, &shape, axis, err) < 0)
		return NULL;
	shape.dtype = LEAT_DT_F8;
	shape.fortran = false;
	shape.dim[a.axis] = w->m;
	struct leat_array *from = leat_array_as(in, LEAT_DT_F8, false, err);
	struct leat_array *to = from ? leat_array_new(&shape, err) : NULL;
	if (to && leat_axis_lines(&a, from->data, to->data, w, team, err) < 0)
		leat_array_unref(&to);
	leat_array_unref(&from);
	return to;
}
