/* SPDX-License-Identifier: MIT */
/* See deadline.h. The wall clock decides, looked at anew every few seconds: clocks are set, and machines sleep. */
#include "run/deadline.h"

#include "base/sys.h"
#include "core/zone.h"
#include "run/engine.h"

#include <signal.h>

struct leat_deadline {
	struct leat_run *run;
	int64_t at_ns; /* wall clock */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	bool over;
};

int64_t leat_deadline_of(const struct leat_job *job, int64_t started_ns)
{
	const int64_t second = 1000000000;
	if (!job->deadline)
		return 0;
	if (job->deadline_ns > 0)
		return job->deadline_ns < INT64_MAX - started_ns ? started_ns + job->deadline_ns : INT64_MAX;
	return leat_zone_next_clock(&leat_zone_local, started_ns / second, job->deadline_at) * second;
}

static void *work(void *arg)
{
	const int64_t look_again = 5ll * 1000000000;
	struct leat_deadline *d = arg;
	int64_t left;
	(void)pthread_setname_np(pthread_self(), "deadline"); /* only for people to see */
	pthread_mutex_lock(&d->lock);
	while (!d->over && (left = d->at_ns - leat_wall_ns()) > 0) {
		int64_t until = leat_now_ns() + (left < look_again ? left : look_again);
		struct timespec ts = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
		(void)pthread_cond_timedwait(&d->changed, &d->lock, &ts); /* woken or late: it looks again */
	}
	bool reached = !d->over;
	pthread_mutex_unlock(&d->lock);
	if (reached) {
		atomic_store(&d->run->deadline_over, true);
		leat_run_raise(d->run, LEAT_STOP_DRAIN);
	}
	return NULL;
}

static int start(struct leat_deadline *d, struct leat_err *err)
{
	sigset_t block, before;
	pthread_condattr_t monotonic;
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&d->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	sigfillset(&block); /* signals are the host program's */
	pthread_sigmask(SIG_SETMASK, &block, &before);
	int sys = pthread_create(&d->thread, NULL, work, d);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (sys == 0)
		return 0;
	pthread_cond_destroy(&d->changed);
	pthread_mutex_destroy(&d->lock);
	return leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start a thread");
}

int leat_deadline_start(struct leat_deadline **out, struct leat_run *r, struct leat_err *err)
{
	int64_t at = leat_deadline_of(&r->plan->job, r->facts->run.started_ns);
	*out = NULL;
	if (at == 0)
		return 0;
	struct leat_deadline *d = leat_zalloc(1, sizeof *d, err);
	if (!d)
		return -1;
	d->run = r;
	d->at_ns = at;
	if (start(d, err) < 0) {
		free(d);
		return -1;
	}
	*out = d;
	return 0;
}

void leat_deadline_stop(struct leat_deadline **dp)
{
	struct leat_deadline *d = *dp;
	*dp = NULL;
	if (!d)
		return;
	pthread_mutex_lock(&d->lock);
	d->over = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	pthread_cond_destroy(&d->changed);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
