/* SPDX-License-Identifier: MIT */
/*
 * Cores in turn, where the recipe keeps more groups of workers apart than there are cores (leat_plan.turns): then at
 * most so many segments compute at once, whichever group they belong to.
 *
 * Properties: a count of free turns. A thread holds one at most.
 * Operation:  take before a segment runs, give behind it; who waits in between for what others must do (memory) gives
 *             his turn up meanwhile. Nothing that holds a turn waits for one who wants it: segments end without others.
 * Safety:     any thread.
 */
#ifndef LEAT_RUN_TURNS_H
#define LEAT_RUN_TURNS_H

#include <pthread.h>

struct leat_turns {
	pthread_mutex_t lock;
	pthread_cond_t given;
	int free; /* of limit */
	int limit; /* 0: nobody has to wait */
};

void leat_turns_init(struct leat_turns *t, int limit);
void leat_turns_destroy(struct leat_turns *t);
void leat_turns_take(struct leat_turns *t);
void leat_turns_give(struct leat_turns *t);
/* For a wait that takes time: true when there was a turn to give up, and it has to be taken again. */
int leat_turns_pause(struct leat_turns *t);

#endif
