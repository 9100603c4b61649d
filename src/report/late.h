/* SPDX-License-Identifier: MIT */
/*
 * Reports whose columns only the data tell ("mean_*": one for each column of a table): rows are kept until the last one
 * is there, and written then. Private to this room; one thread at a time.
 */
#ifndef LEAT_REPORT_LATE_H
#define LEAT_REPORT_LATE_H

#include "report/tables.h"

struct leat_report_late;

struct leat_report_late *leat_report_late_new(struct leat_err *err);
/* One of the forms to be written at the end; what o points to is copied. */
int leat_report_late_form(struct leat_report_late *l, const struct leat_report_table_type *type,
			  const struct leat_report_table_opts *o, struct leat_err *err);
/* Keeps a row: its cells, where the name of a column that ends with '*' stands for all fields that begin so. */
int leat_report_late_row(struct leat_report_late *l, const struct leat_columns *columns, const struct leat_value *cells,
			 const struct leat_fields *fields, struct leat_err *err);
/* Writes all rows, unless aborted, and releases *l. -1 with *err. */
int leat_report_late_close(struct leat_report_late **l, const struct leat_columns *columns, bool aborted,
			   struct leat_err *err);

#endif
