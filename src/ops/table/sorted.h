/* SPDX-License-Identifier: MIT */
/* Rows of a table in the order of some columns. Thread safe. */
#ifndef LEAT_OPS_TABLE_SORTED_H
#define LEAT_OPS_TABLE_SORTED_H

#include "core/table.h"

struct leat_sorting {
	const size_t *columns; /* [n] the first one counts most; of text as leat_table_keys has them */
	size_t n;
	bool descending, na_first; /* missing numbers stand last, or first, whatever the direction */
};

/* All row numbers in that order, equal ones as they stood: [t->rows], which the caller frees. NULL with *err. */
uint64_t *leat_table_sorted(const struct leat_table *t, const struct leat_sorting *s, struct leat_err *err);

/* -1, 0, 1 as row a stands before, beside or behind row b. */
int leat_table_compare(const struct leat_table *t, const struct leat_sorting *s, uint64_t a, uint64_t b);

#endif
