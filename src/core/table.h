/* SPDX-License-Identifier: MIT */
/* Tables: named columns of equal length. */
#ifndef LEAT_CORE_TABLE_H
#define LEAT_CORE_TABLE_H

#include "core/array.h"
#include "core/texts.h"

/*
 * The number columns of a table are one array, rows by columns, f8, C order: what numeric steps read. A missing number
 * is NaN. Columns of text stand beside them: `names` and `n_columns` are of numbers alone. Shared by reference;
 * whoever holds the only reference may write into it.
 */
struct leat_table {
	atomic_int refs;
	uint64_t rows;
	size_t n_columns;
	char **names; /* UTF-8, unique, never NULL; owned */
	struct leat_array *numbers; /* rows x n_columns */
	uint64_t bad_lines; /* of the text it was read from, left out as `parse` was told */
	struct leat_texts *texts; /* columns of text, of as many rows; NULL: there are none */
};
/* Takes over nothing: names are copied, numbers is referenced. names NULL: "0", "1" ... */
struct leat_table *leat_table_new(struct leat_array *numbers, const char *const *names, struct leat_err *err);
/*
 * A new table that came of `from` keeps its columns of text where it has as many rows and none of its own. t may be
 * NULL; returns t.
 */
struct leat_table *leat_table_keep_texts(struct leat_table *t, const struct leat_table *from);
struct leat_table *leat_table_ref(struct leat_table *t); /* one more; returns t */
void leat_table_unref(struct leat_table **t); /* drops it, clears *t; accepts NULL in it */
size_t leat_table_bytes(const struct leat_table *t); /* memory it holds */

#endif
