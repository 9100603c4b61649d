/* SPDX-License-Identifier: MIT */
/* What was learned: by recipe, host and number of cores. */
#include "state/store.h"

#include "base/mem.h"

#include <stdio.h>

/* The three that say for whom it is. */
static void bind_key(sqlite3_stmt *q, const char *pipeline, const char *host, int cores)
{
	sqlite3_bind_text(q, 1, pipeline, -1, SQLITE_STATIC); /* fails only for want of memory: then the step fails */
	sqlite3_bind_text(q, 2, host, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 3, cores);
}

int leat_state_tuning(struct leat_state_file *s, const char *pipeline, const char *host, int cores,
		      struct leat_tuning *v, size_t cap, size_t *n, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s,
					     "SELECT name, executor, workers, cpu, blocked, items FROM tuning"
					     " WHERE pipeline = ? AND host = ? AND cores = ? ORDER BY name",
					     err);
	int more = 0;
	*n = 0;
	if (!q)
		return -1;
	bind_key(q, pipeline, host, cores);
	while (*n < cap && (more = leat_store_step(s, q, err)) > 0) {
		struct leat_tuning *t = &v[(*n)++];
		*t = (struct leat_tuning){.workers = sqlite3_column_int(q, 2),
					  .cpu = sqlite3_column_double(q, 3),
					  .blocked = sqlite3_column_double(q, 4),
					  .items = (uint64_t)sqlite3_column_int64(q, 5)};
		(void)snprintf(t->name, sizeof t->name, "%s",
			       (const char *)sqlite3_column_text(q, 0)); /* ours: it fits */
		(void)snprintf(t->executor, sizeof t->executor, "%s", (const char *)sqlite3_column_text(q, 1));
	}
	sqlite3_finalize(q);
	return more < 0 ? -1 : 0;
}

static int forget(const struct leat_state_file *s, const char *pipeline, const char *host, int cores,
		  struct leat_err *err)
{
	sqlite3_stmt *q =
		leat_store_prepare(s, "DELETE FROM tuning WHERE pipeline = ? AND host = ? AND cores = ?", err);
	if (!q)
		return -1;
	bind_key(q, pipeline, host, cores);
	int ok = leat_store_step(s, q, err);
	sqlite3_finalize(q);
	return ok;
}

static int insert(const struct leat_state_file *s, sqlite3_stmt *q, const struct leat_tuning *t, struct leat_err *err)
{
	sqlite3_reset(q);
	sqlite3_bind_text(q, 4, t->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 5, t->executor, -1, SQLITE_STATIC);
	sqlite3_bind_int(q, 6, t->workers);
	sqlite3_bind_double(q, 7, t->cpu);
	sqlite3_bind_double(q, 8, t->blocked);
	sqlite3_bind_int64(q, 9, (int64_t)t->items);
	return leat_store_step(s, q, err);
}

int leat_state_set_tuning(struct leat_state_file *s, const char *pipeline, const char *host, int cores,
			  const struct leat_tuning *v, size_t n, struct leat_err *err)
{
	if (leat_store_begin(s, err) < 0)
		return -1;
	int ok = forget(s, pipeline, host, cores, err);
	sqlite3_stmt *q = ok == 0 ? leat_store_prepare(s, "INSERT INTO tuning VALUES(?,?,?,?,?,?,?,?,?)", err) : NULL;
	ok = q ? 0 : -1;
	if (q)
		bind_key(q, pipeline, host, cores);
	for (size_t i = 0; ok == 0 && i < n; i++)
		ok = insert(s, q, &v[i], err);
	sqlite3_finalize(q);
	return leat_store_end(s, ok, err);
}
