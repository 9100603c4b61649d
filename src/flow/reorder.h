/* SPDX-License-Identifier: MIT */
/*
 * Puts things that end in any order back into the order of their sequence numbers: for reports and reductions.
 *
 * Properties: every seq 0 … is given exactly once, with a thing or with NULL (nothing came); deliver() sees
 *             the things in order, NULLs left out.
 * Operation:  give() hands over; whoever closes the gap delivers the run behind it, in its own thread, one
 *             thread at a time.
 * Safety:     any thread. deliver() is called without the lock but never by two threads at once.
 *             Bounded by the caller: not more than its window of sequence numbers is open at a time.
 */
#ifndef LEAT_FLOW_REORDER_H
#define LEAT_FLOW_REORDER_H

#include "base/err.h"

struct leat_reorder;
typedef void leat_deliver_fn(void *ctx, uint64_t seq, void *thing);
struct leat_reorder *leat_reorder_new(leat_deliver_fn *fn, void *ctx, struct leat_err *err);
/* -1: out of memory, thing stays the caller's */
int leat_reorder_give(struct leat_reorder *r, uint64_t seq, void *thing, struct leat_err *err);
uint64_t leat_reorder_next(struct leat_reorder *r); /* first seq not delivered yet */
/* drop: what was never delivered */
void leat_reorder_free(struct leat_reorder **r, void (*drop)(void *ctx, void *thing), void *ctx);

#endif
