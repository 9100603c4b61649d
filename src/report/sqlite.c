/* SPDX-License-Identifier: MIT */
/*
 * Reports as a table of an SQLite file: all rows of a run in one transaction, so that a reader sees all of them
 * or none.
 */
#include "base/mem.h"
#include "report/tables.h"

#include <sqlite3.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

struct leat_sqlite {
	sqlite3 *db;
	sqlite3_stmt *insert;
	char *path;
	bool created; /* the file was not there before */
};

static enum leat_cause cause_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
		return LEAT_CAUSE_TARGET;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return LEAT_CAUSE_PERMISSION;
	case SQLITE_NOMEM:
		return LEAT_CAUSE_MEMORY;
	case SQLITE_ERROR:
	case SQLITE_NOTADB:
		return LEAT_CAUSE_USAGE;
	default:
		return LEAT_CAUSE_IO;
	}
}

static int fail(const struct leat_sqlite *s, struct leat_err *err)
{
	return leat_fail(err, cause_of(sqlite3_errcode(s->db)), "cannot write '%.200s': %.200s", s->path,
			 sqlite3_errmsg(s->db));
}

static int execute(const struct leat_sqlite *s, const char *sql, struct leat_err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(s, err);
}

/* The type of a column, by the fields that every item has. What is measured has none: each cell keeps its own. */
static const char *type_of(const char *name)
{
	static const char *const texts[] = {"path",   "dir",    "reldir", "name", "stem",    "ext",  "format",
					    "suffix", "branch", "mtime",  "date", "time",    "host", "job",
					    "hash",   "state",  "error",  "url",  "url_host"};
	static const char *const wholes[] = {"index",  "bytes_in", "bytes_out", "width",
					     "height", "depth",    "channels",  "pages"};
	for (size_t i = 0; i < LEAT_LEN(texts); i++)
		if (strcmp(name, texts[i]) == 0)
			return " TEXT";
	for (size_t i = 0; i < LEAT_LEN(wholes); i++)
		if (strcmp(name, wholes[i]) == 0)
			return " INTEGER";
	return strcmp(name, "seconds") == 0 || strcmp(name, "age") == 0 ? " REAL" : "";
}

static void add_name(struct leat_buf *b, const char *name)
{
	leat_buf_addc(b, '"');
	for (; *name; name++) {
		if (*name == '"')
			leat_buf_addc(b, '"');
		leat_buf_addc(b, *name);
	}
	leat_buf_addc(b, '"');
}

static int make_table(const struct leat_sqlite *s, const struct leat_report_table *t,
		      const struct leat_report_table_opts *o, struct leat_err *err)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "BEGIN IMMEDIATE;");
	if (!o->append) {
		leat_buf_adds(&b, "DROP TABLE IF EXISTS ");
		add_name(&b, o->table);
		leat_buf_addc(&b, ';');
	}
	leat_buf_adds(&b, "CREATE TABLE IF NOT EXISTS ");
	add_name(&b, o->table);
	for (size_t i = 0; i < t->columns.n; i++) {
		leat_buf_adds(&b, i ? ", " : " (");
		add_name(&b, t->columns.v[i]);
		leat_buf_adds(&b, type_of(t->columns.v[i]));
	}
	leat_buf_adds(&b, ")");
	int r = leat_buf_check(&b, err);
	if (r == 0)
		r = execute(s, b.data, err);
	leat_buf_free(&b);
	return r;
}

static int prepare(struct leat_sqlite *s, const struct leat_report_table *t, const struct leat_report_table_opts *o,
		   struct leat_err *err)
{
	struct leat_buf b = {0};
	leat_buf_adds(&b, "INSERT INTO ");
	add_name(&b, o->table);
	for (size_t i = 0; i < t->columns.n; i++) {
		leat_buf_adds(&b, i ? "," : " (");
		add_name(&b, t->columns.v[i]);
	}
	for (size_t i = 0; i < t->columns.n; i++)
		leat_buf_adds(&b, i ? ",?" : ") VALUES (?");
	leat_buf_adds(&b, ")");
	int r = leat_buf_check(&b, err);
	if (r == 0 && sqlite3_prepare_v2(s->db, b.data, -1, &s->insert, NULL) != SQLITE_OK)
		r = fail(s, err);
	leat_buf_free(&b);
	return r;
}

static int close_sqlite(struct leat_report_table *t, bool aborted, struct leat_err *err)
{
	struct leat_sqlite *s = t->db;
	int r = 0;
	if (!s)
		return 0;
	(void)sqlite3_finalize(s->insert); /* gives the last row's failure again */
	if (s->db && !aborted)
		r = execute(s, "COMMIT", err);
	if (s->db)
		(void)sqlite3_close(s->db); /* rolls back what was not committed */
	if (s->created && (aborted || r < 0))
		(void)unlink(s->path); /* an empty file of our own */
	free(s->path);
	free(s);
	t->db = NULL;
	return r;
}

static int open_file(struct leat_sqlite *s, const struct leat_report_table_opts *o, struct leat_err *err)
{
	const char *name;
	struct leat_standing there;
	int dirfd = leat_report_folder(o->path, &name, o->sync, err);
	if (dirfd < 0)
		return -1;
	int r = leat_publish_look(dirfd, name, &there, err);
	(void)close(dirfd); /* O_PATH */
	if (r < 0)
		return -1;
	s->path = leat_strdup(o->path, err);
	s->created = !there.there;
	if (!s->path)
		return -1;
	if (sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		return s->db ? fail(s, err) : leat_fail(err, LEAT_CAUSE_MEMORY, "cannot open '%.200s'", s->path);
	(void)sqlite3_busy_timeout(s->db, WAIT_MS); /* fails only for a closed handle */
	return 0;
}

static int open_sqlite(struct leat_report_table *t, const struct leat_report_table_opts *o, struct leat_err *err)
{
	t->db = leat_zalloc(1, sizeof *t->db, err);
	if (!t->db)
		return -1;
	if (open_file(t->db, o, err) == 0 && make_table(t->db, t, o, err) == 0 && prepare(t->db, t, o, err) == 0)
		return 0;
	(void)close_sqlite(t, true, err); /* *err says why already */
	return -1;
}

static int bind_text(sqlite3_stmt *st, int i, const struct leat_buf *text)
{
	if (text->failed)
		return SQLITE_NOMEM;
	return sqlite3_bind_text(st, i, text->data ? text->data : "", -1, SQLITE_TRANSIENT);
}

static int bind(sqlite3_stmt *st, int i, const struct leat_value *v, struct leat_buf *tmp)
{
	leat_buf_clear(tmp);
	switch (v->type) {
	case LEAT_V_INT:
		return sqlite3_bind_int64(st, i, v->i);
	case LEAT_V_REAL:
		return sqlite3_bind_double(st, i, v->r);
	case LEAT_V_TEXT:
		leat_report_escape(tmp, v->s);
		return bind_text(st, i, tmp);
	case LEAT_V_TIME:
		leat_value_print(tmp, v);
		return bind_text(st, i, tmp);
	default:
		return sqlite3_bind_null(st, i);
	}
}

static int row(struct leat_report_table *t, const struct leat_value *cells, struct leat_err *err)
{
	struct leat_sqlite *s = t->db;
	struct leat_buf tmp = {0};
	int code = SQLITE_OK;
	for (size_t i = 0; i < t->columns.n && code == SQLITE_OK; i++)
		code = bind(s->insert, (int)i + 1, &cells[i], &tmp);
	leat_buf_free(&tmp);
	if (code == SQLITE_OK)
		code = sqlite3_step(s->insert);
	if (code != SQLITE_DONE)
		return fail(s, err);
	return sqlite3_reset(s->insert) == SQLITE_OK ? 0 : fail(s, err);
}

const struct leat_report_table_type leat_report_table_sqlite = {"sqlite", open_sqlite, row, close_sqlite};
