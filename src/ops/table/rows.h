/* SPDX-License-Identifier: MIT */
/* What steps on tables share: columns by name, tables from some rows of another. Thread safe. */
#ifndef LEAT_OPS_TABLE_ROWS_H
#define LEAT_OPS_TABLE_ROWS_H

#include "core/param.h"
#include "core/payload.h"

/* Column `name`; -1 with *err (MISMATCH), which names those that are there. */
int leat_table_column(const struct leat_table *t, const char *name, size_t *column, struct leat_err *err);

/*
 * Columns by their names, all of them where there are no names: *n of *columns, which the caller frees. -1 with *err.
 */
int leat_table_columns(const struct leat_table *t, const struct leat_strs *names, size_t **columns, size_t *n,
		       struct leat_err *err);

/*
 * The same, of text, too: column n_columns + i of the result is column i of text. all: where there are no names, the
 * columns of text are among all columns.
 */
int leat_table_keys(const struct leat_table *t, const struct leat_strs *names, size_t **columns, size_t *n,
		    struct leat_err *err);
/* n columns of text of t, with these numbers (n_columns + i), places and names; rows as they stand. NULL with *err. */
struct leat_texts *leat_table_texts(const struct leat_table *t, const size_t *columns, const size_t *places,
				    const char *const *names, size_t n, struct leat_err *err);

static inline double *leat_table_row(const struct leat_table *t, uint64_t row)
{
	return (double *)t->numbers->data + row * t->n_columns;
}

/* A new table of n rows with these columns, its numbers not set. NULL with *err. */
struct leat_table *leat_table_made(uint64_t n, size_t columns, const char *const *names, struct leat_err *err);

/* The rows of t with these numbers, in this order. NULL with *err. */
struct leat_table *leat_table_take(const struct leat_table *t, const uint64_t *rows, uint64_t n, struct leat_err *err);

/* A result goes to *out; NULL: -1. */
int leat_table_give(struct leat_table *t, struct leat_payload *out);

#endif
