/* SPDX-License-Identifier: MIT */
/*
 * Fibers: functions with stacks of their own that one thread runs in turns, so that plain sequential code can wait
 * for many things at once. What waits (a file call in flight, a budget) gives the thread to the next one.
 *
 * Properties: a fiber runs only on the thread that started it, and only there where it gives way. No preemption.
 * Operation:  start and resume come back when the fiber gives way or ends. A parked one goes on when its set is
 *             woken; a wake-up too many does no harm, one that comes before the set sleeps is not lost.
 * Safety:     a set belongs to one thread. leat_fiber_self and what follows it: from any code, in a fiber or not.
 */
#ifndef LEAT_BASE_FIBER_H
#define LEAT_BASE_FIBER_H

#include "base/err.h"

struct leat_fibers; /* a set of them, with room for so many */
struct leat_fiber;

/* Who brings a sleeping set back to life: called from any thread, may be called too often. */
struct leat_waker {
	void (*wake)(void *ctx);
	void *ctx;
};

/* `most` fibers at once. waker: for those who wait in fibers of this set, see leat_fiber_waker. NULL with *err. */
struct leat_fibers *leat_fibers_new(int most, struct leat_waker waker, struct leat_err *err);
/* Stacks go back; no fiber may be alive. */
void leat_fibers_free(struct leat_fibers **s);
int leat_fibers_alive(const struct leat_fibers *s);
/* Runs fn(arg) in a fiber until it gives way or ends. 0; -1 with *err: no room, or no stack. Not from a fiber. */
int leat_fiber_start(struct leat_fibers *s, void (*fn)(void *), void *arg, struct leat_err *err);
/* Goes on with a fiber that gave way, until it does so again or ends. Not from a fiber. */
void leat_fiber_resume(struct leat_fiber *f);
/* Goes on with every fiber that is parked, once. Not from a fiber. */
void leat_fibers_resume_parked(struct leat_fibers *s);

/* The fiber this code runs in; NULL: in none. */
struct leat_fiber *leat_fiber_self(void);
/* Gives way, until somebody resumes it. */
void leat_fiber_yield(void);
/* Gives way until the set is woken: for who looks again and again whether what it waits for is there. */
void leat_fiber_park(void);
/* To be called by whoever makes true what a parked fiber of this set waits for. */
struct leat_waker leat_fiber_waker(void);
/* The set's own data of this fiber's thread, as given to leat_fibers_set_host. */
void *leat_fiber_host(void);
void leat_fibers_set_host(struct leat_fibers *s, void *host);

#endif
