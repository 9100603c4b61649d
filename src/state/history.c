/* SPDX-License-Identifier: MIT */
/* See history.h. */
#include "state/history.h"
#include "state/store.h"

#define COLUMNS                                                                                                      \
	"SELECT run, seq, path, state, cause, step, message, seconds, bytes_in, bytes_out, failed_runs, quarantined" \
	" FROM run_item "

static const char *column(sqlite3_stmt *q, int at)
{
	const char *s = (const char *)sqlite3_column_text(q, at);
	return s ? s : "";
}

static int clamp(int v, int n)
{
	return v >= 0 && v < n ? v : 0;
}

static void read_item(sqlite3_stmt *q, struct leat_state_item *it)
{
	*it = (struct leat_state_item){.run = sqlite3_column_int64(q, 0),
				       .seq = (uint64_t)sqlite3_column_int64(q, 1),
				       .path = column(q, 2),
				       .state = (enum leat_state)clamp(sqlite3_column_int(q, 3), LEAT_N_STATES),
				       .cause = (enum leat_cause)clamp(sqlite3_column_int(q, 4), LEAT_N_CAUSES),
				       .step = column(q, 5),
				       .text = column(q, 6),
				       .seconds = sqlite3_column_double(q, 7),
				       .bytes_in = (uint64_t)sqlite3_column_int64(q, 8),
				       .bytes_out = (uint64_t)sqlite3_column_int64(q, 9),
				       .failed_runs = (uint64_t)sqlite3_column_int64(q, 10),
				       .quarantined = sqlite3_column_int(q, 11) != 0};
}

static int each(struct leat_state_file *s, sqlite3_stmt *q, leat_state_item_fn *fn, void *ctx, struct leat_err *err)
{
	int more = 0, told = 0;
	while (q && told == 0 && (more = leat_store_step(s, q, err)) > 0) {
		struct leat_state_item it;
		read_item(q, &it);
		told = fn(ctx, &it);
	}
	sqlite3_finalize(q);
	return !q || more < 0 ? -1 : told;
}

static int of_run(struct leat_state_file *s, const char *sql, int64_t run, leat_state_item_fn *fn, void *ctx,
		  struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, sql, err);
	if (q)
		sqlite3_bind_int64(q, 1, run);
	return each(s, q, fn, ctx, err);
}

int leat_state_each_item(struct leat_state_file *s, int64_t run, leat_state_item_fn *fn, void *ctx,
			 struct leat_err *err)
{
	return of_run(s, COLUMNS "WHERE run = ? ORDER BY seq", run, fn, ctx, err);
}

int leat_state_each_failure(struct leat_state_file *s, int64_t run, leat_state_item_fn *fn, void *ctx,
			    struct leat_err *err)
{
	_Static_assert(LEAT_FAILED == 3 && LEAT_KNOWN_FAILED == 4, "they stand in the statement");
	return of_run(s, COLUMNS "WHERE run = ? AND state IN (3, 4) ORDER BY seq", run, fn, ctx, err);
}

int leat_state_each_of_item(struct leat_state_file *s, const char *path, leat_state_item_fn *fn, void *ctx,
			    struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, COLUMNS "WHERE path = ? ORDER BY run DESC", err);
	if (q)
		leat_store_text(q, 1, path);
	return each(s, q, fn, ctx, err);
}

int leat_state_each_gone(struct leat_state_file *s, int64_t run, leat_state_path_fn *fn, void *ctx,
			 struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "SELECT path FROM run_gone WHERE run = ? ORDER BY path", err);
	int more = 0, told = 0;
	if (q)
		sqlite3_bind_int64(q, 1, run);
	while (q && told == 0 && (more = leat_store_step(s, q, err)) > 0)
		told = fn(ctx, column(q, 0));
	sqlite3_finalize(q);
	return !q || more < 0 ? -1 : told;
}

int leat_state_each_run(struct leat_state_file *s, uint64_t most, leat_state_run_fn *fn, void *ctx,
			struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, LEAT_STORE_RUN " ORDER BY id DESC LIMIT ?", err);
	int more = 0, told = 0;
	if (q)
		sqlite3_bind_int64(q, 1, most < INT64_MAX ? (int64_t)most : INT64_MAX);
	while (q && told == 0 && (more = leat_store_step(s, q, err)) > 0) {
		struct leat_arena a = {0};
		struct leat_state_run run = {0};
		leat_store_read_run(q, &run, &a);
		told = leat_arena_ok(&a) ? fn(ctx, &run) : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		leat_arena_free(&a);
	}
	sqlite3_finalize(q);
	return !q || more < 0 ? -1 : told;
}

/* 0, 1, 4: it came to its end. */
int leat_state_previous(struct leat_state_file *s, int64_t run, int64_t *id, struct leat_err *err)
{
	sqlite3_stmt *q =
		leat_store_prepare(s,
				   "SELECT id FROM run WHERE id < ? AND partial = 0 AND exit_status IN (0, 1, 4)"
				   " AND not_reached = 0 ORDER BY id DESC LIMIT 1",
				   err);
	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, run);
	int found = leat_store_step(s, q, err);
	if (found > 0)
		*id = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return found < 0 ? -1 : !found;
}
