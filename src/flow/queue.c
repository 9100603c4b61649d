/* SPDX-License-Identifier: MIT */
/* The bounded queue: in each lane a list through the tasks themselves; one mutex for all. */
#include "flow/queue.h"

#include "base/mem.h"

#include <pthread.h>

enum { MOST_LANES = 4096 };

struct lane {
	struct leat_lane max;
	struct leat_task *head, *tail;
	uint64_t count, bytes; /* what is in it now */
	pthread_cond_t not_full;
};

struct leat_queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty;
	struct lane *lanes;
	int n;
	uint64_t count; /* in all lanes */
	uint64_t peak;
	bool largest_first;
	bool closed; /* no more pushes */
	bool aborted; /* no more pops either */
};

struct leat_queue *leat_queue_new(const struct leat_lane *lanes, int n, bool largest_first, struct leat_err *err)
{
	for (int i = 0; i < n; i++)
		if (!lanes[i].items) {
			leat_fail(err, LEAT_CAUSE_INTERNAL, "a queue needs room for at least one item");
			return NULL;
		}
	if (n < 1 || n > MOST_LANES) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "a queue of %d lanes", n);
		return NULL;
	}
	struct leat_queue *q = leat_zalloc(1, sizeof *q, err);
	if (!q)
		return NULL;
	q->lanes = leat_zalloc((size_t)n, sizeof *q->lanes, err);
	if (!q->lanes) {
		free(q);
		return NULL;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	for (q->n = 0; q->n < n; q->n++) {
		q->lanes[q->n].max = lanes[q->n];
		pthread_cond_init(&q->lanes[q->n].not_full, NULL);
	}
	q->largest_first = largest_first;
	return q;
}

void leat_queue_free(struct leat_queue **q)
{
	if (!*q)
		return;
	for (int i = 0; i < (*q)->n; i++)
		pthread_cond_destroy(&(*q)->lanes[i].not_full);
	pthread_cond_destroy(&(*q)->not_empty);
	pthread_mutex_destroy(&(*q)->lock);
	free((*q)->lanes);
	free(*q);
	*q = NULL;
}

/* Must an entry of `bytes` wait? An empty lane takes anything: a large entry would wait for ever. */
static bool full_for(const struct lane *l, size_t bytes)
{
	if (!l->count)
		return false;
	if (l->count >= l->max.items)
		return true;
	return l->max.bytes && (l->bytes >= l->max.bytes || bytes > l->max.bytes - l->bytes);
}

static void append(struct leat_queue *q, struct lane *l, struct leat_task *t)
{
	t->next = NULL;
	t->passed = 0;
	if (l->tail)
		l->tail->next = t;
	else
		l->head = t;
	l->tail = t;
	l->count++;
	l->bytes += t->bytes;
	if (++q->count > q->peak)
		q->peak = q->count;
}

static struct lane *lane_of(struct leat_queue *q, const struct leat_task *t)
{
	return &q->lanes[t->lane < q->n ? t->lane : q->n - 1];
}

static int push(struct leat_queue *q, struct leat_task *t, bool wait)
{
	struct lane *l = lane_of(q, t);
	pthread_mutex_lock(&q->lock);
	while (wait && !q->closed && full_for(l, t->bytes))
		pthread_cond_wait(&l->not_full, &q->lock);
	int result = q->closed ? -1 : full_for(l, t->bytes) ? 1 : 0;
	if (result == 0) {
		append(q, l, t);
		pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return result;
}

int leat_queue_push(struct leat_queue *q, struct leat_task *t)
{
	return push(q, t, true);
}

int leat_queue_try_push(struct leat_queue *q, struct leat_task *t)
{
	return push(q, t, false);
}

struct leat_task *leat_queue_choice(struct leat_task *head)
{
	struct leat_task *before = NULL, *at = head;
	if (!at->next || at->passed >= LEAT_QUEUE_PASSES)
		return NULL;
	size_t most = at->bytes < SIZE_MAX / 2 ? 2 * at->bytes : SIZE_MAX;
	for (int i = 1; i < LEAT_QUEUE_LOOK && at->next; i++, at = at->next)
		if (at->next->bytes >= most && at->next->bytes > (before ? before->next->bytes : 0))
			before = at;
	return before;
}

/*
 * After an entry was taken. In a long queue who waits for room is told when half of it is free, not for every entry: a
 * wake-up costs more than a small item. By bytes one entry may make room for several, and the one woken may not be one
 * that fits: then all are.
 */
static void tell_room(struct lane *l)
{
	enum { LONG = 32 };
	if (l->max.items < LONG && !l->max.bytes)
		pthread_cond_signal(&l->not_full);
	else if (l->max.items < LONG ||
		 (l->count <= l->max.items / 2 && (!l->max.bytes || l->bytes <= l->max.bytes / 2)))
		pthread_cond_broadcast(&l->not_full);
}

/* The next entry of the lane, which has one. The caller holds the lock. */
static struct leat_task *take_from(struct leat_queue *q, struct lane *l)
{
	struct leat_task *before = q->largest_first && !l->max.in_order ? leat_queue_choice(l->head) : NULL;
	struct leat_task *t = before ? before->next : l->head;
	l->head->passed += before != NULL;
	if (before)
		before->next = t->next;
	else
		l->head = t->next;
	if (l->tail == t)
		l->tail = before;
	t->next = NULL;
	q->count--;
	l->count--;
	l->bytes -= t->bytes;
	tell_room(l);
	return t;
}

/* The next entry of the highest lane that has one, or NULL. The caller holds the lock. */
static struct leat_task *take(struct leat_queue *q)
{
	for (int i = q->n - 1; q->count && i >= 0; i--)
		if (q->lanes[i].head)
			return take_from(q, &q->lanes[i]);
	return NULL;
}

int leat_queue_exchange(struct leat_queue *q, struct leat_task *t, struct leat_task **instead)
{
	struct lane *l = lane_of(q, t);
	*instead = NULL;
	pthread_mutex_lock(&q->lock);
	int result = q->closed ? -1 : 0;
	if (result == 0) {
		bool full = full_for(l, t->bytes);
		append(q, l, t);
		if (full)
			*instead = take_from(q, l);
		else
			pthread_cond_signal(&q->not_empty);
	}
	pthread_mutex_unlock(&q->lock);
	return result;
}

struct leat_task *leat_queue_pop_unless(struct leat_queue *q, const atomic_bool *leave)
{
	pthread_mutex_lock(&q->lock);
	while (!q->count && !q->closed && !(leave && atomic_load(leave)))
		pthread_cond_wait(&q->not_empty, &q->lock);
	bool none = q->aborted || (leave && atomic_load(leave));
	struct leat_task *t = none ? NULL : take(q);
	if (none && q->count)
		pthread_cond_signal(&q->not_empty); /* the wake-up was for somebody who stays */
	pthread_mutex_unlock(&q->lock);
	return t;
}

struct leat_task *leat_queue_pop(struct leat_queue *q)
{
	return leat_queue_pop_unless(q, NULL);
}

struct leat_task *leat_queue_try_pop(struct leat_queue *q)
{
	pthread_mutex_lock(&q->lock);
	struct leat_task *t = q->aborted ? NULL : take(q);
	pthread_mutex_unlock(&q->lock);
	return t;
}

void leat_queue_wake(struct leat_queue *q)
{
	pthread_mutex_lock(&q->lock);
	pthread_cond_broadcast(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}

static void shut(struct leat_queue *q, bool abort)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	q->aborted = q->aborted || abort;
	for (int i = 0; i < q->n; i++)
		pthread_cond_broadcast(&q->lanes[i].not_full);
	pthread_cond_broadcast(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}

void leat_queue_close(struct leat_queue *q)
{
	shut(q, false);
}

void leat_queue_abort(struct leat_queue *q)
{
	shut(q, true);
}

struct leat_task *leat_queue_drain(struct leat_queue *q)
{
	pthread_mutex_lock(&q->lock);
	struct leat_task *t = q->aborted ? take(q) : NULL;
	pthread_mutex_unlock(&q->lock);
	return t;
}

uint64_t leat_queue_peak(struct leat_queue *q)
{
	pthread_mutex_lock(&q->lock);
	uint64_t peak = q->peak;
	pthread_mutex_unlock(&q->lock);
	return peak;
}
