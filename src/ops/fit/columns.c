/* SPDX-License-Identifier: MIT */
/* See columns.h. */
#include "ops/fit/columns.h"

#include "base/mem.h"
#include "base/num.h"
#include "ops/array/axis.h"

#include <math.h>

static int column_of(const struct leat_payload *in, const char *name, uint64_t count, uint64_t other, uint64_t *column,
		     struct leat_err *err)
{
	int64_t place;
	if (!name) {
		*column = other;
		return count > other ? 0 : leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no second column for y");
	}
	for (size_t i = 0; in->kind == LEAT_TABLE && i < in->table->n_columns; i++)
		if (strcmp(in->table->names[i], name) == 0) {
			*column = i;
			return 0;
		}
	if (leat_parse_int(name, strlen(name), &place) && place < (int64_t)count && place >= -(int64_t)count) {
		*column = (uint64_t)(place < 0 ? place + (int64_t)count : place);
		return 0;
	}
	return leat_fail(err, LEAT_CAUSE_MISMATCH, "there is no column '%s'", name);
}

static void take(struct leat_columns *c, const double *x, const double *y, uint64_t rows, uint64_t step)
{
	for (uint64_t i = 0; i < rows; i++) {
		c->x[c->n] = x ? x[i * step] : (double)i;
		c->y[c->n] = y[i * step];
		c->n += isfinite(c->x[c->n]) && isfinite(c->y[c->n]);
	}
}

int leat_columns_of(struct leat_columns *c, const struct leat_payload *in, const char *x_name, const char *y_name,
		    struct leat_err *err)
{
	struct leat_array *from = leat_payload_numbers(in), *a;
	const struct leat_array_shape *s = &from->shape;
	char text[192];
	uint64_t x = 0, y = 0, cols = s->ndim == 2 ? s->dim[1] : 1;
	*c = (struct leat_columns){0};
	if (leat_real_check(s, err) < 0)
		return -1;
	if (s->ndim < 1 || s->ndim > 2)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "it takes columns of numbers, this is %s",
				 leat_array_shape_text(s, text));
	bool alone = cols == 1 && !x_name;
	if (!alone && (column_of(in, x_name, cols, 0, &x, err) < 0 || column_of(in, y_name, cols, 1, &y, err) < 0))
		return -1;
	a = leat_array_as(from, LEAT_DT_F8, false, err);
	c->x = a ? leat_zalloc(leat_size_add((size_t)s->dim[0], 1), sizeof *c->x, err) : NULL;
	c->y = c->x ? leat_zalloc(leat_size_add((size_t)s->dim[0], 1), sizeof *c->y, err) : NULL;
	if (c->y)
		take(c, alone ? NULL : (const double *)a->data + x, (const double *)a->data + y, s->dim[0], cols);
	leat_array_unref(&a);
	if (!c->y)
		leat_columns_free(c);
	return c->y ? 0 : -1;
}

void leat_columns_free(struct leat_columns *c)
{
	free(c->x);
	free(c->y);
	*c = (struct leat_columns){0};
}
