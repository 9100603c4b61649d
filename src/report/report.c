/* SPDX-License-Identifier: MIT */
/*
 * The sink `report`: one row for every matched item, in input order, as CSV, JSON lines or a table (language
 * 6.6).
 */
#include "base/nameset.h"
#include "core/end.h"
#include "report/late.h"
#include "report/tables.h"

#include <unistd.h>

enum { OVERWRITE, APPEND };
enum { FORMS = 3 };

static const char *const existing_words[] = {"overwrite", "append", NULL};

struct report {
	struct leat_tmpl file[FORMS]; /* csv, json, sqlite */
	const char *table;
	struct leat_strs fields;
	int64_t existing;
};

static const struct leat_report_table_type *const types[FORMS] = {&leat_report_table_csv, &leat_report_table_json,
								  &leat_report_table_sqlite};

static const struct leat_param params[] = {
	LEAT_P(struct report, file[0], struct leat_tmpl, LEAT_PT_TEMPLATE, "csv", NULL, LEAT_OWN_PATH,
	       "CSV file to write"),
	LEAT_P(struct report, file[1], struct leat_tmpl, LEAT_PT_TEMPLATE, "json", NULL, LEAT_OWN_PATH,
	       "file to write with one JSON object a line"),
	LEAT_P(struct report, file[2], struct leat_tmpl, LEAT_PT_TEMPLATE, "sqlite", NULL, LEAT_OWN_PATH,
	       "SQLite file to write a table into"),
	LEAT_P(struct report, table, const char *, LEAT_PT_TEXT, "table", "items", 0,
	       "name of the table in the SQLite file"),
	LEAT_P(struct report, fields, struct leat_strs, LEAT_PT_FIELDS, "fields", NULL, 0,
	       "columns; by default path, state, error, seconds, bytes_in, bytes_out and all that was measured"),
	LEAT_P_CHOICE(struct report, existing, "existing", "overwrite", existing_words, 0,
		      "what to do with the rows of earlier runs: begin anew, or add to them"),
	LEAT_P_END,
};

struct sink {
	struct leat_columns columns; /* the array is owned, its texts are borrowed */
	size_t cap;
	struct leat_value *cells;
	struct leat_buf *texts; /* one for each column: where its text lives */
	struct leat_report_table tables[FORMS];
	size_t n_tables;
	struct leat_nameset *own_names;
	struct leat_report_late *late; /* columns that only the data tell; NULL: all are known */
};

/* ---- check ---- */

static int check(const void *v, const struct leat_param **which, struct leat_err *err)
{
	const struct report *p = v;
	*which = NULL;
	if (!p->file[0].text && !p->file[1].text && !p->file[2].text)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'report' needs csv=, json= or sqlite=");
	*which = leat_param_find(params, "table");
	if (!p->table || !*p->table || strncmp(p->table, "sqlite_", 7) == 0)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' cannot be the name of a table", p->table ? p->table : "");
	*which = leat_param_find(params, "fields");
	for (size_t i = 0; i < p->fields.n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(p->fields.v[i], p->fields.v[k]) == 0)
				return leat_fail(err, LEAT_CAUSE_USAGE, "the field '%s' is given twice",
						 p->fields.v[i]);
	*which = NULL;
	return 0;
}

/* ---- open ---- */

static int add_column(struct sink *s, const char *name, struct leat_err *err)
{
	for (size_t i = 0; i < s->columns.n; i++)
		if (strcmp(s->columns.v[i], name) == 0)
			return 0;
	const char **v = leat_grow(s->columns.v, &s->cap, s->columns.n + 1, sizeof *v, err);
	if (!v)
		return -1;
	s->columns.v = v;
	v[s->columns.n++] = name;
	return 0;
}

static int make_columns(struct sink *s, const struct report *p, const char *const *measured, struct leat_err *err)
{
	static const char *const usual[] = {"path", "state", "error", "seconds", "bytes_in", "bytes_out"};
	int r = 0;
	for (size_t i = 0; i < p->fields.n && r == 0; i++)
		r = add_column(s, p->fields.v[i], err);
	for (size_t i = 0; i < LEAT_LEN(usual) && p->fields.n == 0 && r == 0; i++)
		r = add_column(s, usual[i], err);
	for (size_t i = 0; p->fields.n == 0 && measured && measured[i] && r == 0; i++) {
		r = add_column(s, measured[i], err);
		if (r == 0 && strchr(measured[i], '*') && !s->late)
			r = (s->late = leat_report_late_new(err)) ? 0 : -1;
	}
	s->cells = leat_zalloc(s->columns.n, sizeof *s->cells, err);
	s->texts = leat_zalloc(s->columns.n, sizeof *s->texts, err);
	return s->cells && s->texts ? r : -1;
}

/* A report does not overwrite what the run reads either. */
static int check_input(const char *path, const struct leat_listing *inputs, struct leat_err *err)
{
	struct stat st;
	if (!inputs || stat(path, &st) < 0)
		return 0; /* not there yet, or opening it will say why */
	for (size_t i = 0; i < inputs->n; i++)
		if (inputs->v[i].ino == (uint64_t)st.st_ino && inputs->v[i].dev == (uint64_t)st.st_dev)
			return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%.200s' is an input of this run (%.200s)", path,
					 inputs->v[i].path);
	return 0;
}

static int open_form(struct sink *s, int form, const struct leat_sink_open *o, struct leat_nameset *names,
		     struct leat_err *err)
{
	const struct report *p = o->params;
	const struct leat_view v = {.run = o->run, .branch = o->branch ? o->branch : ""};
	struct leat_buf path = {0};
	uint64_t other;
	int r = leat_template_expand_path(p->file[form].t, &v, &path, err);
	if (r == 0)
		r = check_input(path.data, o->inputs, err);
	if (r == 0)
		r = leat_nameset_claim(names, path.data, s, (uint64_t)form, &other, err);
	if (r == 1)
		r = leat_fail(err, LEAT_CAUSE_CONFLICT, "two steps of this run write '%.300s'", path.data);
	if (r == 0) {
		struct leat_report_table *t = &s->tables[s->n_tables];
		struct leat_report_table_opts to = {
			.path = path.data,
			.table = p->table,
			.append = p->existing == APPEND,
			.sync = o->durability > 0,
		};
		*t = (struct leat_report_table){.type = types[form], .columns = s->columns};
		r = s->late ? leat_report_late_form(s->late, t->type, &to, err) : t->type->open(t, &to, err);
		s->n_tables += r == 0 && !s->late;
	}
	leat_buf_free(&path);
	return r;
}

static int close_sink(void *state, bool aborted, struct leat_err *err)
{
	struct sink *s = state;
	int r = s->late ? leat_report_late_close(&s->late, &s->columns, aborted, err) : 0;
	for (size_t i = 0; i < s->n_tables; i++)
		if (s->tables[i].type->close(&s->tables[i], aborted, err) < 0)
			r = -1;
	for (size_t i = 0; s->texts && i < s->columns.n; i++)
		leat_buf_free(&s->texts[i]);
	free(s->texts);
	free(s->cells);
	free(s->columns.v);
	leat_nameset_free(&s->own_names);
	free(s);
	return r;
}

static int open_sink(const struct leat_sink_open *o, void **state, struct leat_err *err)
{
	const struct report *p = o->params;
	struct sink *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	int r = make_columns(s, p, o->fields, err);
	struct leat_nameset *names = o->names;
	if (r == 0 && !names) {
		names = s->own_names = leat_nameset_new(err);
		r = names ? 0 : -1;
	}
	for (int i = 0; i < FORMS && r == 0; i++)
		if (p->file[i].text)
			r = open_form(s, i, o, names, err);
	if (r == 0)
		*state = s;
	else
		(void)close_sink(s, true, err); /* *err says why already */
	return r;
}

/* ---- rows ---- */

static struct leat_value text_cell(const struct leat_buf *b)
{
	return (struct leat_value){.type = b->len ? LEAT_V_TEXT : LEAT_V_NONE, .s = b->data};
}

static struct leat_value cell(const char *name, const struct leat_view *v, enum leat_state st, const struct leat_err *e,
			      const char *step, struct leat_buf *tmp)
{
	struct leat_value value = {0};
	leat_buf_clear(tmp);
	if (strcmp(name, "state") == 0)
		return (struct leat_value){.type = LEAT_V_TEXT, .s = leat_state_name(st)};
	if (strcmp(name, "error") == 0) {
		if (e)
			leat_buf_addf(tmp, "%s%s%s", step && *step ? step : "", step && *step ? ": " : "", e->text);
		return text_cell(tmp);
	}
	if (!leat_view_value(v, name, &value, tmp))
		value.type = LEAT_V_NONE;
	return value;
}

static int row(void *state, const struct leat_view *v, enum leat_state st, const struct leat_err *e, const char *step,
	       struct leat_err *err)
{
	struct sink *s = state;
	for (size_t i = 0; i < s->columns.n; i++) {
		s->cells[i] = cell(s->columns.v[i], v, st, e, step, &s->texts[i]);
		if (leat_buf_check(&s->texts[i], err) < 0)
			return -1;
	}
	if (s->late)
		return leat_report_late_row(s->late, &s->columns, s->cells, v->fields, err);
	for (size_t i = 0; i < s->n_tables; i++)
		if (s->tables[i].type->row(&s->tables[i], s->cells, err) < 0)
			return -1;
	return 0;
}

const struct leat_sink leat_sink_report = {
	.name = "report",
	.group = "sink",
	.summary = "write a row for each item: its state, its error and what was measured",
	.example = "report csv=out/images.csv",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct report),
	.in = LEAT_ANY,
	.modes = LEAT_ON_IO,
	.rows = true,
	.check = check,
	.open = open_sink,
	.row = row,
	.close = close_sink,
};
