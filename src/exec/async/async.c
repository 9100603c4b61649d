/* SPDX-License-Identifier: MIT */
/*
 * on=async: one thread, one io_uring, and a fiber for every item under way. The code of the steps is what it is
 * everywhere; where it waits for a file (base/file.h) or for memory (flow/budget.h), its fiber gives way, and the
 * calls of all fibers go to the kernel together.
 *
 * A task is run in a fiber and ended (done) on the thread's own stack, because what it hands on may run inline and
 * may wait for room in a queue.
 */
#include "exec/async/ring.h"

#include "base/fiber.h"
#include "base/mem.h"
#include "base/sys.h"
#include "core/op.h"
#include "exec/clocks.h"
#include "flow/queue.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

enum { MOST = 4096 };

struct seat { /* one item under way; a worker number */
	struct leat_runner *ex;
	struct leat_task *task;
	struct leat_worker worker;
	struct seat *next; /* unused, or ended */
	int64_t began_ns;
};

struct leat_runner {
	struct leat_queue *queue;
	struct leat_ring *ring;
	struct leat_fibers *fibers;
	struct seat *seats, *unused;
	struct seat *ended; /* run, not yet done() */
	pthread_t thread;
	char name[16];
	atomic_bool hungry; /* about to sleep with seats to spare */
	_Atomic uint64_t tasks;
	_Atomic int64_t busy_ns, cpu_ns;
	pthread_mutex_t lock;
	pthread_cond_t quiet;
	int aborting; /* threads inside abort(): close() waits for them */
};

/* In a fiber. */
static void run_seat(void *arg)
{
	struct seat *s = arg;
	(void)s->task->cls->run(s->task, &s->worker); /* the task keeps its own error */
	s->next = s->ex->ended;
	s->ex->ended = s;
}

static void begin(struct leat_runner *ex, struct leat_task *t)
{
	struct seat *s = ex->unused;
	struct leat_err err = {0};
	ex->unused = s->next;
	s->task = t;
	s->began_ns = leat_now_ns();
	if (leat_fiber_start(ex->fibers, run_seat, s, &err) == 0)
		return;
	s->next = ex->unused;
	ex->unused = s;
	t->cls->cancel(t, &err);
	t->cls->done(t);
}

static void end(struct leat_runner *ex)
{
	while (ex->ended) {
		struct seat *s = ex->ended;
		struct leat_task *t = s->task;
		ex->ended = s->next;
		s->next = ex->unused;
		ex->unused = s;
		atomic_fetch_add_explicit(&ex->busy_ns, leat_now_ns() - s->began_ns, memory_order_relaxed);
		atomic_fetch_add_explicit(&ex->tasks, 1, memory_order_relaxed);
		atomic_store_explicit(&ex->cpu_ns, leat_thread_cpu_ns(), memory_order_relaxed);
		t->cls->done(t);
	}
}

/* Fills the seats from what waits. */
static void take_all(struct leat_runner *ex)
{
	struct leat_task *t;
	while (ex->unused && (t = leat_queue_try_pop(ex->queue))) {
		begin(ex, t);
		end(ex);
	}
}

/*
 * Sleeps until a call is done, somebody submits, or what a fiber waits for may be there. False: the ring is broken.
 */
static int turn(struct leat_runner *ex, struct leat_err *err)
{
	atomic_store(&ex->hungry, ex->unused != NULL);
	take_all(ex); /* what came before hungry was seen */
	if (leat_fibers_alive(ex->fibers) == 0)
		return 0;
	int woken = leat_ring_wait(ex->ring, err);
	atomic_store(&ex->hungry, false);
	if (woken > 0)
		leat_fibers_resume_parked(ex->fibers);
	return woken < 0 ? -1 : 0;
}

static void *work(void *arg)
{
	struct leat_runner *ex = arg;
	struct leat_err err = {0};
	(void)pthread_setname_np(pthread_self(), ex->name); /* only for people to see */
	for (struct leat_task *t; (t = leat_queue_pop(ex->queue));) {
		begin(ex, t);
		end(ex);
		while (leat_fibers_alive(ex->fibers) > 0) {
			if (turn(ex, &err) < 0)
				leat_ring_go_direct(ex->ring, &err); /* slower, but nothing is lost */
			end(ex);
			take_all(ex);
		}
	}
	return NULL;
}

/* ---- the contract */

static void release(struct leat_runner *ex)
{
	leat_fibers_free(&ex->fibers);
	leat_ring_free(&ex->ring);
	leat_queue_free(&ex->queue);
	free(ex->seats);
	free(ex);
}

static int furnish(struct leat_runner *ex, const struct leat_executor_opts *o, struct leat_err *err)
{
	const struct leat_lane one = {.items = o->queue_items, .bytes = o->queue_bytes};
	ex->queue = leat_queue_new(o->lanes ? o->lanes : &one, o->lanes ? o->n_lanes : 1, false, err);
	ex->seats = ex->queue ? leat_zalloc((size_t)o->workers, sizeof *ex->seats, err) : NULL;
	ex->ring = ex->seats ? leat_ring_new((unsigned)o->workers, err) : NULL;
	ex->fibers = ex->ring ? leat_fibers_new(o->workers, leat_ring_waker(ex->ring), err) : NULL;
	if (!ex->fibers)
		return -1;
	leat_fibers_set_host(ex->fibers, leat_ring_host(ex->ring));
	for (int i = o->workers - 1; i >= 0; i--) {
		struct seat *s = &ex->seats[i];
		*s = (struct seat){.ex = ex, .worker = {.index = i, .team = 1, .cancel = o->cancel}};
		s->next = ex->unused;
		ex->unused = s;
	}
	return 0;
}

/* The thread blocks all signals but those of its own faults: signals are the host program's. */
static int start(struct leat_runner *ex)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t block, before;
	sigfillset(&block);
	for (size_t i = 0; i < LEAT_LEN(own); i++)
		sigdelset(&block, own[i]);
	pthread_sigmask(SIG_SETMASK, &block, &before); /* inherited by the new thread */
	int sys = pthread_create(&ex->thread, NULL, work, ex);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return sys;
}

static int open_async(struct leat_runner **exp, const struct leat_executor_opts *o, struct leat_err *err)
{
	*exp = NULL;
	if (o->workers < 1 || o->workers > MOST)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MOST);
	struct leat_runner *ex = leat_zalloc(1, sizeof *ex, err);
	if (!ex)
		return -1;
	if (furnish(ex, o, err) < 0) {
		release(ex);
		return -1;
	}
	(void)snprintf(ex->name, sizeof ex->name, "%s", o->name ? o->name : "leat"); /* cut: only to be shown */
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->quiet, NULL);
	int sys = start(ex);
	if (sys) {
		leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start the thread of '%s'", ex->name);
		release(ex);
		return -1;
	}
	*exp = ex;
	return 0;
}

static int submit(struct leat_runner *ex, struct leat_task *t)
{
	t->queued_ns = leat_now_ns();
	if (leat_queue_push(ex->queue, t) < 0)
		return -1;
	if (atomic_load(&ex->hungry)) {
		struct leat_waker w = leat_ring_waker(ex->ring);
		w.wake(w.ctx);
	}
	return 0;
}

static void refuse(struct leat_runner *ex)
{
	leat_queue_close(ex->queue);
}

static void abort_async(struct leat_runner *ex)
{
	static const struct leat_err stopped = {.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it began"};
	pthread_mutex_lock(&ex->lock);
	ex->aborting++;
	pthread_mutex_unlock(&ex->lock);
	leat_queue_abort(ex->queue);
	for (struct leat_task *t; (t = leat_queue_drain(ex->queue));) {
		t->cls->cancel(t, &stopped);
		t->cls->done(t);
	}
	struct leat_waker w = leat_ring_waker(ex->ring);
	w.wake(w.ctx); /* parked fibers look at what was aborted with them */
	pthread_mutex_lock(&ex->lock);
	if (--ex->aborting == 0)
		pthread_cond_broadcast(&ex->quiet);
	pthread_mutex_unlock(&ex->lock);
}

static void close_async(struct leat_runner **exp)
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
	pthread_join(ex->thread, NULL);
	pthread_cond_destroy(&ex->quiet);
	pthread_mutex_destroy(&ex->lock);
	release(ex);
}

/* busy: from the beginning of each to its end, although many are under way at once. */
static void stats(struct leat_runner *ex, struct leat_executor_stats *out)
{
	*out = (struct leat_executor_stats){
		.tasks = atomic_load(&ex->tasks),
		.busy_ns = atomic_load(&ex->busy_ns),
		.cpu_ns = atomic_load(&ex->cpu_ns),
		.queue_peak = leat_queue_peak(ex->queue),
	};
}

const struct leat_executor_type leat_executor_async = {
	.name = "async",
	.mode = LEAT_ON_ASYNC,
	.summary = "one event loop on io_uring, with many files under way at once",
	.missing = leat_ring_missing,
	.open = open_async,
	.submit = submit,
	.refuse = refuse,
	.abort = abort_async,
	.close = close_async,
	.stats = stats,
};
