/* SPDX-License-Identifier: MIT */
/*
 * The one flag by which a run is stopped, looked at between strips and in every wait.
 *
 * Properties: it only rises: going, drain, abort.
 * Operation:  raising wakes nobody: who raises it also aborts the queues and budgets that somebody may wait in.
 * Safety:     any thread, and signal handlers.
 */
#ifndef LEAT_CORE_CANCEL_H
#define LEAT_CORE_CANCEL_H

#include <stdatomic.h>

/*
 * Rises only: going -> drain (no new items, those in flight end) -> abort (those in flight stop as soon as they
 * look).
 */
enum leat_stop { LEAT_STOP_NO, LEAT_STOP_DRAIN, LEAT_STOP_ABORT };

struct leat_cancel {
	_Atomic int stop; /* enum leat_stop */
};

static inline enum leat_stop leat_cancel_get(const struct leat_cancel *c)
{
	return c ? (enum leat_stop)atomic_load_explicit(&c->stop, memory_order_acquire) : LEAT_STOP_NO;
}

/* Raises to at least `s`. Async-signal-safe; wakes nobody: queues have leat_queue_abort for that. */
static inline void leat_cancel_raise(struct leat_cancel *c, enum leat_stop s)
{
	int now = atomic_load(&c->stop);
	while (now < (int)s && !atomic_compare_exchange_weak(&c->stop, &now, (int)s))
		;
}

#endif
