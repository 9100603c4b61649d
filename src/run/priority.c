/* SPDX-License-Identifier: MIT */
/*
 * See priority.h. In Linux both priorities belong to a thread, and new threads and processes begin with their maker's.
 */
#include "run/priority.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct call {
	const struct leat_job *job;
	struct leat_summary *summary;
	int (*go)(void *ctx, struct leat_err *err);
	void *ctx;
	struct leat_err *err;
	int result;
};

/* The numbers of ioprio_set(2), for which libc has no words. */
static int lower_io(enum leat_ionice class)
{
	enum { WHO_PROCESS = 1, CLASS_SHIFT = 13, BEST_EFFORT = 2, IDLE = 3, LAST = 7 };
	long value = class == LEAT_IONICE_IDLE ? IDLE << CLASS_SHIFT : BEST_EFFORT << CLASS_SHIFT | LAST;
	return syscall(SYS_ioprio_set, WHO_PROCESS, 0, value) < 0 ? -1 : 0;
}

/* Whoever started leat with less already keeps that: nice= only lowers. */
static int lower_cpu(int nice)
{
	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0);
	if (now == -1 && errno)
		return -1;
	return nice > now ? setpriority(PRIO_PROCESS, 0, nice) : 0;
}

static void tell(struct call *c, const char *option)
{
	char text[160];
	(void)snprintf(text, sizeof text, "%s= could not be set: %s", option, strerrordesc_np(errno)); /* short */
	(void)leat_summary_notice(c->summary, text, c->err);
}

static void *work(void *arg)
{
	struct call *c = arg;
	(void)pthread_setname_np(pthread_self(), "run"); /* only for people to see */
	if (c->job->nice && lower_cpu(c->job->nice) < 0)
		tell(c, "nice");
	if (c->job->ionice && lower_io(c->job->ionice) < 0)
		tell(c, "ionice");
	c->result = c->go(c->ctx, c->err);
	return NULL;
}

int leat_priority_run(const struct leat_job *job, struct leat_summary *s, int (*go)(void *ctx, struct leat_err *err),
		      void *ctx, struct leat_err *err)
{
	struct call c = {.job = job, .summary = s, .go = go, .ctx = ctx, .err = err};
	sigset_t block, before;
	pthread_t thread;
	if (!job->nice && !job->ionice)
		return go(ctx, err);
	sigfillset(&block); /* signals are the host program's */
	pthread_sigmask(SIG_SETMASK, &block, &before);
	int sys = pthread_create(&thread, NULL, work, &c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (sys)
		return leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start a thread");
	pthread_join(thread, NULL);
	return c.result;
}
