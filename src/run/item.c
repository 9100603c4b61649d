/* SPDX-License-Identifier: MIT */
/* The fate of an item: what it holds, how it fails, and its end when nothing of it is under way any more. */
#include "base/sys.h"
#include "run/engine.h"
#include "run/quarantine.h"

struct leat_run_item *leat_item_new(struct leat_run *r, const struct leat_entry *e, uint64_t seq, int stage,
				    int reduce_step, struct leat_err *err)
{
	struct leat_run_item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return NULL;
	it->reduced = leat_zalloc(r->plan->n_steps, sizeof *it->reduced, err);
	if (!it->reduced || (e && leat_fields_set_int(&it->fields, "bytes_in", (int64_t)e->size, err) < 0)) {
		free(it->reduced);
		free(it);
		return NULL;
	}
	it->run = r;
	it->entry = e;
	it->seq = seq;
	it->stage = stage;
	it->reduce_step = reduce_step;
	it->state = LEAT_PENDING;
	it->err_step = -1;
	atomic_init(&it->pending, 1);
	it->started_ns = leat_now_ns();
	pthread_mutex_init(&it->lock, NULL);
	pthread_mutex_lock(&r->lock);
	r->open++;
	pthread_mutex_unlock(&r->lock);
	return it;
}

void leat_item_free(struct leat_run_item *it)
{
	for (size_t i = 0; it->rows && i < it->run->plan->n_steps; i++)
		leat_fields_free(&it->rows[i]);
	free(it->rows);
	for (size_t i = 0; i < it->n_outputs; i++)
		free(it->outputs[i].path);
	free(it->outputs);
	free(it->reduced);
	free(it->output);
	leat_fields_free(&it->fields);
	pthread_mutex_destroy(&it->lock);
	free(it);
}

void leat_item_hold(struct leat_run_item *it)
{
	atomic_fetch_add(&it->pending, 1);
}

void leat_run_raise(struct leat_run *r, enum leat_stop s)
{
	leat_cancel_raise(&r->cancel, s);
	leat_resend_look(r->resend);
}

void leat_run_fatal(struct leat_run *r, const struct leat_err *e)
{
	pthread_mutex_lock(&r->lock);
	if (!r->target_broken) {
		r->target_broken = true;
		r->target_err = *e;
	}
	pthread_mutex_unlock(&r->lock);
	leat_run_raise(r, LEAT_STOP_DRAIN);
}

void leat_run_internal(struct leat_run *r, const struct leat_err *e)
{
	pthread_mutex_lock(&r->lock);
	if (r->internal.cause == LEAT_CAUSE_NONE)
		r->internal = *e;
	pthread_mutex_unlock(&r->lock);
	leat_run_raise(r, LEAT_STOP_DRAIN);
}

/* What a failure means for the whole run: a broken target ends it, on-error=stop stops it. */
static void consequences(struct leat_run *r, int step, const struct leat_err *e)
{
	if (e->cause == LEAT_CAUSE_TARGET)
		leat_run_fatal(r, e);
	if (step >= 0 && r->plan->steps[step].on_error == LEAT_STOP && e->cause != LEAT_CAUSE_CANCELLED)
		leat_run_raise(r, LEAT_STOP_DRAIN);
}

void leat_item_fail(struct leat_run_item *it, int step, const struct leat_err *e)
{
	enum leat_state state = e->cause == LEAT_CAUSE_CANCELLED ? LEAT_NOT_REACHED : LEAT_FAILED;
	pthread_mutex_lock(&it->lock);
	/*
	 * A real failure outweighs a cancellation; among failures the earliest step of the recipe is told,
	 * whatever ran first.
	 */
	bool better = it->state == LEAT_PENDING || (it->state == LEAT_NOT_REACHED && state == LEAT_FAILED) ||
		      (it->state == state && step < it->err_step);
	if (better) {
		it->state = state;
		it->err = *e;
		it->err_step = step;
	}
	pthread_mutex_unlock(&it->lock);
	consequences(it->run, step, e);
}

uint64_t leat_item_turn(const struct leat_run_item *it)
{
	return it->turn_lost ? LEAT_NO_TURN : it->seq;
}

/* Gives back what it held, so that others can be admitted. */
static void give_back(struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	if (it->stage != 0)
		return;
	if (!it->turn_taken)
		leat_budget_skip(r->budget, LEAT_ACTIVE, leat_item_turn(it));
	leat_budget_release(r->budget, LEAT_READ_AHEAD, it->ahead_bytes);
	leat_budget_release(r->budget, LEAT_ACTIVE, it->active_bytes);
	it->ahead_bytes = it->active_bytes = 0;
}

/* More than max-errors= allows: what is in hand is finished, the rest is not reached. With r->lock held. */
static bool failed_too_often(struct leat_run *r)
{
	const struct leat_job *job = &r->plan->job;
	const struct leat_counts *c = &r->summary->counts;
	double failed = (double)c->state[LEAT_FAILED];
	if (!job->max_errors || r->too_many_failed)
		return false;
	r->too_many_failed =
		job->max_share > 0 ? failed > job->max_share * (double)c->matched : failed > (double)job->max_failed;
	return r->too_many_failed;
}

static void count_end(struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	struct leat_event e = {
		.type = LEAT_EV_ITEM, .counts = &r->summary->counts, .path = it->entry ? it->entry->path : ""};
	e.state = it->state;
	e.err = it->state == LEAT_FAILED ? &it->err : NULL;
	e.step = it->err_step >= 0 ? r->plan->steps[it->err_step].name : NULL;
	bool stop = false;
	e.seq = it->seq;
	e.bytes = it->entry ? it->entry->size : 0;
	e.pixels = it->pixels;
	e.output = it->output;
	pthread_mutex_lock(&r->lock);
	e.seconds = (double)it->worked_ns * 1e-9;
	if (it->stage == 0) {
		leat_effort_ended(it);
		r->summary->counts.state[it->state]++;
		stop = failed_too_often(r);
		r->summary->counts.quarantined += it->quarantined;
		r->summary->counts.dropped += it->state == LEAT_DONE && !atomic_load(&it->passed);
		leat_run_tell(r, &e);
	} else {
		r->summary->results++;
		if (it->state != LEAT_DONE)
			r->summary->results_failed++;
	}
	pthread_mutex_unlock(&r->lock);
	if (stop)
		leat_run_raise(r, LEAT_STOP_DRAIN);
}

static void end_item(struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	struct leat_err err = {0};
	if (it->state == LEAT_PENDING)
		it->state = LEAT_DONE;
	it->quarantined = leat_quarantine_put(it);
	if (it->state == LEAT_DONE)
		leat_quarantine_take(it);
	leat_record_ended(it);
	give_back(it);
	count_end(it);
	int given = it->stage == 0 ? leat_reorder_give(r->ended, it->seq, it, &err) : leat_reduce_ended(it, &err);
	if (given < 0) {
		leat_run_internal(r, &err); /* its report row is lost, and the exit status says so */
		leat_item_free(it);
	}
	pthread_mutex_lock(&r->lock);
	if (--r->open == 0)
		pthread_cond_broadcast(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

void leat_item_drop(struct leat_run_item *it)
{
	if (atomic_fetch_sub(&it->pending, 1) != 1)
		return;
	leat_inorder_absent(it);
	leat_reduce_absent(it);
	end_item(it);
}
