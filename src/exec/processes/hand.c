/* SPDX-License-Identifier: MIT */
/* The loop of one hand: feed the worker, sleep, take its answers, bury it, get another. See pool.h. */
#include "base/sys.h"
#include "exec/processes/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

static const int64_t idle_trim_ns = 1000000000;

void leat_hand_poke(struct leat_hand *h)
{
	struct itimerspec now = {.it_value = {.tv_nsec = 1}};
	(void)timerfd_settime(h->timer, TFD_TIMER_ABSTIME, &now, NULL); /* cannot fail with these arguments */
}

void leat_hand_arm(struct leat_hand *h, int64_t at)
{
	if (h->armed && h->armed <= at)
		return;
	struct itimerspec t = {.it_value = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000}};
	(void)timerfd_settime(h->timer, TFD_TIMER_ABSTIME, &t, NULL);
	h->armed = at;
}

static void leave_idle(struct leat_hand *h)
{
	for (struct leat_hand **p = &h->ex->idle; h->idle && *p; p = &(*p)->next_idle)
		if (*p == h) {
			*p = h->next_idle;
			break;
		}
	h->idle = false;
}

enum next { WORK, SLEEP, END };

/* With nothing at the worker: lies down among the idle, unless there is work or the end. */
static enum next lie_down(struct leat_hand *h)
{
	struct leat_runner *ex = h->ex;
	pthread_mutex_lock(&ex->lock);
	enum next n = ex->aborted || ex->broken ? END : ex->head || ex->again ? WORK : ex->closed ? END : SLEEP;
	if (n == SLEEP && !h->idle) {
		h->next_idle = ex->idle;
		ex->idle = h;
		h->idle = true;
	}
	pthread_mutex_unlock(&ex->lock);
	return n;
}

/* Nobody but this thread touches the hand after it. */
static void get_up(struct leat_hand *h)
{
	struct leat_runner *ex = h->ex;
	pthread_mutex_lock(&ex->lock);
	leave_idle(h);
	while (h->claimed)
		pthread_cond_wait(&ex->changed, &ex->lock);
	pthread_mutex_unlock(&ex->lock);
}

static void trim(struct leat_hand *h)
{
	if (h->in.backed > LEAT_KEEP_BYTES)
		leat_slab_trim(&h->in, LEAT_KEEP_BYTES);
	if (h->out.backed > LEAT_KEEP_BYTES && leat_stay_behind(h, LEAT_KEEP_BYTES, h->out.size) == LEAT_KEEP_BYTES)
		leat_slab_trim(&h->out, LEAT_KEEP_BYTES);
}

/* Sleeps until the socket or the timer has something. True when it was the timer. */
static bool sleep_on(struct leat_hand *h)
{
	struct pollfd p[2] = {{.fd = h->sock, .events = POLLIN}, {.fd = h->timer, .events = POLLIN}};
	uint64_t times;
	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	if (!p[1].revents)
		return false;
	return read(h->timer, &times, sizeof times) == sizeof times;
}

/* Takes answers until none is there, so that time limits are judged after them. */
static int drain(struct leat_hand *h)
{
	int got;
	while ((got = leat_answer(h)) > 0)
		if (h->n_flights == 0) /* nothing more is expected; what is not is seen by the next poll */
			return 0;
	return got;
}

/* Sleeps, and looks at what happened. -1 when the worker is to be buried. */
static int turn(struct leat_hand *h)
{
	bool timer = sleep_on(h);
	get_up(h);
	if (timer)
		h->armed = 0;
	int got = drain(h);
	return got == 0 && timer ? leat_watch(h) : got;
}

static int idle_turn(struct leat_hand *h, int64_t since)
{
	int got = turn(h);
	int64_t now = leat_now_ns();
	atomic_fetch_add_explicit(&h->clocks.idle_ns, now - since, memory_order_relaxed);
	if (got == 0 && h->n_flights == 0 && now - since >= idle_trim_ns)
		trim(h);
	return got;
}

/* With nothing at the worker. 0, -1 the worker is gone, 1 it is not needed any more. */
static int rest(struct leat_hand *h)
{
	int64_t since = leat_now_ns();
	if (h->retire)
		return 1;
	if (h->in.backed > LEAT_KEEP_BYTES || h->out.backed > LEAT_KEEP_BYTES)
		/* before lying down: from then on others may touch the timer */
		leat_hand_arm(h, since + idle_trim_ns);
	enum next n = lie_down(h);
	return n == END ? 1 : n == WORK ? 0 : idle_turn(h, since);
}

/* With a live worker. Returns when it is gone or not needed any more. */
static void live(struct leat_hand *h)
{
	int got = 0;
	while (got == 0) {
		leat_flight_feed(h);
		leat_pool_sign(h, h->n_flights > 0);
		got = h->n_flights ? turn(h) : rest(h);
	}
	leat_pool_sign(h, false);
	leat_flight_give_turn(h);
	if (got > 0)
		leat_retire(h);
	else
		leat_fate(h);
}

void *leat_hand_main(void *arg)
{
	struct leat_hand *h = arg;
	char name[32];
	snprintf(name, sizeof name, "%.10s/%d", h->ex->name, h->index);
	name[15] = 0;
	(void)pthread_setname_np(pthread_self(), name); /* only for people to see */
	while (leat_birth(h) == 0)
		live(h);
	return NULL;
}
