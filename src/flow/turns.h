/* SPDX-License-Identifier: MIT */
/*
 * Cores in turn, where the recipe keeps more groups of workers apart than there are cores (leat_plan.turns): then at
 * most so many threads compute at once, whichever group they belong to, worker processes included.
 *
 * Properties: a count of free turns, one for each core. Whoever computes with a team holds as many as its threads, or
 *             all there are where those are fewer; it gets them together or not at all.
 * Operation:  take before an item is worked on, give behind it; who waits in between for what others must do (memory)
 *             gives his turn up meanwhile. Nothing that holds a turn waits for one who wants it, nor for room in a
 *             queue.
 * Safety:     any thread. What was taken by one thread may be given by another, but for leat_turns_pause.
 */
#ifndef LEAT_FLOW_TURNS_H
#define LEAT_FLOW_TURNS_H

#include <pthread.h>

struct leat_turns {
	pthread_mutex_t lock;
	pthread_cond_t given;
	int free; /* of limit */
	int limit; /* 0: nobody has to wait */
};

void leat_turns_init(struct leat_turns *t, int limit);
void leat_turns_destroy(struct leat_turns *t);
/* For a team of so many threads. */
void leat_turns_take(struct leat_turns *t, int team);
void leat_turns_give(struct leat_turns *t, int team);
/* For a wait that takes time: how many this thread held and gave up now, to be taken again; 0: none. */
int leat_turns_pause(struct leat_turns *t);

#endif
