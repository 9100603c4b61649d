/* SPDX-License-Identifier: MIT */
/* What the files of this room share: statements that report. */
#ifndef LEAT_STATE_STORE_H
#define LEAT_STATE_STORE_H

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

#endif
