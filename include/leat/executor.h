/* SPDX-License-Identifier: MIT */
/*
 * Executors and futures: functions of yours run inline, on threads, on OpenMP teams or in sandboxed worker
 * processes, all by the same calls. What Python's pools and concurrent.futures offer between them; a worker that
 * dies fails only its own task.
 *
 *	struct leat_executor *ex = leat_executor_open("threads", NULL, &err);
 *	struct leat_future *f = leat_submit(ex, count_words, &document, &err);
 *	if (f && leat_future_result(f, -1, &err) == 0) ...
 *	leat_future_free(&f);
 *	leat_executor_close(&ex);
 *
 * Kinds: "inline", "threads", "openmp", "processes". Times are nanoseconds; a timeout below 0 waits for ever.
 */
#ifndef LEAT_EXECUTOR_H
#define LEAT_EXECUTOR_H

#include <leat/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct leat_executor;
struct leat_future;

struct leat_executor_options {
	const char *name; /* of its threads, for top and gdb; NULL: the kind */
	int workers; /* 0: one for each core this process may use; openmp: threads of the team */
	uint64_t queue; /* tasks that may wait; leat_submit blocks when so many do. 0: 1024 */
	/* For processes; the others do not look at them. */
	int64_t timeout_ns; /* of one task: asked to stop, then killed. 0: none */
	uint64_t memory; /* private memory of a worker beyond its own code; 0: 1 GiB */
	uint64_t max_tasks; /* a worker is replaced after so many; 0: never for that reason */
	bool trusted; /* no sandbox */
};

/*
 * Properties: tasks begin in the order of submission; they end in any order. One worker: also in that order. What is
 *             submitted ends exactly once.
 * Operation:  NULL with *err: no such kind, a number out of range, no worker could be started. ("async" is for leat's
 *             own files: one function that waits would hold up all.) Open until shutdown, terminate or close.
 * Safety:     everything below from any thread, unless it says otherwise; the sole exceptions are close() and
 *             terminate(), which are for the one who opened it. Nothing here touches signals or OpenMP settings of
 *             the host.
 */
struct leat_executor *leat_executor_open(const char *kind, const struct leat_executor_options *o, struct leat_err *err);

/*
 * No more submits; a leat_submit that waits for room just now gives a future that is cancelled. cancel: what no
 * worker has begun ends as cancelled. wait: returns when all has ended; otherwise at once. May be called again;
 * from a task or a callback only without wait.
 */
void leat_executor_shutdown(struct leat_executor *ex, bool wait, bool cancel);

/*
 * Ends what runs, too, at once; it fails as cancelled. Only processes can be ended safely: for the other kinds -1
 * with *err, which says why, and what waits is cancelled all the same.
 */
int leat_executor_terminate(struct leat_executor *ex, struct leat_err *err);

/*
 * Another number of workers, while it runs: of "threads". -1 with *err where a thread could not be started, and for the
 * other kinds, which have the number that they were opened with: "inline" has no workers of its own, the team of
 * "openmp" would be two sizes inside one task, and the shared memory of "processes" is made and locked for the workers
 * there are; a second executor beside it is the way to more of them.
 */
int leat_executor_set_workers(struct leat_executor *ex, int workers, struct leat_err *err);

/* Shuts down (waits for all), releases, clears *ex; accepts NULL in it. Not from a task or a callback. */
void leat_executor_close(struct leat_executor **ex);

/* What has been measured so far, summed over the workers. */
struct leat_executor_numbers {
	uint64_t tasks; /* ended */
	double busy_s, cpu_s, wait_s, idle_s; /* inside tasks; of it: on a core; waiting for a core. Between tasks */
	uint64_t queue_peak;
};
void leat_executor_measured(struct leat_executor *ex, struct leat_executor_numbers *out);

/* ---- submitting ---- */

/* Who runs a function. Good until it returns. */
struct leat_call {
	int worker; /* 0 ... workers - 1: for what is kept per worker */
	int team; /* OpenMP threads it may use: num_threads(team); 1 but for openmp */
	bool (*stopping)(const struct leat_call *c); /* has it been asked to stop? To be looked at now and then */
	const void *own; /* leat's */
};

/*
 * A function of yours. 0, or -1 with *err filled (an err left empty becomes "failed without saying why"). It runs
 * in this process, so it cannot be used with processes.
 */
typedef int leat_function(const struct leat_call *c, void *arg, struct leat_err *err);

/* The caller's reference; blocks while the queue is full; NULL with *err: shut down, or out of memory. */
struct leat_future *leat_submit(struct leat_executor *ex, leat_function *fn, void *arg, struct leat_err *err);

/* Where a function by name leaves its result. */
struct leat_reply;
/* Appends. -1 with *err: more than it may give back. */
int leat_reply_add(struct leat_reply *r, const void *data, size_t n, struct leat_err *err);

/* A function that can also run in another process: bytes in, bytes out. `in` is aligned for any type. */
typedef int leat_named_function(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out,
				struct leat_err *err);

/*
 * Gives a function a name; before leat_worker_hook (<leat/worker.h>), so that the workers know it too. Not thread
 * safe. -1 with *err when the name is taken or there are too many (256).
 */
int leat_register_function(const char *name, leat_named_function *fn, struct leat_err *err);

/*
 * Submits it to any kind of executor. `in` is copied. most_out: bytes of its result at most. NULL with *err: no such
 * function, shut down, out of memory.
 */
struct leat_future *leat_submit_named(struct leat_executor *ex, const char *name, const void *in, size_t n,
				      size_t most_out, struct leat_err *err);

/*
 * The same without copies of its own: `in` is read until the future has ended, and the result is put into `out`, which
 * leat_future_bytes then gives. Both are the caller's and stay where they are until then. A worker process gets the
 * bytes through shared memory, which takes one copy each way, into and out of memory that is there already; elsewhere
 * nothing is copied at all.
 */
struct leat_lent {
	const void *in; /* aligned as the function wants it */
	size_t n;
	void *out; /* NULL where most_out is 0 */
	size_t most_out;
};
struct leat_future *leat_submit_lent(struct leat_executor *ex, const char *name, const struct leat_lent *l,
				     struct leat_err *err);

/* ---- futures ---- */

/*
 * Properties: it ends exactly once: done, failed or cancelled, and stays so. What ended is seen whole by whoever
 *             was told of its end. It may be kept longer than its executor.
 * Operation:  waits -> runs -> done or failed; waits -> cancelled. Every wait for it, leat_wait and
 *             leat_completion_next included, returns when it ends, cancelled or not.
 * Safety:     every function from any thread, but leat_future_free: that ends the caller's own use of it.
 */

/*
 * Waits for its end: 0 it is done; -1 it failed or was cancelled, *err says why (cause, errno, message; how a
 * worker died); 1 not ended in time.
 */
int leat_future_result(struct leat_future *f, int64_t timeout_ns, struct leat_err *err);
/* After that, of a function by name: its result, good as long as the future. NULL of others. */
const void *leat_future_bytes(struct leat_future *f, size_t *n);

/*
 * Where and how it failed; false unless it has ended and failed. Texts are good as long as the future.
 */
struct leat_failure {
	const char *stage; /* the executor's name */
	enum leat_cause cause;
	int sys; /* errno, or 0 */
	int signal; /* that ended the worker, or 0 */
	int exit_status; /* with which the worker ended itself, or -1 */
	const char *text;
};
bool leat_future_error(struct leat_future *f, struct leat_failure *out);

/*
 * True: it will never run. False: it runs already or has ended. Tasks wait in the queue until a worker takes them up;
 * a worker process has the one it runs and, so that it need not wait, the next: one, or as many as take four
 * milliseconds together. Those count as running.
 */
bool leat_future_cancel(struct leat_future *f);
bool leat_future_done(struct leat_future *f); /* ended, in whatever way */
bool leat_future_running(struct leat_future *f);
bool leat_future_cancelled(struct leat_future *f);

/*
 * Called once when it ends, in the order added, by the thread that ends it; at once when it has ended. It must not
 * block for long. -1 with *err: out of memory.
 */
typedef void leat_callback(struct leat_future *f, void *ctx);
int leat_future_add_callback(struct leat_future *f, leat_callback *fn, void *ctx, struct leat_err *err);

/* Gives the caller's reference back, clears *f; what runs goes on. Accepts NULL in it. */
void leat_future_free(struct leat_future **f);

/* ---- several ---- */

enum leat_wait_for { LEAT_WAIT_FIRST, LEAT_WAIT_FIRST_ERROR, LEAT_WAIT_ALL };
/*
 * Properties: nothing is taken from the futures; the same ones may be waited for by several threads at once.
 * Operation:  below; a cancelled future has ended, and counts as failed.
 * Safety:     any thread, but not a task or a callback of an executor whose workers the futures need.
 */
/*
 * Waits until one has ended, one has failed (or all have ended), or all have. The number that have ended; -1 with
 * *err: timeout (cause TIMEOUT) or out of memory.
 */
int64_t leat_wait(struct leat_future *const *v, size_t n, enum leat_wait_for what, int64_t timeout_ns,
		  struct leat_err *err);

/*
 * The futures one by one as they end. next(): borrowed; NULL: none within the timeout (*left > 0), or all were
 * given out. One thread.
 */
struct leat_completion;
struct leat_completion *leat_as_completed(struct leat_future *const *v, size_t n, struct leat_err *err);
struct leat_future *leat_completion_next(struct leat_completion *c, int64_t timeout_ns, size_t *left);
void leat_completion_free(struct leat_completion **c);

/*
 * A function over many arguments, `args` being an array of n pointers of the caller's that live until the end. At
 * most `window` are submitted ahead of what was taken (0: 4 per worker), `chunk` of them to a task (0: one).
 * next(): 0 with the index of one that is done; -1 with *index and *err of one that failed; 1 all were given out; 2
 * not in time. Ordered: as they stand in args; else as they end. One thread.
 */
struct leat_map_options {
	bool unordered;
	size_t chunk, window;
};
struct leat_mapping;
struct leat_mapping *leat_map(struct leat_executor *ex, leat_function *fn, void *const *args, size_t n,
			      const struct leat_map_options *o, struct leat_err *err);
int leat_map_next(struct leat_mapping *m, int64_t timeout_ns, size_t *index, struct leat_err *err);
/* Cancels what has not begun, waits for what runs, releases. */
void leat_map_free(struct leat_mapping **m);

/*
 * A function by name over many inputs, on any kind of executor, many of them to a task: what is short costs a fraction
 * of a hand-off. `in` is an array of n of the caller's that lives until the end, and so do the bytes; most_out: of one
 * result. chunk: 0: leat chooses, a worker's share in several parts; window as above. next(): 0 with the index of one
 * that is done, its result, good until the next call, and its length; -1 with *index and *err of one that failed; 1 all
 * were given out; 2 not in time. As they stand in `in`. An input that fails costs itself only; a worker that dies or
 * hangs costs the inputs that were sent with it, so that such functions want chunk=1. One thread.
 */
struct leat_named_input {
	const void *data;
	size_t n;
};
struct leat_named_mapping;
struct leat_named_mapping *leat_map_named(struct leat_executor *ex, const char *name, const struct leat_named_input *in,
					  size_t n, size_t most_out, const struct leat_map_options *o,
					  struct leat_err *err);
int leat_map_named_next(struct leat_named_mapping *m, int64_t timeout_ns, size_t *index, const void **out, size_t *n,
			struct leat_err *err);
/* Cancels what has not begun, waits for what runs, releases. */
void leat_map_named_free(struct leat_named_mapping **m);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
