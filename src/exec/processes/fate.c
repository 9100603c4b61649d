/* SPDX-License-Identifier: MIT */
/*
 * The death of a worker: why, whose fault, and what becomes of the tasks it had.
 *
 * The flight it was at is at fault: its unanswered tasks are tried once more, each alone. A task whose
 * second try kills its worker fails, with the cause. Flights behind it were not begun and simply go back. A
 * SIGKILL that neither we nor the kernel's lack of memory explains comes from outside and is nobody's
 * fault.
 */
#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/pool.h"
#include "exec/processes/seccomp.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINGER_MS = 1000, DYING_MS = 500 };

/* Waits for its end, at most `ms`, then kills. The socket is closed before or after: it ends either way. */
static void bury(struct leat_hand *h, int ms, siginfo_t *si)
{
	struct pollfd p = {.fd = h->pidfd, .events = POLLIN};
	if (ms == 0 || poll(&p, 1, ms) <= 0) {
		(void)pidfd_send_signal(h->pidfd, SIGKILL, NULL, 0);
		if (h->verdict == LEAT_KILL_NONE)
			h->verdict = LEAT_KILL_SILENT;
	}
	/* Its number and its account are good until it is reaped; nobody may look at the number after that. */
	(void)poll(&p, 1, -1);
	pthread_mutex_lock(&h->ex->lock);
	leat_usage_end(&h->usage, h->pid);
	h->pid = -1;
	pthread_mutex_unlock(&h->ex->lock);
	memset(si, 0, sizeof *si);
	/* ECHILD: the host program does not want to know about its children; then neither can we. */
	while (waitid(P_PIDFD, (id_t)h->pidfd, si, WEXITED) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&h->ex->lock);
	close(h->pidfd);
	h->pidfd = -1;
	pthread_mutex_unlock(&h->ex->lock);
	if (h->sock >= 0)
		close(h->sock);
	h->sock = -1;
}

/* Did the kernel kill for lack of memory since we last looked? */
static bool oom_killed(struct leat_runner *ex)
{
	uint64_t now = leat_sys_oom_kills();
	pthread_mutex_lock(&ex->lock);
	bool more = now > ex->oom_kills;
	ex->oom_kills = now;
	pthread_mutex_unlock(&ex->lock);
	return more;
}

static void tell_violation(uint32_t call, struct leat_err *err)
{
	const char *name = leat_seccomp_name(call);
	if (call >> 31)
		leat_fail(err, LEAT_CAUSE_SANDBOX, "the worker tried a system call of another architecture");
	else if (name)
		leat_fail(err, LEAT_CAUSE_SANDBOX, "the worker tried the system call '%s', which the sandbox forbids",
			  name);
	else
		leat_fail(err, LEAT_CAUSE_SANDBOX, "the worker tried system call %u, which the sandbox forbids", call);
}

static void tell_signal(int sig, struct leat_err *err)
{
	const char *name = sigabbrev_np(sig), *what = sigdescr_np(sig);
	if (sig == SIGSYS)
		leat_fail(err, LEAT_CAUSE_SANDBOX, "the worker tried a system call that the sandbox forbids");
	else
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker died of SIG%s (%s)", name ? name : "?",
			  what ? what : "unknown");
}

/* What the worker's own end says. True: killed from outside. */
static bool tell_end(struct leat_hand *h, const siginfo_t *si, struct leat_err *err)
{
	bool killed = si->si_code == CLD_KILLED || si->si_code == CLD_DUMPED;
	err->signal = killed ? si->si_status : 0;
	err->exit_status = si->si_code == CLD_EXITED ? si->si_status : 0;
	if (killed && si->si_status == SIGKILL) {
		if (oom_killed(h->ex)) {
			leat_fail(err, LEAT_CAUSE_MEMORY, "the kernel ran out of memory and killed the worker");
			return false;
		}
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker was killed from outside");
		return true;
	}
	if (killed)
		tell_signal(si->si_status, err);
	else if (si->si_code == CLD_EXITED)
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker ended by itself with exit code %d", si->si_status);
	else
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker is gone, and its end was not reported");
	return false;
}

bool leat_fate_why(struct leat_hand *h, bool early, struct leat_err *err)
{
	siginfo_t si;
	/* A socket that ended belongs to a process that is about to. One we have judged is not waited for. */
	bury(h, h->verdict == LEAT_KILL_NONE ? DYING_MS : 0, &si);
	switch (h->verdict) {
	case LEAT_KILL_TIMEOUT:
		leat_fail(err, LEAT_CAUSE_TIMEOUT, early ? "the worker did not answer%s" : "over its time limit%s",
			  h->stopped_seen ? "; its worker was frozen by a signal" : "");
		return false;
	case LEAT_KILL_FROZEN:
		leat_fail(err, LEAT_CAUSE_TIMEOUT, "the worker was frozen by a signal");
		return false;
	case LEAT_KILL_NONSENSE:
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker sent %s", h->nonsense);
		return false;
	case LEAT_KILL_VIOLATION:
		tell_violation(h->violation, err);
		return false;
	case LEAT_KILL_SILENT:
		leat_fail(err, LEAT_CAUSE_CRASH, "the worker closed its socket");
		return false;
	case LEAT_KILL_NONE:
	case LEAT_KILL_RETIRED:
		break;
	}
	return tell_end(h, &si, err);
}

static void end_task(struct leat_task *t, const struct leat_err *err)
{
	t->cls->cancel(t, err);
	t->cls->done(t);
}

static void fail(struct leat_task *t, const struct leat_err *why, const char *more)
{
	struct leat_err err = *why;
	size_t len = strlen(err.text);
	if (err.cause == LEAT_CAUSE_TIMEOUT && t->timeout_ns > 0 && strncmp(err.text, "over its time limit", 19) == 0) {
		char rest[LEAT_ERR_TEXT];
		snprintf(rest, sizeof rest, "%s", err.text + 19);
		len = (size_t)snprintf(err.text, sizeof err.text, "over its time limit of %lld ms%.100s",
				       (long long)(t->timeout_ns / 1000000), rest);
	}
	if (len < sizeof err.text)
		snprintf(err.text + len, sizeof err.text - len, "%s", more);
	end_task(t, &err);
}

/* What the worker noted of task `seq`; 0 where it was at another. */
static uint32_t noted(const struct leat_hand *h, uint64_t seq)
{
	const struct leat_progress *p = (const struct leat_progress *)h->out.map;
	uint64_t at = atomic_load_explicit(&p->seq, memory_order_acquire);
	return at == seq ? atomic_load_explicit(&p->note, memory_order_relaxed) : 0;
}

/* A task that was at the worker when it died. */
static void judge(struct leat_hand *h, struct leat_task *t, bool guilty, bool outside, const struct leat_err *why)
{
	if (outside && ++t->kills >= LEAT_OUTSIDE_KILLS)
		fail(t, why, " again and again");
	else if (!guilty || outside)
		leat_pool_return(h->ex, t, t->attempts > 0);
	else if (t->attempts++ == 0)
		leat_pool_return(h->ex, t, true);
	else
		fail(t, why, ", twice");
}

/* The last one first, so that the queue has them in order again. */
static void judge_all(struct leat_hand *h, bool outside, const struct leat_err *why)
{
	struct leat_flight flights[LEAT_FLIGHTS];
	int n = h->n_flights, first = 0;
	for (int i = 0; i < n; i++)
		flights[i] = *h->flight[i];
	h->n_flights = 0;
	while (first < n && flights[first].answered == flights[first].n)
		first++;
	for (int i = n - 1; i >= first; i--) {
		struct leat_flight *f = &flights[i];
		if (f->refused) { /* it was to end in any case */
			end_task(f->task[0], &f->why);
			continue;
		}
		/* Judged for an answer: only the task that was answered so is to blame. */
		int last_guilty = i > first ? -1 : h->blameless >= 0 ? f->answered : f->n - 1;
		for (int k = f->n - 1; k >= f->answered; k--) {
			f->task[k]->note = noted(h, f->seq + (uint64_t)k);
			judge(h, f->task[k], k <= last_guilty, outside, why);
		}
	}
}

void leat_fate(struct leat_hand *h)
{
	struct leat_err why = {0};
	bool outside = leat_fate_why(h, false, &why);
	judge_all(h, outside, &why);
}

void leat_retire(struct leat_hand *h)
{
	siginfo_t si;
	close(h->sock);
	h->sock = -1;
	bury(h, LINGER_MS, &si);
}
