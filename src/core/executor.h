/* SPDX-License-Identifier: MIT */
/*
 * The executor contract: where tasks run. An executor never looks up an op: it gets tasks. One folder or file
 * exports one const struct leat_executor_type.
 *
 * Properties: tasks are taken in submission order by `workers` workers behind one bounded queue; completion
 *             order is free.
 * Operation:  submit() blocks while the queue is full (that is the back-pressure) unless the caller is the
 *             executor itself (inline).
 *             Every submitted task gets exactly one run() or cancel(), then exactly one done().
 * Safety:     submit() from any thread. run() on a worker, done() on the same worker right after; no lock is
 *             held during either, so done() may submit to another executor. To its own it may submit to a higher lane
 *             than the task's own: where that is full, the worker does the lane's next task itself, at once.
 */
#ifndef LEAT_CORE_EXECUTOR_H
#define LEAT_CORE_EXECUTOR_H

#include "base/aside.h"
#include "core/cancel.h"
#include "core/modes.h"
#include "core/note.h"
#include "core/param.h"
#include "core/protection.h"

struct leat_worker { /* who is running a task */
	int index; /* 0 … workers-1 */
	int team; /* OpenMP threads it may use for one item; 1 elsewhere */
	const struct leat_cancel *cancel;
	struct leat_aside *aside; /* a thread beside it, for a part of a large item; NULL: none */
	leat_note *note; /* where run() notes what it is at, for leat_task.note; NULL: nobody reads it */
	/*
	 * In another process, where the task said that it asks, once: tells its submitter what was found, and waits
	 * for the go. 0: go on, and the reply may have *room bytes. -1: give it up, for whatever reason: nobody looks
	 * at the result. NULL: there is nobody to ask.
	 */
	int (*ask)(const struct leat_worker *w, const void *what, size_t n, size_t *room);
};

struct leat_task;
struct leat_task_class {
	/* In this process. The task keeps its own error; the result only says whether it failed. */
	int (*run)(struct leat_task *t, const struct leat_worker *w);
	/*
	 * Instead of run(), for another process. pack() writes the input into `slab` (cap = pack_bytes); it is called
	 * again when a worker died, and must not wait: it may run in the submitter. unpack() gets the reply:
	 * nothing in it is to be trusted, and it may change while it is read, so every field is copied once and
	 * then checked. When unpack() fails the worker is at fault, and the task must be as it was: it may be
	 * packed again. Both run on a thread of the parent, with no lock held.
	 */
	int (*pack)(struct leat_task *t, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err);
	int (*unpack)(struct leat_task *t, const uint8_t *slab, size_t len, struct leat_err *err);
	/*
	 * The worker of a task that `asks` wants to know whether it may go on; what it says is not to be trusted, and
	 * is copied before it is looked at. 0: go, with reply_bytes and peak_bytes for the rest of the way; -1: no,
	 * and the task ends by cancel() with this *err. It must not wait, for nothing but this thread looks after the
	 * worker.
	 */
	int (*ask)(struct leat_task *t, const uint8_t *what, size_t n, struct leat_err *err);
	/*
	 * Did not run: cancelled, its worker died (err says how), or the worker could not do it at all (its error).
	 */
	void (*cancel)(struct leat_task *t, const struct leat_err *err);
	/* The last call; the task may be freed in it. */
	void (*done)(struct leat_task *t);
};
/*
 * A reply that stays where it is: whoever of unpack() takes leat_task.stay, by setting it to NULL, may read the reply
 * until it calls release, once, from any thread. It must not wait for other tasks of the executor before that.
 */
struct leat_stay {
	void (*release)(struct leat_stay *s);
};

struct leat_task { /* first member of the caller's own struct */
	const struct leat_task_class *cls;
	struct leat_task *next; /* the executor's while it holds the task */
	uint64_t seq;
	int lane; /* of the executor's queue: 0 … opts.n_lanes - 1 */
	int passed; /* the queue's: larger ones that were taken before it */
	size_t bytes; /* counted against the queue's byte limit */
	int64_t queued_ns; /* set by submit */
	/* For processes; other executors do not look at them. */
	size_t pack_bytes; /* at most this much is packed */
	size_t reply_bytes; /* this much comes back at most, or at least seldom more ... */
	size_t reply_most; /* ... where this is larger: a reply that needs more room is made again with so much */
	uint64_t peak_bytes; /* private memory it is expected to need; 0: all that a worker may have */
	int64_t timeout_ns; /* 0: no limit */
	struct leat_stay *stay; /* during unpack(): the reply may stay; NULL: what is wanted of it must be copied */
	bool asks; /* its worker may ask: only then are the sizes known. It has the worker for itself */
	/* Set before cancel(): what the worker noted last when it died or gave up. Not to be trusted; 0: nothing. */
	uint32_t note;
	uint8_t attempts; /* the executor's: deaths of workers that may have been this task's fault */
	uint8_t kills; /* the executor's: workers killed from outside while they had it */
};

/* A lane of a queue: what may wait in it. */
struct leat_lane {
	uint64_t items; /* >= 1 */
	uint64_t bytes; /* 0: no limit; one item always fits */
	bool in_order; /* strictly first in first out, whatever largest_first says */
};

struct leat_turns; /* flow/turns.h */
struct leat_executor_opts {
	const char *name; /* of its threads, for top and gdb: at most 15 bytes are shown */
	int workers; /* >= 1; openmp: the size of the team */
	uint64_t queue_items; /* >= 1 */
	uint64_t queue_bytes; /* 0: no byte limit; one item always fits */
	/*
	 * Several lanes instead of those two: workers take from the highest lane that has something (most
	 * downstream first). Types that do not know lanes refuse more than one. NULL: one.
	 */
	const struct leat_lane *lanes;
	int n_lanes;
	/* Among what waits, where sizes differ much; nothing is passed over more than a few times. */
	bool largest_first;
	const struct leat_cancel *cancel;
	/* For processes; other executors do not look at them. */
	const void *program; /* what a worker binds before its first item, opaque here; copied */
	size_t program_len;
	/*
	 * What every worker has to have loaded besides, a bit each, opaque here. It may grow while tasks are given:
	 * workers that are born with less are replaced before their next task. NULL: nothing.
	 */
	const _Atomic uint64_t *wants;
	/* of each direction of each worker, sparse; 0: 256 MiB. What is larger fails its item */
	size_t slab_bytes;
	uint64_t worker_base; /* private memory of a worker's own code and tables; 0: 96 MiB */
	uint64_t worker_memory; /* private memory of a worker beyond its own code and tables; 0: 1 GiB */
	bool asides; /* every worker has a thread beside it, used while others of them have nothing to do */
	int team; /* OpenMP threads of each worker, for one item, started before it is locked down; 0: 1 */
	struct leat_turns *turns; /* a worker has something to do only in its turn; NULL: always */
	uint64_t worker_tasks; /* a worker is replaced after so many items; 0: never for that reason */
	enum leat_isolate isolate;
	const char *worker_path; /* another program to start as the worker; NULL: this one */
	/*
	 * Called once, from any thread, when workers cannot live any more: the tasks come back cancelled with this
	 * error, and so do later ones. May be NULL.
	 */
	void (*fatal)(void *ctx, const struct leat_err *err);
	void *fatal_ctx;
};

/* Measured since open; times in nanoseconds summed over the workers. */
struct leat_executor_stats {
	uint64_t tasks;
	int64_t busy_ns; /* wall time inside run() */
	int64_t cpu_ns; /* CPU time inside run() of the worker's own thread */
	int64_t runq_ns; /* waiting for a core inside run(), sampled */
	int64_t idle_ns; /* waiting for a task */
	uint64_t queue_peak;
};

struct leat_runner; /* each type has its own */
struct leat_executor_type {
	const char *name; /* "threads": the word after on= */
	unsigned mode; /* its LEAT_ON_* bit */
	const char *summary;
	/*
	 * Why this machine cannot have it, in words; NULL: it can. Static text; cheap; any thread. NULL: it always
	 * can.
	 */
	const char *(*missing)(void);
	int (*open)(struct leat_runner **ex, const struct leat_executor_opts *o, struct leat_err *err);
	/* 0 when taken (done() will come), -1 when not: closed or aborted (done() will not come). */
	int (*submit)(struct leat_runner *ex, struct leat_task *t);
	/* No more submits: those that wait for room come back with -1. What is queued goes on. Any thread. */
	void (*refuse)(struct leat_runner *ex);
	/* Drops what is queued: cancel() + done() for each. Running tasks see the cancel flag. Any thread. */
	void (*abort)(struct leat_runner *ex);
	/* As abort, and ends what runs at once: cancel() + done() for it too. NULL: that cannot be done safely. */
	void (*kill)(struct leat_runner *ex);
	/*
	 * Another number of workers, from 1 on. More are there when it returns; fewer when what they have is done.
	 * Any thread, not from a task. NULL: the number is fixed.
	 */
	int (*resize)(struct leat_runner *ex, int workers, struct leat_err *err);
	/* No more submits; waits until all tasks are done; ends the workers; releases. */
	void (*close)(struct leat_runner **ex);
	void (*stats)(struct leat_runner *ex, struct leat_executor_stats *out);
	/* What protects this process from its tasks; false where they run in it. May be NULL, which means false. */
	bool (*protection)(struct leat_runner *ex, struct leat_protection *out);
};

#endif
