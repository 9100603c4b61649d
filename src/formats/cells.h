/* SPDX-License-Identifier: MIT */
/* Arrays and tables row by row, each cell as text: for writers of text. */
#ifndef LEAT_FORMATS_CELLS_H
#define LEAT_FORMATS_CELLS_H

#include "core/payload.h"

/* Bytes a number takes at most. */
enum { LEAT_CELL_MOST = 32 };

struct leat_cells {
	struct leat_array *a; /* real numbers of at most two dimensions, row by row; halves as floats; owned */
	const struct leat_table *table; /* borrowed; NULL: an array */
	uint64_t rows;
	size_t columns; /* with those of text */
	size_t numbers; /* of them */
	size_t *of; /* [columns] the column of numbers, or `numbers` + that of text */
};

/* -1 with *err (UNSUPPORTED, MEMORY): text cannot hold it. */
int leat_cells_of(struct leat_cells *c, const struct leat_payload *in, struct leat_err *err);
void leat_cells_free(struct leat_cells *c);

/* The name of a column; NULL: nobody gave names. */
const char *leat_cells_name(const struct leat_cells *c, size_t column);
/* Is the column one of text? Then its cell, or NULL where it is missing. */
static inline bool leat_cells_is_text(const struct leat_cells *c, size_t column)
{
	return c->of[column] >= c->numbers;
}
const char *leat_cells_text(const struct leat_cells *c, uint64_t row, size_t column, size_t *n);
/* The number as a double, for a column of numbers. */
double leat_cells_real(const struct leat_cells *c, uint64_t row, size_t column);
/*
 * The number with as few digits as read back equal, -0 as "-0", NaN as "nan": where its text ends. At least
 * LEAT_CELL_MOST bytes are at out.
 */
char *leat_cells_put(const struct leat_cells *c, uint64_t row, size_t column, char *out);

#endif
