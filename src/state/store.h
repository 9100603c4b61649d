/* SPDX-License-Identifier: MIT */
/* What the files of this room share: statements that report. */
#ifndef LEAT_STATE_STORE_H
#define LEAT_STATE_STORE_H

#include "base/mem.h"
#include "state/state.h"

#include <sqlite3.h>

struct leat_state_file {
	sqlite3 *db;
	char *path;
};

int leat_store_fail(const struct leat_state_file *s, struct leat_err *err); /* always -1 */
int leat_store_exec(const struct leat_state_file *s, const char *sql, struct leat_err *err);
/* NULL with *err. Give to sqlite3_finalize. */
sqlite3_stmt *leat_store_prepare(const struct leat_state_file *s, const char *sql, struct leat_err *err);
/* One step of a statement: 1 a row, 0 done, -1 with *err. */
int leat_store_step(const struct leat_state_file *s, sqlite3_stmt *q, struct leat_err *err);
/* begin ... commit, or rollback when ok < 0. Returns ok, or -1 when that failed. */
int leat_store_begin(const struct leat_state_file *s, struct leat_err *err);
int leat_store_end(const struct leat_state_file *s, int ok, struct leat_err *err);

/* A text that lives until the statement was stepped; NULL is "". */
void leat_store_text(sqlite3_stmt *q, int at, const char *s);
/* The same of n bytes. */
void leat_store_bytes(sqlite3_stmt *q, int at, const void *p, size_t n);
/* A column as a text of the arena; "" for NULL. */
const char *leat_store_column(sqlite3_stmt *q, int at, struct leat_arena *a);

/* The columns that leat_store_read_run reads, from the first on. */
#define LEAT_STORE_RUN                                                                                          \
	"SELECT id, started_ns, seconds, pipeline, host, cores, exit_status, version, partial, matched, done, " \
	"skipped,"                                                                                              \
	" failed, known_failed, not_reached, bytes_in, bytes_out, dropped, quarantined, outputs_new,"           \
	" outputs_overwritten, outputs_skipped FROM run"
void leat_store_read_run(sqlite3_stmt *q, struct leat_state_run *r, struct leat_arena *a);

#endif
