/* SPDX-License-Identifier: MIT */
/* Threads on one bounded queue. See crew.h. */
#include "exec/crew.h"

#include "base/idle.h"
#include "base/mem.h"
#include "base/sys.h"
#include "exec/clocks.h"
#include "flow/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <signal.h>
#include <stdio.h>

enum { MAX_THREADS = 4096, NAME_BYTES = 16 };

struct hand { /* one thread of the crew */
	struct leat_clocks clocks;
	struct leat_runner *ex;
	struct leat_worker worker;
	pthread_t thread;
	int64_t since; /* the end of what it did last: from then on it is idle */
	bool numbered; /* there were more than one when it began */
	bool started; /* and not joined */
	atomic_bool leave; /* the crew has become smaller */
};

struct leat_runner {
	struct leat_queue *queue;
	pthread_mutex_t sizing; /* one resize at a time; taken before lock */
	pthread_mutex_t lock; /* of the hands' list, and of aborting */
	struct hand **hands; /* never moved once made; those behind the number of workers rest */
	int n, cap;
	const struct leat_cancel *cancel;
	int team;
	char name[NAME_BYTES];
	pthread_cond_t quiet;
	int aborting; /* threads inside abort(): close() waits for them */
};

/* The hand whose thread this is: what it submits to its own crew must not wait for itself. */
static _Thread_local struct hand *self;

/* "cpu/3": the name is cut so that the number can be seen. */
static void name_thread(const struct hand *h)
{
	char number[NAME_BYTES], name[NAME_BYTES + NAME_BYTES];
	int digits = snprintf(number, sizeof number, "/%d", h->worker.index);
	snprintf(name, sizeof name, "%.*s%s", NAME_BYTES - 1 - digits, h->ex->name, h->numbered ? number : "");
	name[NAME_BYTES - 1] = 0;
	(void)pthread_setname_np(pthread_self(), name); /* only for people to see */
}

static void *work(void *arg)
{
	struct hand *h = self = arg;
	name_thread(h);
	if (h->ex->team > 1)
		leat_idle_team_sleeps();
	h->since = leat_now_ns();
	for (struct leat_task *t; (t = leat_queue_pop_unless(h->ex->queue, &h->leave));) {
		leat_clocks_run(&h->clocks, t, &h->worker, &h->since);
		t->cls->done(t);
	}
	return NULL;
}

static int start(struct hand *h)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t block, before;
	sigfillset(&block);
	for (size_t i = 0; i < LEAT_LEN(own); i++)
		sigdelset(&block, own[i]);
	pthread_sigmask(SIG_SETMASK, &block, &before); /* inherited by the new thread */
	int sys = pthread_create(&h->thread, NULL, work, h);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return sys;
}

static void join(struct hand *h)
{
	if (h->started)
		pthread_join(h->thread, NULL);
	h->started = false;
}

/* Ends the threads and releases all. */
static void dissolve(struct leat_runner *ex)
{
	leat_queue_close(ex->queue);
	for (int i = 0; i < ex->cap; i++)
		join(ex->hands[i]);
	leat_queue_free(&ex->queue);
	pthread_cond_destroy(&ex->quiet);
	pthread_mutex_destroy(&ex->lock);
	pthread_mutex_destroy(&ex->sizing);
	for (int i = 0; i < ex->cap; i++)
		free(ex->hands[i]);
	free(ex->hands);
	free(ex);
}

static struct leat_runner *crew_new(const struct leat_executor_opts *o, int team, struct leat_err *err)
{
	struct leat_runner *ex = leat_zalloc(1, sizeof *ex, err);
	const struct leat_lane one = {.items = o->queue_items, .bytes = o->queue_bytes};
	struct leat_queue *queue = NULL;
	if (ex)
		queue = leat_queue_new(o->lanes ? o->lanes : &one, o->lanes ? o->n_lanes : 1, o->largest_first, err);
	if (!queue) {
		free(ex);
		return NULL;
	}
	ex->queue = queue;
	ex->team = team;
	ex->cancel = o->cancel;
	snprintf(ex->name, sizeof ex->name, "%s", o->name ? o->name : "leat");
	pthread_mutex_init(&ex->sizing, NULL);
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->quiet, NULL);
	return ex;
}

static struct hand *hand_new(struct leat_runner *ex, int index, struct leat_err *err)
{
	struct hand *h = leat_alloc_aligned(sizeof *h, err);
	if (!h)
		return NULL;
	memset(h, 0, sizeof *h);
	h->ex = ex;
	h->worker = (struct leat_worker){.index = index, .team = ex->team, .cancel = ex->cancel};
	return h;
}

/* A place for one more hand behind those there are. 0, or -1 with *err. */
static int seat(struct leat_runner *ex, struct leat_err *err)
{
	struct hand *h = hand_new(ex, ex->cap, err);
	if (!h)
		return -1;
	pthread_mutex_lock(&ex->lock); /* stats look at the list */
	struct hand **more = realloc(ex->hands, (size_t)(ex->cap + 1) * sizeof(struct hand *));
	if (more) {
		ex->hands = more;
		ex->hands[ex->cap++] = h;
	}
	pthread_mutex_unlock(&ex->lock);
	if (more)
		return 0;
	free(h);
	return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
}

/* One more thread. A hand that rested gets a new one; at most the end of the task it had is waited for. */
static int add_hand(struct leat_runner *ex, int of, struct leat_err *err)
{
	if (ex->n == ex->cap && seat(ex, err) < 0)
		return -1;
	struct hand *h = ex->hands[ex->n];
	join(h);
	atomic_store(&h->leave, false);
	h->numbered = of > 1;
	int sys = start(h);
	if (sys)
		return leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start thread %d of %d of '%s'", ex->n + 1, of,
				     ex->name);
	h->started = true;
	ex->n++;
	return 0;
}

int leat_crew_resize(struct leat_runner *ex, int workers, struct leat_err *err)
{
	if (workers < 1 || workers > MAX_THREADS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MAX_THREADS);
	int ok = 0;
	pthread_mutex_lock(&ex->sizing);
	while (ok == 0 && ex->n < workers)
		ok = add_hand(ex, workers, err);
	bool fewer = ex->n > workers;
	while (ex->n > workers)
		atomic_store(&ex->hands[--ex->n]->leave, true);
	pthread_mutex_unlock(&ex->sizing);
	if (fewer)
		leat_queue_wake(ex->queue);
	return ok;
}

int leat_crew_open(struct leat_runner **exp, const struct leat_executor_opts *o, int threads, int team,
		   struct leat_err *err)
{
	*exp = NULL;
	if (threads < 1 || threads > MAX_THREADS || team < 1 || team > MAX_THREADS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MAX_THREADS);
	struct leat_runner *ex = crew_new(o, team, err);
	if (!ex)
		return -1;
	if (leat_crew_resize(ex, threads, err) < 0) {
		dissolve(ex);
		return -1;
	}
	*exp = ex;
	return 0;
}

/* Done at once, by the worker that wanted to submit something. */
static void do_now(struct leat_task *t)
{
	leat_clocks_run(&self->clocks, t, &self->worker, &self->since);
	t->cls->done(t);
}

int leat_crew_submit(struct leat_runner *ex, struct leat_task *t)
{
	t->queued_ns = leat_now_ns();
	if (!self || self->ex != ex)
		return leat_queue_push(ex->queue, t);
	struct leat_task *instead;
	if (leat_queue_exchange(ex->queue, t, &instead) < 0)
		return -1;
	if (instead)
		do_now(instead);
	return 0;
}

void leat_crew_refuse(struct leat_runner *ex)
{
	leat_queue_close(ex->queue);
}

static void cancel_queued(struct leat_runner *ex)
{
	struct leat_err stopped = {.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it began"};
	for (struct leat_task *t; (t = leat_queue_drain(ex->queue));) {
		t->cls->cancel(t, &stopped);
		t->cls->done(t);
	}
}

void leat_crew_abort(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	ex->aborting++;
	pthread_mutex_unlock(&ex->lock);
	leat_queue_abort(ex->queue);
	cancel_queued(ex);
	pthread_mutex_lock(&ex->lock);
	if (--ex->aborting == 0)
		pthread_cond_broadcast(&ex->quiet);
	pthread_mutex_unlock(&ex->lock);
}

void leat_crew_close(struct leat_runner **exp)
{
	struct leat_runner *ex = *exp;
	*exp = NULL;
	if (!ex)
		return;
	leat_queue_close(ex->queue);
	pthread_mutex_lock(&ex->lock);
	while (ex->aborting)
		pthread_cond_wait(&ex->quiet, &ex->lock);
	pthread_mutex_unlock(&ex->lock);
	dissolve(ex);
}

void leat_crew_stats(struct leat_runner *ex, struct leat_executor_stats *out)
{
	*out = (struct leat_executor_stats){.queue_peak = leat_queue_peak(ex->queue)};
	pthread_mutex_lock(&ex->lock);
	for (int i = 0; i < ex->cap; i++)
		leat_clocks_add(&ex->hands[i]->clocks, out);
	pthread_mutex_unlock(&ex->lock);
}
