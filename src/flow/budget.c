/* SPDX-License-Identifier: MIT */
/*
 * The byte budget. Each pool counts what is granted and whose turn is next. Turns given up ahead of
 * their time are kept as ranges, so a million up-to-date items behind one slow item are a single entry.
 */
#include "flow/budget.h"

#include "base/fiber.h"
#include "base/mem.h"
#include "base/num.h"

#include <pthread.h>

struct range { /* sequence numbers from … to-1, all > next of their pool */
	uint64_t from, to;
};

struct sleeper { /* a thread that waits, on its own stack */
	struct sleeper *next;
	uint64_t seq, bytes;
	pthread_cond_t look;
};

struct pool {
	uint64_t size, used;
	uint64_t next; /* whose turn it is */
	struct range *gone; /* turns given up ahead: sorted, apart from each other by at least one number */
	size_t n, cap;
	struct sleeper *asleep;
	struct leat_budget_wait *asked; /* by seq; those without a turn first */
	size_t late; /* who waits without a turn */
};

struct leat_budget {
	pthread_mutex_t lock;
	struct pool pool[LEAT_N_POOLS];
	uint64_t peak;
	struct leat_waker *fibers; /* of threads whose fibers wait: told once of the next change */
	size_t n_fibers, cap_fibers;
	bool aborted;
	bool failed; /* a given-up turn could not be noted: order is lost, nobody may wait any more */
};

struct leat_budget *leat_budget_new(uint64_t limit, struct leat_err *err)
{
	struct leat_budget *b = leat_zalloc(1, sizeof *b, err);
	if (!b)
		return NULL;
	b->pool[LEAT_READ_AHEAD].size = limit / 4;
	b->pool[LEAT_ACTIVE].size = limit - limit / 4;
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

void leat_budget_free(struct leat_budget **b)
{
	if (!*b)
		return;
	for (int i = 0; i < LEAT_N_POOLS; i++)
		free((*b)->pool[i].gone);
	pthread_mutex_destroy(&(*b)->lock);
	free((*b)->fibers);
	free(*b);
	*b = NULL;
}

/* May `seq` have `bytes` now? */
static bool is_due(const struct pool *p, uint64_t seq, uint64_t bytes)
{
	bool turn = seq == LEAT_NO_TURN || (seq == p->next && !p->late);
	return turn && bytes <= p->size - p->used;
}

/* Who waits at this pool and may go on looks again: the others are not woken for nothing. Fibers all look. */
static void changed(struct leat_budget *b, struct pool *p)
{
	for (struct sleeper *s = p->asleep; s; s = s->next)
		if (b->aborted || b->failed || s->seq < p->next || is_due(p, s->seq, s->bytes))
			pthread_cond_signal(&s->look);
	for (size_t i = 0; i < b->n_fibers; i++)
		b->fibers[i].wake(b->fibers[i].ctx);
	b->n_fibers = 0;
}

static void fail_all(struct leat_budget *b)
{
	b->failed = true;
	for (int i = 0; i < LEAT_N_POOLS; i++)
		changed(b, &b->pool[i]);
}

/* Notes that the next change is to be told to the thread of this fiber. */
static void leave_word(struct leat_budget *b, struct leat_waker w)
{
	for (size_t i = 0; i < b->n_fibers; i++)
		if (b->fibers[i].ctx == w.ctx)
			return;
	struct leat_waker *v = leat_grow(b->fibers, &b->cap_fibers, b->n_fibers + 1, sizeof *v, NULL);
	if (!v) {
		fail_all(b);
		return;
	}
	b->fibers = v;
	v[b->n_fibers++] = w;
}

static void sleep_on(struct leat_budget *b, struct pool *p, uint64_t seq, uint64_t bytes)
{
	struct sleeper me = {.next = p->asleep, .seq = seq, .bytes = bytes, .look = PTHREAD_COND_INITIALIZER};
	struct sleeper *self = &me, **at = &p->asleep;
	p->asleep = self; /* taken out again before it goes */
	pthread_cond_wait(&me.look, &b->lock);
	while (*at != self)
		at = &(*at)->next;
	*at = me.next;
	pthread_cond_destroy(&me.look);
}

/* Waits for a change. The caller holds the lock. A fiber lets others of its thread go on. */
static void wait_change(struct leat_budget *b, struct pool *p, uint64_t seq, uint64_t bytes)
{
	if (!leat_fiber_self()) {
		sleep_on(b, p, seq, bytes);
		return;
	}
	leave_word(b, leat_fiber_waker());
	pthread_mutex_unlock(&b->lock);
	leat_fiber_park();
	pthread_mutex_lock(&b->lock);
}

/* Index of the first range that ends at or behind seq: the one seq touches, or before which it goes. */
static size_t place_of(const struct pool *p, uint64_t seq)
{
	size_t lo = 0, hi = p->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (p->gone[mid].to < seq)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void remove_range(struct pool *p, size_t i)
{
	p->n--;
	memmove(p->gone + i, p->gone + i + 1, (p->n - i) * sizeof *p->gone);
}

static int insert_range(struct pool *p, size_t i, uint64_t seq)
{
	struct range *v = leat_grow(p->gone, &p->cap, p->n + 1, sizeof *v, NULL);
	if (!v)
		return -1;
	p->gone = v;
	memmove(v + i + 1, v + i, (p->n - i) * sizeof *v);
	v[i] = (struct range){seq, seq + 1};
	p->n++;
	return 0;
}

/* Notes that `seq`, which is not next yet, will not come. */
static int note_gone(struct pool *p, uint64_t seq)
{
	size_t i = place_of(p, seq);
	struct range *r = p->gone + i;
	bool have = i < p->n;
	if (have && r->from <= seq && seq < r->to)
		return 0;
	if (have && r->to == seq) {
		r->to++;
		if (i + 1 < p->n && r[1].from == r->to) {
			r->to = r[1].to;
			remove_range(p, i + 1);
		}
		return 0;
	}
	if (have && r->from == seq + 1) {
		r->from--;
		return 0;
	}
	return insert_range(p, i, seq);
}

/* The turn goes on: to the next one that may still come. */
static void advance(struct leat_budget *b, struct pool *p)
{
	p->next++;
	if (p->n && p->gone[0].from == p->next) {
		p->next = p->gone[0].to;
		remove_range(p, 0);
	}
	changed(b, p);
}

static void give_up(struct leat_budget *b, struct pool *p, uint64_t seq)
{
	if (seq == LEAT_NO_TURN)
		return;
	if (seq == p->next) {
		advance(b, p);
	} else if (seq > p->next && note_gone(p, seq) < 0) {
		fail_all(b);
	}
}

static int never_fits(const struct pool *p, uint64_t bytes, struct leat_err *err)
{
	char need[32], have[32];
	if (strcmp(leat_human_size(bytes, need), leat_human_size(p->size, have)) ==
	    0) /* as good as equal: exactly, then */
		(void)leat_group_digits(bytes, need), (void)leat_group_digits(p->size, have);
	return leat_fail(err, LEAT_CAUSE_MEMORY, "needs %s, but the memory budget allows %s for one item", need, have);
}

static void grant(struct leat_budget *b, struct pool *p, uint64_t seq, uint64_t bytes)
{
	p->used += bytes;
	uint64_t both = b->pool[LEAT_READ_AHEAD].used + b->pool[LEAT_ACTIVE].used;
	if (both > b->peak)
		b->peak = both;
	if (seq != LEAT_NO_TURN)
		advance(b, p);
}

/* One that waited without a turn does not any more: those in order may go on. */
static void late_ended(struct leat_budget *b, struct pool *p, uint64_t seq)
{
	if (seq != LEAT_NO_TURN)
		return;
	p->late--;
	changed(b, p);
}

/* Off the list of those who asked: who is granted now, or all when no more grants are made. */
static struct leat_budget_wait *answers(struct leat_budget *b)
{
	struct leat_budget_wait *first = NULL, **last = &first;
	bool over = b->aborted || b->failed;
	for (int i = 0; i < LEAT_N_POOLS; i++) {
		struct pool *p = &b->pool[i];
		for (struct leat_budget_wait *w; (w = p->asked) && (over || is_due(p, w->seq, w->bytes));) {
			p->asked = w->next;
			w->next = NULL;
			w->granted = !over;
			late_ended(b, p, w->seq);
			if (w->granted)
				grant(b, p, w->seq, w->bytes);
			*last = w;
			last = &w->next;
		}
	}
	return first;
}

/* The end of every change: those who asked are told, without the lock. */
static void unlock(struct leat_budget *b)
{
	struct leat_budget_wait *w = answers(b), *next;
	pthread_mutex_unlock(&b->lock);
	for (; w; w = next) {
		next = w->next;
		w->fn(w, w->granted);
	}
}

enum { GRANTED, STOPPED, NOT_YET }; /* or -1 */

/* What `seq` gets now. With the lock held. */
static int grant_now(struct leat_budget *b, struct pool *p, uint64_t seq, uint64_t bytes, struct leat_err *err)
{
	if (b->aborted)
		return STOPPED;
	if (b->failed)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate memory for the order of items");
	if (bytes > p->size) {
		give_up(b, p, seq);
		return never_fits(p, bytes, err);
	}
	if (seq < p->next)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "item %llu asked twice for memory", (unsigned long long)seq);
	if (!is_due(p, seq, bytes))
		return NOT_YET;
	grant(b, p, seq, bytes);
	return GRANTED;
}

int leat_budget_reserve(struct leat_budget *b, enum leat_pool pool, uint64_t seq, uint64_t bytes, struct leat_err *err)
{
	struct pool *p = &b->pool[pool];
	bool waited = false;
	int result;
	pthread_mutex_lock(&b->lock);
	while ((result = grant_now(b, p, seq, bytes, err)) == NOT_YET) {
		p->late += !waited && seq == LEAT_NO_TURN;
		waited = true;
		wait_change(b, p, seq, bytes);
	}
	if (waited)
		late_ended(b, p, seq);
	unlock(b);
	return result;
}

int leat_budget_ask(struct leat_budget *b, enum leat_pool pool, uint64_t seq, uint64_t bytes,
		    struct leat_budget_wait *w, struct leat_err *err)
{
	struct pool *p = &b->pool[pool];
	pthread_mutex_lock(&b->lock);
	int result = grant_now(b, p, seq, bytes, err);
	if (result == NOT_YET) {
		w->seq = seq;
		w->bytes = bytes;
		p->late += seq == LEAT_NO_TURN;
		struct leat_budget_wait **at = &p->asked;
		while (*at && ((*at)->seq == LEAT_NO_TURN || (seq != LEAT_NO_TURN && (*at)->seq < seq)))
			at = &(*at)->next;
		w->next = *at;
		*at = w;
	}
	unlock(b);
	if (result == STOPPED)
		return leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped before it was decoded");
	return result == NOT_YET ? 1 : result;
}

void leat_budget_skip(struct leat_budget *b, enum leat_pool pool, uint64_t seq)
{
	pthread_mutex_lock(&b->lock);
	give_up(b, &b->pool[pool], seq);
	unlock(b);
}

void leat_budget_release(struct leat_budget *b, enum leat_pool pool, uint64_t bytes)
{
	struct pool *p = &b->pool[pool];
	pthread_mutex_lock(&b->lock);
	p->used -= bytes < p->used ? bytes : p->used; /* more than was granted cannot come back */
	changed(b, p);
	unlock(b);
}

void leat_budget_abort(struct leat_budget *b)
{
	pthread_mutex_lock(&b->lock);
	b->aborted = true;
	for (int i = 0; i < LEAT_N_POOLS; i++)
		changed(b, &b->pool[i]);
	unlock(b);
}

uint64_t leat_budget_pool_size(const struct leat_budget *b, enum leat_pool pool)
{
	return b->pool[pool].size;
}

uint64_t leat_budget_used(struct leat_budget *b)
{
	pthread_mutex_lock(&b->lock);
	uint64_t used = b->pool[LEAT_READ_AHEAD].used + b->pool[LEAT_ACTIVE].used;
	pthread_mutex_unlock(&b->lock);
	return used;
}

uint64_t leat_budget_peak(struct leat_budget *b)
{
	pthread_mutex_lock(&b->lock);
	uint64_t peak = b->peak;
	pthread_mutex_unlock(&b->lock);
	return peak;
}
