/* SPDX-License-Identifier: MIT */
/* Lines and fields of separated text: the grammar, without a meaning. */
#ifndef LEAT_FORMATS_CSV_TEXT_H
#define LEAT_FORMATS_CSV_TEXT_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* The place in the text; and how it is divided. */
struct leat_csv_text {
	const char *p, *end;
	uint64_t line; /* of p, from 1 */
	char sep; /* ' ' stands for any run of blanks and tabs */
	char comment; /* 0: none */
};

struct leat_csv_field {
	const char *s; /* without blanks around it, and without its quotes */
	size_t n;
	bool quoted; /* "" inside stands for one quote */
	uint64_t line; /* where it begins */
};

/* Past the rest of the line. */
void leat_csv_skip_line(struct leat_csv_text *t);
/* Past empty lines and comments, to the next line with something in it. False: there is none. */
bool leat_csv_next_row(struct leat_csv_text *t);
/*
 * The field at t->p. 1: others follow in this row; 0: it was the last, t is in the next line; -1 with *err (CORRUPT): a
 * quote without its end, or text behind one.
 */
int leat_csv_field(struct leat_csv_text *t, struct leat_csv_field *f, struct leat_err *err);

/*
 * What separates the columns of the first rows: a tab, ';', ',' (which is not `point`, the decimal sign) or blanks,
 * whichever divides all of them alike.
 */
char leat_csv_guess_sep(const struct leat_csv_text *at, char point);

#endif
