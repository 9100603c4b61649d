/* SPDX-License-Identifier: MIT */
/*
 * The worker's side of on=processes: what a program that is started as a worker runs instead of its own main.
 *
 *	int fd;
 *	if (leat_worker_wanted(argc, argv, &fd))
 *		return leat_worker_main(fd, &program);
 *
 * Properties: one task after the other, in the order in which they came; every one is answered once, in that order.
 * Operation:  it blocks on its socket, and ends when the parent does. A task over its time sees its cancel flag; one
 *             that does not look is killed by the parent, with the process. A forbidden system call is told, and ends
 *             it.
 * Safety:     one thread, one worker in a process. Nothing here starts another thread but the team that the program
 *             starts where the parent wants one, and one aside (base/aside.h), before the last wall goes up.
 */
#ifndef LEAT_EXEC_WORKER_H
#define LEAT_EXEC_WORKER_H

#include "core/executor.h"

/* What the worker's program does with the bytes it gets. All are called on the one thread, in this order. */
struct leat_worker_program {
	/*
	 * Reads what opts.program was (len 0: nothing was given). *ctx is handed to the others. May load
	 * and open what it likes: nothing is locked down yet.
	 */
	int (*bind)(void **ctx, const uint8_t *program, size_t len, struct leat_err *err);
	/* Right behind bind: loads what opts.wants says, as it was when this worker was born. May be NULL. */
	void (*load)(void *ctx, uint64_t wants);
	/*
	 * A small piece of real work, done once before the lock-down (it loads what is loaded on first use) and once
	 * after (it shows that workers can live here). May be NULL.
	 */
	int (*first)(void *ctx, struct leat_err *err);
	/*
	 * Starts a team of so many threads, of which this one is the first, that stay and do what run() wants to have
	 * done in parallel; how many there are. Called within the lock-down: when paths are gone, and before system
	 * calls are. NULL: there is none, and w->team is 1.
	 */
	int (*team)(int threads);
	/*
	 * One task: in[0..len) to out[0..cap), *out_len used. -1 with *err: the whole task failed; unpack()
	 * is not called then. w->cancel rises when the task is over its time: who sees it and fails keeps the
	 * worker alive. Where w->ask was given the go, `cap` is what it said.
	 */
	int (*run)(void *ctx, const struct leat_worker *w, const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		   size_t *out_len, struct leat_err *err);
	/*
	 * For tests: a system call that is neither needed nor known to be dangerous ends the worker, and is named,
	 * instead of being refused. Finds what a new library or libc wants before its users do.
	 */
	bool strict;
};

/* Was this process started as a worker? Then *fd is its socket. To be asked before anything else in main. */
bool leat_worker_wanted(int argc, char **argv, int *fd);

/* The worker's life. Returns the exit status: 0 when the parent closed the socket. */
int leat_worker_main(int fd, const struct leat_worker_program *p);

#endif
