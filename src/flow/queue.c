/* SPDX-License-Identifier: MIT */
/* The bounded queue between segments: a list through the tasks themselves, one mutex, two conditions. */
#include "flow/queue.h"

#include "base/mem.h"

#include <pthread.h>

struct leat_queue {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty;
	struct leat_task *head, *tail;
	uint64_t count, bytes; /* what is in it now */
	uint64_t max_items, max_bytes; /* max_bytes 0: no limit */
	uint64_t peak;
	bool closed; /* no more pushes */
	bool aborted; /* no more pops either */
};

struct leat_queue *leat_queue_new(uint64_t items, uint64_t bytes, struct leat_err *err)
{
	if (!items) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "a queue needs room for at least one item");
		return NULL;
	}
	struct leat_queue *q = leat_zalloc(1, sizeof *q, err);
	if (!q)
		return NULL;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_full, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	q->max_items = items;
	q->max_bytes = bytes;
	return q;
}

void leat_queue_free(struct leat_queue **q)
{
	if (!*q)
		return;
	pthread_cond_destroy(&(*q)->not_empty);
	pthread_cond_destroy(&(*q)->not_full);
	pthread_mutex_destroy(&(*q)->lock);
	free(*q);
	*q = NULL;
}

/* Must an entry of `bytes` wait? An empty queue takes anything: a large entry would wait for ever. */
static bool full_for(const struct leat_queue *q, size_t bytes)
{
	if (!q->count)
		return false;
	if (q->count >= q->max_items)
		return true;
	return q->max_bytes && (q->bytes >= q->max_bytes || bytes > q->max_bytes - q->bytes);
}

static void append(struct leat_queue *q, struct leat_task *t)
{
	t->next = NULL;
	if (q->tail)
		q->tail->next = t;
	else
		q->head = t;
	q->tail = t;
	q->bytes += t->bytes;
	if (++q->count > q->peak)
		q->peak = q->count;
}

static int push(struct leat_queue *q, struct leat_task *t, bool wait)
{
	pthread_mutex_lock(&q->lock);
	while (wait && !q->closed && full_for(q, t->bytes))
		pthread_cond_wait(&q->not_full, &q->lock);
	int result = q->closed ? -1 : full_for(q, t->bytes) ? 1 : 0;
	if (result == 0) {
		append(q, t);
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

/* The first entry, or NULL. The caller holds the lock. */
static struct leat_task *take(struct leat_queue *q)
{
	struct leat_task *t = q->head;
	if (!t)
		return NULL;
	q->head = t->next;
	if (!q->head)
		q->tail = NULL;
	t->next = NULL;
	q->count--;
	q->bytes -= t->bytes;
	/* By bytes one entry may make room for several, and the one woken may not be one that fits. */
	if (q->max_bytes)
		pthread_cond_broadcast(&q->not_full);
	else
		pthread_cond_signal(&q->not_full);
	return t;
}

struct leat_task *leat_queue_pop_unless(struct leat_queue *q, const atomic_bool *leave)
{
	pthread_mutex_lock(&q->lock);
	while (!q->head && !q->closed && !(leave && atomic_load(leave)))
		pthread_cond_wait(&q->not_empty, &q->lock);
	bool none = q->aborted || (leave && atomic_load(leave));
	struct leat_task *t = none ? NULL : take(q);
	if (none && q->head)
		pthread_cond_signal(&q->not_empty); /* the wake-up was for somebody who stays */
	pthread_mutex_unlock(&q->lock);
	return t;
}

struct leat_task *leat_queue_pop(struct leat_queue *q)
{
	return leat_queue_pop_unless(q, NULL);
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
	pthread_cond_broadcast(&q->not_full);
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
