/* SPDX-License-Identifier: MIT */
/* Runs that have ended: added, and read again. */
#include "state/store.h"

#include "base/mem.h"

#include <stdio.h>

/* What is known when it begins. */
static int add_head(const struct leat_state_file *s, struct leat_state_run *r, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(
		s,
		"INSERT INTO run(started_ns, pipeline, host, cores, version, partial, matched, exit_status,"
		" seconds, done, skipped, failed, known_failed, not_reached, bytes_in, bytes_out)"
		" VALUES(?,?,?,?,?,?,?,?,0,0,0,0,0,0,0,0)",
		err);
	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, r->started_ns);
	leat_store_text(q, 2, r->pipeline);
	leat_store_text(q, 3, r->host);
	sqlite3_bind_int(q, 4, r->cores);
	leat_store_text(q, 5, r->version);
	sqlite3_bind_int(q, 6, r->partial);
	sqlite3_bind_int64(q, 7, (int64_t)r->counts.matched);
	sqlite3_bind_int(q, 8, LEAT_RUN_UNFINISHED);
	int ok = leat_store_step(s, q, err);
	sqlite3_finalize(q);
	r->id = sqlite3_last_insert_rowid(s->db);
	return ok;
}

/* The totals in the order of the columns below. */
enum { TOTALS = 13 };

static void totals(struct leat_state_run *r, uint64_t *v[static TOTALS])
{
	struct leat_counts *c = &r->counts;
	uint64_t *const all[TOTALS] = {&c->matched,
				       &c->state[LEAT_DONE],
				       &c->state[LEAT_SKIPPED],
				       &c->state[LEAT_FAILED],
				       &c->state[LEAT_KNOWN_FAILED],
				       &c->state[LEAT_NOT_REACHED],
				       &c->bytes_in,
				       &c->bytes_out,
				       &c->dropped,
				       &r->quarantined,
				       &c->outputs_new,
				       &c->outputs_overwritten,
				       &c->outputs_skipped};
	memcpy(v, all, sizeof all);
}

static int set_totals(const struct leat_state_file *s, const struct leat_state_run *run, struct leat_err *err)
{
	struct leat_state_run r = *run;
	uint64_t *v[TOTALS];
	sqlite3_stmt *q = leat_store_prepare(
		s,
		"UPDATE run SET matched=?, done=?, skipped=?, failed=?, known_failed=?, not_reached=?, bytes_in=?,"
		" bytes_out=?, dropped=?, quarantined=?, outputs_new=?, outputs_overwritten=?, outputs_skipped=?,"
		" seconds=?, exit_status=? WHERE id=?",
		err);
	if (!q)
		return -1;
	totals(&r, v);
	for (int i = 0; i < TOTALS; i++)
		sqlite3_bind_int64(q, 1 + i, (int64_t)*v[i]);
	sqlite3_bind_double(q, TOTALS + 1, r.seconds);
	sqlite3_bind_int(q, TOTALS + 2, r.exit_status);
	sqlite3_bind_int64(q, TOTALS + 3, r.id);
	int ok = leat_store_step(s, q, err);
	sqlite3_finalize(q);
	return ok;
}

static int add_steps(const struct leat_state_file *s, const struct leat_state_run *r, struct leat_err *err)
{
	sqlite3_stmt *q = leat_store_prepare(s, "INSERT INTO run_step VALUES(?,?,?,?,?,?)", err);
	int ok = q ? 0 : -1;
	for (size_t i = 0; ok == 0 && i < r->n_steps; i++) {
		sqlite3_reset(q);
		sqlite3_bind_int64(q, 1, r->id);
		sqlite3_bind_int64(q, 2, (int64_t)i);
		leat_store_text(q, 3, r->steps[i].text);
		leat_store_text(q, 4, r->steps[i].branch);
		sqlite3_bind_int64(q, 5, (int64_t)r->steps[i].items);
		sqlite3_bind_double(q, 6, r->steps[i].seconds);
		ok = leat_store_step(s, q, err);
	}
	sqlite3_finalize(q);
	return ok;
}

static int add_group(const struct leat_state_file *s, sqlite3_stmt *q, int64_t run, size_t place,
		     const struct leat_state_group *g, struct leat_err *err)
{
	const double times[] = {g->busy, g->cpu, g->runq, g->idle};
	sqlite3_reset(q);
	sqlite3_bind_int64(q, 1, run);
	sqlite3_bind_int64(q, 2, (int64_t)place);
	leat_store_text(q, 3, g->name);
	leat_store_text(q, 4, g->executor);
	sqlite3_bind_int(q, 5, g->workers);
	leat_store_text(q, 6, g->why);
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

int leat_state_begin_run(struct leat_state_file *s, struct leat_state_run *run, struct leat_err *err)
{
	return add_head(s, run, err);
}

/*
 * What every item did is kept of the last runs, and of the two that are compared last; totals of many more.
 */
static int forget_old(const struct leat_state_file *s, int64_t run, struct leat_err *err)
{
	char sql[512];
	(void)snprintf(sql, sizeof sql,
		       "DELETE FROM run_item WHERE run <= %lld AND run NOT IN %s;"
		       "DELETE FROM run_gone WHERE run <= %lld;"
		       "DELETE FROM run WHERE id <= %lld",
		       (long long)run - LEAT_RUNS_WITH_ITEMS,
		       "(SELECT id FROM run WHERE partial = 0 AND exit_status IN (0, 1, 4) AND not_reached = 0"
		       " ORDER BY id DESC LIMIT 2)",
		       (long long)run - LEAT_RUNS_WITH_ITEMS, (long long)run - LEAT_RUNS_KEPT); /* always fits */
	return leat_store_exec(s, sql, err);
}

int leat_state_end_run(struct leat_state_file *s, const struct leat_state_run *run, struct leat_err *err)
{
	if (leat_store_begin(s, err) < 0)
		return -1;
	int ok = set_totals(s, run, err);
	if (ok == 0)
		ok = add_groups(s, run, err);
	if (ok == 0)
		ok = add_steps(s, run, err);
	if (ok == 0)
		ok = forget_old(s, run->id, err);
	return leat_store_end(s, ok, err);
}

int leat_state_add_run(struct leat_state_file *s, struct leat_state_run *run, struct leat_err *err)
{
	return leat_state_begin_run(s, run, err) < 0 ? -1 : leat_state_end_run(s, run, err);
}

void leat_store_read_run(sqlite3_stmt *q, struct leat_state_run *r, struct leat_arena *a)
{
	uint64_t *v[TOTALS];
	r->id = sqlite3_column_int64(q, 0);
	r->started_ns = sqlite3_column_int64(q, 1);
	r->seconds = r->counts.seconds = sqlite3_column_double(q, 2);
	r->pipeline = leat_store_column(q, 3, a);
	r->host = leat_store_column(q, 4, a);
	r->cores = sqlite3_column_int(q, 5);
	r->exit_status = sqlite3_column_int(q, 6);
	r->version = leat_store_column(q, 7, a);
	r->partial = sqlite3_column_int(q, 8) != 0;
	totals(r, v);
	for (int i = 0; i < TOTALS; i++)
		*v[i] = (uint64_t)sqlite3_column_int64(q, 9 + i);
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
			.name = leat_store_column(q, 0, a),
			.executor = leat_store_column(q, 1, a),
			.workers = sqlite3_column_int(q, 2),
			.why = leat_store_column(q, 3, a),
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

static int read_steps(const struct leat_state_file *s, struct leat_state_run *r, struct leat_arena *a,
		      struct leat_err *err)
{
	int64_t n = 0;
	int more = 0;
	sqlite3_stmt *q = leat_store_prepare(
		s, "SELECT step, branch, items, seconds, count(*) OVER () FROM run_step WHERE run = ? ORDER BY place",
		err);
	if (!q)
		return -1;
	sqlite3_bind_int64(q, 1, r->id);
	while ((more = leat_store_step(s, q, err)) > 0) {
		if (!r->steps) {
			n = sqlite3_column_int64(q, 4);
			r->steps = leat_arena_alloc(a, leat_size_mul((size_t)n, sizeof *r->steps));
		}
		if (!r->steps || r->n_steps == (size_t)n)
			break;
		r->steps[r->n_steps++] = (struct leat_state_step){.text = leat_store_column(q, 0, a),
								  .branch = leat_store_column(q, 1, a),
								  .items = (uint64_t)sqlite3_column_int64(q, 2),
								  .seconds = sqlite3_column_double(q, 3)};
	}
	sqlite3_finalize(q);
	return more < 0 ? -1 : 0;
}

int leat_state_get_run(struct leat_state_file *s, int64_t id, struct leat_state_run *run, struct leat_err *err)
{
	*run = (struct leat_state_run){0};
	struct leat_arena *a = leat_zalloc(1, sizeof *a, err);
	sqlite3_stmt *q =
		a ? leat_store_prepare(s,
				       LEAT_STORE_RUN
				       " WHERE (?1 = 0 AND exit_status >= 0) OR id = ?1 ORDER BY id DESC LIMIT 1",
				       err)
		  : NULL;
	run->memory = a;
	if (q)
		sqlite3_bind_int64(q, 1, id);
	int found = q ? leat_store_step(s, q, err) : -1;
	if (found > 0)
		leat_store_read_run(q, run, a);
	sqlite3_finalize(q);
	int ok = found > 0 ? read_groups(s, run, a, err) : found < 0 ? -1 : 1;
	if (ok == 0)
		ok = read_steps(s, run, a, err);
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
