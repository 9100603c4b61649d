/* SPDX-License-Identifier: MIT */
/*
 * The bounded queue in front of workers, in one lane or several.
 *
 * Properties: many producers, many consumers. pop takes from the highest lane that has something; within a lane
 *             first in first out, or the largest of the next 16 where one is at least twice the oldest, but nothing
 *             is passed over more than 16 times. Every lane is bounded in items AND bytes (one entry is always let
 *             in, however large, so that nothing can wait for ever). Intrusive: entries are struct leat_task, which
 *             name their lane.
 * Operation:  push blocks while its lane is full (of a long lane: until half of it is free again), pop blocks while
 *             all are empty. close(): pushes fail, pops go on
 *             until empty, then return NULL. abort(): pushes fail, pops return NULL at once; what is left is taken
 *             with drain().
 * Safety:     every function from any thread. One mutex; nothing of the caller is called under it.
 */
#ifndef LEAT_FLOW_QUEUE_H
#define LEAT_FLOW_QUEUE_H

#include "core/executor.h"

#include <stdatomic.h>

/*
 * Which of a list, which is not empty, is to be taken so that the last ones end together: the largest of the first
 * LEAT_QUEUE_LOOK where it is at least twice the first one, unless the first one has been passed over LEAT_QUEUE_PASSES
 * times. The entry before it; NULL: the first one. Who takes another one than the first counts it in the first one's
 * `passed`. For executors with a queue of their own.
 */
enum { LEAT_QUEUE_LOOK = 16, LEAT_QUEUE_PASSES = 16 };
struct leat_task *leat_queue_choice(struct leat_task *head);

struct leat_queue;
struct leat_queue *leat_queue_new(const struct leat_lane *lanes, int n, bool largest_first, struct leat_err *err);
/* 0, or -1 when closed or aborted: t stays the caller's */
int leat_queue_push(struct leat_queue *q, struct leat_task *t);
int leat_queue_try_push(struct leat_queue *q, struct leat_task *t); /* as push, but 1 instead of waiting */
/*
 * For who must not wait: as push; where the lane is full, its next entry comes out instead, in *instead (t itself
 * perhaps), and t is in. 0; -1 when closed or aborted.
 */
int leat_queue_exchange(struct leat_queue *q, struct leat_task *t, struct leat_task **instead);
struct leat_task *leat_queue_pop(struct leat_queue *q); /* NULL: closed and empty, or aborted */
struct leat_task *leat_queue_try_pop(struct leat_queue *q); /* as pop, but NULL also when it is empty */
/* As pop; also NULL, without taking anything, as soon as *leave is true. Who sets it calls leat_queue_wake. */
struct leat_task *leat_queue_pop_unless(struct leat_queue *q, const atomic_bool *leave);
void leat_queue_wake(struct leat_queue *q); /* all who wait in pop look again */
void leat_queue_close(struct leat_queue *q);
void leat_queue_abort(struct leat_queue *q);
struct leat_task *leat_queue_drain(struct leat_queue *q); /* one left entry after abort, or NULL */
uint64_t leat_queue_peak(struct leat_queue *q); /* most entries ever in it */
void leat_queue_free(struct leat_queue **q); /* must be empty, and nobody in it */

#endif
