/* SPDX-License-Identifier: MIT */
/* What the files that print a plan share. */
#ifndef LEAT_PLAN_PRINT_H
#define LEAT_PLAN_PRINT_H

#include "plan/planner.h"

enum { LEAT_PRINT_LABEL = 10 }; /* width of "Inputs    " */

struct leat_printer {
	const struct leat_plan *p;
	const struct leat_stepinfo *info;
	const struct leat_program *program;
	const struct leat_facts *f;
	struct leat_buf *out;
	bool memory; /* of the steps is known: there is a column for it */
	size_t col; /* width of the steps' column */
	size_t name_col, type_col;
};

/* Columns that a text takes; appends it, made harmless, and blanks up to `col` columns (at least one). */
size_t leat_print_width(const char *s);
void leat_print_cell(struct leat_buf *out, const char *s, size_t col);
void leat_print_label(const struct leat_printer *pr, const char *s);
void leat_print_escaped(struct leat_buf *out, const char *s);

/* print_files.c: what comes in, what goes out, and the disks. */
void leat_print_inputs(const struct leat_printer *pr);
void leat_print_outputs(const struct leat_printer *pr);
void leat_print_disks(const struct leat_printer *pr);

#endif
