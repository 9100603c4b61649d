/* SPDX-License-Identifier: MIT */
/* See watch.h. */
#include "run/watch.h"

#include "base/sys.h"
#include "run/engine.h"
#include "state/live.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* Seats beyond the last one are shared: they are for the eye only. */
enum { SEATS = 1024, RECENT = 16 };
static const int64_t tick_ns = 1000 * 1000 * 1000;

struct watched_group {
	uint64_t queued, running, done;
	bool taken[SEATS];
};

struct recent { /* what had been done when */
	int64_t ns;
	uint64_t ended, bytes;
};

struct leat_watch {
	struct leat_run *run;
	pthread_mutex_t lock; /* of what follows, up to the thread */
	struct watched_group *groups;
	struct leat_run_task *oldest, *newest; /* at work */
	struct recent recent[RECENT];
	uint64_t looks;

	pthread_t thread;
	bool started, stop; /* under lock */
	pthread_cond_t over;
	struct leat_live *live;
};

static struct watched_group *group_of(struct leat_watch *w, const struct leat_run_task *t)
{
	return &w->groups[w->run->plan->segments[t->segment].group];
}

void leat_watch_sent(struct leat_run_task *t)
{
	struct leat_watch *w = t->item->run->watch;
	if (!w)
		return;
	t->sent_ns = leat_now_ns();
	pthread_mutex_lock(&w->lock);
	group_of(w, t)->queued++;
	pthread_mutex_unlock(&w->lock);
}

static int take_seat(struct watched_group *g)
{
	int i = 0;
	while (i < SEATS - 1 && g->taken[i])
		i++;
	g->taken[i] = true;
	return i;
}

void leat_watch_begun(struct leat_run_task *t)
{
	struct leat_watch *w = t->item->run->watch;
	if (!w || t->begun_ns)
		return;
	int64_t now = leat_now_ns();
	pthread_mutex_lock(&w->lock);
	struct watched_group *g = group_of(w, t);
	g->queued--;
	g->running++;
	t->begun_ns = now;
	t->seat = take_seat(g);
	t->older = w->newest;
	t->newer = NULL;
	*(w->newest ? &w->newest->newer : &w->oldest) = t;
	w->newest = t;
	pthread_mutex_unlock(&w->lock);
}

/* Out of the lists. False when no worker ever had it. */
static bool leave(struct leat_watch *w, struct leat_run_task *t)
{
	pthread_mutex_lock(&w->lock);
	struct watched_group *g = group_of(w, t);
	bool begun = t->begun_ns != 0;
	if (begun) {
		g->running--;
		g->done++;
		g->taken[t->seat] = false;
		*(t->older ? &t->older->newer : &w->oldest) = t->newer;
		*(t->newer ? &t->newer->older : &w->newest) = t->older;
	} else if (t->sent_ns) {
		g->queued--;
	}
	pthread_mutex_unlock(&w->lock);
	return begun;
}

static double seconds(int64_t ns)
{
	return (double)ns * 1e-9;
}

/* With r->lock held. */
static void tell_steps(struct leat_run *r, const struct leat_run_task *t)
{
	for (size_t i = 0; i < t->results.n_traces; i++) {
		const struct leat_trace *v = &t->results.traces[i];
		const struct leat_step *s = &r->plan->steps[v->step];
		struct leat_event e = {.type = LEAT_EV_STEP, .counts = &r->summary->counts};
		e.path = t->item->entry ? t->item->entry->path : "";
		e.seq = t->item->seq;
		e.step = s->text;
		e.branch = s->branch;
		e.index = v->step;
		e.seconds = seconds(v->ns);
		e.bytes = v->bytes;
		e.text = v->what;
		leat_run_tell(r, &e);
	}
}

static void tell_task(struct leat_run *r, const struct leat_run_task *t, int64_t now)
{
	const struct leat_step *s = &r->plan->steps[t->step];
	struct leat_event e = {.type = LEAT_EV_TASK, .counts = &r->summary->counts};
	e.path = t->item->entry ? t->item->entry->path : "";
	e.seq = t->item->seq;
	e.step = s->name;
	e.branch = s->branch;
	e.index = t->step;
	e.group = r->plan->groups[r->plan->segments[t->segment].group].name;
	e.worker = t->seat;
	e.since = seconds(t->begun_ns - r->started_ns);
	e.seconds = seconds(now - t->begun_ns);
	e.waited = t->sent_ns ? seconds(t->begun_ns - t->sent_ns) : 0;
	leat_run_tell(r, &e);
}

void leat_watch_ended(struct leat_run_task *t, bool traces)
{
	struct leat_run *r = t->item->run;
	struct leat_watch *w = r->watch;
	bool begun = w && leave(w, t);
	traces = traces && t->results.n_traces > 0;
	if (!(r->night || r->trace) || (!begun && !traces))
		return;
	int64_t now = leat_now_ns();
	pthread_mutex_lock(&r->lock);
	if (traces)
		tell_steps(r, t);
	if (begun) {
		t->item->worked_ns += now - t->begun_ns;
		tell_task(r, t, now);
	}
	pthread_mutex_unlock(&r->lock);
}

/* ---- looking */

static const char *copy(struct leat_arena *a, const char *s)
{
	const char *c = leat_arena_strndup(a, s, strlen(s));
	return c ? c : "";
}

static void look_at_items(const struct leat_watch *w, struct leat_status *s, struct leat_arena *a, int64_t now)
{
	const struct leat_plan *p = w->run->plan;
	struct leat_status_item *v = leat_arena_alloc(a, LEAT_STATUS_ITEMS * sizeof *v);
	for (const struct leat_run_task *t = w->oldest; t; t = t->newer) {
		s->in_hand++;
		if (!v || s->n_items == LEAT_STATUS_ITEMS)
			continue;
		v[s->n_items++] = (struct leat_status_item){
			.path = copy(a, t->item->entry ? t->item->entry->path : p->steps[t->item->reduce_step].text),
			.step = p->steps[t->step].text,
			.group = p->groups[p->segments[t->segment].group].name,
			.seconds = seconds(now - t->begun_ns)};
	}
	s->items = v;
}

static void look_at_groups(struct leat_watch *w, struct leat_status *s, struct leat_arena *a)
{
	struct leat_run *r = w->run;
	struct leat_group_now *v = leat_arena_alloc(a, r->plan->n_groups * sizeof *v);
	for (size_t i = 0; v && i < r->plan->n_groups; i++) {
		const struct leat_group *g = &r->plan->groups[i];
		v[s->n_groups++] = (struct leat_group_now){.name = g->name,
							   .executor = g->type->name,
							   .workers = g->workers,
							   .queued = w->groups[i].queued,
							   .running = w->groups[i].running,
							   .done = w->groups[i].done};
	}
	s->groups = v;
}

/* The number of workers may have changed on the way. */
static void look_at_workers(struct leat_run *r, struct leat_status *s)
{
	struct leat_group_now *v = (struct leat_group_now *)s->groups;
	pthread_mutex_lock(&r->executors);
	for (size_t i = 0; r->groups && i < s->n_groups; i++)
		if (r->groups[i].ex)
			v[i].workers = leat_executor_workers(r->groups[i].ex);
	if (r->budget) {
		s->memory = leat_budget_used(r->budget);
		s->memory_most = r->plan->job.memory;
	}
	pthread_mutex_unlock(&r->executors);
}

static uint64_t ended(const struct leat_counts *c)
{
	uint64_t n = 0;
	for (int i = LEAT_DONE; i < LEAT_N_STATES; i++)
		n += c->state[i];
	return n;
}

/* Over the last seconds; at the beginning over all there was. */
static void look_at_speed(const struct leat_watch *w, struct leat_status *s, int64_t now)
{
	struct recent from = {.ns = w->run->started_ns};
	if (w->looks > 0)
		from = w->recent[w->looks >= RECENT ? w->looks % RECENT : 0];
	if (now - from.ns < tick_ns / 2)
		from = (struct recent){.ns = w->run->started_ns};
	double past = seconds(now - from.ns);
	if (past <= 0)
		return;
	s->items_per_second = (double)(ended(&s->counts) - from.ended) / past;
	s->bytes_per_second = (double)(s->counts.bytes_in - from.bytes) / past;
}

void leat_watch_look(struct leat_run *r, struct leat_status *s, struct leat_arena *a)
{
	int64_t now = leat_now_ns();
	*s = (struct leat_status){.job = r->plan->job.name,
				  .host = r->facts->run.host,
				  .pid = getpid(),
				  .started_ns = r->facts->run.started_ns,
				  .now_ns = leat_wall_ns(),
				  .stopping = leat_cancel_get(&r->cancel) != LEAT_STOP_NO};
	pthread_mutex_lock(&r->lock);
	struct leat_watch *w = r->watch;
	leat_effort_sum(r);
	s->counts = r->summary->counts;
	pthread_mutex_unlock(&r->lock);
	s->counts.seconds = seconds(now - r->started_ns);
	s->left = leat_status_left(&s->counts);
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	look_at_groups(w, s, a);
	look_at_items(w, s, a, now);
	look_at_speed(w, s, now);
	pthread_mutex_unlock(&w->lock);
	look_at_workers(r, s);
}

/* ---- the tick */

static void note_speed(struct leat_watch *w, const struct leat_status *s)
{
	pthread_mutex_lock(&w->lock);
	w->recent[w->looks++ % RECENT] =
		(struct recent){.ns = leat_now_ns(), .ended = ended(&s->counts), .bytes = s->counts.bytes_in};
	pthread_mutex_unlock(&w->lock);
}

static void tick(struct leat_watch *w)
{
	struct leat_run *r = w->run;
	struct leat_arena a = {0};
	struct leat_status s;
	struct leat_buf text = {0};
	leat_watch_look(r, &s, &a);
	note_speed(w, &s);
	struct leat_event e = {.type = LEAT_EV_TICK, .counts = &r->summary->counts};
	e.groups = s.groups;
	e.n_groups = s.n_groups;
	pthread_mutex_lock(&r->lock);
	leat_run_tell(r, &e);
	pthread_mutex_unlock(&r->lock);
	if (w->live) {
		leat_status_json(&s, &text);
		if (!text.failed && leat_arena_ok(&a))
			leat_live_write(w->live, text.data, text.len);
	}
	leat_buf_free(&text);
	leat_arena_free(&a);
}

static void *keep_looking(void *arg)
{
	struct leat_watch *w = arg;
	bool stop = false;
	while (!stop) {
		tick(w);
		int64_t at = leat_now_ns() + tick_ns;
		struct timespec until = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
		pthread_mutex_lock(&w->lock);
		while (!w->stop && pthread_cond_timedwait(&w->over, &w->lock, &until) != ETIMEDOUT)
			;
		stop = w->stop;
		pthread_mutex_unlock(&w->lock);
	}
	return NULL;
}

/* Signals are the host program's. */
static int start_thread(struct leat_watch *w)
{
	sigset_t block, before;
	sigfillset(&block);
	pthread_sigmask(SIG_SETMASK, &block, &before);
	int sys = pthread_create(&w->thread, NULL, keep_looking, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	w->started = sys == 0;
	return sys;
}

struct leat_watch *leat_watch_new(struct leat_run *r, const char *state, struct leat_err *err)
{
	struct leat_watch *w = leat_zalloc(1, sizeof *w, err);
	pthread_condattr_t monotonic;
	if (!w)
		return NULL;
	w->run = r;
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->over, &monotonic);
	pthread_condattr_destroy(&monotonic);
	w->groups = leat_zalloc(r->plan->n_groups, sizeof *w->groups, err);
	if (!w->groups || (state && leat_live_open(&w->live, state, err) < 0))
		leat_watch_free(&w);
	return w;
}

int leat_watch_start(struct leat_watch *w, struct leat_err *err)
{
	int sys = start_thread(w);
	return sys ? leat_fail_sys(err, LEAT_CAUSE_NONE, sys, "cannot start a thread") : 0;
}

void leat_watch_halt(struct leat_watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->over);
	pthread_mutex_unlock(&w->lock);
	if (w->started)
		pthread_join(w->thread, NULL);
	w->started = false;
	leat_live_close(&w->live);
}

void leat_watch_free(struct leat_watch **wp)
{
	struct leat_watch *w = *wp;
	*wp = NULL;
	if (!w)
		return;
	leat_watch_halt(w);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->over);
	free(w->groups);
	free(w);
}
