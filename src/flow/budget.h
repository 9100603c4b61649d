/* SPDX-License-Identifier: MIT */
/*
 * The byte budget of a run (design: Memory).
 *
 * Properties: two pools of one limit: read-ahead (a quarter: compressed bytes of inputs read but not yet
 *             admitted) and active (the rest: predicted peaks of admitted items). Grants of each pool go in
 *             order of `seq`: the next item in sequence is never overtaken, so it never starves; when a pool
 *             is empty its next item is admitted however large it is up to the pool.
 * Operation:  reserve waits; release gives back; shrink gives back a part (decoded image gone, only its bytes
 *             wait for the writer). A reservation larger than its pool fails at once (MEMORY) with both
 *             numbers.
 *             LEAT_NO_TURN in place of a seq: its turn was given up before. It is granted as soon as there is room, and
 *             nobody else is while it waits: so it does not starve. Only where those who hold a grant end without
 *             waiting for it.
 * Safety:     every function from any thread, and from fibers, which wait without holding up their thread. Every
 *             seq 0, 1, 2 ... must be reserved or given up (skip) exactly once per pool, in any order; those behind
 *             a missing one wait for it.
 */
#ifndef LEAT_FLOW_BUDGET_H
#define LEAT_FLOW_BUDGET_H

#include "base/err.h"

#include <stdbool.h>

#define LEAT_NO_TURN UINT64_MAX

enum leat_pool { LEAT_READ_AHEAD, LEAT_ACTIVE, LEAT_N_POOLS };

struct leat_budget;
struct leat_budget *leat_budget_new(uint64_t limit, struct leat_err *err);
/*
 * Waits for `bytes`; returns 0 granted, 1 aborted (nothing granted), -1 with *err: can never fit (its turn is
 * given up).
 */
int leat_budget_reserve(struct leat_budget *b, enum leat_pool pool, uint64_t seq, uint64_t bytes, struct leat_err *err);

/* A reservation that nobody waits for in person. */
struct leat_budget_wait { /* the caller's memory, until `fn` was called */
	/*
	 * Once, by the thread that made room, with no lock of the budget held: `bytes` are granted, or not (aborted).
	 * It must not wait.
	 */
	void (*fn)(struct leat_budget_wait *w, bool granted);
	struct leat_budget_wait *next; /* the budget's, like the rest */
	uint64_t seq, bytes;
	bool granted;
};
/*
 * As leat_budget_reserve, but never waits: 0 granted; 1 w->fn will be called (it may be before this returns, by
 * another thread); -1 with *err: can never fit, or aborted (CANCELLED).
 */
int leat_budget_ask(struct leat_budget *b, enum leat_pool pool, uint64_t seq, uint64_t bytes,
		    struct leat_budget_wait *w, struct leat_err *err);
/* seq will not come: gives up its turn */
void leat_budget_skip(struct leat_budget *b, enum leat_pool pool, uint64_t seq);
void leat_budget_release(struct leat_budget *b, enum leat_pool pool, uint64_t bytes);
void leat_budget_abort(
	struct leat_budget *b); /* wakes all waiters: they return 1, as do all later reserves; asked ones are told */
uint64_t leat_budget_pool_size(const struct leat_budget *b, enum leat_pool pool);
uint64_t leat_budget_used(struct leat_budget *b); /* bytes granted now, both pools */
uint64_t leat_budget_peak(struct leat_budget *b); /* most bytes ever granted at once, both pools */
void leat_budget_free(struct leat_budget **b);

#endif
