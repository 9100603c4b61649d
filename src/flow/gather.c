/* SPDX-License-Identifier: MIT */
/* Waiting for several futures at once. See future.h. */
#include "flow/future_own.h"

#include "base/mem.h"

#include <errno.h>

/* One future waited for. Ended ones stand in a list, in the order of their ends. */
struct waited {
	struct leat_ended callback;
	struct leat_gather *gather;
	struct leat_future *future;
	struct waited *next_all, *next_ended;
};

struct leat_gather {
	atomic_uint refs; /* the owner's, and one for every callback not yet called */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct waited *all; /* the owner's */
	struct waited *first, **last; /* ended, not given out */
	size_t left; /* not given out */
};

static void drop(struct leat_gather *g)
{
	if (atomic_fetch_sub_explicit(&g->refs, 1, memory_order_acq_rel) != 1)
		return;
	while (g->all) {
		struct waited *w = g->all;
		g->all = w->next_all;
		leat_future_unref(&w->future);
		free(w);
	}
	pthread_cond_destroy(&g->changed);
	pthread_mutex_destroy(&g->lock);
	free(g);
}

static void note_end(struct leat_future *f, void *ctx)
{
	struct waited *w = ctx;
	struct leat_gather *g = w->gather;
	(void)f;
	pthread_mutex_lock(&g->lock);
	*g->last = w;
	g->last = &w->next_ended;
	pthread_cond_signal(&g->changed);
	pthread_mutex_unlock(&g->lock);
	drop(g);
}

int leat_gather_add(struct leat_gather *g, struct leat_future *f, struct leat_err *err)
{
	struct waited *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return -1;
	w->gather = g;
	w->future = leat_future_ref(f);
	w->callback = (struct leat_ended){.fn = note_end, .ctx = w};
	pthread_mutex_lock(&g->lock);
	w->next_all = g->all;
	g->all = w;
	g->left++;
	pthread_mutex_unlock(&g->lock);
	atomic_fetch_add_explicit(&g->refs, 1, memory_order_relaxed);
	leat_future_when_ended(f, &w->callback);
	return 0;
}

struct leat_gather *leat_gather_new(struct leat_future *const *v, size_t n, struct leat_err *err)
{
	struct leat_gather *g = leat_zalloc(1, sizeof *g, err);
	pthread_condattr_t monotonic;
	if (!g)
		return NULL;
	atomic_init(&g->refs, 1);
	g->last = &g->first;
	pthread_mutex_init(&g->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&g->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	for (size_t i = 0; i < n; i++)
		if (leat_gather_add(g, v[i], err) < 0) {
			leat_gather_free(&g);
			return NULL;
		}
	return g;
}

struct leat_future *leat_gather_next(struct leat_gather *g, int64_t timeout_ns, size_t *left)
{
	struct timespec until = leat_future_deadline(timeout_ns < 0 ? 0 : timeout_ns);
	struct leat_future *f = NULL;
	int late = 0;
	pthread_mutex_lock(&g->lock);
	while (!g->first && g->left && late != ETIMEDOUT)
		late = timeout_ns < 0 ? pthread_cond_wait(&g->changed, &g->lock)
				      : pthread_cond_timedwait(&g->changed, &g->lock, &until);
	if (g->first) {
		f = g->first->future;
		g->first = g->first->next_ended;
		if (!g->first)
			g->last = &g->first;
		g->left--;
	}
	if (left)
		*left = g->left;
	pthread_mutex_unlock(&g->lock);
	return f;
}

void leat_gather_free(struct leat_gather **gp)
{
	struct leat_gather *g = *gp;
	*gp = NULL;
	if (!g)
		return;
	for (struct waited *w = g->all; w; w = w->next_all)
		if (leat_future_forget(w->future, &w->callback))
			atomic_fetch_sub_explicit(&g->refs, 1,
						  memory_order_relaxed); /* not the owner's: never the last */
	drop(g);
}
