/* SPDX-License-Identifier: MIT */
/* See middle.h. */
#include "ops/item/middle.h"

#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/order.h"

#include <math.h>

static int check_columns(const struct leat_middle *m, const struct leat_table *t, struct leat_err *err)
{
	for (size_t i = 0; m->table && i < t->n_columns; i++)
		if (i >= m->table->n_columns || strcmp(t->names[i], m->table->names[i]) != 0)
			return leat_fail(err, LEAT_CAUSE_MISMATCH,
					 "the table has other columns than the first one: '%s'", t->names[i]);
	return 0;
}

int leat_middle_add(struct leat_middle *m, const struct leat_payload *in, struct leat_err *err)
{
	struct leat_array *numbers = leat_payload_numbers(in);
	if (leat_real_check(&numbers->shape, err) < 0 ||
	    (in->kind == LEAT_TABLE && check_columns(m, in->table, err) < 0))
		return -1;
	struct leat_array *a = leat_array_as(numbers, LEAT_DT_F8, false, err);
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = a};
	int ok = a ? leat_row_add(&m->row, &p, err) : -1;
	leat_array_unref(&a);
	if (ok == 0 && in->kind == LEAT_TABLE && !m->table)
		m->table = leat_table_ref(in->table);
	return ok;
}

int leat_middle_merge(struct leat_middle *m, struct leat_middle *later, struct leat_err *err)
{
	if (later->table && check_columns(m, later->table, err) < 0)
		return -1;
	if (later->table && !m->table)
		m->table = leat_table_ref(later->table);
	return leat_row_merge(&m->row, &later->row, err);
}

static int line(const void *ctx, const double *v, size_t n, double *to, size_t count, void *scratch,
		struct leat_err *err)
{
	const struct leat_middle *m = ctx;
	struct leat_lines l = {.data = (double *)(uintptr_t)v, .lines = 1, .length = n};
	struct leat_ordered o;
	(void)count, (void)scratch; /* one result */
	if (leat_order_line(&o, &l, 0, false, err) < 0)
		return -1;
	*to = o.n == 0 || (o.n < n && !m->omit) ? NAN : leat_ordered_median(&o);
	leat_ordered_free(&o);
	return 0;
}

int leat_middle_result(const struct leat_middle *m, struct leat_payload *out, struct leat_err *err)
{
	struct leat_payload all;
	struct leat_line_work work = {.fn = line, .ctx = m, .m = 1};
	struct leat_array_shape shape = m->row.v[0]->shape;
	if (leat_row_result(&m->row, &all, err) < 0)
		return -1;
	struct leat_array *flat = leat_axis_apply(all.array, 0, &work, 1, err);
	struct leat_array *a = flat ? leat_array_wrap(&shape, flat->mem, flat->data, err) : NULL;
	leat_payload_clear(&all);
	leat_array_unref(&flat);
	*out = (struct leat_payload){.kind = a ? LEAT_ARRAY : LEAT_NONE, .array = a};
	if (!a || !m->table)
		return a ? 0 : -1;
	struct leat_table *t = leat_table_new(a, (const char *const *)(const void *)m->table->names, err);
	leat_array_unref(&a);
	*out = (struct leat_payload){.kind = t ? LEAT_TABLE : LEAT_NONE, .table = t};
	return t ? 0 : -1;
}

void leat_middle_clear(struct leat_middle *m)
{
	leat_row_clear(&m->row);
	leat_table_unref(&m->table);
}
