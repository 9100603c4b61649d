/* SPDX-License-Identifier: MIT */
/*
 * Futures: what was submitted to an executor and will end, well or not. One kind for every executor: the run engine
 * and the public API (include/leat/executor.h) both stand on it.
 *
 * Properties: a future ends exactly once: done, failed (with *err) or cancelled. Its callbacks are called in the
 *             order in which they were added, by the thread that ended it; one added later is called at once, by
 *             who adds it.
 * Operation:  pending -> running -> done | failed; pending -> cancelled. cancel() takes back whatever no worker has
 *             begun: it ends at once, its place in the queue is passed over later. What runs is not interrupted by
 *             it.
 * Safety:     every function from any thread, callbacks included; a callback may submit to other executors, and to
 *             its own where that executor says so (core/executor.h). No lock is held while a callback or a task runs.
 */
#ifndef LEAT_FLOW_FUTURE_H
#define LEAT_FLOW_FUTURE_H

#include "core/executor.h"

#include <pthread.h>
#include <stdatomic.h>

enum leat_future_state {
	LEAT_FUTURE_PENDING,
	LEAT_FUTURE_RUNNING,
	LEAT_FUTURE_DONE,
	LEAT_FUTURE_FAILED,
	LEAT_FUTURE_CANCELLED,
};

struct leat_future;

/* What a future does: one const object for each sort of work. */
struct leat_future_class {
	/* In this process: 0, or -1 with *err. */
	int (*run)(struct leat_future *f, const struct leat_worker *w, struct leat_err *err);
	/* In another process, as in struct leat_task_class; NULL: it cannot. */
	int (*pack)(struct leat_future *f, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err);
	int (*unpack)(struct leat_future *f, const uint8_t *slab, size_t len, struct leat_err *err);
	int (*ask)(struct leat_future *f, const uint8_t *what, size_t n,
		   struct leat_err *err); /* NULL: its workers do not */
	void (*release)(struct leat_future *f); /* the last reference is gone: frees it */
};

/* Called once with the ended future. It must not block for long: it holds up who ended it. */
typedef void leat_ended_fn(struct leat_future *f, void *ctx);
struct leat_ended { /* one callback; the caller's memory until it was called or removed */
	struct leat_ended *next;
	leat_ended_fn *fn;
	void *ctx;
};

struct leat_future { /* first member of the caller's own struct */
	struct leat_task task; /* the executor's; sizes and limits are set by the caller before submit */
	const struct leat_future_class *cls;
	struct leat_executor *executor; /* it was submitted to; NULL: not yet */
	struct leat_future *older, *newer; /* under way there, under its lock */
	atomic_uint refs;
	_Atomic(enum leat_future_state) state; /* the end is there when `ended` is */
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	struct leat_ended *first, **last;
	bool ended;
	struct leat_err err; /* of failed and cancelled; may be read when it has ended */
};

/* One reference, pending. Zeroed memory. */
void leat_future_init(struct leat_future *f, const struct leat_future_class *cls);
struct leat_future *leat_future_ref(struct leat_future *f);
void leat_future_unref(struct leat_future **f); /* drops it, clears *f; accepts NULL in it */

enum leat_future_state leat_future_state(const struct leat_future *f);
bool leat_future_ended(struct leat_future *f);
/* Adds a callback; calls it at once when f has ended. */
void leat_future_when_ended(struct leat_future *f, struct leat_ended *e);
/* Takes a callback back. False when it was called, or is being called just now. */
bool leat_future_forget(struct leat_future *f, struct leat_ended *e);
/* True when it is cancelled by this call; false when it runs or has ended. */
bool leat_future_withdraw(struct leat_future *f);
/* Waits at most timeout_ns (< 0: for ever). True when it has ended. */
bool leat_future_wait(struct leat_future *f, int64_t timeout_ns);

/*
 * Several at once, without a thread for it.
 *
 * Properties: every future comes out once, in the order in which they ended (those that had ended before in the order
 *             given). Holds references of all of them.
 * Operation:  next() waits for the next end. A future that is cancelled has ended, and comes out like any other.
 * Safety:     add: any thread; next: one at a time. free: when nobody is in either; futures that have not ended then
 *             go on, and do not touch what is gone.
 */
struct leat_gather;
struct leat_gather *leat_gather_new(struct leat_future *const *v, size_t n, struct leat_err *err);
/* Adds one more. */
int leat_gather_add(struct leat_gather *g, struct leat_future *f, struct leat_err *err);
/*
 * The next ended one, borrowed until the gather is freed or gives its reference away; NULL: none ended in time, or
 * all have been given out (*left is then 0).
 */
struct leat_future *leat_gather_next(struct leat_gather *g, int64_t timeout_ns, size_t *left);
void leat_gather_free(struct leat_gather **g); /* the futures go on */

/* ---- an executor with futures ---- */

/*
 * Properties: what is submitted ends exactly once, whatever happens to the executor: done or failed when it ran,
 *             cancelled when it did not.
 * Operation:  open until refuse, abort, kill or end: from then on what is submitted ends as cancelled, and so does what
 *             waits for room in the queue. recall takes back what waits in the queue; abort does, too, and asks what
 *             runs to stop; kill ends it.
 * Safety:     every function from any thread, tasks and callbacks included, but end (the owner's, the last call), and
 *             wait and resize (not from a task or a callback: a worker cannot wait for itself).
 */
struct leat_executor;
/*
 * Opens one of this type. NULL with *err. Where o->cancel is NULL it has a cancel flag of its own, raised by abort
 * and kill.
 */
struct leat_executor *leat_executor_start(const struct leat_executor_type *type, const struct leat_executor_opts *o,
					  struct leat_err *err);
/*
 * Submits; blocks while the queue is full. The executor holds a reference until the future has ended. It never
 * fails: what is refused (closed, aborted) ends as cancelled.
 */
void leat_executor_submit(struct leat_executor *ex, struct leat_future *f);
/* What waits ends as cancelled, what runs sees the cancel flag; no more submits. Any thread. */
void leat_executor_abort(struct leat_executor *ex);
/*
 * Ends what runs, too, at once: it fails as cancelled. -1 with *err where that cannot be done safely (the words say
 * why); it is then aborted.
 */
int leat_executor_kill(struct leat_executor *ex, struct leat_err *err);
/* Another number of workers; what runs goes on. -1 with *err where the number is fixed. */
int leat_executor_resize(struct leat_executor *ex, int workers, struct leat_err *err);
/* Cancels all that no worker has begun. Any thread. */
void leat_executor_recall(struct leat_executor *ex);
/* Waits until nothing submitted is under way. */
void leat_executor_wait(struct leat_executor *ex);
/* No more submits: what is submitted later, or waits for room just now, ends as cancelled. Any thread. */
void leat_executor_refuse(struct leat_executor *ex);
bool leat_executor_refuses(const struct leat_executor *ex);
/* The limit of tasks that bring none (task.timeout_ns 0). Before the first submit. */
void leat_executor_limit(struct leat_executor *ex, int64_t timeout_ns);
const char *leat_executor_name(const struct leat_executor *ex); /* as in its options */
int leat_executor_workers(const struct leat_executor *ex);
const struct leat_executor_type *leat_executor_type_of(const struct leat_executor *ex);
void leat_executor_measure(struct leat_executor *ex, struct leat_executor_stats *out);
/* What protects this process from its tasks; false where they run in it. */
bool leat_executor_protects(struct leat_executor *ex, struct leat_protection *out);
/* No more submits; waits until all has ended; releases. One thread, none of the executor's own. */
void leat_executor_end(struct leat_executor **ex);

#endif
