/* SPDX-License-Identifier: MIT */
/* The file itself: opened, checked, brought up to date. See state.h. */
#include "state/lock.h"
#include "state/store.h"

#include "base/beneath.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { APPLICATION = 0x6c656174 /* "leat" */, WAIT_MS = 10000 };

static const char schema_1[] =
	"CREATE TABLE run(id INTEGER PRIMARY KEY, started_ns INTEGER NOT NULL, seconds REAL NOT NULL,"
	" pipeline TEXT NOT NULL, host TEXT NOT NULL, cores INTEGER NOT NULL, matched INTEGER NOT NULL,"
	" done INTEGER NOT NULL, skipped INTEGER NOT NULL, failed INTEGER NOT NULL, known_failed INTEGER NOT NULL,"
	" not_reached INTEGER NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL,"
	" exit_status INTEGER NOT NULL);"
	"CREATE TABLE run_group(run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, place INTEGER NOT NULL,"
	" name TEXT NOT NULL, executor TEXT NOT NULL, workers INTEGER NOT NULL, why TEXT NOT NULL, tasks INTEGER NOT "
	"NULL,"
	" busy REAL NOT NULL, cpu REAL NOT NULL, runq REAL NOT NULL, idle REAL NOT NULL, queue_peak INTEGER NOT NULL,"
	" PRIMARY KEY(run, place)) WITHOUT ROWID;"
	"CREATE TABLE tuning(pipeline TEXT NOT NULL, host TEXT NOT NULL, cores INTEGER NOT NULL, name TEXT NOT NULL,"
	" executor TEXT NOT NULL, workers INTEGER NOT NULL, cpu REAL NOT NULL, blocked REAL NOT NULL,"
	" items INTEGER NOT NULL, PRIMARY KEY(pipeline, host, cores, name)) WITHOUT ROWID;";

/*
 * item: the latest that is known of every input, by its absolute path; output, item_row: what came of it. run_item:
 * what a run did, without what it skipped as up to date. intent: replacements under way. Names of files are bytes, kept
 * as text without looking.
 */
static const char schema_2[] =
	"ALTER TABLE run ADD COLUMN version TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN outputs_new INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN outputs_overwritten INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN outputs_skipped INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE run_step(run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, place INTEGER NOT NULL,"
	" step TEXT NOT NULL, branch TEXT NOT NULL, items INTEGER NOT NULL, seconds REAL NOT NULL,"
	" PRIMARY KEY(run, place)) WITHOUT ROWID;"
	"CREATE TABLE item(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,"
	" mtime_ns INTEGER NOT NULL, hash BLOB, work BLOB NOT NULL, state INTEGER NOT NULL, cause INTEGER NOT NULL,"
	" step TEXT NOT NULL, message TEXT NOT NULL, seconds REAL NOT NULL, run INTEGER NOT NULL,"
	" failed_runs INTEGER NOT NULL, failed_since INTEGER NOT NULL, gone INTEGER NOT NULL);"
	"CREATE TABLE output(item INTEGER NOT NULL, place INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,"
	" mtime_ns INTEGER NOT NULL, sha256 BLOB, PRIMARY KEY(item, place)) WITHOUT ROWID;"
	"CREATE TABLE item_row(item INTEGER NOT NULL, step INTEGER NOT NULL, fields BLOB NOT NULL,"
	" PRIMARY KEY(item, step)) WITHOUT ROWID;"
	"CREATE TABLE run_item(run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, seq INTEGER NOT NULL,"
	" path TEXT NOT NULL, state INTEGER NOT NULL, cause INTEGER NOT NULL, step TEXT NOT NULL, message TEXT NOT "
	"NULL,"
	" seconds REAL NOT NULL, bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, failed_runs INTEGER NOT NULL,"
	" quarantined INTEGER NOT NULL, PRIMARY KEY(run, seq)) WITHOUT ROWID;"
	"CREATE TABLE run_gone(run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, path TEXT NOT NULL,"
	" PRIMARY KEY(run, path)) WITHOUT ROWID;"
	"CREATE TABLE intent(path TEXT PRIMARY KEY, size INTEGER NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;";

/* Step i brings schema i to i + 1. */
static const char *const steps[LEAT_STATE_SCHEMA] = {schema_1, schema_2};

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
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return LEAT_CAUSE_CORRUPT;
	default:
		return LEAT_CAUSE_IO;
	}
}

int leat_store_fail(const struct leat_state_file *s, struct leat_err *err)
{
	enum leat_cause cause = cause_of(sqlite3_errcode(s->db));
	if (cause == LEAT_CAUSE_CORRUPT)
		return leat_fail(
			err, cause,
			"the state '%.200s' is damaged (%.100s): move it away, or bring back a copy; without it all "
			"is done anew",
			s->path, sqlite3_errmsg(s->db));
	return leat_fail(err, cause, "cannot use the state '%.200s': %.200s", s->path, sqlite3_errmsg(s->db));
}

int leat_store_exec(const struct leat_state_file *s, const char *sql, struct leat_err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : leat_store_fail(s, err);
}

sqlite3_stmt *leat_store_prepare(const struct leat_state_file *s, const char *sql, struct leat_err *err)
{
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
		leat_store_fail(s, err);
	return q;
}

int leat_store_step(const struct leat_state_file *s, sqlite3_stmt *q, struct leat_err *err)
{
	int r = sqlite3_step(q);
	return r == SQLITE_ROW ? 1 : r == SQLITE_DONE ? 0 : leat_store_fail(s, err);
}

int leat_store_begin(const struct leat_state_file *s, struct leat_err *err)
{
	return leat_store_exec(s, "BEGIN IMMEDIATE", err);
}

int leat_store_end(const struct leat_state_file *s, int ok, struct leat_err *err)
{
	if (ok == 0)
		ok = leat_store_exec(s, "COMMIT", err);
	if (ok < 0)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL); /* what failed before is what is told */
	return ok;
}

void leat_store_text(sqlite3_stmt *q, int at, const char *s)
{
	/* Fails only for want of memory: then the step fails. */
	(void)sqlite3_bind_text(q, at, s ? s : "", -1, SQLITE_STATIC);
}

void leat_store_bytes(sqlite3_stmt *q, int at, const void *p, size_t n)
{
	(void)sqlite3_bind_blob64(q, at, p, n, SQLITE_STATIC); /* likewise */
}

const char *leat_store_column(sqlite3_stmt *q, int at, struct leat_arena *a)
{
	const char *s = (const char *)sqlite3_column_text(q, at);
	return leat_arena_strndup(a, s ? s : "", s ? strlen(s) : 0);
}

static int number(const struct leat_state_file *s, const char *question, int64_t *out, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, question, err);
	int r = q ? leat_store_step(s, q, err) : -1;
	if (r > 0)
		*out = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return r > 0 ? 0 : r < 0 ? -1 : leat_fail(err, LEAT_CAUSE_INTERNAL, "no answer to '%s'", question);
}

/* An empty file is a new one. */
static int check_owner(const struct leat_state_file *s, int64_t version, struct leat_err *err)
{
	int64_t application = 0, tables = 0;
	if (number(s, "PRAGMA application_id", &application, err) < 0 ||
	    number(s, "SELECT count(*) FROM sqlite_master", &tables, err) < 0)
		return -1;
	if (application != APPLICATION && (tables > 0 || version != 0 || application != 0))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%.200s' is the database of another program, not a state of leat", s->path);
	if (version > LEAT_STATE_SCHEMA)
		return leat_fail(
			err, LEAT_CAUSE_USAGE,
			"the state '%.200s' was written by a newer leat (schema %lld, this one knows %d): use that "
			"version, or name another file with state=",
			s->path, (long long)version, (int)LEAT_STATE_SCHEMA);
	return 0;
}

/* Several processes may come here at once: what is there is looked at again with the write lock held. */
static int bring_up_to_date(const struct leat_state_file *s, struct leat_err *err)
{
	int64_t version = 0;
	char sql[96];
	if (number(s, "PRAGMA user_version", &version, err) < 0 || check_owner(s, version, err) < 0)
		return -1;
	if (version == LEAT_STATE_SCHEMA)
		return 0;
	if (leat_store_begin(s, err) < 0)
		return -1;
	int ok = number(s, "PRAGMA user_version", &version, err);
	for (; ok == 0 && version < LEAT_STATE_SCHEMA; version++)
		ok = leat_store_exec(s, steps[version], err);
	(void)snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", (int)APPLICATION,
		       (int)LEAT_STATE_SCHEMA); /* always fits */
	if (ok == 0)
		ok = leat_store_exec(s, sql, err);
	return leat_store_end(s, ok, err);
}

int leat_state_make_folder(const char *path, struct leat_err *err)
{
	const char *slash = strrchr(path, '/');
	if (!slash || slash == path)
		return 0;
	char *folder = leat_strndup(path, (size_t)(slash - path), err);
	if (!folder)
		return -1;
	int fd = leat_make_root(folder, false), sys = errno;
	free(folder);
	if (fd < 0)
		return leat_fail_sys(err, LEAT_CAUSE_TARGET, sys, "cannot make the folder of the state '%.200s'", path);
	(void)close(fd); /* O_PATH */
	return 0;
}

static int open_file(struct leat_state_file *s, bool create, struct leat_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
	if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
		return s->db ? leat_store_fail(s, err) : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	sqlite3_busy_timeout(s->db, WAIT_MS);
	sqlite3_extended_result_codes(s->db, 1);
	int64_t version = 0;
	/* Whose file is it? Asked before anything is changed in it. */
	if (number(s, "PRAGMA user_version", &version, err) < 0 || check_owner(s, version, err) < 0)
		return -1;
	if (leat_store_exec(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
			    err) < 0)
		return -1;
	return bring_up_to_date(s, err);
}

int leat_state_open(struct leat_state_file **sp, const char *path, bool create, struct leat_err *err)
{
	*sp = NULL;
	if (!create && access(path, F_OK) < 0 && errno == ENOENT)
		return 1;
	struct leat_state_file *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	s->path = leat_strdup(path, err);
	int ok = s->path ? 0 : -1;
	if (ok == 0 && create)
		ok = leat_state_make_folder(path, err);
	if (ok == 0)
		ok = open_file(s, create, err);
	*sp = s;
	if (ok < 0)
		leat_state_close(sp);
	return ok;
}

void leat_state_folder(const char *path, struct leat_buf *out)
{
	size_t n = strlen(path);
	if (n > 3 && strcmp(path + n - 3, ".db") == 0)
		leat_buf_add(out, path, n - 3);
	else
		leat_buf_addf(out, "%s.report", path);
}

void leat_state_close(struct leat_state_file **sp)
{
	struct leat_state_file *s = *sp;
	*sp = NULL;
	if (!s)
		return;
	sqlite3_close(s->db); /* every statement was finalized: nothing can be busy */
	free(s->path);
	free(s);
}
