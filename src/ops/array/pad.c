/* SPDX-License-Identifier: MIT */
/*
 * pad: room around the elements of an array, filled by the same border rules as filters have. before,after for each
 * axis; two numbers are for all axes.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/pieces.h"
#include "ops/array/whole.h"
#include "ops/filter/edge.h"
#include "ops/rows.h"

struct pad {
	struct leat_numbers widths;
	int64_t edge;
	double cval;
};

static const char *const words[] = {"constant", "reflect", "nearest", "mirror", "wrap", NULL};
static const enum leat_edge edges[] = {LEAT_EDGE_CONSTANT, LEAT_EDGE_REFLECT, LEAT_EDGE_NEAREST, LEAT_EDGE_MIRROR,
				       LEAT_EDGE_WRAP};

static const struct leat_param params[] = {
	LEAT_P(struct pad, widths, struct leat_numbers, LEAT_PT_NUMBERS, "widths", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "elements before and after, for each axis; two numbers for all axes"),
	LEAT_P_CHOICE(struct pad, edge, "edge", "constant", words, 0, "what stands there"),
	LEAT_P_REAL(struct pad, cval, "cval", "0", 0, 0, NULL, 0, "the number of edge=constant"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct pad *p = params_;
	*which = &params[0];
	if (p->widths.n % 2 || p->widths.n > 2 * LEAT_MAX_DIMS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "it takes two numbers, or two for each axis");
	for (size_t i = 0; i < p->widths.n; i++)
		if (!(p->widths.v[i] >= 0 && p->widths.v[i] <= 0x1p40 &&
		      p->widths.v[i] == (double)(int64_t)p->widths.v[i]))
			return leat_fail(err, LEAT_CAUSE_USAGE, "a width is a whole number from 0");
	*which = NULL;
	return 0;
}

static uint64_t width(const struct pad *p, int axis, int side)
{
	return (uint64_t)p->widths.v[p->widths.n == 2 ? (size_t)side : (size_t)(2 * axis + side)];
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct pad *p = params_;
	char text[192];
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.fortran = false;
	if (p->widths.n != 2 && p->widths.n != 2 * (size_t)in->array.ndim)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "%zu widths for the shape %s", p->widths.n,
				 leat_array_shape_text(&in->array, text));
	for (int i = 0; i < in->array.ndim; i++) {
		out->array.dim[i] = in->array.dim[i] + width(p, i, 0) + width(p, i, 1);
		if (in->array.dim[i] == 0 && out->array.dim[i] > 0 && edges[p->edge] != LEAT_EDGE_CONSTANT)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "an empty axis has nothing to repeat");
	}
	return 0;
}

/* All steps hold the last one and the next. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)in;
	return leat_array_bytes(&out->array);
}

struct border {
	enum leat_edge edge;
	int64_t before, n;
};

static int64_t place(const void *ctx, uint64_t k)
{
	const struct border *b = ctx;
	int64_t i = (int64_t)k - b->before;
	return i >= 0 && i < b->n ? i : b->n ? leat_edge_at(b->edge, i, b->n) : -1;
}

/* One element of the type that holds v. NULL with *err: it does not fit. */
static struct leat_array *element(double v, enum leat_dtype t, struct leat_err *err)
{
	struct leat_array_shape s = {.dtype = LEAT_DT_F8};
	struct leat_array *one = leat_array_new(&s, err), *as = NULL;
	if (one) {
		*(double *)one->data = v;
		as = leat_array_as(one, t, false, err);
	}
	leat_array_unref(&one);
	return as;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct pad *p = w->params;
	struct leat_array *from = leat_payload_numbers(in), *fill = element(p->cval, from->shape.dtype, err);
	struct leat_array *a = fill ? leat_array_as(from, from->shape.dtype, false, err) : NULL;
	for (int i = 0; a && i < from->shape.ndim; i++) {
		struct border b = {edges[p->edge], (int64_t)width(p, i, 0), (int64_t)from->shape.dim[i]};
		uint64_t m = from->shape.dim[i] + width(p, i, 0) + width(p, i, 1);
		struct leat_array *more = leat_pick(a, i, m, place, &b, fill->data, err);
		leat_array_unref(&a);
		a = more;
	}
	leat_array_unref(&fill);
	return leat_whole_give(a, out);
}

const struct leat_op leat_op_pad = {
	.name = "pad",
	.group = "array",
	.summary = "put room around the elements of an array",
	.example = "pad 1,1 edge=nearest",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct pad),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
	.check = check,
	.cost = cost,
};
