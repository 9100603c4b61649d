/* SPDX-License-Identifier: MIT */
/*
 * From the queue to a worker: how many tasks go together, where they lie in the slabs, and the packet. See
 * pool.h.
 */
#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/pool.h"
#include "flow/queue.h"
#include "flow/turns.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { BATCH_NS = 4 * 1000 * 1000, ALIGN = 64, LIMIT_STEP = 16 << 20 };

static size_t aligned(size_t n)
{
	return leat_size_add(n, ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static size_t in_room(const struct leat_task *t)
{
	return aligned(t->pack_bytes);
}

static size_t out_room(const struct leat_task *t)
{
	return aligned(t->reply_bytes > LEAT_REPLY_ROOM ? t->reply_bytes : LEAT_REPLY_ROOM);
}

/* It is about to be measured: from here on its room stays as it is. */
static void set_room(const struct leat_runner *ex, struct leat_task *t)
{
	if (t->reply_bytes < t->reply_most && atomic_load_explicit(&ex->generous, memory_order_relaxed))
		t->reply_bytes = t->reply_most;
}

/*
 * The lowest place with `need` free bytes in [from, size) of a slab, or SIZE_MAX. At most two flights lie
 * in it, and some replies that stay.
 */
static size_t place(const struct leat_hand *h, bool out, size_t need)
{
	size_t from = out ? (size_t)LEAT_PROGRESS_BYTES : (size_t)LEAT_SIGNS_BYTES,
	       size = out ? h->out.size : h->in.size;
	size_t at = from;
	for (bool moved = true; moved;) {
		moved = false;
		for (int i = 0; i < h->n_flights; i++) {
			const struct leat_flight *f = h->flight[i];
			size_t begin = out ? f->out_begin : f->in_off, end = out ? f->out_end : f->in_end;
			if (at < end && begin < leat_size_add(at, need)) {
				at = end;
				moved = true;
			}
		}
		size_t behind = out ? leat_stay_behind(h, at, leat_size_add(at, need)) : at;
		moved = moved || behind != at;
		at = behind;
	}
	return at <= size && need <= size - at ? at : SIZE_MAX;
}

int leat_flights_open(const struct leat_hand *h)
{
	int n = 0;
	for (int i = 0; i < h->n_flights; i++)
		n += h->flight[i]->answered < h->flight[i]->n;
	return n;
}

void leat_flight_drop(struct leat_hand *h, int i)
{
	for (; i + 1 < h->n_flights; i++)
		h->flight[i] = h->flight[i + 1];
	h->n_flights--;
}

static struct leat_flight *unused(struct leat_hand *h)
{
	for (int i = 0; i < LEAT_FLIGHTS; i++) {
		bool used = false;
		for (int k = 0; k < h->n_flights; k++)
			used = used || h->flight[k] == &h->room[i];
		if (!used)
			return &h->room[i];
	}
	return NULL;
}

/* As many as take about four milliseconds together, and not more than this hand's share of the queue. */
static int batch(const struct leat_hand *h)
{
	const struct leat_runner *ex = h->ex;
	uint64_t share = (ex->count + (uint64_t)ex->n - 1) / (uint64_t)ex->n;
	int64_t n = h->item_ns > 0 && !ex->o.turns ? BATCH_NS / h->item_ns : 1;
	if (n > LEAT_BATCH)
		n = LEAT_BATCH;
	if (n > (int64_t)share)
		n = (int64_t)share;
	return n < 1 ? 1 : (int)n;
}

/* The entry of the queue before the one to take next; NULL: the first one. */
static struct leat_task *choice(const struct leat_runner *ex)
{
	return ex->o.largest_first ? leat_queue_choice(ex->head) : NULL;
}

static struct leat_task *pop(struct leat_runner *ex, struct leat_task *before)
{
	struct leat_task *t = before ? before->next : ex->head;
	ex->head->passed += before != NULL;
	if (before)
		before->next = t->next;
	else
		ex->head = t->next;
	if (ex->tail == t)
		ex->tail = before;
	t->next = NULL;
	ex->count--;
	ex->bytes -= t->bytes;
	return t;
}

/* Does it fit with what the flight has? What can never fit is let through: it will be told so. */
static bool fits(const struct leat_hand *h, const struct leat_flight *f, const struct leat_task *t)
{
	if (f->alone || (t->asks && (f->n || h->n_flights)))
		return false;
	size_t in = leat_size_add(f->in_end, in_room(t)), out = leat_size_add(f->out_end, out_room(t));
	if (f->n)
		return leat_size_add(in, out) <= LEAT_BATCH_BYTES && place(h, false, in) != SIZE_MAX &&
		       place(h, true, out) != SIZE_MAX;
	return h->n_flights == 0 || (place(h, false, in) != SIZE_MAX && place(h, true, out) != SIZE_MAX);
}

/* f->in_end and f->out_end are sizes until the flight has its place. */
static void add(struct leat_flight *f, struct leat_task *t)
{
	f->in_end += in_room(t);
	f->out_cap[f->n] = out_room(t);
	f->out_end += f->out_cap[f->n];
	f->alone = f->alone || t->asks;
	f->task[f->n++] = t;
}

/* Something is wanted that came up after the birth of this worker: it can load nothing any more, a new one can. */
static bool lacks(const struct leat_hand *h)
{
	const struct leat_runner *ex = h->ex;
	return ex->o.wants && (atomic_load(ex->o.wants) & ~h->has) && (ex->head || ex->again);
}

/* With the lock held. False: nothing for this hand now. */
static bool take(struct leat_hand *h, struct leat_flight *f)
{
	struct leat_runner *ex = h->ex;
	int open = leat_flights_open(h);
	*f = (struct leat_flight){0};
	h->retire = h->retire || lacks(h);
	if (h->retire || ex->aborted || open >= (ex->o.turns ? 1 : LEAT_AT_WORKER) ||
	    (open && h->flight[h->n_flights - 1]->alone))
		return false;
	if (ex->again) { /* alone means that the worker has nothing else: what it has comes back first */
		if (h->n_flights)
			return false;
		struct leat_task *t = ex->again;
		ex->again = t->next;
		t->next = NULL;
		f->alone = true;
		add(f, t);
		return true;
	}
	bool was_full = ex->count >= ex->o.queue_items || (ex->o.queue_bytes && ex->bytes >= ex->o.queue_bytes);
	for (int n = batch(h); n > 0 && ex->head; n--) {
		struct leat_task *before = choice(ex), *next = before ? before->next : ex->head;
		set_room(ex, next);
		/* A large one would take its memory twice, and be bound to this worker while another gets free. */
		if (open && in_room(next) > LEAT_LARGE_BYTES)
			break;
		if (!fits(h, f, next))
			break;
		add(f, pop(ex, before));
	}
	/*
	 * Submitters are woken when half is free, not for every task: a wake-up costs more than a small
	 * task.
	 */
	if (f->n && (was_full || ex->count <= ex->o.queue_items / 2))
		pthread_cond_broadcast(&ex->room);
	return f->n > 0;
}

void leat_flight_give_turn(struct leat_hand *h)
{
	if (h->turn)
		leat_turns_give(h->ex->o.turns, h->ex->o.team);
	h->turn = false;
}

/* Waits for it where there is something to do. False: there is nothing. */
static bool take_turn(struct leat_hand *h)
{
	struct leat_runner *ex = h->ex;
	if (!ex->o.turns || h->turn)
		return true;
	pthread_mutex_lock(&ex->lock);
	bool any = (ex->head || ex->again) && !ex->aborted && !h->retire;
	pthread_mutex_unlock(&ex->lock);
	if (!any)
		return false;
	leat_turns_take(ex->o.turns, ex->o.team);
	h->turn = true;
	return true;
}

/* One that did not get to the worker. Where there are turns nothing else is there; its end may wait for others. */
static void end_task(struct leat_hand *h, struct leat_task *t, const struct leat_err *err)
{
	leat_flight_give_turn(h);
	t->cls->cancel(t, err);
	t->cls->done(t);
}

/* Gives the flight its place, with pages under it. */
static int settle(struct leat_hand *h, struct leat_flight *f, struct leat_err *err)
{
	size_t in = f->in_end, out = f->out_end;
	size_t at = place(h, false, in), to = place(h, true, out);
	if (to == SIZE_MAX && h->n_flights == 0) {
		leat_stay_wait(h, 0);
		to = place(h, true, out);
	}
	if (at == SIZE_MAX || to == SIZE_MAX) {
		const struct leat_slab *s = at == SIZE_MAX ? &h->in : &h->out;
		return leat_fail(err, LEAT_CAUSE_MEMORY, "it needs %zu bytes shared with a worker, and there are %zu",
				 at == SIZE_MAX ? in : out, s->size);
	}
	f->in_off = at;
	f->in_end = at + in;
	f->out_begin = to;
	f->out_end = to + out;
	return leat_slab_back(&h->in, f->in_end, err) < 0 || leat_slab_back(&h->out, f->out_end, err) < 0 ? -1 : 0;
}

static uint32_t request_bits(const struct leat_task *t)
{
	return (t->asks ? LEAT_TASK_ASKS : 0) | (t->reply_bytes < t->reply_most ? LEAT_TASK_LIKELY : 0);
}

/* Packs every task; those that cannot be packed end here. Fills one request for each of the others. */
static void pack(struct leat_hand *h, struct leat_flight *f, struct leat_wire *w)
{
	size_t at = f->in_off, to = f->out_begin;
	int n = 0;
	for (int i = 0; i < f->n; i++) {
		struct leat_task *t = f->task[i];
		struct leat_err err = {0};
		size_t len = 0, taken = in_room(t), room = f->out_cap[i];
		int ok = t->cls->pack(t, h->in.map + at, t->pack_bytes, &len, &err);
		if (ok == 0 && len > t->pack_bytes)
			ok = leat_fail(&err, LEAT_CAUSE_INTERNAL, "packed %zu bytes where %zu were foreseen", len,
				       t->pack_bytes);
		if (ok < 0) {
			end_task(h, t, &err);
		} else {
			w[n] = (struct leat_wire){.type = LEAT_W_TASK,
						  .value = request_bits(t),
						  .in_off = at,
						  .in_len = len,
						  .out_off = to,
						  .out_len = room};
			f->task[n] = t;
			f->out_off[n] = to;
			f->out_cap[n++] = room;
		}
		at += taken; /* the task may be gone */
		to += room;
	}
	f->n = n;
}

/* The private memory that a task is expected to need, in steps, so that the limit is seldom moved. */
static uint64_t soft_limit(const struct leat_runner *ex, uint64_t peak)
{
	uint64_t base = ex->o.worker_base, most = ex->o.worker_memory;
	if (!peak || peak >= most)
		return base + most;
	uint64_t soft = (base + peak + LIMIT_STEP - 1) / LIMIT_STEP * LIMIT_STEP;
	return soft < base + most ? soft : base + most;
}

/* The parent's way of it; a dead worker is noticed at its socket. */
static void set_limit(struct leat_hand *h, uint64_t soft)
{
	struct rlimit r = {soft, h->ex->o.worker_base + h->ex->o.worker_memory};
	if (prlimit(h->pid, RLIMIT_DATA, &r, NULL) == 0)
		h->soft_limit = soft;
}

/*
 * Lowered only while nothing runs: behind a larger task a smaller one may have as much, and both are paid for. Where
 * the parent may not, the worker does it before each task.
 */
static void limit_memory(struct leat_hand *h, const struct leat_flight *f, struct leat_wire *w)
{
	const struct leat_runner *ex = h->ex;
	uint64_t soft = 0;
	for (int i = 0; i < f->n; i++) {
		uint64_t s = soft_limit(ex, f->task[i]->peak_bytes);
		w[i].limit = ex->limits_itself && h->limited ? s : 0;
		soft = s > soft ? s : soft;
	}
	if (ex->limits_itself || !h->limited || soft == h->soft_limit || (h->n_flights && soft < h->soft_limit))
		return;
	set_limit(h, soft);
}

/* The flight is the hand's from here on, whether the worker still lives or not. */
static void launch(struct leat_hand *h, struct leat_flight *f, struct leat_wire *w)
{
	limit_memory(h, f, w);
	f->seq = h->seq + 1;
	for (int i = 0; i < f->n; i++)
		w[i].seq = ++h->seq;
	f->sent_ns = leat_now_ns();
	h->flight[h->n_flights++] = f;
	leat_hand_arm(h, leat_watch_at(f, f->sent_ns));
	/* A full or closed socket is a dead or a mad worker: its end, or its time limit, tells. */
	(void)send(h->sock, w, (size_t)f->n * sizeof *w, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* True when something is under way with it. */
static bool send_flight(struct leat_hand *h, struct leat_flight *f)
{
	struct leat_wire w[LEAT_BATCH];
	struct leat_err err = {0};
	if (settle(h, f, &err) < 0) {
		for (int i = 0; i < f->n; i++)
			end_task(h, f->task[i], &err);
		return false;
	}
	pack(h, f, w);
	if (f->n)
		launch(h, f, w);
	return f->n > 0;
}

/* Alone at the worker, so that all behind its place is free. */
static int widen(struct leat_hand *h, struct leat_flight *f, struct leat_err *err)
{
	size_t need = out_room(f->task[0]), there = h->out.size - f->out_begin;
	if (need > there)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "it needs %zu bytes shared with a worker, and there are %zu",
				 need, there);
	leat_stay_wait(h, f->out_begin);
	if (leat_slab_back(&h->out, f->out_begin + need, err) < 0)
		return -1;
	f->out_end = f->out_begin + need;
	f->out_cap[0] = need;
	return 0;
}

void leat_flight_question(struct leat_hand *h, struct leat_flight *f, const uint8_t *what, size_t n)
{
	struct leat_task *t = f->task[0];
	struct leat_wire w = {.type = LEAT_W_STOP, .seq = f->seq};
	f->asked = true;
	if (!t->cls->ask)
		leat_fail(&f->why, LEAT_CAUSE_INTERNAL, "the worker asked what nobody can answer");
	else if (t->cls->ask(t, what, n, &f->why) < 0)
		leat_fail(&f->why, LEAT_CAUSE_INTERNAL, "it was refused without a reason");
	if (f->why.cause == LEAT_CAUSE_NONE && widen(h, f, &f->why) == 0) {
		uint64_t soft = soft_limit(h->ex, t->peak_bytes);
		w.type = LEAT_W_GO;
		w.out_len = f->out_cap[0];
		if (h->limited && h->ex->limits_itself)
			w.limit = soft;
		else if (h->limited)
			set_limit(h, soft);
	}
	f->refused = w.type == LEAT_W_STOP;
	(void)send(h->sock, &w, sizeof w, MSG_NOSIGNAL | MSG_DONTWAIT); /* as in launch() */
}

void leat_flight_feed(struct leat_hand *h)
{
	struct leat_runner *ex = h->ex;
	for (struct leat_flight *f; (f = unused(h));) {
		if (!take_turn(h))
			return;
		pthread_mutex_lock(&ex->lock);
		bool some = take(h, f);
		pthread_mutex_unlock(&ex->lock);
		if (!(some && send_flight(h, f)) && leat_flights_open(h) == 0)
			leat_flight_give_turn(h);
		if (!some)
			return;
	}
}

int leat_flight_direct(struct leat_hand *h, struct leat_task *t)
{
	struct leat_flight *f = unused(h);
	*f = (struct leat_flight){0};
	add(f, t);
	return send_flight(h, f) ? 0 : 1;
}
