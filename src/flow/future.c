/* SPDX-License-Identifier: MIT */
/* One future: its states, its end, its callbacks. See future.h. */
#include "flow/future_own.h"

#include "base/mem.h"
#include "base/sys.h"

#include <errno.h>
#include <time.h>

void leat_future_init(struct leat_future *f, const struct leat_future_class *cls)
{
	pthread_condattr_t monotonic;
	f->cls = cls;
	atomic_init(&f->refs, 1);
	atomic_init(&f->state, LEAT_FUTURE_PENDING);
	f->last = &f->first;
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&f->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct leat_future *leat_future_ref(struct leat_future *f)
{
	atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
	return f;
}

void leat_future_unref(struct leat_future **fp)
{
	struct leat_future *f = *fp;
	*fp = NULL;
	if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
		return;
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	f->cls->release(f);
}

enum leat_future_state leat_future_state(const struct leat_future *f)
{
	return atomic_load_explicit(&f->state, memory_order_acquire);
}

bool leat_future_begin(struct leat_future *f)
{
	enum leat_future_state expected = LEAT_FUTURE_PENDING;
	return atomic_compare_exchange_strong(&f->state, &expected, LEAT_FUTURE_RUNNING) ||
	       expected == LEAT_FUTURE_RUNNING;
}

void leat_future_end(struct leat_future *f, enum leat_future_state state, const struct leat_err *err)
{
	pthread_mutex_lock(&f->lock);
	if (f->ended) { /* cancelled before: its place in the queue has come up only now */
		pthread_mutex_unlock(&f->lock);
		return;
	}
	if (err)
		f->err = *err;
	atomic_store_explicit(&f->state, state, memory_order_release);
	f->ended = true;
	struct leat_ended *e = f->first;
	f->first = NULL;
	f->last = &f->first;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	while (e) {
		struct leat_ended *next = e->next; /* e may be gone after the call */
		e->fn(f, e->ctx);
		e = next;
	}
}

bool leat_future_ended(struct leat_future *f)
{
	pthread_mutex_lock(&f->lock);
	bool ended = f->ended;
	pthread_mutex_unlock(&f->lock);
	return ended;
}

void leat_future_when_ended(struct leat_future *f, struct leat_ended *e)
{
	e->next = NULL;
	pthread_mutex_lock(&f->lock);
	bool ended = f->ended;
	if (!ended) {
		*f->last = e;
		f->last = &e->next;
	}
	pthread_mutex_unlock(&f->lock);
	if (ended)
		e->fn(f, e->ctx);
}

bool leat_future_forget(struct leat_future *f, struct leat_ended *e)
{
	bool found = false;
	pthread_mutex_lock(&f->lock);
	for (struct leat_ended **p = &f->first; *p && !found; p = &(*p)->next) {
		if (*p != e)
			continue;
		found = true;
		*p = e->next;
		if (f->last == &e->next)
			f->last = p;
		break;
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}

bool leat_future_withdraw(struct leat_future *f)
{
	static const struct leat_err cancelled = {.cause = LEAT_CAUSE_CANCELLED, .text = "cancelled before it began"};
	enum leat_future_state expected = LEAT_FUTURE_PENDING;
	if (!atomic_compare_exchange_strong(&f->state, &expected, LEAT_FUTURE_CANCELLED))
		return false;
	leat_future_end(f, LEAT_FUTURE_CANCELLED, &cancelled);
	return true;
}

struct timespec leat_future_deadline(int64_t timeout_ns)
{
	int64_t now = leat_now_ns();
	int64_t at = timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
	return (struct timespec){.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
}

bool leat_future_wait(struct leat_future *f, int64_t timeout_ns)
{
	struct timespec until = leat_future_deadline(timeout_ns < 0 ? 0 : timeout_ns);
	int late = 0;
	pthread_mutex_lock(&f->lock);
	while (!f->ended && late != ETIMEDOUT)
		late = timeout_ns < 0 ? pthread_cond_wait(&f->changed, &f->lock)
				      : pthread_cond_timedwait(&f->changed, &f->lock, &until);
	bool ended = f->ended;
	pthread_mutex_unlock(&f->lock);
	return ended;
}
