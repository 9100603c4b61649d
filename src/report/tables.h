/* SPDX-License-Identifier: MIT */
/* The forms of a report: CSV, JSON lines, an SQLite table. Each takes rows of typed cells. Private to this room. */
#ifndef LEAT_REPORT_TABLES_H
#define LEAT_REPORT_TABLES_H

#include "core/value.h"
#include "report/outfile.h"

struct leat_columns {
	const char **v; /* names */
	size_t n;
};

/* What an open form needs; one of these for each csv=, json=, sqlite=. */
struct leat_report_table {
	const struct leat_report_table_type *type;
	struct leat_columns columns; /* borrowed */
	struct leat_outfile file; /* csv, json */
	struct leat_sqlite *db; /* sqlite */
};

struct leat_report_table_opts {
	const char *path; /* absolute */
	const char *table; /* sqlite: its name */
	bool append, sync;
};

struct leat_report_table_type {
	const char *name;
	int (*open)(struct leat_report_table *t, const struct leat_report_table_opts *o, struct leat_err *err);
	/* One cell for each column; LEAT_V_NONE where there is nothing. */
	int (*row)(struct leat_report_table *t, const struct leat_value *cells, struct leat_err *err);
	int (*close)(struct leat_report_table *t, bool aborted, struct leat_err *err);
};

/*
 * escape.c: appends a text. Bytes that are not UTF-8, and control characters that a terminal could obey, are
 * written \xE4; line breaks and tabs stay what they are.
 */
void leat_report_escape(struct leat_buf *b, const char *s);

extern const struct leat_report_table_type leat_report_table_csv, leat_report_table_json, leat_report_table_sqlite;

#endif
