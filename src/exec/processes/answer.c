/* SPDX-License-Identifier: MIT */
/* Replies: every word of them is checked before anything is done with it. See pool.h. */
#include "base/mem.h"
#include "base/num.h"
#include "base/sys.h"
#include "exec/processes/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_EVERY = 64 };

static int nonsense(struct leat_hand *h, const char *what)
{
	h->verdict = LEAT_KILL_NONSENSE;
	h->nonsense = what;
	return -1;
}

/* The oldest flight that still waits for an answer, or NULL. */
static struct leat_flight *awaited(struct leat_hand *h)
{
	for (int i = 0; i < h->n_flights; i++)
		if (h->flight[i]->answered < h->flight[i]->n)
			return h->flight[i];
	return NULL;
}

/* All n replies belong to the next n tasks of the oldest flight, in order, inside their room. */
static int check(struct leat_hand *h, const struct leat_flight *f, const struct leat_wire *w, int n)
{
	if (!f || n > f->n - f->answered)
		return nonsense(h, "a reply nobody asked for");
	for (int i = 0; i < n; i++) {
		int k = f->answered + i;
		if (w[i].seq != f->seq + (uint64_t)k)
			return nonsense(h, "a reply out of order");
		const struct leat_task *t = f->task[k];
		bool large = w[i].type == LEAT_W_LARGE && t->reply_bytes < t->reply_most;
		if (w[i].type != LEAT_W_DONE && w[i].type != LEAT_W_FAILED && !large)
			return nonsense(h, "a reply of no known kind");
		if (w[i].out_off != f->out_off[k] || w[i].out_len > f->out_cap[k])
			return nonsense(h, "a reply outside the room for it");
		if (w[i].type == LEAT_W_FAILED && w[i].out_len != sizeof(struct leat_wire_error))
			return nonsense(h, "an error of the wrong size");
	}
	return 0;
}

/* Copied once, then looked at. */
static void read_error(const struct leat_hand *h, const struct leat_wire *w, struct leat_err *err)
{
	struct leat_wire_error e;
	memcpy(&e, h->out.map + w->out_off, sizeof e);
	e.text[sizeof e.text - 1] = 0;
	err->cause =
		e.cause > LEAT_CAUSE_NONE && e.cause < LEAT_N_CAUSES ? (enum leat_cause)e.cause : LEAT_CAUSE_INTERNAL;
	err->sys = e.sys;
	memcpy(err->text, e.text, sizeof err->text);
}

/* A time limit is told with its number. */
static void tell_limit(const struct leat_task *t, struct leat_err *err)
{
	if (err->cause == LEAT_CAUSE_TIMEOUT && t->timeout_ns > 0)
		snprintf(err->text, sizeof err->text, "over its time limit of %lld ms",
			 (long long)(t->timeout_ns / 1000000));
}

/* Large replies may stay where they are. */
static int unpack(struct leat_hand *h, struct leat_task *t, const struct leat_wire *w, struct leat_err *err)
{
	struct leat_stay *stay = leat_stay_offer(h, w->out_off, w->out_off + w->out_len);
	t->stay = stay;
	int ok = t->cls->unpack(t, h->out.map + w->out_off, w->out_len, err);
	if (stay && t->stay)
		stay->release(stay); /* nobody took it */
	t->stay = NULL;
	return ok;
}

/* 0, or -1 when the reply makes no sense: the task is then still to be ended. */
static int deliver(struct leat_hand *h, const struct leat_flight *f, struct leat_task *t, const struct leat_wire *w)
{
	struct leat_err err = {0};
	if (w->type == LEAT_W_LARGE && !f->refused) { /* once: then it has all the room there is for it */
		t->reply_bytes = t->reply_most;
		atomic_store_explicit(&h->ex->generous, true, memory_order_relaxed);
		leat_pool_return(h->ex, t, false);
		return 0;
	}
	if (f->refused) {
		t->cls->cancel(t, &f->why);
	} else if (w->type == LEAT_W_FAILED) {
		read_error(h, w, &err);
		tell_limit(t, &err);
		t->note = w->value;
		t->cls->cancel(t, &err);
	} else if (unpack(h, t, w, &err) < 0) {
		return nonsense(h, "a result that contradicts itself");
	}
	t->cls->done(t);
	return 0;
}

static void count(struct leat_hand *h, const struct leat_flight *f, const struct leat_wire *w, int n, int64_t now)
{
	struct leat_clocks *c = &h->clocks;
	int64_t since = f->sent_ns > h->last_reply_ns ? f->sent_ns : h->last_reply_ns;
	int64_t busy = 0, most = now - f->sent_ns;
	for (int i = 0; i < n; i++) /* bounded one by one: the sum cannot overflow */
		busy += w[i].busy_ns < 0 ? 0 : w[i].busy_ns < most ? w[i].busy_ns : most;
	atomic_fetch_add_explicit(&c->tasks, (uint64_t)n, memory_order_relaxed);
	atomic_fetch_add_explicit(&c->busy_ns, busy, memory_order_relaxed);
	int64_t each = (now - since) / n;
	h->item_ns = h->item_ns ? (h->item_ns * 3 + each) / 4 : each;
	if (h->item_ns < 1)
		h->item_ns = 1;
}

/* Private memory of the worker, from /proc/PID/statm: "size resident shared …" in pages; 0 when it cannot be read. */
static uint64_t private_bytes(pid_t pid)
{
	char path[48], text[128];
	int64_t pages[3] = {0};
	snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = 0;
	const char *s = text;
	for (int i = 0; i < 3; i++) {
		size_t len = strcspn(s, " ");
		if (!leat_parse_int(s, len, &pages[i]))
			return 0;
		s += len + (s[len] == ' ');
	}
	return pages[1] > pages[2] ? (uint64_t)(pages[1] - pages[2]) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

/* Is it time for another worker? Looked at now and then: what leaks, leaks slowly. */
static void consider_retirement(struct leat_hand *h, int n)
{
	const struct leat_executor_opts *o = &h->ex->o;
	uint64_t before = h->tasks;
	h->tasks += (uint64_t)n;
	if (o->worker_tasks && h->tasks >= o->worker_tasks)
		h->retire = true;
	if (before && before / LOOK_EVERY == h->tasks / LOOK_EVERY)
		return;
	uint64_t now = private_bytes(h->pid);
	if (!h->rss_first)
		h->rss_first = now;
	if (now > h->rss_first && now - h->rss_first > o->worker_memory / 2)
		h->retire = true;
	if (leat_slab_taken(&h->out) > h->out.backed + LEAT_KEEP_BYTES)
		h->retire = true; /* it writes where it was not told to: the pages go with it */
}

static int take_violation(struct leat_hand *h, const struct leat_wire *w)
{
	h->verdict = LEAT_KILL_VIOLATION;
	h->violation = w->value;
	return -1;
}

static int take_question(struct leat_hand *h, const struct leat_wire *w, int n)
{
	struct leat_flight *f = awaited(h);
	if (!f || n != 1 || !f->task[0]->asks || f->asked || w->seq != f->seq)
		return nonsense(h, "a question that nobody expected");
	if (w->out_off != f->out_off[0] || w->out_len > f->out_cap[0])
		return nonsense(h, "a question outside the room for it");
	leat_flight_question(h, f, h->out.map + w->out_off, w->out_len);
	return 1;
}

/* The flight is over; the worker has begun with the next one. */
static void land(struct leat_hand *h, const struct leat_flight *f, int64_t now)
{
	for (int i = 0; i < h->n_flights; i++)
		if (h->flight[i] == f) {
			leat_flight_drop(h, i);
			break;
		}
	f = awaited(h);
	if (f)
		leat_hand_arm(h, leat_watch_at(f, f->sent_ns > now ? f->sent_ns : now));
}

int leat_answer(struct leat_hand *h)
{
	struct leat_wire w[LEAT_BATCH + 1]; /* one more than can be right */
	ssize_t got = recv(h->sock, w, sizeof w, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return -1;
	int n = (int)((size_t)got / sizeof *w);
	if (!n || (size_t)got % sizeof *w)
		return nonsense(h, "a packet of the wrong size");
	if (w[0].type == LEAT_W_VIOLATION)
		return take_violation(h, &w[0]);
	if (w[0].type == LEAT_W_ASK)
		return take_question(h, w, n);
	struct leat_flight *f = awaited(h);
	if (check(h, f, w, n) < 0)
		return -1;
	int64_t now = leat_now_ns();
	count(h, f, w, n, now);
	h->last_reply_ns = now;
	h->stopped_seen = false;
	int first = f->answered;
	f->answered += n;
	consider_retirement(h, n);
	if (f->answered == f->n)
		leat_flight_give_turn(h); /* before anything is handed on: that may wait */
	if (!h->ex->o.turns && atomic_load_explicit(&h->ex->count, memory_order_relaxed))
		leat_flight_feed(h); /* the worker goes on while we unpack */
	for (int i = 0; i < n; i++)
		if (deliver(h, f, f->task[first + i], &w[i]) < 0) {
			h->blameless = f->answered - (first + i) - 1;
			f->answered = first + i;
			/* What stands behind it was answered, and is run again. */
			return -1;
		}
	if (f->answered == f->n)
		land(h, f, now);
	return 1;
}
