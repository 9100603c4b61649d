/* SPDX-License-Identifier: MIT */
/* Threads on one bounded queue. See crew.h. */
#include "exec/crew.h"

#include "base/mem.h"
#include "base/sys.h"
#include "exec/clocks.h"
#include "flow/queue.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

enum { MAX_THREADS = 4096, NAME_BYTES = 16 };

struct hand { /* one thread of the crew */
	struct leat_clocks clocks;
	struct leat_runner *ex;
	struct leat_worker worker;
	pthread_t thread;
};

struct leat_runner {
	struct leat_queue *queue;
	struct hand *hands;
	int n;
	char name[NAME_BYTES];
	pthread_mutex_t lock;
	pthread_cond_t quiet;
	int aborting; /* threads inside abort(): close() waits for them */
};

/* "cpu/3": the name is cut so that the number can be seen. */
static void name_thread(const struct hand *h)
{
	char number[NAME_BYTES], name[NAME_BYTES + NAME_BYTES];
	int digits = snprintf(number, sizeof number, "/%d", h->worker.index);
	snprintf(name, sizeof name, "%.*s%s", NAME_BYTES - 1 - digits, h->ex->name, h->ex->n > 1 ? number : "");
	name[NAME_BYTES - 1] = 0;
	(void)pthread_setname_np(pthread_self(), name); /* only for people to see */
}

static void *work(void *arg)
{
	struct hand *h = arg;
	name_thread(h);
	int64_t since = leat_now_ns();
	for (struct leat_task *t; (t = leat_queue_pop(h->ex->queue));) {
		leat_clocks_run(&h->clocks, t, &h->worker, &since);
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

/* Ends the first n threads and releases all. */
static void dissolve(struct leat_runner *ex, int n)
{
	leat_queue_close(ex->queue);
	for (int i = 0; i < n; i++)
		pthread_join(ex->hands[i].thread, NULL);
	leat_queue_free(&ex->queue);
	pthread_cond_destroy(&ex->quiet);
	pthread_mutex_destroy(&ex->lock);
	free(ex->hands);
	free(ex);
}

static struct leat_runner *crew_new(const struct leat_executor_opts *o, int threads, struct leat_err *err)
{
	struct leat_runner *ex = leat_zalloc(1, sizeof *ex, err);
	size_t bytes = leat_size_mul((size_t)threads, sizeof *ex->hands);
	struct hand *hands = ex ? leat_alloc_aligned(bytes, err) : NULL;
	struct leat_queue *queue = hands ? leat_queue_new(o->queue_items, o->queue_bytes, err) : NULL;
	if (!queue) {
		free(hands);
		free(ex);
		return NULL;
	}
	memset(hands, 0, bytes);
	ex->queue = queue;
	ex->hands = hands;
	ex->n = threads;
	snprintf(ex->name, sizeof ex->name, "%s", o->name ? o->name : "leat");
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->quiet, NULL);
	return ex;
}

int leat_crew_open(struct leat_runner **exp, const struct leat_executor_opts *o, int threads, int team,
		   struct leat_err *err)
{
	*exp = NULL;
	if (threads < 1 || threads > MAX_THREADS || team < 1 || team > MAX_THREADS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MAX_THREADS);
	struct leat_runner *ex = crew_new(o, threads, err);
	if (!ex)
		return -1;
	for (int i = 0; i < threads; i++) {
		struct hand *h = &ex->hands[i];
		h->ex = ex;
		h->worker = (struct leat_worker){.index = i, .team = team, .cancel = o->cancel};
		int sys = start(h);
		if (sys) {
			leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start thread %d of %d of '%s'", i + 1,
				      threads, ex->name);
			dissolve(ex, i);
			return -1;
		}
	}
	*exp = ex;
	return 0;
}

int leat_crew_submit(struct leat_runner *ex, struct leat_task *t)
{
	t->queued_ns = leat_now_ns();
	return leat_queue_push(ex->queue, t);
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
	dissolve(ex, ex->n);
}

void leat_crew_stats(struct leat_runner *ex, struct leat_executor_stats *out)
{
	*out = (struct leat_executor_stats){.queue_peak = leat_queue_peak(ex->queue)};
	for (int i = 0; i < ex->n; i++)
		leat_clocks_add(&ex->hands[i].clocks, out);
}
