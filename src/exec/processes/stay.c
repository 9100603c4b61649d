/* SPDX-License-Identifier: MIT */
/*
 * Replies that stay in the output slab until they are written. Together they take at most half of it, so that there is
 * always room for small tasks; a large one waits. Who has one only writes it to a disk, and so gives it back.
 */
#include "exec/processes/pool.h"

static void release(struct leat_stay *stay)
{
	struct leat_reply_stay *s = (struct leat_reply_stay *)stay; /* its first member */
	struct leat_runner *ex = s->ex;
	pthread_mutex_lock(&ex->lock);
	atomic_store(&s->used, false);
	pthread_cond_broadcast(&ex->changed);
	pthread_mutex_unlock(&ex->lock);
}

struct leat_stay *leat_stay_offer(struct leat_hand *h, size_t begin, size_t end)
{
	struct leat_reply_stay *spare = NULL;
	size_t taken = end - begin;
	for (int i = 0; i < LEAT_STAYS; i++) {
		if (!atomic_load(&h->stay[i].used))
			spare = &h->stay[i];
		else
			taken += h->stay[i].end - h->stay[i].begin;
	}
	if (!spare || end - begin < LEAT_STAY_BYTES || taken > h->out.size / 2)
		return NULL;
	spare->stay.release = release;
	spare->ex = h->ex;
	spare->begin = begin;
	spare->end = end;
	atomic_store(&spare->used, true);
	return &spare->stay;
}

size_t leat_stay_behind(const struct leat_hand *h, size_t begin, size_t end)
{
	for (int i = 0; i < LEAT_STAYS; i++) {
		const struct leat_reply_stay *s = &h->stay[i];
		if (atomic_load(&s->used) && begin < s->end && s->begin < end)
			return s->end;
	}
	return begin;
}

void leat_stay_wait(struct leat_hand *h, size_t from)
{
	if (!h->ex)
		return; /* it was never made ready */
	pthread_mutex_lock(&h->ex->lock);
	while (leat_stay_behind(h, from, h->out.size) != from)
		pthread_cond_wait(&h->ex->changed, &h->ex->lock);
	pthread_mutex_unlock(&h->ex->lock);
}
