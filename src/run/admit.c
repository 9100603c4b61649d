/* SPDX-License-Identifier: MIT */
/* The main thread's part: items go in as fast as the window, the budget and the first queue let them. */
#include "run/engine.h"

/* Waits until this item is not too far ahead of the oldest one under way. False when the run is stopping. */
static bool wait_for_window(struct leat_run *r, uint64_t seq)
{
	pthread_mutex_lock(&r->lock);
	while (seq >= r->delivered + LEAT_WINDOW)
		pthread_cond_wait(&r->moved, &r->lock);
	pthread_mutex_unlock(&r->lock);
	return leat_cancel_get(&r->cancel) == LEAT_STOP_NO;
}

/* A file larger than the read-ahead may take all of it, but not wait for more than there is. */
static int reserve_ahead(struct leat_run *r, struct leat_run_item *it, struct leat_err *err)
{
	uint64_t all = leat_budget_pool_size(r->budget, LEAT_READ_AHEAD);
	uint64_t want = it->entry->size < all ? it->entry->size : all;
	int granted = leat_budget_reserve(r->budget, LEAT_READ_AHEAD, it->seq, want, err);
	if (granted == 0)
		it->ahead_bytes = want;
	return granted;
}

/* What the ledger says is not to be done. */
static void leave(struct leat_run *r, struct leat_run_item *it, const struct leat_known_input *k)
{
	struct leat_err e = {0};
	leat_budget_skip(r->budget, LEAT_READ_AHEAD, it->seq);
	it->state = k->verdict == LEAT_POISON ? LEAT_KNOWN_FAILED : LEAT_SKIPPED;
	if (it->state == LEAT_KNOWN_FAILED)
		leat_fail(&it->err, k->cause, "%s", k->more);
	else if (leat_record_rows(it, &e) < 0)
		leat_run_fatal(r, &e);
}

static void admit(struct leat_run *r, struct leat_run_item *it, int source)
{
	struct leat_err e = {0};
	const struct leat_entry *entry = it->entry;
	const struct leat_known *known = r->facts->known;
	if (known && leat_verdict_skips(known->v[it->seq].verdict)) {
		leave(r, it, &known->v[it->seq]);
		return;
	}
	if (entry->problem) {
		leat_budget_skip(r->budget, LEAT_READ_AHEAD, it->seq);
		leat_fail(&e, entry->problem_cause, "%s", entry->problem);
		leat_item_fail(it, source, &e);
		return;
	}
	if (leat_sinks_leave(it)) {
		leat_budget_skip(r->budget, LEAT_READ_AHEAD, it->seq);
		it->state = LEAT_SKIPPED;
		return;
	}
	if (reserve_ahead(r, it, &e) != 0) {
		leat_fail(&e, LEAT_CAUSE_CANCELLED, "stopped");
		leat_item_fail(it, source, &e);
		return;
	}
	struct leat_run_task *t = leat_task_new(it, source, &e);
	if (!t || leat_fields_copy(&t->fields, &it->fields, &e) < 0)
		leat_item_fail(it, source, &e);
	if (t)
		leat_task_send(t);
}

/*
 * A night in which nothing is to be done, and no report wants rows: nobody has to pass the way of an item. False: they
 * have to.
 */
static bool leave_all(struct leat_run *r)
{
	const struct leat_known *k = r->facts->known;
	const struct leat_listing *l = r->facts->inputs;
	for (size_t i = 0; i < r->plan->n_steps; i++)
		if (r->plan->steps[i].role == LEAT_ROWSINK)
			return false;
	for (size_t i = 0; i < l->n; i++)
		if (!k || k->v[i].verdict != LEAT_UP_TO_DATE)
			return false;
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < l->n; i++) {
		struct leat_event e = {.type = LEAT_EV_ITEM,
				       .counts = &r->summary->counts,
				       .path = l->v[i].path,
				       .state = LEAT_SKIPPED};
		r->summary->counts.state[LEAT_SKIPPED]++;
		leat_run_tell(r, &e);
	}
	pthread_mutex_unlock(&r->lock);
	return true;
}

int leat_admit_all(struct leat_run *r, uint64_t *admitted, struct leat_err *err)
{
	const struct leat_listing *l = r->facts->inputs;
	const int source = 0;
	if (leave_all(r)) {
		*admitted = l->n;
		return 0;
	}
	for (*admitted = 0; *admitted < l->n && wait_for_window(r, *admitted); (*admitted)++) {
		struct leat_run_item *it = leat_item_new(r, &l->v[*admitted], *admitted, 0, -1, err);
		if (!it)
			return -1;
		admit(r, it, source);
		leat_item_drop(it);
	}
	return 0;
}

void leat_run_wait(struct leat_run *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->open > 0)
		pthread_cond_wait(&r->moved, &r->lock);
	pthread_mutex_unlock(&r->lock);
}
