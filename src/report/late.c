/* SPDX-License-Identifier: MIT */
/* See late.h. */
#include "report/late.h"

#include "base/mem.h"

#include <string.h>

enum { FORMS = 3 };

struct form {
	const struct leat_report_table_type *type;
	struct leat_report_table_opts o;
	char *path, *table; /* o's, owned */
};

struct leat_report_late {
	struct form form[FORMS];
	size_t n_forms;
	struct leat_fields *rows;
	size_t n, cap;
};

struct leat_report_late *leat_report_late_new(struct leat_err *err)
{
	return leat_zalloc(1, sizeof(struct leat_report_late), err);
}

int leat_report_late_form(struct leat_report_late *l, const struct leat_report_table_type *type,
			  const struct leat_report_table_opts *o, struct leat_err *err)
{
	struct form *f = &l->form[l->n_forms++];
	*f = (struct form){
		.type = type, .o = *o, .path = leat_strdup(o->path, err), .table = leat_strdup(o->table, err)};
	f->o.path = f->path;
	f->o.table = f->table;
	return f->path && f->table ? 0 : -1;
}

static bool is_pattern(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && name[n - 1] == '*';
}

static bool matches(const char *name, const char *pattern)
{
	return strncmp(name, pattern, strlen(pattern) - 1) == 0;
}

static int keep(struct leat_fields *row, const char *name, const struct leat_value *v, struct leat_err *err)
{
	switch (v->type) {
	case LEAT_V_NONE:
		return 0;
	case LEAT_V_TEXT:
		return leat_fields_set_text(row, name, v->s, strlen(v->s), err);
	case LEAT_V_REAL:
		return leat_fields_set_real(row, name, v->r, err);
	case LEAT_V_TIME:
		return leat_fields_set_time(row, name, v->i, err);
	default:
		return leat_fields_set_int(row, name, v->i, err);
	}
}

int leat_report_late_row(struct leat_report_late *l, const struct leat_columns *columns, const struct leat_value *cells,
			 const struct leat_fields *fields, struct leat_err *err)
{
	struct leat_fields *rows = leat_grow(l->rows, &l->cap, l->n + 1, sizeof *rows, err);
	if (!rows)
		return -1;
	l->rows = rows;
	struct leat_fields *row = &rows[l->n++];
	*row = (struct leat_fields){0};
	for (size_t c = 0; c < columns->n; c++) {
		if (!is_pattern(columns->v[c])) {
			if (keep(row, columns->v[c], &cells[c], err) < 0)
				return -1;
			continue;
		}
		for (size_t i = 0; fields && i < fields->n; i++)
			if (matches(fields->v[i].name, columns->v[c]) &&
			    keep(row, fields->v[i].name, &fields->v[i].value, err) < 0)
				return -1;
	}
	return 0;
}

static int add(struct leat_columns *to, size_t *cap, const char *name, struct leat_err *err)
{
	for (size_t i = 0; i < to->n; i++)
		if (strcmp(to->v[i], name) == 0)
			return 0;
	const char **v = leat_grow(to->v, cap, to->n + 1, sizeof *v, err);
	if (!v)
		return -1;
	to->v = v;
	v[to->n++] = name;
	return 0;
}

/* The columns as they are known now: what a pattern stands for takes its place, in the order in which rows had it. */
static int known(const struct leat_report_late *l, const struct leat_columns *columns, struct leat_columns *to,
		 struct leat_err *err)
{
	size_t cap = 0;
	for (size_t c = 0; c < columns->n; c++) {
		const char *name = columns->v[c];
		if (!is_pattern(name) && add(to, &cap, name, err) < 0)
			return -1;
		for (size_t r = 0; is_pattern(name) && r < l->n; r++)
			for (size_t i = 0; i < l->rows[r].n; i++)
				if (matches(l->rows[r].v[i].name, name) && add(to, &cap, l->rows[r].v[i].name, err) < 0)
					return -1;
	}
	return 0;
}

static int write_form(const struct leat_report_late *l, const struct form *f, const struct leat_columns *columns,
		      struct leat_value *cells, struct leat_err *err)
{
	struct leat_report_table t = {.type = f->type, .columns = *columns};
	if (f->type->open(&t, &f->o, err) < 0)
		return -1;
	int ok = 0;
	for (size_t r = 0; ok == 0 && r < l->n; r++) {
		for (size_t c = 0; c < columns->n; c++) {
			const struct leat_value *v = leat_fields_get(&l->rows[r], columns->v[c]);
			cells[c] = v ? *v : (struct leat_value){.type = LEAT_V_NONE};
		}
		ok = f->type->row(&t, cells, err);
	}
	return f->type->close(&t, ok < 0, err) < 0 ? -1 : ok;
}

static int write_all(const struct leat_report_late *l, const struct leat_columns *columns, struct leat_err *err)
{
	struct leat_columns all = {0};
	struct leat_value *cells = NULL;
	int ok = known(l, columns, &all, err);
	if (ok == 0)
		ok = (cells = leat_zalloc(all.n, sizeof *cells, err)) ? 0 : -1;
	for (size_t i = 0; i < l->n_forms && ok == 0; i++)
		ok = write_form(l, &l->form[i], &all, cells, err);
	free(cells);
	free(all.v);
	return ok;
}

int leat_report_late_close(struct leat_report_late **lp, const struct leat_columns *columns, bool aborted,
			   struct leat_err *err)
{
	struct leat_report_late *l = *lp;
	*lp = NULL;
	int ok = aborted ? 0 : write_all(l, columns, err);
	for (size_t i = 0; i < l->n_forms; i++) {
		free(l->form[i].path);
		free(l->form[i].table);
	}
	for (size_t r = 0; r < l->n; r++)
		leat_fields_free(&l->rows[r]);
	free(l->rows);
	free(l);
	return ok;
}
