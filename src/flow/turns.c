/* SPDX-License-Identifier: MIT */
/* See turns.h. */
#include "flow/turns.h"

/* How many turns this thread holds. Of one run at most: a segment does not start runs. */
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

static int wanted(const struct leat_turns *t, int team)
{
	return team < 1 ? 1 : team > t->limit ? t->limit : team;
}

void leat_turns_take(struct leat_turns *t, int team)
{
	if (t->limit == 0)
		return;
	int n = wanted(t, team);
	pthread_mutex_lock(&t->lock);
	while (t->free < n)
		pthread_cond_wait(&t->given, &t->lock);
	t->free -= n;
	pthread_mutex_unlock(&t->lock);
	holds = n;
}

void leat_turns_give(struct leat_turns *t, int team)
{
	if (t->limit == 0)
		return;
	holds = 0;
	pthread_mutex_lock(&t->lock);
	t->free += wanted(t, team);
	pthread_cond_broadcast(&t->given); /* the first one may want more than there are */
	pthread_mutex_unlock(&t->lock);
}

int leat_turns_pause(struct leat_turns *t)
{
	int had = t->limit ? holds : 0;
	if (had)
		leat_turns_give(t, had);
	return had;
}
