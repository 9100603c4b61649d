/* SPDX-License-Identifier: MIT */
/* Runs that have ended: added, and read again. */
#include "state/store.h"

#include "base/mem.h"

static void bind_text(sqlite3_stmt *q, int at, const char *s)
{
	sqlite3_bind_text(q, at, s ? s : "", -1,
			  SQLITE_STATIC); /* fails only for want of memory: then the step fails */
}

static int add_head(const struct leat_state_file *s, struct leat_state_run *r, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(
		s,
		"INSERT INTO run(started_ns, seconds, pipeline, host, cores, matched, done, skipped, failed, "
		"known_failed,"
		" not_reached, bytes_in, bytes_out, exit_status) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		err);
	if (!q)
		return -1;
	const struct leat_counts *c = &r->counts;
	const uint64_t numbers[] = {c->matched,
				    c->state[LEAT_DONE],
				    c->state[LEAT_SKIPPED],
				    c->state[LEAT_FAILED],
				    c->state[LEAT_KNOWN_FAILED],
				    c->state[LEAT_NOT_REACHED],
				    c->bytes_in,
				    c->bytes_out,
				    (uint64_t)r->exit_status};
	sqlite3_bind_int64(q, 1, r->started_ns);
	sqlite3_bind_double(q, 2, r->seconds);
	bind_text(q, 3, r->pipeline);
	bind_text(q, 4, r->host);
	sqlite3_bind_int(q, 5, r->cores);
	for (size_t i = 0; i < LEAT_LEN(numbers); i++)
		sqlite3_bind_int64(q, 6 + (int)i, (int64_t)numbers[i]);
	int ok = leat_store_step(s, q, err);
	sqlite3_finalize(q);
	r->id = sqlite3_last_insert_rowid(s->db);
	return ok;
}

static int add_group(const struct leat_state_file *s, sqlite3_stmt *q, int64_t run, size_t place,
		     const struct leat_state_group *g, struct leat_err *err)
{
	const double times[] = {g->busy, g->cpu, g->runq, g->idle};
	sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, (int64_t)place);
	bind_text(q, 3, g->name);
	bind_text(q, 4, g->executor);
	sqlite3_bind_int(q, 5, g->workers);
	bind_text(q, 6, g->why);
	sqlite3_bind_int64(q, 7, (int64_t)g->tasks);
	for (size_t i = 0; i < LEAT_LEN(times); i++)
		sqlite3_bind_double(q, 8 + (int)i, times[i]);
	sqlite3_bind_int64(q, 12, (int64_t)g->queue_peak);
	return leat_store_step(s, q, err);
}

static int add_groups(const struct leat_state_file *s, const struct leat_state_run *r, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "INSERT INTO run_group VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", err);
	int ok = q ? 0 : -1;
	for (size_t i = 0; ok == 0 && i < r->n_groups; i++)
		ok = add_group(s, q, r->id, i, &r->groups[i], err);
	sqlite3_finalize(q);
	return ok;
}

int leat_state_add_run(struct leat_state_file *s, struct leat_state_run *run, struct leat_err *err)
{
	if (leat_store_begin(s, err) < 0)
		return -1;
	int ok = add_head(s, run, err);
	if (ok == 0)
		ok = add_groups(s, run, err);
	return leat_store_end(s, ok, err);
}

static const char *text(sqlite3_stmt *q, int at, struct leat_arena *a)
{
	const char *s = (const char *)sqlite3_column_text(q, at);
	return leat_arena_strndup(a, s ? s : "", s ? strlen(s) : 0);
}

static void read_head(sqlite3_stmt *q, struct leat_state_run *r, struct leat_arena *a)
{
	struct leat_counts *c = &r->counts;
	uint64_t *const numbers[] = {&c->matched,
				     &c->state[LEAT_DONE],
				     &c->state[LEAT_SKIPPED],
				     &c->state[LEAT_FAILED],
				     &c->state[LEAT_KNOWN_FAILED],
				     &c->state[LEAT_NOT_REACHED],
				     &c->bytes_in,
				     &c->bytes_out};
	r->id = sqlite3_column_int64(q, 0);
	r->started_ns = sqlite3_column_int64(q, 1);
	r->seconds = c->seconds = sqlite3_column_double(q, 2);
	r->pipeline = text(q, 3, a);
	r->host = text(q, 4, a);
	r->cores = sqlite3_column_int(q, 5);
	for (size_t i = 0; i < LEAT_LEN(numbers); i++)
		*numbers[i] = (uint64_t)sqlite3_column_int64(q, 6 + (int)i);
	r->exit_status = sqlite3_column_int(q, 14);
}

static int read_groups(const struct leat_state_file *s, struct leat_state_run *r, struct leat_arena *a,
		       struct leat_err *err)
{
	enum { MOST = 64 }; /* groups of a plan */
	int more = 0;
	sqlite3_stmt *q =
		leat_store_prepare(s,
				   "SELECT name, executor, workers, why, tasks, busy, cpu, runq, idle, queue_peak"
				   " FROM run_group WHERE run = ? ORDER BY place",
				   err);
	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, r->id);
	r->groups = leat_arena_alloc(a, MOST * sizeof *r->groups);
	while (r->groups && r->n_groups < MOST && (more = leat_store_step(s, q, err)) > 0)
		r->groups[r->n_groups++] = (struct leat_state_group){
			.name = text(q, 0, a),
			.executor = text(q, 1, a),
			.workers = sqlite3_column_int(q, 2),
			.why = text(q, 3, a),
			.tasks = (uint64_t)sqlite3_column_int64(q, 4),
			.busy = sqlite3_column_double(q, 5),
			.cpu = sqlite3_column_double(q, 6),
			.runq = sqlite3_column_double(q, 7),
			.idle = sqlite3_column_double(q, 8),
			.queue_peak = (uint64_t)sqlite3_column_int64(q, 9),
		};
	sqlite3_finalize(q);
	return more < 0 ? -1 : 0;
}

int leat_state_get_run(struct leat_state_file *s, int64_t id, struct leat_state_run *run, struct leat_err *err)
{
	*run = (struct leat_state_run){0};
	struct leat_arena *a = leat_zalloc(1, sizeof *a, err);
	sqlite3_stmt *q =
		a ? leat_store_prepare(s, "SELECT * FROM run WHERE ?1 = 0 OR id = ?1 ORDER BY id DESC LIMIT 1", err)
		  : NULL;
	run->memory = a;
	if (q)
		sqlite3_bind_int64(q, 1, id);
	int found = q ? leat_store_step(s, q, err) : -1;
	if (found > 0)
		read_head(q, run, a);
	sqlite3_finalize(q);
	int ok = found > 0 ? read_groups(s, run, a, err) : found < 0 ? -1 : 1;
	if (ok == 0 && !leat_arena_ok(a))
		ok = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	if (ok != 0)
		leat_state_run_free(run);
	return ok;
}

void leat_state_run_free(struct leat_state_run *run)
{
	if (run->memory)
		leat_arena_free(run->memory);
	free(run->memory);
	*run = (struct leat_state_run){0};
}
