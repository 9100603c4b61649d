/* SPDX-License-Identifier: MIT */
/* One segment for one item: run by a worker, retried where that can help, its results sent on. */
#include "base/file.h"
#include "base/sys.h"
#include "run/engine.h"
#include "run/late.h"
#include "run/wire.h"

static void task_release(struct leat_future *f)
{
	free(f); /* what it held was given back when it ended */
}

/* Causes that can pass by themselves; damaged data never does. */
static bool can_pass(enum leat_cause c)
{
	return c == LEAT_CAUSE_IO || c == LEAT_CAUSE_TIMEOUT;
}

/* The wait before try `tries` + 2: doubled each time. */
static int64_t retry_wait(const struct leat_step *s, int tries)
{
	int64_t ns;
	bool huge = __builtin_mul_overflow(s->retry_wait_ns, (int64_t)1 << (tries < 20 ? tries : 20), &ns);
	return huge || ns > INT64_MAX / 4 ? INT64_MAX / 4 : ns;
}

/*
 * The step that asks for another try after `failed` failed so, or NULL. A time limit is that of the whole segment,
 * wherever it ran out: there any of its steps may ask.
 */
static const struct leat_step *asks_again(const struct leat_run_task *t, int failed, enum leat_cause cause, int tries)
{
	const struct leat_plan *p = t->item->run->plan;
	if (!can_pass(cause))
		return NULL;
	if (p->steps[failed].retries > tries)
		return &p->steps[failed];
	for (size_t i = 0; cause == LEAT_CAUSE_TIMEOUT && i < p->n_steps; i++)
		if (p->steps[i].segment == t->segment && p->steps[i].retries > tries)
			return &p->steps[i];
	return NULL;
}

/*
 * The step that asks for another try, or NULL; then *why is what failed. A retry runs the segment again, so nothing may
 * have left it yet.
 */
static const struct leat_step *wants_retry(const struct leat_run_task *t, int tries, const struct leat_result **why)
{
	const struct leat_step *want = NULL;
	for (size_t i = 0; i < t->results.n; i++) {
		const struct leat_result *r = &t->results.v[i];
		if (r->type == LEAT_R_WRITTEN)
			return NULL;
		const struct leat_step *s =
			r->type == LEAT_R_FAILED ? asks_again(t, r->step, r->err.cause, tries) : NULL;
		if (!s)
			continue;
		want = s;
		*why = r;
	}
	return want;
}

/* Sleeps, but not through a stop. A fiber lets others of its thread go on meanwhile. */
static void pause_ns(const struct leat_cancel *c, int64_t ns)
{
	const int64_t slice = 20 * 1000 * 1000, end = leat_now_ns() + ns;
	for (int64_t left = ns; left > 0 && leat_cancel_get(c) == LEAT_STOP_NO; left = end - leat_now_ns())
		leat_file_sleep(left < slice ? left : slice);
}

static struct leat_states *states_of(struct leat_run *r, int segment, const struct leat_worker *w)
{
	return &r->groups[r->plan->segments[segment].group].states[w->index];
}

static struct leat_segment_in input_of(const struct leat_run_task *t)
{
	return (struct leat_segment_in){
		.segment = t->segment,
		.step = t->step,
		.entry = t->item->entry,
		.seq = t->item->seq,
		.payload = t->payload,
		.fields = &t->fields,
		.format = t->format,
		.trace = t->trace,
		.asks = t->future.task.asks,
	};
}

static const struct leat_group *group_of(const struct leat_run_task *t)
{
	const struct leat_run *r = t->item->run;
	return r->groups[r->plan->segments[t->segment].group].plan;
}

/*
 * Is the run stopping before anybody has begun to work on the item? Then it is left: what was only read ahead, or not
 * even read, is not reached. What has been begun comes to its end.
 */
static bool is_left(struct leat_run_task *t, struct leat_err *err)
{
	struct leat_run_item *it = t->item;
	if (it->stage != 0 || atomic_load(&it->begun))
		return false;
	if (leat_cancel_get(&it->run->cancel) != LEAT_STOP_NO)
		return leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped before it was begun") < 0;
	bool reads = it->run->plan->steps[t->step].role == LEAT_SOURCE && group_of(t)->io;
	if (!reads)
		atomic_store(&it->begun, true);
	return false;
}

static int run_once(struct leat_run_task *t, const struct leat_worker *w, struct leat_err *err)
{
	struct leat_run *r = t->item->run;
	struct leat_segment_in in = input_of(t);
	in.worker = w;
	in.item = t->item;
	const struct leat_group *g = group_of(t);
	bool turns = !g->io && g->type->mode != LEAT_ON_INLINE;
	if (turns)
		leat_turns_take(&r->turns, g->team);
	int ok = leat_segment_run(&r->env, states_of(r, t->segment, w), &in, &t->results, err);
	if (turns)
		leat_turns_give(&r->turns, g->team);
	return ok;
}

/* Is there a step that keeps later items until an earlier one has come? */
static bool needs_order(const struct leat_run *r)
{
	for (size_t i = 0; i < r->plan->n_steps; i++)
		if (r->plan->steps[i].role == LEAT_REDUCE || r->inorder[i])
			return true;
	return false;
}

/*
 * Does the worker itself wait for the next try? All others are sent again (resend.c), and their workers are free
 * meanwhile. It does where it runs in the thread of the step before. And where it reads, and those behind need this
 * item before they can give their memory back: then they wait for its turn in the budget anyway; or where it has that
 * memory already.
 */
static bool waits_itself(const struct leat_run_task *t)
{
	if (group_of(t)->type->mode == LEAT_ON_INLINE)
		return true;
	bool reads = t->item->run->plan->steps[t->step].role == LEAT_SOURCE;
	return reads && (t->item->turn_taken || needs_order(t->item->run));
}

/* Reading is tried again later: nobody waits for its turn until then. */
static void lose_turn(struct leat_run_task *t)
{
	struct leat_run_item *it = t->item;
	if (it->run->plan->steps[t->step].role != LEAT_SOURCE || it->turn_lost)
		return;
	it->turn_lost = true;
	leat_budget_skip(it->run->budget, LEAT_ACTIVE, it->seq);
}

static int task_run(struct leat_future *f, const struct leat_worker *w, struct leat_err *err)
{
	struct leat_run_task *t = (struct leat_run_task *)f;
	if (is_left(t, err))
		return -1;
	leat_watch_begun(t);
	for (;; t->tries++) {
		if (run_once(t, w, err) < 0)
			return -1;
		const struct leat_result *why;
		const struct leat_step *s = waits_itself(t) ? wants_retry(t, t->tries, &why) : NULL;
		if (!s || leat_cancel_get(w->cancel) != LEAT_STOP_NO)
			return 0;
		pause_ns(w->cancel, retry_wait(s, t->tries));
		if (leat_cancel_get(w->cancel) != LEAT_STOP_NO)
			return 0; /* it has failed for the reason it had */
		leat_results_free(&t->results);
	}
}

/* The step to name: what the worker noted, where that can be true, else the first of the segment. */
static int blamed(const struct leat_run_task *t)
{
	const struct leat_plan *p = t->item->run->plan;
	uint32_t note = t->future.task.note;
	if (t->unread)
		return p->steps[t->step].parent;
	if (!note || note > p->n_steps || p->steps[note - 1].segment != t->segment)
		return t->step;
	return (int)note - 1;
}

static void next_segment(struct leat_run_item *it, struct leat_result *res, const char *format)
{
	struct leat_err e = {0};
	struct leat_run_task *t = leat_task_new(it, res->step, &e);
	if (!t) {
		leat_item_fail(it, res->step, &e);
		return;
	}
	t->payload = res->payload;
	t->fields = res->fields;
	t->format = res->payload.kind == LEAT_FILE && res->payload.format ? res->payload.format : format;
	t->future.task.bytes = leat_payload_bytes(&t->payload);
	res->payload = (struct leat_payload){0};
	res->fields = (struct leat_fields){0};
	leat_inorder_send(t);
}

static void keep_row(struct leat_run_item *it, struct leat_result *res)
{
	struct leat_err e = {0};
	pthread_mutex_lock(&it->lock);
	if (!it->rows)
		it->rows = leat_zalloc(it->run->plan->n_steps, sizeof *it->rows, &e);
	if (it->rows) {
		leat_fields_free(&it->rows[res->step]);
		it->rows[res->step] = res->fields;
		res->fields = (struct leat_fields){0};
	}
	pthread_mutex_unlock(&it->lock);
	if (e.cause != LEAT_CAUSE_NONE)
		leat_item_fail(it, res->step, &e);
}

static void count_written(struct leat_run *r, const struct leat_put_result *put)
{
	struct leat_counts *c = &r->summary->counts;
	pthread_mutex_lock(&r->lock);
	c->bytes_out += put->bytes;
	c->outputs_new += put->what == LEAT_PUT_NEW;
	c->outputs_overwritten += put->what == LEAT_PUT_OVERWRITTEN;
	c->outputs_skipped += put->what == LEAT_PUT_SKIPPED;
	pthread_mutex_unlock(&r->lock);
}

/* The first file that was written of an item stands for it in records. */
static void keep_output(struct leat_run_item *it, const struct leat_put_result *put)
{
	if (!it->run->night || it->stage != 0)
		return;
	pthread_mutex_lock(&it->lock);
	if (!it->output && put->path)
		it->output = leat_strdup(put->path, NULL); /* without memory the report shows none */
	pthread_mutex_unlock(&it->lock);
}

/* Did the item come to an end of a line? One that never does was dropped. */
static bool is_end(const struct leat_plan *p, const struct leat_result *res)
{
	if (res->type == LEAT_R_ROW)
		return leat_walk_child(p, res->step, res->step) < 0;
	return res->type == LEAT_R_WRITTEN || res->type == LEAT_R_REDUCE;
}

static void send_result(struct leat_run_task *t, struct leat_result *res)
{
	struct leat_run_item *it = t->item;
	if (is_end(it->run->plan, res))
		atomic_store(&it->passed, true);
	switch (res->type) {
	case LEAT_R_NEXT:
		next_segment(it, res, t->format);
		break;
	case LEAT_R_REDUCE:
		leat_reduce_give(it, res);
		break;
	case LEAT_R_ROW:
		keep_row(it, res);
		break;
	case LEAT_R_FAILED:
		leat_item_fail(it, res->step, &res->err);
		break;
	case LEAT_R_WRITTEN:
		count_written(it->run, &res->put);
		keep_output(it, &res->put);
		leat_record_wrote(it, &res->put);
		break;
	}
}

/* Does this step only put the payload on a disk? */
static bool is_written_next(const struct leat_run *r, int step)
{
	return r->groups[r->plan->segments[r->plan->steps[step].segment].group].plan->io;
}

/* Once only results wait to be written, the item keeps just their bytes of its reservation. */
static void shrink_reservation(struct leat_run_task *t)
{
	struct leat_run_item *it = t->item;
	uint64_t need = 0, give = 0;
	if (it->stage != 0 || atomic_load(&it->pending) != 1)
		return; /* another segment still works on it */
	for (size_t i = 0; i < t->results.n; i++) {
		const struct leat_result *res = &t->results.v[i];
		if (res->type == LEAT_R_REDUCE || (res->type == LEAT_R_NEXT && !is_written_next(it->run, res->step)))
			return; /* it is still to be worked on */
		need += leat_payload_bytes(&res->payload);
	}
	pthread_mutex_lock(&it->lock);
	if (it->active_bytes > need) {
		give = it->active_bytes - need;
		it->active_bytes = need;
	}
	pthread_mutex_unlock(&it->lock);
	leat_budget_release(it->run->budget, LEAT_ACTIVE, give);
}

/* What concerns one file's content is told with its name; the rest is counted. */
static int tell_note(const struct leat_run_item *it, const char *text, struct leat_err *err)
{
	struct leat_buf named = {0};
	if (strncmp(text, "damaged", 7) != 0 || !it->entry)
		return leat_summary_notice(it->run->summary, text, err);
	leat_buf_addf(&named, "%s: %s", it->entry->path, text);
	int ok = leat_buf_check(&named, err);
	if (ok == 0)
		ok = leat_summary_notice(it->run->summary, named.data, err);
	leat_buf_free(&named);
	return ok;
}

static void tell_notes(struct leat_run_item *it, const struct leat_notices *notes)
{
	struct leat_run *r = it->run;
	struct leat_err e = {0};
	if (!notes->n)
		return;
	pthread_mutex_lock(&r->lock);
	for (int i = 0; i < notes->n; i++)
		if (tell_note(it, notes->text[i], &e) < 0)
			r->internal = e;
	pthread_mutex_unlock(&r->lock);
}

/* The step that asks for another try of what failed, or NULL; then *why, at step *at. */
static const struct leat_step *retried_step(struct leat_run_task *t, struct leat_err *why, int *at)
{
	const struct leat_result *failed;
	if (waits_itself(t) || leat_cancel_get(&t->item->run->cancel) != LEAT_STOP_NO)
		return NULL;
	*why = t->future.err;
	*at = blamed(t);
	if (leat_future_state(&t->future) != LEAT_FUTURE_DONE)
		return asks_again(t, *at, why->cause, t->tries);
	const struct leat_step *s = wants_retry(t, t->tries, &failed);
	if (s) {
		*why = failed->err;
		*at = failed->step;
	}
	return s;
}

struct leat_run_task *leat_task_next(struct leat_run_task *t, struct leat_err *err)
{
	struct leat_run_task *next = leat_task_new(t->item, t->step, err);
	if (!next)
		return NULL;
	next->format = t->format;
	next->future.task.bytes = t->future.task.bytes;
	next->tries = t->tries;
	return next;
}

static void hand_over(struct leat_run_task *t, struct leat_run_task *next)
{
	next->payload = t->payload;
	next->fields = t->fields;
	t->payload = (struct leat_payload){0};
	t->fields = (struct leat_fields){0};
}

/* A next one that was not needed. */
static void discard(struct leat_run_task *t)
{
	struct leat_run_item *it = t->item;
	struct leat_future *f = &t->future;
	leat_future_unref(&f);
	leat_item_drop(it);
}

/* Takes its input over to a next try. False: it stays as it is. */
static bool tried_again(struct leat_run_task *t)
{
	struct leat_err why = {0}, e = {0};
	struct leat_run *r = t->item->run;
	int at = 0;
	const struct leat_step *s = retried_step(t, &why, &at);
	struct leat_run_task *again = s ? leat_task_next(t, &e) : NULL;
	if (!again)
		return false;
	hand_over(t, again);
	again->tries++;
	again->why = why;
	again->why_step = at;
	lose_turn(t);
	leat_resend_at(r->resend, again, leat_now_ns() + retry_wait(s, t->tries));
	return true;
}

/* Its worker may not go on now: what comes in its place waits. */
static bool parked(struct leat_run_task *t)
{
	struct leat_run_task *again = t->again;
	t->again = NULL;
	if (again && !t->parks)
		discard(again);
	if (!again || !t->parks)
		return false;
	hand_over(t, again);
	atomic_store(&t->item->begun, false); /* it is as it was read */
	leat_go_park(again);
	return true;
}

void leat_task_give_up(struct leat_run_task *t)
{
	leat_item_fail(t->item, t->why_step, &t->why);
	(void)leat_future_withdraw(&t->future); /* ends it: what it says after a failure does not count */
}

static void send_results(struct leat_run_task *t)
{
	shrink_reservation(t);
	tell_notes(t->item, &t->results.notes);
	for (size_t i = 0; i < t->results.n; i++)
		send_result(t, &t->results.v[i]);
}

/* Its future has ended: done, or cancelled, or its worker died. */
static void task_ended(struct leat_future *f, void *task)
{
	struct leat_run_task *t = task;
	struct leat_run_item *it = t->item;
	bool again = parked(t) || tried_again(t), done = !again && leat_future_state(f) == LEAT_FUTURE_DONE;
	leat_payload_clear(&t->payload);
	leat_watch_ended(t, done);
	if (done)
		send_results(t);
	else if (!again)
		leat_item_fail(it, blamed(t), &f->err);
	leat_fields_free(&t->fields);
	leat_results_free(&t->results);
	leat_future_unref(&f);
	leat_item_drop(it);
}

/* ---- in another process ---- */

static int task_pack(struct leat_future *f, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct leat_segment_in in = input_of((struct leat_run_task *)f);
	if (is_left((struct leat_run_task *)f, err))
		return -1;
	struct leat_run_task *t = (struct leat_run_task *)f;
	size_t late_at = 0;
	leat_watch_begun(t);
	if (leat_wire_put_input(&in, slab, cap, len, &late_at, err) < 0)
		return -1;
	if (late_at && leat_late_read(t->item->run->plan, t->step, in.entry, slab + late_at, err) < 0)
		return t->unread = true, -1;
	return 0;
}

static int task_unpack(struct leat_future *f, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct leat_run_task *t = (struct leat_run_task *)f;
	return leat_wire_get_results(t->item->run->plan, t->segment, slab, len, &f->task.stay, &t->results, err);
}

static int task_ask(struct leat_future *f, const uint8_t *what, size_t n, struct leat_err *err)
{
	return leat_go_ask((struct leat_run_task *)f, what, n, err);
}

/* What the executor must know before it can send the task away: sizes in both directions, memory, time. */
void leat_task_measure(struct leat_run_task *t)
{
	const struct leat_run *r = t->item->run;
	struct leat_task *task = &t->future.task;
	bool open = t->payload.kind != LEAT_FILE; /* pixels, numbers: what comes of them may be larger as bytes */
	uint64_t data = open ? leat_payload_bytes(&t->payload) : 0;
	uint64_t reserved = leat_go_reserved(t->item, &task->asks);
	uint64_t peak = reserved > data ? reserved : 4 * data;
	task->asks = task->asks && !open;
	struct leat_segment_in in = input_of(t);
	task->pack_bytes = leat_wire_input_bound(&in);
	task->reply_most = (size_t)peak + LEAT_REPLY_SLACK;
	bool likely = t->item->reply_bytes && !open && !t->trace && t->item->reply_bytes < task->reply_most;
	task->reply_bytes = likely ? (size_t)t->item->reply_bytes : task->reply_most;
	task->peak_bytes = task->asks ? 0 : peak + LEAT_REPLY_SLACK;
	task->timeout_ns = r->plan->segments[t->segment].timeout_ns;
}

static const struct leat_future_class task_class = {
	.run = task_run,
	.pack = task_pack,
	.unpack = task_unpack,
	.ask = task_ask,
	.release = task_release,
};

struct leat_run_task *leat_task_new(struct leat_run_item *it, int step, struct leat_err *err)
{
	struct leat_run_task *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	leat_future_init(&t->future, &task_class);
	t->ended = (struct leat_ended){.fn = task_ended, .ctx = t};
	leat_future_when_ended(&t->future, &t->ended);
	t->future.task.seq = it->seq;
	t->item = it;
	t->step = step;
	t->trace = leat_trace_wants(it);
	t->segment = it->run->plan->steps[step].segment;
	t->future.task.lane = it->run->plan->segments[t->segment].lane;
	leat_item_hold(it);
	return t;
}

void leat_task_send(struct leat_run_task *t)
{
	struct leat_run *r = t->item->run;
	struct leat_run_group *g = &r->groups[r->plan->segments[t->segment].group];
	if (g->plan->type->mode == LEAT_ON_PROCESSES)
		leat_task_measure(t);
	leat_watch_sent(t);
	leat_executor_submit(g->ex, &t->future);
}
