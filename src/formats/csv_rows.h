/* SPDX-License-Identifier: MIT */
/* Rows of separated text as numbers, and the columns of text among them. */
#ifndef LEAT_FORMATS_CSV_ROWS_H
#define LEAT_FORMATS_CSV_ROWS_H

#include "core/texts.h"
#include "formats/csv_head.h"

struct leat_csv_rows {
	double *v; /* room for `room` numbers, row by row; the caller's */
	size_t room;
	uint64_t *words; /* [used] the row in which a column first has something that is no number; UINT64_MAX: none */
	uint64_t rows, bad; /* read, and left out */
};

/* No more rows than this are in the rest of the text. */
uint64_t leat_csv_rows_most(const struct leat_csv_text *t);
/*
 * Reads all rows to the end of the text. What is no number is NaN, and noted in words. -1 with *err, which names a
 * line.
 */
int leat_csv_rows_read(struct leat_csv_text *t, const struct leat_csv_rules *r, const struct leat_csv_head *h,
		       struct leat_csv_rows *out, struct leat_err *err);
/*
 * Reads the same rows again, from the same place, for the columns that have words in them: columns of text. NULL with
 * *err.
 */
struct leat_texts *leat_csv_rows_texts(struct leat_csv_text *t, const struct leat_csv_rules *r,
				       const struct leat_csv_head *h, const struct leat_csv_rows *rows,
				       struct leat_err *err);

#endif
