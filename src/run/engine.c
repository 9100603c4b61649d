/* SPDX-License-Identifier: MIT */
/*
 * Opens what a run needs, lets the items through stage by stage, closes everything whatever happened, and says
 * how it went.
 */
#include "base/sys.h"
#include "run/deadline.h"
#include "run/engine.h"
#include "run/manifest.h"
#include "run/outcome.h"
#include "run/prepare.h"
#include "run/prune.h"
#include "run/priority.h"
#include "run/run.h"
#include "run/stream.h"
#include "run/worker_entry.h"

#include <signal.h>
#include <stdio.h>

/* What a worker takes for itself where its steps load libraries with tables and buffers of their own. */
static const uint64_t base_of_loaders = 256ull << 20, base_of_others = 96ull << 20;
static const uint64_t base_of_threads = 16ull << 20; /* of each of a team beyond the first one: its stack */

/*
 * And what it decodes from the files that steps name, once: a byte may become a number of eight, beside the byte.
 * It is a limit, nothing that is taken.
 */
static uint64_t worker_base(const struct leat_run *r, size_t group)
{
	uint64_t base = leat_prepare_loads(r->plan, (int)group) ? base_of_loaders : base_of_others;
	for (size_t i = 0; i < r->n_resources; i++)
		base += 9 * (uint64_t)r->resources[i].bytes->len;
	return base + (uint64_t)(r->plan->groups[group].team - 1) * base_of_threads;
}

/* An inline group runs in the threads of those before it: as many at once as the largest group has. */
static int inline_callers(const struct leat_plan *p)
{
	int most = 1;
	for (size_t i = 0; i < p->n_groups; i++)
		if (p->groups[i].type->mode != LEAT_ON_OPENMP && p->groups[i].workers > most)
			most = p->groups[i].workers;
	for (size_t i = 0; i < p->n_groups; i++)
		if (p->groups[i].adapts && most < LEAT_IO_MOST)
			most = LEAT_IO_MOST;
	return most;
}

static int open_states(struct leat_run *r, struct leat_run_group *g, int workers, struct leat_err *err)
{
	unsigned mode = g->plan->type->mode;
	int most = g->plan->adapts && workers < LEAT_IO_MOST ? LEAT_IO_MOST : workers;
	g->n_states = mode == LEAT_ON_OPENMP ? 1 : mode == LEAT_ON_PROCESSES ? 0 : (size_t)most;
	g->states = leat_zalloc(g->n_states, sizeof *g->states, err);
	for (size_t k = 0; g->states && k < g->n_states; k++)
		if (leat_states_new(&g->states[k], r->plan, r->resources, err) < 0)
			return -1;
	return g->states ? 0 : -1;
}

/* The pool found that workers cannot live here: no item can be done any more. */
static void pool_broken(void *run, const struct leat_err *err)
{
	leat_run_fatal(run, err);
}

/* A wall that this kernel does not give is told in every summary. */
static int tell_gap(struct leat_run *r, const struct leat_run_group *g, struct leat_err *err)
{
	struct leat_protection p;
	char text[LEAT_GUARD_TEXT + 64];
	if (r->plan->job.isolate == LEAT_ISOLATE_NO || !leat_executor_protects(g->ex, &p))
		return 0;
	enum leat_guard gap = leat_protection_gap(&p);
	if (gap == LEAT_N_GUARDS)
		return 0;
	snprintf(text, sizeof text, "isolation: %s is not in force: %s", leat_guard_name(gap), p.part[gap].how);
	return leat_summary_notice(r->summary, text, err);
}

static int open_group(struct leat_run *r, size_t i, struct leat_err *err)
{
	struct leat_run_group *g = &r->groups[i];
	struct leat_buf program = {0};
	g->plan = &r->plan->groups[i];
	int workers = g->plan->type->mode == LEAT_ON_INLINE ? inline_callers(r->plan) : g->plan->workers;
	bool here = g->plan->type->mode != LEAT_ON_PROCESSES;
	int ok = leat_prepare_group(r->plan, (int)i, here, r->env.extensions, err);
	if (ok == 0)
		ok = open_states(r, g, workers, err);
	if (ok == 0 && !here)
		ok = leat_worker_program(r->program, &r->env, (int)i, r->resources, &program, err);
	struct leat_executor_opts o = {
		.name = g->plan->name,
		.workers = workers,
		.queue_items = g->plan->lanes[0].items,
		.queue_bytes = g->plan->lanes[0].bytes,
		.lanes = g->plan->lanes,
		.n_lanes = g->plan->n_lanes,
		.largest_first = g->plan->largest_first,
		.cancel = &r->cancel,
		.program = program.data,
		.program_len = program.len,
		.wants = &r->wants,
		.slab_bytes = leat_size_add((size_t)r->plan->job.memory, LEAT_REPLY_SLACK),
		.worker_base = worker_base(r, i),
		.worker_memory = r->plan->job.worker_memory,
		.asides = g->plan->asides,
		.worker_tasks = r->plan->job.worker_tasks,
		.team = g->plan->team,
		.turns = r->plan->turns ? &r->turns : NULL,
		.isolate = r->plan->job.isolate,
		.worker_path = r->worker_path,
		.fatal = pool_broken,
		.fatal_ctx = r,
	};
	g->ex = ok == 0 ? leat_executor_start(g->plan->type, &o, err) : NULL;
	ok = g->ex ? 0 : -1;
	leat_buf_free(&program);
	return ok == 0 ? tell_gap(r, g, err) : -1;
}

static bool has_work(const struct leat_run *r)
{
	const struct leat_known *k = r->facts->known;
	for (size_t i = 0; i < r->facts->inputs->n; i++)
		if (!k || !leat_verdict_skips(k->v[i].verdict))
			return true;
	return false;
}

static int open_all(struct leat_run *r, struct leat_err *err)
{
	pthread_mutex_lock(&r->executors);
	r->groups = leat_zalloc(r->plan->n_groups, sizeof *r->groups, err);
	r->budget = leat_budget_new(r->plan->job.memory, err);
	r->ended = leat_reorder_new(leat_order_deliver, r, err);
	int ok = r->groups && r->budget && r->ended ? 0 : -1;
	/* Without items nobody has to be ready for them: then only sinks open, so that reports are there. */
	bool any = has_work(r);
	for (size_t i = 0; any && ok == 0 && i < r->plan->n_groups; i++)
		ok = open_group(r, i, err);
	pthread_mutex_unlock(&r->executors);
	if (ok == 0)
		ok = leat_resend_start(r->resend, err);
	if (ok == 0)
		ok = leat_reducers_open(r, err);
	if (ok == 0)
		ok = leat_inorder_open(r, err);
	if (ok == 0)
		ok = leat_record_open(r, err);
	if (ok == 0)
		ok = leat_sinks_open(r, err);
	if (ok == 0)
		ok = leat_observe_open(r, err);
	if (ok == 0 && any)
		ok = leat_pace_start(&r->pace, r, err);
	if (ok == 0)
		ok = leat_deadline_start(&r->deadline, r, err);
	return ok;
}

/* Only then is there somebody who asks for the go of what he opened. */
static bool is_decoded_elsewhere(const struct leat_plan *p)
{
	bool any = false;
	for (size_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i].role != LEAT_DECODE)
			continue;
		if (p->groups[p->segments[p->steps[i].segment].group].type->mode != LEAT_ON_PROCESSES)
			return false;
		any = true;
	}
	return any;
}

struct leat_run *leat_run_new(const struct leat_plan *p, const struct leat_program *prog, const struct leat_facts *f,
			      const struct leat_run_opts *o, struct leat_summary *summary, struct leat_err *err)
{
	struct leat_run *r = leat_zalloc(1, sizeof *r, err);
	if (!r)
		return NULL;
	r->plan = p;
	r->program = prog;
	r->facts = f;
	r->event = o->event;
	r->worker_path = o->worker_path;
	r->kept = o->kept;
	r->event_ctx = o->event_ctx;
	r->trace = o->trace && o->event;
	r->look = o->look;
	r->summary = summary;
	r->started_ns = leat_now_ns();
	pthread_mutex_init(&r->lock, NULL);
	pthread_mutex_init(&r->executors, NULL);
	leat_turns_init(&r->turns, p->turns);
	pthread_cond_init(&r->moved, NULL);
	r->resend = leat_resend_new(r, err);
	leat_env_fill(&r->env, p, &f->run, o->strip_rows);
	r->env.extensions = f->extensions;
	r->env.wants = &r->wants;
	r->env.admit = leat_run_admit;
	r->env.put = leat_sinks_put;
	r->env.stream = leat_stream_item;
	r->env.elsewhere = is_decoded_elsewhere(p);
	if (!r->resend)
		leat_run_free(&r);
	return r;
}

/* No item is under way any more; only leat_run_stop may still look at the executors. */
static void close_groups(struct leat_run *r)
{
	leat_deadline_stop(&r->deadline);
	leat_pace_stop(&r->pace);
	leat_watch_halt(r->watch);
	pthread_mutex_lock(&r->executors);
	for (size_t i = 0; r->groups && i < r->plan->n_groups; i++) {
		struct leat_run_group *g = &r->groups[i];
		if (g->ex) {
			leat_outcome_times(r, g);
			leat_executor_end(&g->ex);
		}
		for (size_t k = 0; g->states && k < g->n_states; k++)
			leat_states_free(&g->states[k]);
		free(g->states);
	}
	free(r->groups);
	r->groups = NULL;
	pthread_mutex_unlock(&r->executors);
}

static void drop_item(void *ctx, void *thing)
{
	(void)ctx;
	leat_item_free(thing);
}

static void tell(struct leat_run *r, enum leat_event_type type)
{
	struct leat_event e = {.type = type, .counts = &r->summary->counts};
	pthread_mutex_lock(&r->lock);
	leat_run_tell(r, &e);
	pthread_mutex_unlock(&r->lock);
}

/*
 * Reductions in the order of the recipe; a later one may be fed by an earlier one. Half a mean is no mean:
 * after a stop none is made.
 */
static int reduce_all(struct leat_run *r, struct leat_err *err)
{
	struct leat_err note = {0};
	for (size_t i = 0; i < r->plan->n_steps; i++) {
		if (r->plan->steps[i].role != LEAT_REDUCE)
			continue;
		if (leat_cancel_get(&r->cancel) != LEAT_STOP_NO) {
			leat_fail(&note, LEAT_CAUSE_CANCELLED,
				  "'%s' was not made: the run was stopped before all items were in",
				  r->plan->steps[i].text);
			r->summary->results_failed++;
			return leat_summary_notice(r->summary, note.text, err);
		}
		if (leat_reduce_emit(r, (int)i, err) < 0)
			return -1;
		leat_run_wait(r);
	}
	return 0;
}

static int let_items_through(struct leat_run *r, struct leat_err *err)
{
	uint64_t admitted = 0;
	tell(r, LEAT_EV_START);
	int ok = leat_admit_all(r, &admitted, err);
	leat_run_wait(r);
	if (ok == 0)
		ok = reduce_all(r, err);
	leat_order_not_reached(r, admitted);
	return ok;
}

static int go(void *run, struct leat_err *err)
{
	struct leat_run *r = run;
	uint64_t bytes = 0;
	for (size_t i = 0; i < r->facts->inputs->n; i++)
		bytes += r->facts->inputs->v[i].size;
	pthread_mutex_lock(&r->lock); /* somebody may be asking already */
	r->summary->counts.matched = r->facts->inputs->n;
	r->summary->counts.bytes_total = bytes;
	pthread_mutex_unlock(&r->lock);
	r->summary->job = r->plan->job.name;
	int ok = leat_effort_begin(r, err);
	if (ok == 0)
		ok = leat_resources_load(r, err);
	if (ok == 0)
		ok = open_all(r, err);
	if (ok == 0)
		ok = let_items_through(r, err);
	close_groups(r);
	struct leat_err closing = {0};
	if (leat_sinks_close(r, ok < 0, &closing) < 0)
		leat_run_fatal(r, &closing);
	struct leat_err recording = {0};
	if (leat_record_close(r, &recording) < 0 || leat_prune(r, &recording) < 0 || leat_manifest(r, &recording) < 0)
		leat_run_fatal(r, &recording);
	leat_outcome(r, ok < 0 ? err : NULL);
	tell(r, LEAT_EV_END);
	return ok;
}

int leat_run_go(struct leat_run *r, struct leat_err *err)
{
	return leat_priority_run(&r->plan->job, r->summary, go, r, err);
}

void leat_run_stop(struct leat_run *r, enum leat_stop s, int signal)
{
	r->stop_signal = signal ? signal : SIGINT;
	leat_run_raise(r, s);
	if (s < LEAT_STOP_ABORT)
		return;
	pthread_mutex_lock(&r->executors);
	if (r->budget)
		leat_budget_abort(r->budget);
	for (size_t i = 0; r->groups && i < r->plan->n_groups; i++)
		if (r->groups[i].ex)
			leat_executor_abort(r->groups[i].ex);
	pthread_mutex_unlock(&r->executors);
}

void leat_run_status(struct leat_run *r, struct leat_status *s, struct leat_arena *a)
{
	leat_watch_look(r, s, a);
}

void leat_run_reopen(struct leat_run *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->night)
		leat_night_reopen(r->night);
	pthread_mutex_unlock(&r->lock);
}

struct leat_night *leat_run_night(struct leat_run *r)
{
	return r->night;
}

void leat_run_free(struct leat_run **rp)
{
	struct leat_run *r = *rp;
	*rp = NULL;
	if (!r)
		return;
	close_groups(r);
	struct leat_err ignored = {0}; /* it was closed before, where anything was to be written */
	(void)leat_record_close(r, &ignored);
	leat_reducers_close(r);
	leat_inorder_close(r);
	if (r->ended)
		leat_reorder_free(&r->ended, drop_item, NULL);
	if (r->budget)
		leat_budget_free(&r->budget);
	leat_resources_free(r);
	leat_resend_free(&r->resend);
	struct leat_watch *w = r->watch;
	leat_watch_free(&w);
	leat_night_free(&r->night);
	free(r->effort);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_destroy(&r->executors);
	leat_turns_destroy(&r->turns);
	pthread_cond_destroy(&r->moved);
	free(r);
}
