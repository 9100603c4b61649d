/* SPDX-License-Identifier: MIT */
/*
 * on=inline: a task runs inside submit(), in the caller's thread. No queue, no hand-off.
 *
 * Several threads may submit at once. Each borrows a worker number for the time of its task, so that
 * what is kept per worker is used by one thread at a time; with as many workers as callers nobody ever
 * waits for one.
 */
#include "base/mem.h"
#include "base/sys.h"
#include "core/op.h"
#include "exec/clocks.h"

#include <pthread.h>

enum { MAX_WORKERS = 4096 };

struct leat_runner {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct leat_clocks *clocks; /* of each worker number */
	int *unused; /* worker numbers nobody has: a stack */
	int n_unused, workers;
	int inside; /* callers between submit's start and end */
	bool stopped; /* closed or aborted: no more tasks */
	const struct leat_cancel *cancel;
};

static void release(struct leat_runner *ex)
{
	free(ex->clocks);
	free(ex->unused);
	free(ex);
}

static int open_inline(struct leat_runner **exp, const struct leat_executor_opts *o, struct leat_err *err)
{
	*exp = NULL;
	if (o->workers < 1 || o->workers > MAX_WORKERS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MAX_WORKERS);
	struct leat_runner *ex = leat_zalloc(1, sizeof *ex, err);
	if (!ex)
		return -1;
	size_t bytes = (size_t)o->workers * sizeof *ex->clocks;
	ex->clocks = leat_alloc_aligned(bytes, err);
	ex->unused = leat_zalloc((size_t)o->workers, sizeof *ex->unused, err);
	if (!ex->clocks || !ex->unused) {
		release(ex);
		return -1;
	}
	memset(ex->clocks, 0, bytes);
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->changed, NULL);
	ex->workers = ex->n_unused = o->workers;
	ex->cancel = o->cancel;
	for (int i = 0; i < o->workers; i++) /* 0 on top: few callers use few workers */
		ex->unused[i] = o->workers - 1 - i;
	*exp = ex;
	return 0;
}

/* A worker number, or -1 when stopped. */
static int borrow(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	while (!ex->stopped && !ex->n_unused)
		pthread_cond_wait(&ex->changed, &ex->lock);
	int index = ex->stopped ? -1 : ex->unused[--ex->n_unused];
	ex->inside += index >= 0;
	pthread_mutex_unlock(&ex->lock);
	return index;
}

static void give_back(struct leat_runner *ex, int index)
{
	pthread_mutex_lock(&ex->lock);
	ex->unused[ex->n_unused++] = index;
	pthread_cond_signal(&ex->changed);
	pthread_mutex_unlock(&ex->lock);
}

static void leave(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	if (--ex->inside == 0 && ex->stopped)
		pthread_cond_broadcast(&ex->changed); /* close() waits for all */
	pthread_mutex_unlock(&ex->lock);
}

/* The number is free before done(), which sends the item on and may take long. */
static int submit(struct leat_runner *ex, struct leat_task *t)
{
	int index = borrow(ex);
	if (index < 0)
		return -1;
	struct leat_worker w = {.index = index, .team = 1, .cancel = ex->cancel};
	int64_t since = t->queued_ns = leat_now_ns();
	leat_clocks_run(&ex->clocks[index], t, &w, &since);
	give_back(ex, index);
	t->cls->done(t);
	leave(ex);
	return 0;
}

/* Nothing is ever queued: only those who wait for a worker number are sent away. */
static void abort_inline(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	ex->stopped = true;
	pthread_cond_broadcast(&ex->changed);
	pthread_mutex_unlock(&ex->lock);
}

static void close_inline(struct leat_runner **exp)
{
	struct leat_runner *ex = *exp;
	*exp = NULL;
	if (!ex)
		return;
	abort_inline(ex);
	pthread_mutex_lock(&ex->lock);
	while (ex->inside)
		pthread_cond_wait(&ex->changed, &ex->lock);
	pthread_mutex_unlock(&ex->lock);
	pthread_cond_destroy(&ex->changed);
	pthread_mutex_destroy(&ex->lock);
	release(ex);
}

static void stats(struct leat_runner *ex, struct leat_executor_stats *out)
{
	*out = (struct leat_executor_stats){0};
	for (int i = 0; i < ex->workers; i++)
		leat_clocks_add(&ex->clocks[i], out);
}

const struct leat_executor_type leat_executor_inline = {
	.name = "inline",
	.mode = LEAT_ON_INLINE,
	.summary = "in the worker of the step before: for steps cheaper than a hand-off",
	.open = open_inline,
	.submit = submit,
	.refuse = abort_inline,
	.abort = abort_inline,
	.close = close_inline,
	.stats = stats,
};
