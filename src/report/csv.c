/* SPDX-License-Identifier: MIT */
/* Reports as CSV: RFC 4180, except that lines end with LF alone, as cut, awk and grep want them. */
#include "report/tables.h"

#include <string.h>

/* alone: the only cell of its line, which must not look like an empty line. */
static void add_text(struct leat_buf *b, const char *s, bool alone)
{
	bool quote = strpbrk(s, ",\"\r\n") || (alone && !*s);
	if (!quote) {
		leat_report_escape(b, s);
		return;
	}
	struct leat_buf plain = {0};
	leat_report_escape(&plain, s);
	leat_buf_addc(b, '"');
	for (size_t i = 0; i < plain.len; i++) {
		if (plain.data[i] == '"')
			leat_buf_addc(b, '"');
		leat_buf_addc(b, plain.data[i]);
	}
	leat_buf_addc(b, '"');
	if (plain.failed)
		b->failed = true;
	leat_buf_free(&plain);
}

static int open_csv(struct leat_report_table *t, const struct leat_report_table_opts *o, struct leat_err *err)
{
	struct leat_buf first = {0};
	for (size_t i = 0; i < t->columns.n; i++) {
		if (i > 0)
			leat_buf_addc(&first, ',');
		add_text(&first, t->columns.v[i], false);
	}
	leat_buf_adds(&first, "\n");
	int r = leat_buf_check(&first, err);
	if (r == 0)
		r = leat_outfile_open(&t->file, o->path, o->append, first.data, o->sync, err);
	leat_buf_free(&first);
	return r;
}

static int row(struct leat_report_table *t, const struct leat_value *cells, struct leat_err *err)
{
	struct leat_buf *b = &t->file.buf;
	for (size_t i = 0; i < t->columns.n; i++) {
		if (i > 0)
			leat_buf_addc(b, ',');
		if (cells[i].type == LEAT_V_TEXT)
			add_text(b, cells[i].s, t->columns.n == 1);
		else if (cells[i].type != LEAT_V_NONE)
			leat_value_print(b, &cells[i]);
		else if (t->columns.n == 1)
			leat_buf_adds(b, "\"\"");
	}
	leat_buf_adds(b, "\n");
	return leat_outfile_line(&t->file, err);
}

static int close_csv(struct leat_report_table *t, bool aborted, struct leat_err *err)
{
	return leat_outfile_close(&t->file, aborted, err);
}

const struct leat_report_table_type leat_report_table_csv = {"csv", open_csv, row, close_csv};
