/* SPDX-License-Identifier: MIT */
/* See rows.h. */
#include "ops/table/rows.h"

#include "base/buf.h"
#include "base/mem.h"

int leat_table_column(const struct leat_table *t, const char *name, size_t *column, struct leat_err *err)
{
	struct leat_buf known = {0};
	for (*column = 0; *column < t->n_columns; ++*column)
		if (strcmp(t->names[*column], name) == 0)
			return 0;
	if (leat_texts_find(t->texts, name))
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the column '%s' is text, and numbers are wanted", name);
	for (size_t i = 0; i < t->n_columns && i < 12; i++)
		leat_buf_addf(&known, "%s%s", i ? ", " : "", t->names[i]);
	leat_fail(err, LEAT_CAUSE_MISMATCH, "the table has no column '%s', but %s%s", name,
		  known.data ? known.data : "none", t->n_columns > 12 ? " ..." : "");
	leat_buf_free(&known);
	return -1;
}

/* Column `name`, of numbers or of text. */
static int any_column(const struct leat_table *t, const char *name, size_t *column, struct leat_err *err)
{
	for (size_t i = 0; t->texts && i < t->texts->n; i++)
		if (strcmp(t->texts->column[i].name, name) == 0) {
			*column = t->n_columns + i;
			return 0;
		}
	return leat_table_column(t, name, column, err);
}

int leat_table_keys(const struct leat_table *t, const struct leat_strs *names, size_t **columns, size_t *n,
		    struct leat_err *err)
{
	*n = names->n ? names->n : t->n_columns + (t->texts ? t->texts->n : 0);
	*columns = leat_zalloc(*n, sizeof **columns, err);
	int ok = *columns ? 0 : -1;
	for (size_t i = 0; ok == 0 && i < *n; i++) {
		(*columns)[i] = i;
		if (names->n)
			ok = any_column(t, names->v[i], &(*columns)[i], err);
	}
	if (ok < 0) {
		free(*columns);
		*columns = NULL;
	}
	return ok;
}

struct leat_texts *leat_table_texts(const struct leat_table *t, const size_t *columns, const size_t *places,
				    const char *const *names, size_t n, struct leat_err *err)
{
	struct leat_texts *made = leat_texts_new(t->rows, n, err);
	for (size_t i = 0; made && i < n; i++)
		if (leat_text_copy(&t->texts->column[columns[i] - t->n_columns], t->rows, names[i], places[i],
				   &made->column[i], err) < 0)
			leat_texts_unref(&made);
	return made;
}

int leat_table_columns(const struct leat_table *t, const struct leat_strs *names, size_t **columns, size_t *n,
		       struct leat_err *err)
{
	*n = names->n ? names->n : t->n_columns;
	*columns = leat_zalloc(*n, sizeof **columns, err);
	int ok = *columns ? 0 : -1;
	for (size_t i = 0; ok == 0 && i < *n; i++) {
		(*columns)[i] = i;
		if (names->n)
			ok = leat_table_column(t, names->v[i], &(*columns)[i], err);
	}
	if (ok < 0) {
		free(*columns);
		*columns = NULL;
	}
	return ok;
}

struct leat_table *leat_table_made(uint64_t n, size_t columns, const char *const *names, struct leat_err *err)
{
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {n, columns}};
	struct leat_array *a = leat_array_new(&s, err);
	struct leat_table *t = a ? leat_table_new(a, names, err) : NULL;
	leat_array_unref(&a);
	return t;
}

struct leat_table *leat_table_take(const struct leat_table *t, const uint64_t *rows, uint64_t n, struct leat_err *err)
{
	struct leat_table *out = leat_table_made(n, t->n_columns, (const char *const *)(const void *)t->names, err);
	for (uint64_t i = 0; out && i < n; i++)
		memcpy(leat_table_row(out, i), leat_table_row(t, rows[i]), t->n_columns * sizeof(double));
	if (out && t->texts) {
		out->texts = leat_texts_take(t->texts, rows, n, err);
		if (!out->texts)
			leat_table_unref(&out);
	}
	return out;
}

int leat_table_give(struct leat_table *t, struct leat_payload *out)
{
	*out = (struct leat_payload){.kind = t ? LEAT_TABLE : LEAT_NONE, .table = t};
	return t ? 0 : -1;
}
