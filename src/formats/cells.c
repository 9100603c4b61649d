/* SPDX-License-Identifier: MIT */
/* See cells.h. */
#include "formats/cells.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>

/* NULL with *err: there is no such text. */
static struct leat_array *writable(struct leat_array *a, struct leat_err *err)
{
	char text[192];
	if (leat_dtype_is_complex(a->shape.dtype)) {
		leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "text holds real numbers, the array is %s",
			  leat_dtype_name(a->shape.dtype));
		return NULL;
	}
	if (a->shape.ndim > 2) {
		leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "text has rows and columns, the array has shape %s",
			  leat_array_shape_text(&a->shape, text));
		return NULL;
	}
	return leat_array_as(a, a->shape.dtype == LEAT_DT_F2 ? LEAT_DT_F4 : a->shape.dtype, false, err);
}

/* Columns of text stand at their places, those of numbers fill the rest. */
static void place(struct leat_cells *c, const struct leat_texts *t)
{
	size_t text = 0, number = 0;
	for (size_t i = 0; i < c->columns; i++) {
		bool here = t && text < t->n && (t->column[text].place <= i || number == c->numbers);
		c->of[i] = here ? c->numbers + text++ : number++;
	}
}

int leat_cells_of(struct leat_cells *c, const struct leat_payload *in, struct leat_err *err)
{
	*c = (struct leat_cells){.table = in->kind == LEAT_TABLE ? in->table : NULL};
	c->a = writable(leat_payload_numbers(in), err);
	if (!c->a)
		return -1;
	const struct leat_array_shape *s = &c->a->shape;
	const struct leat_texts *t = c->table ? c->table->texts : NULL;
	c->rows = s->ndim > 0 ? s->dim[0] : 1;
	c->numbers = s->ndim > 1 ? (size_t)s->dim[1] : 1;
	c->columns = c->numbers + (t ? t->n : 0);
	c->of = leat_zalloc(c->columns ? c->columns : 1, sizeof *c->of, err);
	if (!c->of) {
		leat_cells_free(c);
		return -1;
	}
	place(c, t);
	return 0;
}

void leat_cells_free(struct leat_cells *c)
{
	leat_array_unref(&c->a);
	free(c->of);
	c->of = NULL;
}

/* Names that are just the numbers of their columns were given by nobody. */
static bool has_names(const struct leat_table *t)
{
	char number[24];
	if (t->texts)
		return true;
	for (size_t i = 0; i < t->n_columns; i++) {
		(void)snprintf(number, sizeof number, "%zu", i); /* 20 digits at most */
		if (strcmp(number, t->names[i]) != 0)
			return true;
	}
	return false;
}

const char *leat_cells_name(const struct leat_cells *c, size_t column)
{
	size_t of = c->of[column];
	if (!c->table || (column == 0 && !has_names(c->table)))
		return NULL;
	return of < c->numbers ? c->table->names[of] : c->table->texts->column[of - c->numbers].name;
}

const char *leat_cells_text(const struct leat_cells *c, uint64_t row, size_t column, size_t *n)
{
	return leat_text_get(&c->table->texts->column[c->of[column] - c->numbers], row, n);
}

/* A number of any type that is not float: as it is. */
union whole {
	int8_t i1;
	uint8_t u1;
	int16_t i2;
	uint16_t u2;
	int32_t i4;
	uint32_t u4;
	int64_t i8;
	uint64_t u8;
	float f4;
	double f8;
};

static union whole at(const struct leat_cells *c, uint64_t row, size_t column)
{
	union whole v;
	size_t size = leat_dtype_size(c->a->shape.dtype);
	memcpy(&v, (const uint8_t *)c->a->data + (row * c->numbers + c->of[column]) * size, size);
	return v;
}

double leat_cells_real(const struct leat_cells *c, uint64_t row, size_t column)
{
	union whole v = at(c, row, column);
	switch (c->a->shape.dtype) {
	case LEAT_DT_F8:
		return v.f8;
	case LEAT_DT_F4:
		return (double)v.f4;
	case LEAT_DT_I1:
		return v.i1;
	case LEAT_DT_B1:
	case LEAT_DT_U1:
		return v.u1;
	case LEAT_DT_I2:
		return v.i2;
	case LEAT_DT_U2:
		return v.u2;
	case LEAT_DT_I4:
		return v.i4;
	case LEAT_DT_U4:
		return v.u4;
	case LEAT_DT_I8:
		return (double)v.i8;
	default:
		return (double)v.u8;
	}
}

char *leat_cells_put(const struct leat_cells *c, uint64_t row, size_t column, char *out)
{
	union whole v = at(c, row, column);
	switch (c->a->shape.dtype) {
	case LEAT_DT_F8:
		return leat_put_real(v.f8, out);
	case LEAT_DT_F4:
		return leat_put_float(v.f4, out);
	case LEAT_DT_I1:
		return leat_put_int(v.i1, out);
	case LEAT_DT_B1:
	case LEAT_DT_U1:
		return leat_put_uint(v.u1, out);
	case LEAT_DT_I2:
		return leat_put_int(v.i2, out);
	case LEAT_DT_U2:
		return leat_put_uint(v.u2, out);
	case LEAT_DT_I4:
		return leat_put_int(v.i4, out);
	case LEAT_DT_U4:
		return leat_put_uint(v.u4, out);
	case LEAT_DT_I8:
		return leat_put_int(v.i8, out);
	default:
		return leat_put_uint(v.u8, out);
	}
}
