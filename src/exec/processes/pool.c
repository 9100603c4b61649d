/* SPDX-License-Identifier: MIT */
/* The pool as a whole: opened, broken, stopped, closed. See pool.h. */
#include "exec/processes/pool.h"

#include "base/mem.h"
#include "base/sys.h"
#include "exec/processes/exe.h"
#include "exec/processes/processes.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_WORKERS = 4096, SLAB_BYTES = 256 << 20, MIN_SLAB = 1 << 20 };
static const uint64_t worker_memory = 1ull << 30, worker_base = 96ull << 20;

void leat_pool_cancel(struct leat_task *list, const struct leat_err *err)
{
	while (list) {
		struct leat_task *t = list;
		list = t->next;
		t->next = NULL;
		t->cls->cancel(t, err);
		t->cls->done(t);
	}
}

/* With the lock held: everything that waits, off the lists. */
static struct leat_task *take_all(struct leat_runner *ex)
{
	struct leat_task *all = ex->head;
	if (all)
		ex->tail->next = ex->again;
	else
		all = ex->again;
	ex->head = ex->tail = ex->again = NULL;
	ex->count = ex->bytes = 0;
	return all;
}

/* With the lock held. */
static void wake_all(struct leat_runner *ex)
{
	for (struct leat_hand *h = ex->idle; h; h = h->next_idle)
		leat_hand_poke(h);
	pthread_cond_broadcast(&ex->room);
	pthread_cond_broadcast(&ex->changed);
}

void leat_pool_break(struct leat_runner *ex, const struct leat_err *err)
{
	pthread_mutex_lock(&ex->lock);
	bool first = !ex->broken;
	if (first)
		ex->why = *err;
	ex->broken = true;
	bool tell = first && ex->ready && !ex->aborted && ex->o.fatal;
	struct leat_task *rest = take_all(ex);
	wake_all(ex);
	pthread_mutex_unlock(&ex->lock);
	leat_pool_cancel(rest, err);
	if (tell)
		ex->o.fatal(ex->o.fatal_ctx, err);
}

static const struct leat_err stopped = {.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it was done"};

void leat_pool_return(struct leat_runner *ex, struct leat_task *t, bool alone)
{
	struct leat_hand *wake = NULL;
	pthread_mutex_lock(&ex->lock);
	bool gone = ex->aborted || ex->broken;
	struct leat_err err = ex->aborted ? stopped : ex->why;
	if (!gone && alone) {
		t->next = ex->again;
		ex->again = t;
	} else if (!gone) {
		t->next = ex->head;
		ex->head = t;
		if (!ex->tail)
			ex->tail = t;
		ex->count++;
		ex->bytes += t->bytes;
	}
	if (!gone && ex->idle) {
		wake = ex->idle;
		ex->idle = wake->next_idle;
		wake->idle = false;
		leat_hand_poke(wake);
	}
	pthread_mutex_unlock(&ex->lock);
	if (gone) {
		t->next = NULL;
		leat_pool_cancel(t, &err);
	}
}

void leat_pool_sign(struct leat_hand *h, bool busy)
{
	struct leat_runner *ex = h->ex;
	if (!ex->o.asides || h->busy == busy)
		return;
	pthread_mutex_lock(&ex->lock);
	int spare = ex->n * (ex->o.team > 1 ? ex->o.team : 1); /* a team rests while its item is decoded */
	h->busy = busy;
	for (int i = 0; i < ex->n; i++)
		spare -= ex->hands[i].busy;
	for (int i = 0; i < ex->n; i++) {
		struct leat_signs *s = (struct leat_signs *)(void *)ex->hands[i].in.map;
		bool gets = ex->hands[i].busy && spare > 0;
		spare -= gets;
		atomic_store_explicit(&s->spare, gets, memory_order_relaxed);
	}
	pthread_mutex_unlock(&ex->lock);
}

static void hand_release(struct leat_hand *h)
{
	leat_slab_close(&h->in);
	leat_slab_close(&h->out);
	if (h->in_readonly >= 0)
		close(h->in_readonly);
	if (h->timer >= 0)
		close(h->timer);
}

static int hand_prepare(struct leat_runner *ex, struct leat_hand *h, struct leat_err *err)
{
	h->ex = ex;
	h->index = (int)(h - ex->hands);
	if (leat_slab_open(&h->in, "leat-in", ex->o.slab_bytes, true, err) < 0 ||
	    leat_slab_open(&h->out, "leat-out", ex->o.slab_bytes, false, err) < 0 ||
	    leat_slab_back(&h->in, LEAT_SIGNS_BYTES, err) < 0 || leat_slab_back(&h->out, LEAT_PROGRESS_BYTES, err) < 0)
		return -1;
	h->in_readonly = leat_slab_readonly(&h->in, err);
	h->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (h->timer < 0)
		leat_fail_sys(err, LEAT_CAUSE_LIMIT, errno, "cannot make a timer");
	return h->timer < 0 || h->in_readonly < 0 ? -1 : 0;
}

/* A thread of the parent that gets no signals but those of its own faults: they are the host program's. */
static int hand_start(struct leat_hand *h, struct leat_err *err)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t block, before;
	sigfillset(&block);
	for (size_t i = 0; i < LEAT_LEN(own); i++)
		sigdelset(&block, own[i]);
	pthread_sigmask(SIG_SETMASK, &block, &before);
	int sys = pthread_create(&h->thread, NULL, leat_hand_main, h);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (sys)
		return leat_fail_sys(err, LEAT_CAUSE_LIMIT, sys, "cannot start thread %d of '%s'", h->index + 1,
				     h->ex->name);
	h->started = true;
	return 0;
}

static void dissolve(struct leat_runner *ex)
{
	for (int i = 0; i < ex->n; i++)
		if (ex->hands[i].started)
			pthread_join(ex->hands[i].thread, NULL);
	for (int i = 0; i < ex->n; i++)
		leat_stay_wait(&ex->hands[i], 0);
	for (int i = 0; i < ex->n; i++)
		hand_release(&ex->hands[i]);
	if (ex->exe >= 0)
		close(ex->exe);
	if (ex->program >= 0)
		close(ex->program);
	pthread_cond_destroy(&ex->changed);
	pthread_cond_destroy(&ex->room);
	pthread_mutex_destroy(&ex->lock);
	free(ex->env);
	free(ex->hands);
	free(ex);
}

static void fill(struct leat_runner *ex, const struct leat_executor_opts *o)
{
	ex->o = *o;
	ex->own = !o->worker_path;
	ex->exe = ex->program = -1;
	snprintf(ex->name, sizeof ex->name, "%s", o->name ? o->name : "leat");
	ex->o.slab_bytes = o->slab_bytes ? o->slab_bytes : SLAB_BYTES;
	if (ex->o.slab_bytes < MIN_SLAB)
		ex->o.slab_bytes = MIN_SLAB;
	ex->o.slab_bytes = (leat_size_add(ex->o.slab_bytes, 65535)) & ~(size_t)65535;
	ex->o.worker_base = o->worker_base ? o->worker_base : worker_base;
	ex->o.worker_memory = o->worker_memory ? o->worker_memory : worker_memory;
	ex->o.queue_items = o->queue_items ? o->queue_items : 1;
	ex->o.largest_first = o->largest_first && !(o->lanes && o->lanes[0].in_order);
	ex->limits_itself = !leat_start_may_limit();
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->room, NULL);
	pthread_cond_init(&ex->changed, NULL);
	ex->oom_kills = leat_sys_oom_kills();
}

static struct leat_runner *pool_new(const struct leat_executor_opts *o, struct leat_err *err)
{
	struct leat_runner *ex = leat_zalloc(1, sizeof *ex, err);
	size_t bytes = leat_size_mul((size_t)o->workers, sizeof *ex->hands);
	struct leat_hand *hands = ex ? leat_alloc_aligned(bytes, err) : NULL;
	if (!hands) {
		free(ex);
		return NULL;
	}
	memset(hands, 0, bytes);
	fill(ex, o);
	ex->hands = hands;
	ex->n = o->workers;
	for (int i = 0; i < ex->n; i++) {
		struct leat_hand *h = &hands[i];
		h->in.fd = h->out.fd = h->in_readonly = h->timer = h->sock = h->pidfd = -1;
		h->pid = -1;
		h->usage.cpu_from = -1;
	}
	return ex;
}

static int prepare(struct leat_runner *ex, struct leat_err *err)
{
	ex->exe = leat_exe_open(ex->o.worker_path, err);
	ex->program = ex->exe < 0 ? -1 : leat_slab_of_bytes(ex->o.program, ex->o.program_len, err);
	ex->env = ex->program < 0 ? NULL : leat_start_env(err);
	if (!ex->env)
		return -1;
	for (int i = 0; i < ex->n; i++)
		if (hand_prepare(ex, &ex->hands[i], err) < 0)
			return -1;
	return 0;
}

/* Until one worker has answered, or it is clear that none will. */
static int wait_for_one(struct leat_runner *ex, struct leat_err *err)
{
	pthread_mutex_lock(&ex->lock);
	while (!ex->ready && !ex->broken)
		pthread_cond_wait(&ex->changed, &ex->lock);
	int ok = ex->ready ? 0 : -1;
	if (ok < 0 && err)
		*err = ex->why;
	pthread_mutex_unlock(&ex->lock);
	return ok;
}

int leat_pool_open(struct leat_runner **exp, const struct leat_executor_opts *o, bool probe, struct leat_err *err)
{
	*exp = NULL;
	if (o->workers < 1 || o->workers > MAX_WORKERS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "workers must be between 1 and %d", (int)MAX_WORKERS);
	struct leat_runner *ex = pool_new(o, err);
	if (!ex)
		return -1;
	ex->probe = probe;
	int ok = prepare(ex, err);
	for (int i = 0; ok == 0 && i < ex->n; i++)
		ok = hand_start(&ex->hands[i], err);
	if (ok == 0)
		ok = wait_for_one(ex, err);
	if (ok == 0)
		*exp = ex;
	else
		leat_pool_close(&ex);
	return ok;
}

/* With the lock held: the next idle hand, which is not idle any more; or NULL. */
static struct leat_hand *wake_one(struct leat_runner *ex)
{
	struct leat_hand *h = ex->idle;
	if (h) {
		ex->idle = h->next_idle;
		h->idle = false;
	}
	return h;
}

static bool full_for(const struct leat_runner *ex, const struct leat_task *t)
{
	if (!ex->count)
		return false;
	if (ex->count >= ex->o.queue_items)
		return true;
	return ex->o.queue_bytes && (ex->bytes >= ex->o.queue_bytes || t->bytes > ex->o.queue_bytes - ex->bytes);
}

static void append(struct leat_runner *ex, struct leat_task *t)
{
	t->next = NULL;
	t->passed = 0;
	if (ex->tail)
		ex->tail->next = t;
	else
		ex->head = t;
	ex->tail = t;
	ex->bytes += t->bytes;
	if (++ex->count > ex->peak)
		ex->peak = ex->count;
}

/* A small task goes to an idle worker without waking its hand: one wake-up less. */
static bool direct(const struct leat_runner *ex, const struct leat_task *t)
{
	bool fits = !ex->o.wants || !(atomic_load(ex->o.wants) & ~ex->idle->has);
	return fits && !ex->o.turns && !ex->head && !ex->again &&
	       leat_size_add(t->pack_bytes, t->reply_bytes) <= LEAT_DIRECT_BYTES;
}

static void send_direct(struct leat_runner *ex, struct leat_hand *h, struct leat_task *t)
{
	int ended = leat_flight_direct(h, t);
	pthread_mutex_lock(&ex->lock);
	h->claimed = false;
	pthread_cond_broadcast(&ex->changed);
	if (ended) /* nothing is under way: the hand must look for itself whether something came in the meantime */
		leat_hand_poke(h);
	pthread_mutex_unlock(&ex->lock);
}

int leat_pool_submit(struct leat_runner *ex, struct leat_task *t)
{
	struct leat_err why = {0};
	struct leat_hand *h = NULL;
	bool claim = false;
	t->queued_ns = leat_now_ns();
	t->attempts = t->kills = 0;
	t->note = 0;
	pthread_mutex_lock(&ex->lock);
	while (!ex->closed && !ex->broken && full_for(ex, t))
		pthread_cond_wait(&ex->room, &ex->lock);
	int result = ex->closed ? -1 : 0;
	if (ex->broken) {
		why = ex->why;
	} else if (result == 0) {
		claim = ex->idle && direct(ex, t);
		h = wake_one(ex);
		if (claim)
			h->claimed = true;
		else
			append(ex, t);
		if (h && !claim)
			leat_hand_poke(h);
	}
	pthread_mutex_unlock(&ex->lock);
	if (result == 0 && why.cause != LEAT_CAUSE_NONE)
		leat_pool_cancel(t, &why);
	else if (claim)
		send_direct(ex, h, t);
	return result;
}

/* Who lies idle looks up, and ends where nothing waits: nothing will. */
void leat_pool_refuse(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	ex->closed = true;
	wake_all(ex);
	pthread_mutex_unlock(&ex->lock);
}

void leat_pool_stop(struct leat_runner *ex)
{
	pthread_mutex_lock(&ex->lock);
	ex->aborting++;
	ex->closed = ex->aborted = true;
	struct leat_task *rest = take_all(ex);
	for (int i = 0; i < ex->n; i++)
		if (ex->hands[i].pidfd >= 0)
			/* dead already: as good */
			(void)pidfd_send_signal(ex->hands[i].pidfd, SIGKILL, NULL, 0);
	wake_all(ex);
	pthread_mutex_unlock(&ex->lock);
	leat_pool_cancel(rest, &stopped);
	pthread_mutex_lock(&ex->lock);
	if (--ex->aborting == 0)
		pthread_cond_broadcast(&ex->changed);
	pthread_mutex_unlock(&ex->lock);
}

void leat_pool_close(struct leat_runner **exp)
{
	struct leat_runner *ex = *exp;
	*exp = NULL;
	if (!ex)
		return;
	pthread_mutex_lock(&ex->lock);
	ex->closed = true;
	wake_all(ex);
	while (ex->aborting)
		pthread_cond_wait(&ex->changed, &ex->lock);
	pthread_mutex_unlock(&ex->lock);
	dissolve(ex);
}

void leat_pool_stats(struct leat_runner *ex, struct leat_executor_stats *out)
{
	pthread_mutex_lock(&ex->lock);
	*out = (struct leat_executor_stats){.queue_peak = ex->peak};
	for (int i = 0; i < ex->n; i++) {
		const struct leat_hand *h = &ex->hands[i];
		struct leat_executor_stats s = {0};
		leat_clocks_add(&h->clocks, &s);
		leat_usage_add(&h->usage, h->pid, &s);
		out->tasks += s.tasks;
		out->busy_ns += s.busy_ns;
		out->cpu_ns += s.cpu_ns;
		out->runq_ns += s.runq_ns;
		out->idle_ns += s.idle_ns;
	}
	pthread_mutex_unlock(&ex->lock);
}

bool leat_pool_protection(struct leat_runner *ex, struct leat_protection *out)
{
	pthread_mutex_lock(&ex->lock);
	*out = ex->protection;
	pthread_mutex_unlock(&ex->lock);
	return true;
}

int leat_processes_probe(const char *path, enum leat_isolate isolate, struct leat_protection *out, struct leat_err *err)
{
	struct leat_runner *ex;
	struct leat_executor_opts o = {.name = "probe",
				       .workers = 1,
				       .queue_items = 1,
				       .slab_bytes = MIN_SLAB,
				       .isolate = isolate,
				       .worker_path = path};
	if (leat_pool_open(&ex, &o, true, err) < 0)
		return -1;
	(void)leat_pool_protection(ex, out);
	leat_pool_close(&ex);
	return 0;
}
