/* SPDX-License-Identifier: MIT */
/*
 * Time limits. Which task a worker is at, and since when, is read from the first page of its output slab: a
 * hint that is believed only where it can be true, and never beyond the sum of the limits.
 */
#include "base/sys.h"
#include "exec/processes/pool.h"

#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* A frozen process says nothing, so a worker that is silent for so long is looked at. */
static const int64_t silence_ns = 2000000000;

int64_t leat_watch_at(const struct leat_flight *f, int64_t from)
{
	int64_t wait = silence_ns;
	for (int i = 0; i < f->n; i++) /* any of them may be the one that takes long */
		if (f->task[i]->timeout_ns > 0 && f->task[i]->timeout_ns < wait)
			wait = f->task[i]->timeout_ns;
	return from + wait;
}

struct now_at { /* the task that the worker seems to be at */
	const struct leat_task *task;
	uint64_t seq;
	int64_t since;
};

static struct now_at look(const struct leat_hand *h, const struct leat_flight *f, int64_t now)
{
	const struct leat_progress *p = (const struct leat_progress *)h->out.map;
	int64_t base = f->sent_ns > h->last_reply_ns ? f->sent_ns : h->last_reply_ns;
	int64_t latest = base; /* the task cannot have begun later than the limits of those before it allow */
	struct now_at at = {f->task[f->answered], f->seq + (uint64_t)f->answered, base};
	uint64_t seq = atomic_load_explicit(&p->seq, memory_order_acquire);
	int64_t start = atomic_load_explicit(&p->start_ns, memory_order_relaxed);
	if (seq < at.seq || seq >= f->seq + (uint64_t)f->n)
		return at;
	for (; at.seq < seq; at.seq++)
		latest = f->task[at.seq - f->seq]->timeout_ns > 0
				 ? latest + f->task[at.seq - f->seq]->timeout_ns + LEAT_GRACE_NS
				 : now;
	at.task = f->task[seq - f->seq];
	if (start > base && start <= now)
		at.since = start < latest ? start : latest;
	return at;
}

static bool frozen(const struct leat_hand *h)
{
	siginfo_t si = {0};
	return waitid(P_PIDFD, (id_t)h->pidfd, &si, WSTOPPED | WNOHANG | WNOWAIT) == 0 && si.si_pid != 0;
}

static int condemn(struct leat_hand *h, enum leat_verdict v)
{
	h->stopped_seen = frozen(h);
	h->verdict = v;
	return -1;
}

static void ask_to_stop(struct leat_hand *h, uint64_t seq, int64_t now)
{
	siginfo_t si = {.si_signo = SIGTERM, .si_code = SI_QUEUE};
	si.si_value.sival_ptr = (void *)(uintptr_t)seq;
	si.si_pid = getpid();
	si.si_uid = getuid();
	(void)pidfd_send_signal(h->pidfd, SIGTERM, &si, 0); /* a dead one is noticed elsewhere */
	h->soft_seq = seq;
	h->soft_ns = now;
}

int leat_watch(struct leat_hand *h)
{
	const struct leat_flight *f = NULL;
	for (int i = 0; i < h->n_flights && !f; i++)
		if (h->flight[i]->answered < h->flight[i]->n)
			f = h->flight[i];
	if (!f)
		return 0;
	int64_t now = leat_now_ns();
	struct now_at at = look(h, f, now);
	int64_t next = now + silence_ns;
	if (at.task->timeout_ns > 0) {
		int64_t end = at.since + at.task->timeout_ns;
		if (now >= end && h->soft_seq != at.seq)
			ask_to_stop(h, at.seq, now);
		if (h->soft_seq == at.seq)
			end = h->soft_ns + LEAT_GRACE_NS;
		if (now >= end)
			return condemn(h, LEAT_KILL_TIMEOUT);
		next = end < next ? end : next;
	} else if (now - at.since >= silence_ns) {
		bool stopped = frozen(h);
		if (stopped && h->stopped_seen)
			return condemn(h, LEAT_KILL_FROZEN);
		h->stopped_seen = stopped;
	}
	leat_hand_arm(h, next);
	return 0;
}
