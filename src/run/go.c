/* SPDX-License-Identifier: MIT */
/*
 * When an item may be decoded: its predicted peak is reserved first, in input order.
 *
 * What the header says is known when the file was read (leat_run_admit waits there), but for formats that only their
 * library can read. Those are opened by the worker process, which then asks for the go (leat_go_ask). The answer never
 * waits: go, no, or not now. At "not now" the worker gives the item up and is free; the item waits here with nothing
 * but its compressed bytes, and is sent again when the budget grants its peak.
 *
 * Why nothing can wait for itself: reservations are granted in input order. Who holds one never waits for another, so
 * it ends and gives it back. The next item in order is in the hands of a reader, in a queue, at a worker or waiting
 * here; neither readers nor workers nor queues wait for the reservation of a later item (a reader that waits for its
 * own turn has all earlier items behind it: the readers' queue is in order), so it comes to its question, and with
 * nothing else reserved its answer is always go, or never. An item whose reading is tried again later gives its turn up
 * (task.c), so nobody waits for it meanwhile, and asks without one: those who hold a reservation end without it.
 */
#include "base/sys.h"
#include "run/engine.h"
#include "run/wire.h"

#include <stddef.h>

/* Once, however often it is read; what its header says (NULL: not known yet), too. */
static void count_read(struct leat_run_item *it, const struct leat_header *h, uint64_t file_bytes)
{
	struct leat_run *r = it->run;
	if (it->counted && !h)
		return;
	pthread_mutex_lock(&r->lock);
	if (!it->counted)
		r->summary->counts.bytes_in += file_bytes;
	it->counted = true;
	if (h)
		leat_effort_known(it, h);
	pthread_mutex_unlock(&r->lock);
}

int leat_run_admit_bytes(struct leat_run_item *it, const struct leat_header *h, uint64_t file_bytes, uint64_t need,
			 struct leat_err *err)
{
	struct leat_run *r = it->run;
	int64_t began = leat_now_ns();
	int gave = leat_turns_pause(&r->turns);
	int granted = leat_budget_reserve(r->budget, LEAT_ACTIVE, leat_item_turn(it), need, err);
	if (gave)
		leat_turns_take(&r->turns, gave);
	atomic_fetch_add_explicit(&r->memory_wait_ns, leat_now_ns() - began, memory_order_relaxed);
	it->turn_taken = true;
	if (granted == 0)
		it->active_bytes = need;
	leat_budget_release(r->budget, LEAT_READ_AHEAD, it->ahead_bytes);
	it->ahead_bytes = 0;
	count_read(it, h, file_bytes);
	return granted;
}

int leat_run_admit(void *item, const struct leat_header *h, uint64_t file_bytes, struct leat_err *err)
{
	struct leat_run_item *it = item;
	if (it->turn_taken) /* a retry: it holds its reservation already */
		return 0;
	if (!h) { /* its worker will ask */
		count_read(it, NULL, file_bytes);
		return 0;
	}
	uint64_t need = leat_plan_item_reply(it->run->plan, h, file_bytes, &it->reply_bytes);
	return leat_run_admit_bytes(it, h, file_bytes, need, err);
}

uint64_t leat_go_reserved(struct leat_run_item *it, bool *asks)
{
	pthread_mutex_lock(&it->lock);
	uint64_t bytes = it->active_bytes;
	*asks = it->stage == 0 && !it->turn_taken;
	pthread_mutex_unlock(&it->lock);
	return bytes;
}

/* The budget has spoken: `go` is given, or never will be. Tasks that waited for it are sent. */
static void settle(struct leat_run_item *it, enum leat_go go, uint64_t bytes)
{
	static const struct leat_err stopped = {.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it was decoded"};
	uint64_t ahead = 0;
	pthread_mutex_lock(&it->lock);
	it->go = go;
	it->turn_taken = true;
	if (go == LEAT_GO_GIVEN) {
		it->active_bytes = bytes;
		ahead = it->ahead_bytes;
		it->ahead_bytes = 0;
	}
	struct leat_run_task *t = it->parked, *next;
	it->parked = NULL;
	pthread_mutex_unlock(&it->lock);
	leat_budget_release(it->run->budget, LEAT_READ_AHEAD, ahead);
	for (; t; t = next) {
		next = t->next;
		if (go != LEAT_GO_GIVEN)
			t->why = stopped;
		leat_resend_at(it->run->resend, t, 0);
	}
}

static void answered(struct leat_budget_wait *w, bool granted)
{
	struct leat_run_item *it = (struct leat_run_item *)((char *)w - offsetof(struct leat_run_item, wait));
	settle(it, granted ? LEAT_GO_GIVEN : LEAT_GO_NEVER, w->bytes);
}

/* Is this task the one that asks the budget? Of several branches of an item the first one does. */
static enum leat_go take_part(struct leat_run_item *it)
{
	pthread_mutex_lock(&it->lock);
	enum leat_go go = it->go == LEAT_GO_UNKNOWN && it->turn_taken ? LEAT_GO_GIVEN : it->go;
	if (go == LEAT_GO_UNKNOWN)
		it->go = LEAT_GO_WAITS;
	pthread_mutex_unlock(&it->lock);
	return go;
}

/* The budget is asked for what the header says. LEAT_GO_NEVER: with *err. */
static enum leat_go reserve(struct leat_run_task *t, const struct leat_header *h, struct leat_err *err)
{
	struct leat_run_item *it = t->item;
	uint64_t need = leat_plan_item_bytes(it->run->plan, h, it->entry->size);
	count_read(it, h, it->entry->size);
	it->wait.fn = answered;
	int result = leat_budget_ask(it->run->budget, LEAT_ACTIVE, leat_item_turn(it), need, &it->wait, err);
	if (result == 1)
		return LEAT_GO_WAITS;
	enum leat_go go = result == 0 ? LEAT_GO_GIVEN : LEAT_GO_NEVER;
	settle(it, go, need);
	return go;
}

int leat_go_ask(struct leat_run_task *t, const uint8_t *what, size_t n, struct leat_err *err)
{
	struct leat_header h;
	if (leat_wire_get_header(what, n, &h, err) < 0)
		return -1;
	/* Made before anybody may be waited for: then nothing can go wrong with it any more. */
	t->again = t->again ? t->again : leat_task_next(t, err);
	if (!t->again)
		return -1;
	enum leat_go go = take_part(t->item);
	if (go == LEAT_GO_UNKNOWN)
		go = reserve(t, &h, err);
	t->parks = go == LEAT_GO_WAITS;
	if (go == LEAT_GO_GIVEN) {
		leat_task_measure(t);
		return 0;
	}
	return leat_fail(err, LEAT_CAUSE_CANCELLED, t->parks ? "waits for memory" : "stopped before it was decoded");
}

void leat_go_park(struct leat_run_task *t)
{
	struct leat_run_item *it = t->item;
	pthread_mutex_lock(&it->lock);
	bool waits = it->go == LEAT_GO_WAITS;
	if (waits) {
		t->next = it->parked;
		it->parked = t;
	} else if (it->go == LEAT_GO_NEVER) {
		t->why = (struct leat_err){.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it was decoded"};
	}
	pthread_mutex_unlock(&it->lock);
	if (!waits)
		leat_resend_at(it->run->resend, t, 0);
}
