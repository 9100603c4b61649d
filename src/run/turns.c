/* SPDX-License-Identifier: MIT */
/* See turns.h. */
#include "run/turns.h"

/* Does this thread hold a turn? Of one run at most: a segment does not start runs. */
static _Thread_local int holds;

void leat_turns_init(struct leat_turns *t, int limit)
{
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->given, NULL);
	t->free = t->limit = limit;
}

void leat_turns_destroy(struct leat_turns *t)
{
	pthread_cond_destroy(&t->given);
	pthread_mutex_destroy(&t->lock);
}

void leat_turns_take(struct leat_turns *t)
{
	if (t->limit == 0)
		return;
	pthread_mutex_lock(&t->lock);
	while (t->free == 0)
		pthread_cond_wait(&t->given, &t->lock);
	t->free--;
	pthread_mutex_unlock(&t->lock);
	holds = 1;
}

void leat_turns_give(struct leat_turns *t)
{
	if (t->limit == 0)
		return;
	holds = 0;
	pthread_mutex_lock(&t->lock);
	t->free++;
	pthread_cond_signal(&t->given);
	pthread_mutex_unlock(&t->lock);
}

int leat_turns_pause(struct leat_turns *t)
{
	if (t->limit == 0 || !holds)
		return 0;
	leat_turns_give(t);
	return 1;
}
