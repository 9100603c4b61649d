/* SPDX-License-Identifier: MIT */
/* Arrays and tables as text: see csv.h. Numbers get as few digits as read back equal. */
#include "formats/csv.h"

#include "base/mem.h"
#include "base/num.h"
#include "formats/cells.h"
#include "formats/csv_plain.h"

#include <stdio.h>
#include <string.h>

struct writer {
	const struct leat_csv_writing *how;
	struct leat_cells cells;
	struct leat_bytes *out;
	char style; /* of float_format: 'f', 'e', 'g'; 0: shortest */
	int digits;
	struct leat_err *err;
};

static int put(struct writer *w, const char *s, size_t n)
{
	return leat_bytes_append(w->out, s, n, w->err);
}

/* In quotes where it would not be one column otherwise (RFC 4180), or not read as it is. */
static int put_text(struct writer *w, const char *s, size_t n)
{
	const char special[] = {w->how->sep, '"', '\n', '\r'};
	bool quotes = n > 0 && (*s == ' ' || *s == '\t' || s[n - 1] == ' ' || s[n - 1] == '\t');
	quotes = quotes || (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0); /* a mark, at the beginning of a file */
	for (size_t i = 0; i < sizeof special && !quotes && n; i++)
		quotes = memchr(s, special[i], n) != NULL;
	if (!quotes)
		return put(w, s, n);
	int ok = put(w, "\"", 1);
	for (size_t i = 0; ok == 0 && i < n; i++)
		ok = s[i] == '"' ? put(w, "\"\"", 2) : put(w, s + i, 1);
	return ok == 0 ? put(w, "\"", 1) : ok;
}

/* A missing number. Alone in its line and empty it would be no line. */
static int put_missing(struct writer *w)
{
	if (w->cells.columns == 1 && !*w->how->na_rep)
		return put(w, "\"\"", 2);
	return put_text(w, w->how->na_rep, strlen(w->how->na_rep));
}

/* %.3f, %.2e, %.6g: nothing else. */
static int read_format(struct writer *w)
{
	const char *f = w->how->float_format;
	int64_t digits;
	if (!f)
		return 0;
	size_t n = strlen(f);
	if (n < 4 || n > 5 || f[0] != '%' || f[1] != '.' || !strchr("feg", f[n - 1]) ||
	    !leat_parse_int(f + 2, n - 3, &digits) || digits < 0 || digits > 17)
		return leat_fail(w->err, LEAT_CAUSE_USAGE,
				 "float-format is written as %%.3f, %%.3e or %%.3g with up to 17 digits, not '%s'", f);
	w->style = f[n - 1];
	w->digits = (int)digits;
	return 0;
}

static int put_cell(struct writer *w, uint64_t row, size_t column)
{
	char *at, *end;
	size_t n;
	if (leat_cells_is_text(&w->cells, column)) {
		const char *s = leat_cells_text(&w->cells, row, column, &n);
		/* a missing text is written as nothing, an empty one as "" */
		return s && n ? put_text(w, s, n) : s ? put(w, "\"\"", 2) : put_missing(w);
	}
	if (w->style && leat_dtype_is_float(w->cells.a->shape.dtype)) {
		char text[352];
		double v = leat_cells_real(&w->cells, row, column);
		(void)leat_print_style(v, w->style, w->digits, text);
		return v == v ? put(w, text, strlen(text)) : put_missing(w);
	}
	if (leat_bytes_reserve(w->out, LEAT_CELL_MOST, w->err) < 0)
		return -1;
	at = (char *)w->out->data + w->out->len;
	end = leat_cells_put(&w->cells, row, column, at);
	if (*at == 'n')
		return put_missing(w);
	w->out->len += (size_t)(end - at);
	return 0;
}

static int put_row(struct writer *w, uint64_t row)
{
	for (size_t c = 0; c < w->cells.columns; c++)
		if ((c > 0 && put(w, &w->how->sep, 1) < 0) || put_cell(w, row, c) < 0)
			return -1;
	return put(w, "\n", 1);
}

static int put_names(struct writer *w)
{
	for (size_t c = 0; c < w->cells.columns; c++) {
		const char *name = leat_cells_name(&w->cells, c);
		if ((c > 0 && put(w, &w->how->sep, 1) < 0) || put_text(w, name, strlen(name)) < 0)
			return -1;
	}
	return put(w, "\n", 1);
}

static int write_all(struct writer *w)
{
	bool names = w->how->header && w->cells.columns > 0 && leat_cells_name(&w->cells, 0);
	if (read_format(w) < 0 || (names && put_names(w) < 0))
		return -1;
	for (uint64_t r = 0; w->cells.columns > 0 && r < w->cells.rows; r++)
		if (put_row(w, r) < 0)
			return -1;
	return 0;
}

int leat_csv_write(const struct leat_csv_writing *how, const struct leat_payload *in, struct leat_bytes **out,
		   struct leat_err *err)
{
	struct writer w = {.how = how, .err = err};
	if (leat_cells_of(&w.cells, in, err) < 0)
		return -1;
	size_t cells = leat_size_mul((size_t)w.cells.rows, w.cells.columns);
	w.out = leat_bytes_new(leat_size_add(64, leat_size_mul(8, cells)), err);
	int ok = w.out ? write_all(&w) : -1;
	leat_cells_free(&w.cells);
	if (ok == 0 && how->gzip)
		ok = leat_csv_pack(&w.out, err);
	if (ok < 0)
		leat_bytes_unref(&w.out);
	*out = w.out;
	return ok;
}
