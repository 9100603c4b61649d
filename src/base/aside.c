/* SPDX-License-Identifier: MIT */
/* A thread beside another one. See aside.h. */
#include "base/aside.h"

#include "base/mem.h"

#include <pthread.h>
#include <signal.h>

enum { STACK_BYTES = 256 << 10 };

struct leat_aside {
	const _Atomic uint32_t *spare;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t given_more, done_more;
	struct work {
		leat_aside_fn *fn;
		void *ctx;
	} work[LEAT_ASIDE_WORKS];
	uint64_t given, done; /* so many works, ever */
	bool runs, ends;
};

static void *run(void *arg)
{
	struct leat_aside *a = arg;
	(void)pthread_setname_np(pthread_self(), "aside"); /* only for people to see */
	pthread_mutex_lock(&a->lock);
	a->runs = true;
	pthread_cond_signal(&a->done_more);
	for (;;) {
		while (a->done == a->given && !a->ends)
			pthread_cond_wait(&a->given_more, &a->lock);
		if (a->done == a->given)
			break;
		struct work w = a->work[a->done % LEAT_ASIDE_WORKS];
		pthread_mutex_unlock(&a->lock);
		w.fn(w.ctx);
		pthread_mutex_lock(&a->lock);
		a->done++;
		pthread_cond_signal(&a->done_more);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

/* Without signals but those of its own faults. 0 or an error of errno's kind. */
static int start(struct leat_aside *a)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t block, before;
	pthread_attr_t attr;
	int sys = pthread_attr_init(&attr);
	if (sys)
		return sys;
	sigfillset(&block);
	for (size_t i = 0; i < LEAT_LEN(own); i++)
		sigdelset(&block, own[i]);
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES); /* else it has the usual one */
	pthread_sigmask(SIG_SETMASK, &block, &before);
	sys = pthread_create(&a->thread, &attr, run, a);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return sys;
}

struct leat_aside *leat_aside_new(const _Atomic uint32_t *spare, struct leat_err *err)
{
	struct leat_aside *a = leat_zalloc(1, sizeof *a, err);
	if (!a)
		return NULL;
	a->spare = spare;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->given_more, NULL);
	pthread_cond_init(&a->done_more, NULL);
	int sys = start(a);
	if (sys) {
		leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start a second thread");
		free(a);
		return NULL;
	}
	pthread_mutex_lock(&a->lock);
	while (!a->runs)
		pthread_cond_wait(&a->done_more, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return a;
}

bool leat_aside_spare(const struct leat_aside *a)
{
	return a && (!a->spare || atomic_load_explicit(a->spare, memory_order_relaxed) != 0);
}

uint64_t leat_aside_give(struct leat_aside *a, leat_aside_fn *fn, void *ctx)
{
	pthread_mutex_lock(&a->lock);
	a->work[a->given % LEAT_ASIDE_WORKS] = (struct work){fn, ctx};
	uint64_t number = ++a->given;
	pthread_cond_signal(&a->given_more);
	pthread_mutex_unlock(&a->lock);
	return number;
}

void leat_aside_wait(struct leat_aside *a, uint64_t work)
{
	pthread_mutex_lock(&a->lock);
	while (a->done < work)
		pthread_cond_wait(&a->done_more, &a->lock);
	pthread_mutex_unlock(&a->lock);
}

void leat_aside_free(struct leat_aside **ap)
{
	struct leat_aside *a = *ap;
	*ap = NULL;
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->ends = true;
	pthread_cond_signal(&a->given_more);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	pthread_cond_destroy(&a->done_more);
	pthread_cond_destroy(&a->given_more);
	pthread_mutex_destroy(&a->lock);
	free(a);
}
