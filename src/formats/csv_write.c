/* SPDX-License-Identifier: MIT */
/* Arrays and tables as text: see csv.h. Numbers get as few digits as read back equal. */
#include "formats/csv.h"

#include "base/mem.h"
#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct writer {
	const struct leat_csv_writing *how;
	struct leat_bytes *out;
	struct leat_err *err;
};

static int put(struct writer *w, const char *s, size_t n)
{
	return leat_bytes_append(w->out, s, n, w->err);
}

/* In quotes where it would not be one column otherwise (RFC 4180). */
static int put_text(struct writer *w, const char *s)
{
	const char special[] = {w->how->sep, '"', '\n', '\r', 0};
	if (!strpbrk(s, special))
		return put(w, s, strlen(s));
	int ok = put(w, "\"", 1);
	for (; ok == 0 && *s; s++)
		ok = *s == '"' ? put(w, "\"\"", 2) : put(w, s, 1);
	return ok == 0 ? put(w, "\"", 1) : ok;
}

/* A missing number. Alone in its line and empty it would be no line. */
static int put_missing(struct writer *w, uint64_t columns)
{
	if (columns == 1 && !*w->how->na_rep)
		return put(w, "\"\"", 2);
	return put_text(w, w->how->na_rep);
}

/* Element i of a real array as text. */
static size_t number_text(const struct leat_array *a, size_t i, char *buf)
{
	union {
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
	} v;
	size_t size = leat_dtype_size(a->shape.dtype);
	memcpy(&v, (const uint8_t *)a->data + i * size, size);
	switch (a->shape.dtype) {
	case LEAT_DT_I1:
		return (size_t)sprintf(buf, "%d", v.i1);
	case LEAT_DT_B1:
	case LEAT_DT_U1:
		return (size_t)sprintf(buf, "%u", v.u1);
	case LEAT_DT_I2:
		return (size_t)sprintf(buf, "%d", v.i2);
	case LEAT_DT_U2:
		return (size_t)sprintf(buf, "%u", v.u2);
	case LEAT_DT_I4:
		return (size_t)sprintf(buf, "%d", v.i4);
	case LEAT_DT_U4:
		return (size_t)sprintf(buf, "%u", v.u4);
	case LEAT_DT_I8:
		return (size_t)sprintf(buf, "%lld", (long long)v.i8);
	case LEAT_DT_U8:
		return (size_t)sprintf(buf, "%llu", (unsigned long long)v.u8);
	case LEAT_DT_F4:
		return v.f4 == 0 && signbit(v.f4) ? strlen(strcpy(buf, "-0")) : strlen(leat_print_float(v.f4, buf));
	default:
		return v.f8 == 0 && signbit(v.f8) ? strlen(strcpy(buf, "-0")) : strlen(leat_print_real(v.f8, buf));
	}
}

static int put_row(struct writer *w, const struct leat_array *a, uint64_t row, uint64_t columns)
{
	char text[32];
	bool real = leat_dtype_is_float(a->shape.dtype);
	for (uint64_t c = 0; c < columns; c++) {
		size_t n = number_text(a, (size_t)(row * columns + c), text);
		if (c > 0 && put(w, &w->how->sep, 1) < 0)
			return -1;
		if ((real && strcmp(text, "nan") == 0 ? put_missing(w, columns) : put(w, text, n)) < 0)
			return -1;
	}
	return put(w, "\n", 1);
}

/* Names that are just the numbers of their columns were given by nobody. */
static bool has_names(const struct leat_table *t)
{
	char number[24];
	for (size_t i = 0; i < t->n_columns; i++) {
		(void)snprintf(number, sizeof number, "%zu", i); /* 20 digits at most */
		if (strcmp(number, t->names[i]) != 0)
			return true;
	}
	return false;
}

static int put_names(struct writer *w, const struct leat_table *t)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if ((i > 0 && put(w, &w->how->sep, 1) < 0) || put_text(w, t->names[i]) < 0)
			return -1;
	return put(w, "\n", 1);
}

/* Real numbers of at most two dimensions, row by row; halves as floats. NULL with *err: there is no such thing. */
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

static int write_rows(struct writer *w, const struct leat_payload *in, const struct leat_array *a)
{
	const struct leat_array_shape *s = &a->shape;
	uint64_t rows = s->ndim > 0 ? s->dim[0] : 1, columns = s->ndim > 1 ? s->dim[1] : 1;
	if (in->kind == LEAT_TABLE && w->how->header && has_names(in->table) && put_names(w, in->table) < 0)
		return -1;
	for (uint64_t r = 0; columns > 0 && r < rows; r++)
		if (put_row(w, a, r, columns) < 0)
			return -1;
	return 0;
}

int leat_csv_write(const struct leat_csv_writing *how, const struct leat_payload *in, struct leat_bytes **out,
		   struct leat_err *err)
{
	struct leat_array *a = writable(leat_payload_numbers(in), err);
	if (!a)
		return -1;
	struct writer w = {
		how, leat_bytes_new(leat_size_add(64, leat_size_mul(8, (size_t)leat_array_count(&a->shape))), err),
		err};
	int ok = w.out ? write_rows(&w, in, a) : -1;
	leat_array_unref(&a);
	if (ok < 0)
		leat_bytes_unref(&w.out);
	*out = w.out;
	return ok;
}
