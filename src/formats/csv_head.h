/* SPDX-License-Identifier: MIT */
/* How separated text is to be read, and what its beginning tells: separator, names, which columns are wanted. */
#ifndef LEAT_FORMATS_CSV_HEAD_H
#define LEAT_FORMATS_CSV_HEAD_H

#include "core/codec.h"
#include "formats/csv_text.h"

struct leat_csv_rules {
	char point; /* before the fraction of a number */
	bool skip_bad; /* lines with another number of columns are left out and counted; else they are an error */
	bool strict; /* every field is a number or missing; else columns of text may come */
	const struct leat_strs *na; /* more words for a missing number; borrowed from the parameters */
	uint64_t most; /* rows to read */
};

struct leat_csv_head {
	size_t columns; /* in the text */
	char **names; /* [columns]; NULL: they have none */
	size_t used; /* columns that are wanted */
	size_t *use; /* [columns] its number among those, SIZE_MAX: not wanted; NULL: all are */
	uint64_t first_line; /* where `columns` was told */
};

/* The rules in the parameters; sep and comment into *t, sep 0 where it is to be found out. -1 with *err. */
int leat_csv_rules_of(const struct leat_parse_params *p, char sep, struct leat_csv_rules *r, struct leat_csv_text *t,
		      struct leat_err *err);
/* A number, infinity, or a word for a missing one (NaN); false: it is none of them. */
bool leat_csv_number(const struct leat_csv_rules *r, const char *s, size_t n, double *v);
/* Reads what stands before the first row of data; t is there then. -1 with *err. */
int leat_csv_head_read(struct leat_csv_text *t, const struct leat_parse_params *p, const struct leat_csv_rules *r,
		       struct leat_csv_head *h, struct leat_err *err);
void leat_csv_head_free(struct leat_csv_head *h);
/* The text of a field, its pairs of quotes undone, behind what is in b. -1 with *err (UNSUPPORTED): it is not UTF-8. */
int leat_csv_field_text(const struct leat_csv_field *f, size_t column, struct leat_buf *b, struct leat_err *err);

#endif
