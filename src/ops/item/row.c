/* SPDX-License-Identifier: MIT */
/* See row.h. */
#include "ops/item/row.h"

#include "base/mem.h"

int leat_row_shape(bool stacks, int64_t axis, const struct leat_array_shape *in, struct leat_array_shape *out, int *at,
		   struct leat_err *err)
{
	char text[192];
	int ndim = in->ndim + (stacks ? 1 : 0);
	int64_t k = axis < 0 ? axis + ndim : axis;
	if (k < 0 || k >= ndim)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the shape %s has no axis %lld",
				 leat_array_shape_text(in, text), (long long)axis);
	if (ndim > LEAT_MAX_DIMS)
		return leat_fail(err, LEAT_CAUSE_LIMIT, "the result would have more than %d dimensions", LEAT_MAX_DIMS);
	*out = (struct leat_array_shape){.dtype = in->dtype, .ndim = ndim};
	*at = (int)k;
	for (int i = 0, from = 0; i < ndim; i++)
		out->dim[i] = stacks && i == *at ? 1 : in->dim[from++];
	return 0;
}

/* Does the array fit beside the first: the same but for the axis along which they are joined. */
static int check_fit(const struct leat_row_of *r, const struct leat_array_shape *s, struct leat_err *err)
{
	const struct leat_array_shape *first = &r->v[0]->shape;
	char a[192], b[192];
	int at = r->stacks ? -1 : (int)(r->axis < 0 ? r->axis + first->ndim : r->axis);
	bool same = s->ndim == first->ndim;
	for (int i = 0; same && i < s->ndim; i++)
		same = i == at || s->dim[i] == first->dim[i];
	if (!same)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the array is %s, the first one was %s",
				 leat_array_shape_text(s, a), leat_array_shape_text(first, b));
	if (s->dtype != first->dtype)
		return leat_fail(err, LEAT_CAUSE_MISMATCH,
				 "the array is of %s, the first one was of %s (astype before it)",
				 leat_dtype_name(s->dtype), leat_dtype_name(first->dtype));
	return 0;
}

/* The numbers of a table with its columns in the order of the first. NULL with *err. */
static struct leat_array *in_order(const struct leat_table *first, const struct leat_table *t, struct leat_err *err)
{
	size_t n = first->n_columns;
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {t->rows, n}};
	if (t->n_columns != n) {
		leat_fail(err, LEAT_CAUSE_MISMATCH, "the table has %zu columns, the first one had %zu", t->n_columns,
			  n);
		return NULL;
	}
	struct leat_array *a = leat_array_new(&s, err);
	for (size_t i = 0; a && i < n; i++) {
		size_t k = 0;
		while (k < n && strcmp(t->names[k], first->names[i]) != 0)
			k++;
		if (k == n) {
			leat_fail(err, LEAT_CAUSE_MISMATCH, "the table has no column '%s', which the first one had",
				  first->names[i]);
			leat_array_unref(&a);
			return NULL;
		}
		for (uint64_t row = 0; row < t->rows; row++)
			((double *)a->data)[row * n + i] = ((const double *)t->numbers->data)[row * n + k];
	}
	return a;
}

/* A copy of its own in C order: what the item came in may be wanted elsewhere. */
static struct leat_array *copy_of(struct leat_array *a, struct leat_err *err)
{
	struct leat_array *packed = leat_array_as(a, a->shape.dtype, false, err);
	struct leat_array *copy = packed ? leat_array_new(&packed->shape, err) : NULL;
	if (copy)
		memcpy(copy->data, packed->data, leat_array_bytes(&packed->shape));
	leat_array_unref(&packed);
	return copy;
}

static int put(struct leat_row_of *r, struct leat_array *a, struct leat_err *err)
{
	struct leat_array_shape told;
	int at;
	if (r->n == 0 ? leat_row_shape(r->stacks, r->axis, &a->shape, &told, &at, err) < 0
		      : check_fit(r, &a->shape, err) < 0)
		return -1;
	struct leat_array **v = leat_grow(r->v, &r->cap, r->n + 1, sizeof *v, err);
	if (!v)
		return -1;
	r->v = v;
	r->v[r->n++] = a;
	r->bytes = leat_size_add(r->bytes, leat_array_bytes(&a->shape));
	return 0;
}

int leat_row_add(struct leat_row_of *r, const struct leat_payload *in, struct leat_err *err)
{
	bool joins = !r->stacks && in->kind == LEAT_TABLE;
	if (joins && r->axis != 0)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "tables are joined along axis 0, row below row");
	struct leat_array *a =
		joins && r->table ? in_order(r->table, in->table, err) : copy_of(leat_payload_numbers(in), err);
	if (!a || put(r, a, err) < 0) {
		leat_array_unref(&a);
		return -1;
	}
	if (joins && !r->table)
		r->table = leat_table_ref(in->table);
	return 0;
}

int leat_row_merge(struct leat_row_of *r, struct leat_row_of *later, struct leat_err *err)
{
	for (size_t i = 0; i < later->n; i++) {
		struct leat_payload p = {.kind = LEAT_ARRAY, .array = later->v[i]};
		struct leat_table *t = NULL;
		if (later->table) {
			t = leat_table_new(later->v[i], (const char *const *)(const void *)later->table->names, err);
			p = (struct leat_payload){.kind = LEAT_TABLE, .table = t};
		}
		int ok = later->table && !t ? -1 : leat_row_add(r, &p, err);
		leat_table_unref(&t);
		if (ok < 0)
			return -1;
	}
	leat_row_clear(later);
	return 0;
}

/* Pieces of each item in turn, for every index of the axes before. */
static void lay(const struct leat_row_of *r, int at, struct leat_array *out)
{
	const struct leat_array_shape *s = &out->shape;
	size_t outer = 1, inner = leat_dtype_size(s->dtype);
	uint8_t *to = out->data;
	for (int i = 0; i < at; i++)
		outer *= (size_t)s->dim[i];
	for (int i = at + 1; i < s->ndim; i++)
		inner *= (size_t)s->dim[i];
	for (size_t o = 0; o < outer; o++)
		for (size_t i = 0; i < r->n; i++) {
			size_t piece = inner * (r->stacks ? 1 : (size_t)r->v[i]->shape.dim[at]);
			memcpy(to, (const uint8_t *)r->v[i]->data + o * piece, piece);
			to += piece;
		}
}

int leat_row_result(const struct leat_row_of *r, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array_shape s;
	int at;
	if (leat_row_shape(r->stacks, r->axis, &r->v[0]->shape, &s, &at, err) < 0)
		return -1;
	s.dim[at] = r->stacks ? r->n : 0;
	for (size_t i = 0; !r->stacks && i < r->n; i++)
		s.dim[at] += r->v[i]->shape.dim[at];
	struct leat_array *a = leat_array_new(&s, err);
	if (!a)
		return -1;
	lay(r, at, a);
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
	if (!r->table)
		return 0;
	struct leat_table *t = leat_table_new(a, (const char *const *)(const void *)r->table->names, err);
	leat_array_unref(&a);
	*out = (struct leat_payload){.kind = t ? LEAT_TABLE : LEAT_NONE, .table = t};
	return t ? 0 : -1;
}

void leat_row_clear(struct leat_row_of *r)
{
	for (size_t i = 0; i < r->n; i++)
		leat_array_unref(&r->v[i]);
	free(r->v);
	leat_table_unref(&r->table);
	*r = (struct leat_row_of){.stacks = r->stacks, .axis = r->axis};
}
