/* SPDX-License-Identifier: MIT */
/* A new worker: started, greeted, and waited for until it has shown that it can work here. See pool.h. */
#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/exe.h"
#include "exec/processes/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MS = 30000 };

static int greet(struct leat_hand *h, struct leat_err *err)
{
	struct leat_runner *ex = h->ex;
	h->has = ex->o.wants ? atomic_load(ex->o.wants) : 0;
	struct leat_hello hello = {
		.magic = LEAT_HELLO_MAGIC,
		.descriptor = sizeof(struct leat_wire),
		.isolate = (uint32_t)ex->o.isolate,
		.slab_bytes = ex->o.slab_bytes,
		.program_len = ex->o.program_len,
		.data_limit = ex->o.worker_base + ex->o.worker_memory,
		.limits_itself = ex->limits_itself,
		.parent = getpid(),
		.index = (uint32_t)h->index,
		.probe = ex->probe,
		.aside = ex->o.asides,
		.team = (uint32_t)ex->o.team,
		.wants = h->has,
	};
	int fd[3] = {h->in_readonly, h->out.fd, ex->program};
	leat_exe_build(ex->own, hello.build);
	return leat_start_hello(h->sock, &hello, fd, err);
}

enum answer { READY, DIED, REFUSED, NOT_STARTED };

static enum answer wait_for_answer(struct leat_hand *h, struct leat_ready *r, struct leat_err *err)
{
	struct pollfd p = {.fd = h->sock, .events = POLLIN};
	int n;
	while ((n = poll(&p, 1, ANSWER_MS)) < 0 && errno == EINTR)
		;
	ssize_t got = n > 0 ? recv(h->sock, r, sizeof *r, MSG_DONTWAIT) : 0;
	const struct leat_wire *w = (const void *)r;
	if (n == 0)
		h->verdict = LEAT_KILL_TIMEOUT;
	if (got == sizeof *w && w->type == LEAT_W_VIOLATION) {
		h->verdict = LEAT_KILL_VIOLATION;
		h->violation = w->value;
	}
	if (got != sizeof *r || r->magic != LEAT_HELLO_MAGIC)
		return DIED;
	if (r->status == LEAT_READY_OK)
		return READY;
	r->err.text[sizeof r->err.text - 1] = 0;
	const char *path = h->ex->o.worker_path; /* NULL: this program */
	leat_fail(err, r->status == LEAT_READY_MISMATCH ? LEAT_CAUSE_MISMATCH : r->err.cause,
		  "a worker%s%.200s%s cannot begin: %.250s", path ? " ('" : "", path ? path : "", path ? "')" : "",
		  r->err.text);
	return REFUSED;
}

/* isolate=require: every part must be there. */
static int judge_protection(const struct leat_runner *ex, const struct leat_protection *p, struct leat_err *err)
{
	enum leat_guard gap = leat_protection_gap(p);
	if (ex->o.isolate != LEAT_ISOLATE_REQUIRE || gap == LEAT_N_GUARDS)
		return 0;
	return leat_fail(err, LEAT_CAUSE_SANDBOX, "isolate=require, but the sandbox lacks %s here: %s",
			 leat_guard_name(gap), p->part[gap].how);
}

/* With the lock held. The first worker that lives tells what protects us. */
static void welcome(struct leat_hand *h, const struct leat_protection *p)
{
	struct leat_runner *ex = h->ex;
	ex->protection = *p;
	ex->early = ex->early_kills = 0;
	ex->ready++;
	pthread_cond_broadcast(&ex->changed);
}

/* It died before it could say a word. True when that was once too often. */
static bool too_often(struct leat_hand *h, bool outside, struct leat_err *why, struct leat_err *err)
{
	struct leat_runner *ex = h->ex;
	pthread_mutex_lock(&ex->lock);
	int deaths = outside ? ++ex->early_kills : ++ex->early;
	int most = outside ? (int)LEAT_OUTSIDE_KILLS : 2 * ex->n + 3;
	pthread_mutex_unlock(&ex->lock);
	if (deaths < most)
		return false;
	leat_fail(err, why->cause,
		  "workers cannot live here: %d in a row died before their first answer; the last one: %.300s", deaths,
		  why->text);
	return true;
}

/* Starts it so that who stops the pool can see it. 0, or -1 with *err. */
static int start(struct leat_hand *h, struct leat_err *err)
{
	struct leat_runner *ex = h->ex;
	struct leat_start s = {.exe = ex->exe, .env = ex->env};
	if (leat_slab_taken(&h->out) > h->out.backed)
		leat_slab_trim(&h->out, h->out.backed); /* what the last one left where it should not */
	if (leat_start(&s, err) < 0)
		return -1;
	pthread_mutex_lock(&ex->lock);
	h->pidfd = s.pidfd;
	h->pid = s.pid;
	if (ex->aborted) /* who stops the pool has looked for workers already */
		(void)pidfd_send_signal(s.pidfd, SIGKILL, NULL, 0);
	pthread_mutex_unlock(&ex->lock);
	h->sock = s.sock;
	h->tasks = h->rss_first = h->soft_limit = h->soft_seq = 0;
	h->retire = h->stopped_seen = false;
	h->verdict = LEAT_KILL_NONE;
	h->blameless = -1;
	return 0;
}

static bool ended(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	bool no_more = ex->aborted || ex->broken || (ex->closed && !ex->head && !ex->again);
	pthread_mutex_unlock(&ex->lock);
	return no_more;
}

/* READY, DIED (why in *why, *outside) or REFUSED (*err). */
static enum answer attempt(struct leat_hand *h, bool *outside, struct leat_err *why, struct leat_err *err)
{
	struct leat_ready r;
	if (start(h, why) < 0)
		return NOT_STARTED;
	enum answer a = greet(h, why) < 0 ? DIED : wait_for_answer(h, &r, err);
	if (a == READY && judge_protection(h->ex, &r.protection, err) < 0)
		a = REFUSED;
	if (a == READY) {
		h->limited = r.limited;
		pthread_mutex_lock(&h->ex->lock);
		leat_usage_begin(&h->usage, h->pid);
		welcome(h, &r.protection);
		pthread_mutex_unlock(&h->ex->lock);
		return READY;
	}
	if (a == REFUSED)
		h->verdict = LEAT_KILL_RETIRED;
	*why = (struct leat_err){0};
	*outside = leat_fate_why(h, true, why);
	return a;
}

int leat_birth(struct leat_hand *h)
{
	const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
	while (!ended(h->ex)) {
		struct leat_err why = {0}, err = {0};
		bool outside = false;
		enum answer a = attempt(h, &outside, &why, &err);
		if (a == READY)
			return 0;
		if (a == NOT_STARTED)
			/* processes or descriptors may be short for a moment only */
			(void)nanosleep(&pause, NULL);
		if (a != REFUSED && !too_often(h, outside, &why, &err))
			continue;
		leat_pool_break(h->ex, &err);
	}
	return -1;
}
