/* SPDX-License-Identifier: MIT */
/* See keep.h. */
#include "run/keep.h"

#include "base/sys.h"
#include "plan/learned.h"
#include "state/lock.h"
#include "state/state.h"

#include <math.h>
#include <sha2.h>
#include <stdio.h>
#include <time.h>

enum { MOST = 64 }; /* groups of a plan */

/* The same text for the same recipe, whatever its layout and comments. */
static int hash_recipe(struct leat_facts *f, const struct leat_program *prog, struct leat_err *err)
{
	struct leat_buf text = {0};
	leat_program_print(prog, &text);
	int ok = leat_buf_check(&text, err);
	if (ok == 0 && !SHA256Data((const uint8_t *)text.data, text.len, f->recipe))
		ok = leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	leat_buf_free(&text);
	return ok;
}

int leat_keep_read(struct leat_facts *f, const struct leat_plan *p, const struct leat_program *prog,
		   struct leat_err *err)
{
	struct leat_state_file *s = NULL;
	if (!p->job.state)
		return 0;
	if (hash_recipe(f, prog, err) < 0)
		return -1;
	int there = leat_state_open(&s, p->job.state, false, err);
	if (there != 0)
		return there < 0 ? -1 : 0;
	struct leat_tuning *v = leat_zalloc(MOST, sizeof *v, err);
	int ok = v ? leat_state_tuning(s, f->recipe, f->run.host, p->job.cores, v, MOST, &f->n_tuning, err) : -1;
	f->tuning = v;
	leat_state_close(&s);
	return ok;
}

/* ---- begin */

/* Language 8.5, E073. */
static void tell_active(const struct leat_job *job, const struct leat_lock_holder *h, int64_t now_ns,
			struct leat_err *err)
{
	unsigned line, column;
	char who[96] = "", when[32] = "", place[96] = "";
	time_t since = (time_t)(h->since_ns / 1000000000);
	struct tm tm;
	bool today = now_ns - h->since_ns < (int64_t)20 * 3600 * 1000000000;
	if (h->pid && localtime_r(&since, &tm) && strftime(when, sizeof when, today ? "%H:%M" : "%Y-%m-%d %H:%M", &tm))
		(void)snprintf(who, sizeof who, " (process %lld, since %s)", (long long)h->pid, when); /* always fits */
	leat_span_place(job->lock_at, &line, &column);
	if (line)
		(void)snprintf(place, sizeof place, "%.60s:%u:%u", job->lock_at.text->name, line, column);
	leat_fail(err, LEAT_CAUSE_LIMIT, "%s: error[E073]: another run of the job '%s' is active%s",
		  line ? place : "leat", job->name, who);
}

static int begin_run(struct leat_state_file *s, const struct leat_plan *p, const struct leat_facts *f, int64_t *id,
		     struct leat_err *err)
{
	struct leat_state_run run = {.started_ns = f->run.started_ns,
				     .pipeline = f->recipe,
				     .host = f->run.host,
				     .version = LEAT_VERSION,
				     .cores = p->job.cores,
				     .partial = f->partial,
				     .counts.matched = f->inputs ? f->inputs->n : 0};
	int ok = leat_state_begin_run(s, &run, err);
	*id = run.id;
	return ok;
}

int leat_keep_lock(const struct leat_plan *p, const struct leat_facts *f, int *lock, struct leat_err *err)
{
	const struct leat_job *job = &p->job;
	struct leat_lock_holder holder;
	*lock = -1;
	if (!job->state || !job->lock)
		return 0;
	int held = leat_state_lock(job->state, f->run.started_ns, lock, &holder, err);
	if (held > 0)
		tell_active(job, &holder, leat_wall_ns(), err);
	return held > 0 ? 75 : held < 0 ? 5 : 0;
}

void leat_keep_unlock(int *lock)
{
	leat_state_unlock(lock);
}

int leat_keep_begin(const struct leat_plan *p, const struct leat_facts *f, struct leat_kept *kept, struct leat_err *err)
{
	struct leat_state_file *s = NULL;
	*kept = (struct leat_kept){.lock = -1};
	int held = leat_keep_lock(p, f, &kept->lock, err);
	if (held != 0 || !p->job.state)
		return held;
	int ok = leat_state_open(&s, p->job.state, true, err);
	if (ok == 0)
		ok = begin_run(s, p, f, &kept->run, err);
	leat_state_close(&s);
	if (ok < 0)
		leat_state_unlock(&kept->lock);
	return ok < 0 ? 5 : 0;
}

void leat_keep_end(struct leat_kept *kept)
{
	leat_state_unlock(&kept->lock);
}

/* ---- add */

static const struct leat_group_time *time_of(const struct leat_summary *s, const struct leat_group *g)
{
	for (size_t i = 0; i < s->n_groups; i++)
		if (strcmp(s->groups[i].name, g->name) == 0)
			return &s->groups[i];
	return NULL;
}

static double not_negative(double v)
{
	return v > 0 ? v : 0;
}

/* Items a second that the groups that compute could take with all cores; 0: not known. */
static double ceiling(const struct leat_plan *p, const struct leat_summary *s)
{
	double cpu = 0;
	for (size_t i = 0; i < p->n_groups; i++) {
		const struct leat_group_time *t = time_of(s, &p->groups[i]);
		cpu += t && !p->groups[i].io ? t->cpu : 0;
	}
	uint64_t items = s->n_groups ? s->groups[0].tasks : 0;
	return cpu > 0 ? p->job.cores * (double)items / cpu : 0;
}

static int clamp(double n, int lo, int hi)
{
	return !(n > lo) ? lo : n > hi ? hi : (int)n;
}

/*
 * Workers to begin with next time, of a group that waits: as many as keep up with the cores, by what an item costs
 * (Little's law), not what this run had come to when it ended. Where more gained nothing, as many as it had; and what
 * does not wait has no more than were at work.
 */
static int workers_of(const struct leat_group *g, const struct leat_group_time *t, const struct leat_tuning *v,
		      const struct leat_summary *s, double most)
{
	double seconds = s->counts.seconds;
	if (!g->adapts || t->enough || !(seconds > 0) || !s->groups[0].tasks)
		return t->workers;
	double each = (v->cpu + v->blocked) * (double)t->tasks / (double)s->groups[0].tasks;
	if (v->blocked > v->cpu && most > 0)
		return clamp(ceil(1.25 * most * each), g->least, LEAT_IO_MOST);
	return clamp(ceil(1.25 * not_negative(t->busy - t->memory) / seconds), g->least, t->workers);
}

static void learn(struct leat_tuning *v, size_t *n, const struct leat_group *g, const struct leat_summary *s,
		  double most, bool turns)
{
	const struct leat_group_time *t = time_of(s, g);
	size_t i = 0;
	if (!t || t->tasks < LEAT_TUNING_ENOUGH || !g->chosen)
		return;
	if (turns && !g->io) /* waits for its turn, too: that is no blocked time of its own */
		return;
	while (i < *n && strcmp(v[i].name, g->name) != 0)
		i++;
	if (i == MOST)
		return;
	struct leat_tuning *to = &v[i], before = *to;
	/* What it costs in this process, and in others, are two things. */
	bool known = i < *n && (strcmp(before.executor, "processes") == 0) == (g->type->mode == LEAT_ON_PROCESSES);
	double each = 1 / (double)t->tasks;
	*to = (struct leat_tuning){.cpu = t->cpu * each,
				   .blocked = not_negative(t->busy - t->cpu - t->runq - t->memory) * each,
				   .items = t->tasks};
	(void)snprintf(to->name, sizeof to->name, "%s", g->name); /* names of groups are short */
	(void)snprintf(to->executor, sizeof to->executor, "%s", g->type->name);
	if (known) {
		to->cpu = 0.5 * to->cpu + 0.5 * before.cpu;
		to->blocked = 0.5 * to->blocked + 0.5 * before.blocked;
		to->items += before.items;
	}
	to->workers = workers_of(g, t, to, s, most);
	*n += i == *n;
}

/* What was known of groups that this run did not have stays: they may come back. */
static int add_tuning(struct leat_state_file *f, const struct leat_plan *p, const struct leat_facts *facts,
		      const struct leat_summary *s, struct leat_err *err)
{
	struct leat_tuning v[MOST];
	size_t n = 0;
	if (leat_state_tuning(f, facts->recipe, facts->run.host, p->job.cores, v, MOST, &n, err) < 0)
		return -1;
	double most = ceiling(p, s);
	for (size_t i = 0; i < p->n_groups; i++)
		learn(v, &n, &p->groups[i], s, most, p->turns > 0);
	return leat_state_set_tuning(f, facts->recipe, facts->run.host, p->job.cores, v, n, err);
}

static const char *why_of(struct leat_arena *a, const struct leat_group *g, const struct leat_group_time *t)
{
	const char *first = g->reason ? g->reason : "", *number = g->workers_reason ? g->workers_reason : "";
	struct leat_buf b = {0};
	leat_buf_adds(&b, first);
	if (strcmp(first, number) != 0)
		leat_buf_addf(&b, "; %s", number);
	if (t->paced[0])
		leat_buf_addf(&b, "; %s", t->paced);
	const char *text = leat_arena_strndup(a, b.data ? b.data : "", b.len);
	leat_buf_free(&b);
	return text;
}

/* Waiting for memory is waiting for others: it is no work of the group. */
static void fill_group(struct leat_state_group *to, const struct leat_group *g, const struct leat_group_time *t,
		       struct leat_arena *a)
{
	*to = (struct leat_state_group){.name = g->name,
					.executor = g->type->name,
					.workers = t->workers,
					.why = why_of(a, g, t),
					.tasks = t->tasks,
					.busy = not_negative(t->busy - t->memory),
					.cpu = t->cpu,
					.runq = t->runq,
					.idle = t->idle + t->memory,
					.queue_peak = t->queue_peak};
}

/* Times of steps, as they were measured. */
static void fill_steps(struct leat_state_run *run, const struct leat_trail *t, struct leat_arena *a)
{
	size_t n = t ? t->n_steps : 0;
	run->steps = n ? leat_arena_alloc(a, n * sizeof *run->steps) : NULL;
	for (size_t i = 0; run->steps && i < n; i++)
		run->steps[run->n_steps++] = (struct leat_state_step){t->steps[i].text, t->steps[i].branch,
								      t->steps[i].items, t->steps[i].seconds};
}

static int end_run(struct leat_state_file *f, const struct leat_plan *p, const struct leat_summary *s,
		   const struct leat_trail *trail, int64_t id, struct leat_err *err)
{
	struct leat_state_group groups[MOST];
	struct leat_arena a = {0};
	struct leat_state_run run = {.id = id,
				     .seconds = s->counts.seconds,
				     .counts = s->counts,
				     .quarantined = s->counts.quarantined,
				     .exit_status = s->exit_status,
				     .groups = groups};
	for (size_t i = 0; i < p->n_groups && run.n_groups < MOST; i++) {
		const struct leat_group_time *t = time_of(s, &p->groups[i]);
		if (t)
			fill_group(&groups[run.n_groups++], &p->groups[i], t, &a);
	}
	fill_steps(&run, trail, &a);
	int ok = leat_arena_ok(&a) ? leat_state_end_run(f, &run, err)
				   : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	leat_arena_free(&a);
	return ok;
}

int leat_keep_add(const struct leat_plan *p, const struct leat_facts *f, const struct leat_summary *s,
		  const struct leat_trail *t, int64_t run, struct leat_err *err)
{
	struct leat_state_file *file = NULL;
	if (!p->job.state)
		return 0;
	int ok = leat_state_open(&file, p->job.state, true, err);
	if (ok == 0)
		ok = end_run(file, p, s, t, run, err);
	if (ok == 0 && !s->fatal)
		ok = add_tuning(file, p, f, s, err);
	leat_state_close(&file);
	return ok;
}
