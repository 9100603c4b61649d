/* SPDX-License-Identifier: MIT */
/*
 * Back into order: a ring of what came too early, indexed by sequence number. Its size follows the
 * widest window the caller ever opened.
 */
#include "flow/reorder.h"

#include "base/mem.h"

#include <pthread.h>

struct slot {
	void *thing;
	bool given;
};

struct leat_reorder {
	pthread_mutex_t lock;
	leat_deliver_fn *fn;
	void *ctx;
	struct slot *ring; /* seq stands at seq % cap; only next … next+cap-1 can be there */
	size_t cap; /* a power of two */
	uint64_t next; /* first one not delivered */
	bool delivering; /* some thread is in fn; it will take what has come meanwhile */
};

/* A wider window than this is a caller without bounds. */
enum { FIRST_CAP = 64, MAX_CAP = 1 << 26 };

struct leat_reorder *leat_reorder_new(leat_deliver_fn *fn, void *ctx, struct leat_err *err)
{
	struct leat_reorder *r = leat_zalloc(1, sizeof *r, err);
	if (!r)
		return NULL;
	r->ring = leat_zalloc(FIRST_CAP, sizeof *r->ring, err);
	if (!r->ring) {
		free(r);
		return NULL;
	}
	pthread_mutex_init(&r->lock, NULL);
	r->cap = FIRST_CAP;
	r->fn = fn;
	r->ctx = ctx;
	return r;
}

static struct slot *slot_of(const struct leat_reorder *r, uint64_t seq)
{
	return &r->ring[seq & (r->cap - 1)];
}

/* Makes room for everything up to `seq`. */
static int widen(struct leat_reorder *r, uint64_t seq, struct leat_err *err)
{
	uint64_t window = seq - r->next;
	if (window < r->cap)
		return 0;
	if (window >= MAX_CAP)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "%llu results wait for an earlier one",
				 (unsigned long long)window);
	size_t cap = r->cap;
	while (cap <= window)
		cap *= 2;
	struct slot *ring = leat_zalloc(cap, sizeof *ring, err);
	if (!ring)
		return -1;
	for (uint64_t s = r->next; s < r->next + r->cap; s++)
		ring[s & (cap - 1)] = *slot_of(r, s);
	free(r->ring);
	r->ring = ring;
	r->cap = cap;
	return 0;
}

/* Delivers all that is in order now. Entered and left with the lock held; free of it while fn runs. */
static void deliver_run(struct leat_reorder *r)
{
	r->delivering = true;
	for (struct slot *s = slot_of(r, r->next); s->given; s = slot_of(r, r->next)) {
		uint64_t seq = r->next;
		void *thing = s->thing;
		if (thing) {
			pthread_mutex_unlock(&r->lock);
			r->fn(r->ctx, seq, thing);
			pthread_mutex_lock(&r->lock);
		}
		*slot_of(r, seq) = (struct slot){0}; /* looked up again: the ring may have moved meanwhile */
		r->next++;
	}
	r->delivering = false;
}

int leat_reorder_give(struct leat_reorder *r, uint64_t seq, void *thing, struct leat_err *err)
{
	int result = 0;
	pthread_mutex_lock(&r->lock);
	if (seq < r->next || (seq - r->next < r->cap && slot_of(r, seq)->given))
		result = leat_fail(err, LEAT_CAUSE_INTERNAL, "sequence number %llu was given twice",
				   (unsigned long long)seq);
	else
		result = widen(r, seq, err);
	if (result == 0) {
		*slot_of(r, seq) = (struct slot){.thing = thing, .given = true};
		if (!r->delivering)
			deliver_run(r);
	}
	pthread_mutex_unlock(&r->lock);
	return result;
}

uint64_t leat_reorder_next(struct leat_reorder *r)
{
	pthread_mutex_lock(&r->lock);
	uint64_t next = r->next;
	pthread_mutex_unlock(&r->lock);
	return next;
}

void leat_reorder_free(struct leat_reorder **rp, void (*drop)(void *ctx, void *thing), void *ctx)
{
	struct leat_reorder *r = *rp;
	*rp = NULL;
	if (!r)
		return;
	for (uint64_t s = r->next; s < r->next + r->cap; s++)
		if (slot_of(r, s)->given && slot_of(r, s)->thing && drop)
			drop(ctx, slot_of(r, s)->thing);
	pthread_mutex_destroy(&r->lock);
	free(r->ring);
	free(r);
}
