/* SPDX-License-Identifier: MIT */
/*
 * interp: numbers between the numbers of an axis, on straight lines between neighbors, as numpy.interp with the places
 * 0, 1, 2 ... for xp. Float64.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/operand.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

#include <math.h>

struct interp {
	struct leat_fileref x; /* first: leat_operand_open */
	int64_t axis, outside;
};

enum { FAIL, GIVES_NAN, EDGE };

static const char *const outsides[] = {"fail", "nan", "edge", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct interp, x, struct leat_fileref, LEAT_PT_FILE, "x", NULL, LEAT_REQUIRED | LEAT_OR_NUMBERS,
	       "places along the axis, from 0 to the last, with fractions: a list, or a file of them"),
	LEAT_P_INT(struct interp, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which it goes, negative from the last"),
	LEAT_P_CHOICE(struct interp, outside, "outside", "fail", outsides, 0,
		      "what a place outside does: the item fails, NaN, or the number at that end"),
	LEAT_P_END,
};

/* No place may be outside 0 to last. */
static int check_places(const struct leat_numbers *x, double last, struct leat_err *err)
{
	for (size_t i = 0; i < x->n; i++)
		if (!(x->v[i] >= 0 && x->v[i] <= last))
			return leat_fail(err, LEAT_CAUSE_MISMATCH,
					 "the place %g lies outside 0 to %.0f (outside=edge or outside=nan allows it)",
					 x->v[i], last);
	return 0;
}

static int shape_at(const struct interp *p, const struct leat_numbers *x, const struct leat_array_shape *in,
		    struct leat_shape *out, struct leat_err *err)
{
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = *in};
	out->array.dtype = LEAT_DT_F8;
	out->array.fortran = false;
	if (leat_real_check(in, err) < 0 || leat_axis_of(&a, in, p->axis, err) < 0)
		return -1;
	if (a.n == 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no number along the axis");
	if (!x)
		return 0;
	out->array.dim[a.axis] = x->n;
	return p->outside == FAIL ? check_places(x, (double)(a.n - 1), err) : 0;
}

/* Places of a file are not read here: told is the item's own shape. */
static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct interp *p = params_;
	return shape_at(p, p->x.numbers.n ? &p->x.numbers : NULL, &in->array, out, err);
}

static int open_places(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct interp *p = o->params;
	return p->x.numbers.n ? 0 : leat_operand_open(o, state, err);
}

/* The numbers in the widest type. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double));
}

static double between(const double *v, size_t n, double x, int64_t outside)
{
	double last = (double)(n - 1);
	if (!(x >= 0 && x <= last))
		return outside == EDGE && !isnan(x) ? v[x < 0 ? 0 : n - 1] : NAN;
	size_t k = (size_t)x;
	if (k == n - 1 || x == (double)k)
		return v[k];
	return (v[k + 1] - v[k]) * (x - (double)k) + v[k];
}

struct places {
	struct leat_numbers x;
	int64_t outside;
};

static int line(const void *ctx, const double *v, size_t n, double *to, size_t m, void *scratch, struct leat_err *err)
{
	const struct places *p = ctx;
	(void)scratch, (void)err; /* cannot fail */
	for (size_t i = 0; i < m; i++)
		to[i] = between(v, n, p->x.v[i], p->outside);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct interp *p = w->params;
	const struct leat_array *file = w->state;
	struct leat_array *a = leat_payload_numbers(in);
	struct places at = {.x = p->x.numbers, .outside = p->outside};
	struct leat_shape gives;
	if (file)
		at.x = (struct leat_numbers){.v = file->data, .n = (size_t)leat_array_count(&file->shape)};
	if (shape_at(p, &at.x, &a->shape, &gives, err) < 0)
		return -1;
	struct leat_line_work work = {.fn = line, .ctx = &at, .m = at.x.n};
	return leat_whole_give(leat_axis_apply(a, p->axis, &work, w->team, err), out);
}

const struct leat_op leat_op_interp = {
	.name = "interp",
	.group = "array",
	.summary = "numbers between the numbers of an axis",
	.example = "interp x=0,0.5,1 axis=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct interp),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.open = open_places,
	.close = leat_operand_close,
	.run = run,
	.cost = cost,
};
