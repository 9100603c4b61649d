/* SPDX-License-Identifier: MIT */
/*
 * Reports as JSON lines: one object a line, numbers as numbers, what JSON has no word for (NaN, nothing
 * measured) as null.
 */
#include "base/text.h"
#include "report/tables.h"

#include <math.h>
#include <string.h>

static int open_json(struct leat_report_table *t, const struct leat_report_table_opts *o, struct leat_err *err)
{
	return leat_outfile_open(&t->file, o->path, o->append, NULL, o->sync, err);
}

static void add_value(struct leat_buf *b, const struct leat_value *v)
{
	if (v->type == LEAT_V_TEXT)
		leat_escape_json(b, v->s, strlen(v->s));
	else if (v->type == LEAT_V_NONE || (v->type == LEAT_V_REAL && !isfinite(v->r)))
		leat_buf_adds(b, "null");
	else if (v->type == LEAT_V_TIME) {
		leat_buf_addc(b, '"');
		leat_value_print(b, v);
		leat_buf_addc(b, '"');
	} else
		leat_value_print(b, v);
}

static int row(struct leat_report_table *t, const struct leat_value *cells, struct leat_err *err)
{
	struct leat_buf *b = &t->file.buf;
	for (size_t i = 0; i < t->columns.n; i++) {
		leat_buf_addc(b, i ? ',' : '{');
		leat_escape_json(b, t->columns.v[i], strlen(t->columns.v[i]));
		leat_buf_addc(b, ':');
		add_value(b, &cells[i]);
	}
	leat_buf_adds(b, "}\n");
	return leat_outfile_line(&t->file, err);
}

static int close_json(struct leat_report_table *t, bool aborted, struct leat_err *err)
{
	return leat_outfile_close(&t->file, aborted, err);
}

const struct leat_report_table_type leat_report_table_json = {"json", open_json, row, close_json};
