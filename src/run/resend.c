/* SPDX-License-Identifier: MIT */
/*
 * Tasks that are sent again. Who ends a task must not wait for room in the queue that the task came from, so one
 * thread of the run does: it keeps what waits for the next try of a step that failed for a reason that can pass, and
 * sends it then; and it sends what has waited for memory (go.c).
 *
 * A stop ends the waiting for a next try at once: the item has then failed for the reason it had.
 */
#include "base/sys.h"
#include "run/engine.h"

#include <signal.h>

struct leat_resend {
	struct leat_run *run;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	struct leat_run_task *first; /* by the time at which they are due */
	bool closed;
};

static bool stopping(const struct leat_resend *s)
{
	return leat_cancel_get(&s->run->cancel) != LEAT_STOP_NO;
}

/* With the lock held: sleeps until one is due, and takes it. NULL: closed, and none is left. */
static struct leat_run_task *wait_for_due(struct leat_resend *s)
{
	for (;;) {
		struct leat_run_task *t = s->first;
		if (t && (t->due_ns <= leat_now_ns() || stopping(s))) {
			s->first = t->next;
			return t;
		}
		if (!t && s->closed)
			return NULL;
		if (!t) {
			pthread_cond_wait(&s->changed, &s->lock);
			continue;
		}
		struct timespec until = {.tv_sec = t->due_ns / 1000000000, .tv_nsec = t->due_ns % 1000000000};
		(void)pthread_cond_timedwait(&s->changed, &s->lock, &until); /* woken or late: it looks again */
	}
}

static void *work(void *arg)
{
	struct leat_resend *s = arg;
	(void)pthread_setname_np(pthread_self(), "again"); /* only for people to see */
	pthread_mutex_lock(&s->lock);
	for (struct leat_run_task *t; (t = wait_for_due(s));) {
		pthread_mutex_unlock(&s->lock);
		if (t->why.cause == LEAT_CAUSE_CANCELLED || (stopping(s) && t->why.cause != LEAT_CAUSE_NONE))
			leat_task_give_up(t);
		else
			leat_task_send(t);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

struct leat_resend *leat_resend_new(struct leat_run *r, struct leat_err *err)
{
	pthread_condattr_t monotonic;
	struct leat_resend *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return NULL;
	s->run = r;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return s;
}

/* Is there anything that may be sent again? */
static bool needed(const struct leat_plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].retries)
			return true;
	for (size_t i = 0; i < p->n_groups; i++)
		if (p->groups[i].type->mode == LEAT_ON_PROCESSES)
			return true;
	return false;
}

int leat_resend_start(struct leat_resend *s, struct leat_err *err)
{
	sigset_t block, before;
	if (!needed(s->run->plan))
		return 0;
	sigfillset(&block); /* signals are the host program's */
	pthread_sigmask(SIG_SETMASK, &block, &before);
	int sys = pthread_create(&s->thread, NULL, work, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	s->started = sys == 0;
	return sys == 0 ? 0 : leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start a thread");
}

void leat_resend_at(struct leat_resend *s, struct leat_run_task *t, int64_t due_ns)
{
	t->due_ns = due_ns;
	pthread_mutex_lock(&s->lock);
	struct leat_run_task **at = &s->first;
	while (*at && (*at)->due_ns <= due_ns)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void leat_resend_look(struct leat_resend *s)
{
	pthread_mutex_lock(&s->lock);
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void leat_resend_free(struct leat_resend **sp)
{
	struct leat_resend *s = *sp;
	*sp = NULL;
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->closed = true;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (s->started)
		pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
