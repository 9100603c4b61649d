/* SPDX-License-Identifier: MIT */
/* See pace.h. */
#include "run/pace.h"

#include "base/sys.h"
#include "run/engine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

/* Soon at first, because most runs are short; what so few items say is not judged by. */
static const int64_t first_ns = 2 * 1000 * 1000, tick_ns = 250 * 1000 * 1000;
enum {
	ENOUGH = 3, /* items before anything is concluded */
	HOLD = 12, /* ticks after a step that gained nothing */
	FIRST = 16, /* workers at most while it is not known how many are needed */
};

struct adapted { /* a group that waits */
	struct leat_executor_stats before;
	int64_t memory_before;
	int previous; /* workers before the last change */
	double rate_before; /* items a second then */
	int hold; /* ticks to leave it alone */
	bool changed; /* at the last tick: its gain is to be judged */
};

struct leat_pace {
	struct leat_run *run;
	struct adapted *v; /* by group */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool stop;
	int64_t length_ns; /* of the tick that just ended */
};

int leat_pace_want(double rate, const struct leat_pace_look *l, int now)
{
	if (l->items < ENOUGH || !(rate > 0) || l->blocked <= l->cpu)
		return now;
	double want = ceil(1.25 * rate * (l->cpu + l->blocked) / (double)l->items);
	int most = 2 * now < LEAT_IO_MOST ? 2 * now : LEAT_IO_MOST;
	return want >= most ? most : want < 1 ? 1 : (int)want;
}

int leat_pace_first(const struct leat_pace_look *l, int now)
{
	if (now >= FIRST || (l->items && l->blocked <= l->cpu))
		return now;
	return 2 * now < FIRST ? 2 * now : FIRST;
}

static bool adapts(const struct leat_group *g)
{
	return g->io && g->adapts && g->type->resize;
}

/* Items a second that the computing groups could take if they had all cores. 0: not known yet. */
static double ceiling(const struct leat_run *r)
{
	double cpu = 0;
	for (size_t i = 0; i < r->plan->n_groups; i++) {
		struct leat_executor_stats st = {0};
		if (r->plan->groups[i].io)
			continue;
		leat_executor_measure(r->groups[i].ex, &st);
		if (st.tasks < ENOUGH)
			return 0;
		cpu += (double)st.cpu_ns * 1e-9 / (double)st.tasks;
	}
	return cpu > 0 ? r->plan->job.cores / cpu : 0;
}

/* Did the last change help? Where not, it is taken back. */
static bool judge(struct leat_pace *p, size_t i, double rate, double most)
{
	struct adapted *a = &p->v[i];
	struct leat_err ignored = {0}; /* fewer threads can always be had */
	if (!a->changed)
		return false;
	a->changed = false;
	if (rate >= 1.04 * a->rate_before || rate >= 0.9 * most)
		return false;
	struct leat_run_group *g = &p->run->groups[i];
	(void)snprintf(g->why, sizeof g->why, "%d workers were tried, and %d again: it gained less than 4 %%",
		       leat_executor_workers(g->ex), a->previous); /* always fits */
	(void)leat_executor_resize(g->ex, a->previous, &ignored);
	g->enough = true;
	a->hold = HOLD;
	return true;
}

/* Why there are `want` of them now, in numbers; nothing where there are none, or where it began so. */
static void explain(struct leat_run_group *g, int want, double most, const struct leat_pace_look *l)
{
	double each = l->items ? 1e3 / (double)l->items : 0;
	g->why[0] = 0;
	if (want == g->plan->workers || !l->items)
		return;
	int n = snprintf(g->why, sizeof g->why,
			 "%d -> %d workers: an item takes %.3g ms of a core here and %.3g ms of waiting",
			 g->plan->workers, want, each * l->cpu, each * l->blocked);
	if (most > 0 && n > 0 && (size_t)n < sizeof g->why)
		(void)snprintf(g->why + n, sizeof g->why - (size_t)n, ", and %.3g a second could be computed", most);
}

static void change(struct leat_pace *p, size_t i, int want, double rate, double most, const struct leat_pace_look *l)
{
	struct leat_run_group *g = &p->run->groups[i];
	struct adapted *a = &p->v[i];
	struct leat_err no = {0};
	int now = leat_executor_workers(g->ex);
	if (want == now)
		return;
	a->previous = now;
	a->rate_before = rate;
	a->changed = want > now && p->length_ns >= tick_ns; /* fewer are not expected to gain anything */
	g->enough = false;
	if (leat_executor_resize(g->ex, want, &no) < 0)
		a->hold = HOLD; /* no more threads here: as it was */
	else
		explain(g, want, most, l);
}

/* How many group i is to have; not more than there are files. */
static int wanted(const struct leat_pace *p, size_t i, double most, const struct leat_pace_look *l)
{
	const struct leat_run *r = p->run;
	int now = leat_executor_workers(r->groups[i].ex), least = r->groups[i].plan->least, want = now;
	if (most > 0)
		want = leat_pace_want(most, l, now);
	else if (i == 0) /* that of the source: nothing comes before it */
		want = leat_pace_first(l, now);
	if (want > now && (uint64_t)want > r->facts->inputs->n)
		want = now;
	return want > least ? want : least;
}

static void look(struct leat_pace *p, size_t i, double most)
{
	struct adapted *a = &p->v[i];
	struct leat_executor_stats st = {0};
	leat_executor_measure(p->run->groups[i].ex, &st);
	int64_t memory = i == 0 ? atomic_load(&p->run->memory_wait_ns) : 0; /* the first group is that of the source */
	double busy = (double)(st.busy_ns - a->before.busy_ns), cpu = (double)(st.cpu_ns - a->before.cpu_ns);
	double blocked = busy - cpu - (double)(st.runq_ns - a->before.runq_ns) - (double)(memory - a->memory_before);
	struct leat_pace_look l = {.items = st.tasks - a->before.tasks, .cpu = cpu * 1e-9};
	l.blocked = blocked > 0 ? blocked * 1e-9 : 0;
	double rate = (double)l.items / ((double)p->length_ns * 1e-9);
	a->before = st;
	a->memory_before = memory;
	if (a->hold > 0) {
		a->hold--;
		return;
	}
	if (judge(p, i, rate, most))
		return;
	change(p, i, wanted(p, i, most, &l), rate, most, &l);
}

static void tick(struct leat_pace *p)
{
	double most = ceiling(p->run);
	for (size_t i = 0; i < p->run->plan->n_groups; i++)
		if (adapts(&p->run->plan->groups[i]))
			look(p, i, most);
}

static void *watch(void *arg)
{
	struct leat_pace *p = arg;
	(void)pthread_setname_np(pthread_self(), "pace"); /* only for people to see */
	pthread_mutex_lock(&p->lock);
	int64_t length = first_ns, began = leat_now_ns();
	while (!p->stop) {
		int64_t at = began + length;
		struct timespec until = {.tv_sec = at / 1000000000, .tv_nsec = at % 1000000000};
		if (pthread_cond_timedwait(&p->over, &p->lock, &until) != ETIMEDOUT)
			continue;
		p->length_ns = leat_now_ns() - began;
		tick(p);
		length = 2 * length < tick_ns ? 2 * length : tick_ns;
		began = leat_now_ns();
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static bool any_adapts(const struct leat_plan *p)
{
	for (size_t i = 0; i < p->n_groups; i++)
		if (adapts(&p->groups[i]))
			return true;
	return false;
}

static void release(struct leat_pace *p)
{
	pthread_cond_destroy(&p->over);
	pthread_mutex_destroy(&p->lock);
	free(p->v);
	free(p);
}

int leat_pace_start(struct leat_pace **pp, struct leat_run *r, struct leat_err *err)
{
	pthread_condattr_t monotonic;
	*pp = NULL;
	if (!any_adapts(r->plan))
		return 0;
	struct leat_pace *p = leat_zalloc(1, sizeof *p, err);
	if (!p)
		return -1;
	p->run = r;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->over, &monotonic);
	pthread_condattr_destroy(&monotonic);
	p->v = leat_zalloc(r->plan->n_groups, sizeof *p->v, err);
	int sys = p->v ? pthread_create(&p->thread, NULL, watch, p) : 0;
	if (p->v && sys == 0) {
		*pp = p;
		return 0;
	}
	release(p);
	return sys ? leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start the thread that paces the run") : -1;
}

void leat_pace_stop(struct leat_pace **pp)
{
	struct leat_pace *p = *pp;
	*pp = NULL;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_signal(&p->over);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	release(p);
}
