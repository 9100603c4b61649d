/* SPDX-License-Identifier: MIT */
/* An executor with futures: translates between its tasks and them. See future.h. */
#include "flow/future_own.h"

#include "base/mem.h"

#include <stdio.h>

struct leat_executor {
	const struct leat_executor_type *type;
	struct leat_runner *runner;
	struct leat_cancel own_cancel;
	struct leat_cancel *cancel; /* raised by abort: the owner's, or NULL where that is not ours to raise */
	char name[32];
	int64_t limit_ns; /* of tasks without a limit of their own */
	atomic_int workers;
	atomic_bool refusing;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t quiet;
	struct leat_future *newest; /* of those under way */
	size_t under_way;
};

static struct leat_future *future_of(struct leat_task *t)
{
	return (struct leat_future *)t; /* its first member */
}

static int run(struct leat_task *t, const struct leat_worker *w)
{
	struct leat_future *f = future_of(t);
	struct leat_err err = {0};
	if (!leat_future_begin(f))
		return -1;
	int ok = f->cls->run(f, w, &err);
	if (ok < 0)
		f->err = err; /* nobody looks at it before the end */
	return ok;
}

static int pack(struct leat_task *t, uint8_t *slab, size_t cap, size_t *len, struct leat_err *err)
{
	struct leat_future *f = future_of(t);
	if (!leat_future_begin(f))
		return leat_fail(err, LEAT_CAUSE_CANCELLED, "cancelled before it began");
	if (!f->cls->pack)
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "this function cannot run in another process: register it by name");
	return f->cls->pack(f, slab, cap, len, err);
}

static int unpack(struct leat_task *t, const uint8_t *slab, size_t len, struct leat_err *err)
{
	struct leat_future *f = future_of(t);
	return f->cls->unpack(f, slab, len, err);
}

static int ask(struct leat_task *t, const uint8_t *what, size_t n, struct leat_err *err)
{
	struct leat_future *f = future_of(t);
	return f->cls->ask ? f->cls->ask(f, what, n, err)
			   : leat_fail(err, LEAT_CAUSE_INTERNAL, "the worker asked what nobody can answer");
}

/* It did not run, or its worker died: kept until done(), which ends it. */
static void cancel(struct leat_task *t, const struct leat_err *err)
{
	static const struct leat_err stopped = {.cause = LEAT_CAUSE_CANCELLED, .text = "stopped before it was done"};
	struct leat_future *f = future_of(t);
	if (leat_future_begin(f)) /* from now on nobody else ends it */
		f->err = err ? *err : stopped;
}

static enum leat_future_state outcome(const struct leat_err *err)
{
	if (err->cause == LEAT_CAUSE_NONE)
		return LEAT_FUTURE_DONE;
	return err->cause == LEAT_CAUSE_CANCELLED ? LEAT_FUTURE_CANCELLED : LEAT_FUTURE_FAILED;
}

static void take_off(struct leat_executor *ex, struct leat_future *f)
{
	pthread_mutex_lock(&ex->lock);
	ex->under_way++;
	f->older = ex->newest;
	f->newer = NULL;
	if (ex->newest)
		ex->newest->newer = f;
	ex->newest = f;
	pthread_mutex_unlock(&ex->lock);
}

/* The last one tells those who wait: under the lock, so that the executor is still there. */
static void land(struct leat_executor *ex, struct leat_future *f)
{
	pthread_mutex_lock(&ex->lock);
	if (f->older)
		f->older->newer = f->newer;
	if (f->newer)
		f->newer->older = f->older;
	else
		ex->newest = f->older;
	f->older = f->newer = NULL;
	if (--ex->under_way == 0)
		pthread_cond_broadcast(&ex->quiet);
	pthread_mutex_unlock(&ex->lock);
}

static void end(struct leat_future *f)
{
	if (leat_future_state(f) == LEAT_FUTURE_RUNNING)
		leat_future_end(f, outcome(&f->err), NULL);
	leat_future_unref(&f);
}

static void done(struct leat_task *t)
{
	struct leat_future *f = leat_future_ref(future_of(t));
	struct leat_executor *ex = f->executor;
	end(f);
	land(ex, f); /* the executor waits for the worker that is here */
	leat_future_unref(&f);
}

static const struct leat_task_class tasks = {
	.run = run,
	.pack = pack,
	.unpack = unpack,
	.ask = ask,
	.cancel = cancel,
	.done = done,
};

static void release(struct leat_executor *ex)
{
	pthread_cond_destroy(&ex->quiet);
	pthread_mutex_destroy(&ex->lock);
	free(ex);
}

struct leat_executor *leat_executor_start(const struct leat_executor_type *type, const struct leat_executor_opts *o,
					  struct leat_err *err)
{
	struct leat_executor *ex = leat_zalloc(1, sizeof *ex, err);
	if (!ex)
		return NULL;
	ex->type = type;
	(void)snprintf(ex->name, sizeof ex->name, "%s", o->name ? o->name : type->name); /* cut: only to be shown */
	atomic_init(&ex->workers, o->workers);
	pthread_mutex_init(&ex->lock, NULL);
	pthread_cond_init(&ex->quiet, NULL);
	struct leat_executor_opts own = *o;
	if (!own.cancel)
		own.cancel = ex->cancel = &ex->own_cancel;
	if (type->open(&ex->runner, &own, err) == 0)
		return ex;
	release(ex);
	return NULL;
}

void leat_executor_submit(struct leat_executor *ex, struct leat_future *f)
{
	f->task.cls = &tasks;
	f->executor = ex;
	if (!f->task.timeout_ns)
		f->task.timeout_ns = ex->limit_ns;
	leat_future_ref(f); /* the executor's, dropped by done() */
	take_off(ex, f);
	if (!atomic_load(&ex->refusing) && ex->type->submit(ex->runner, &f->task) == 0)
		return;
	land(ex, f); /* before its end: whoever hears of that may close the executor */
	cancel(&f->task, NULL);
	end(f);
}

void leat_executor_refuse(struct leat_executor *ex)
{
	atomic_store(&ex->refusing, true);
	ex->type->refuse(ex->runner); /* who waits for room need not wait any more */
}

bool leat_executor_refuses(const struct leat_executor *ex)
{
	return atomic_load(&ex->refusing);
}

void leat_executor_limit(struct leat_executor *ex, int64_t timeout_ns)
{
	ex->limit_ns = timeout_ns;
}

void leat_executor_wait(struct leat_executor *ex)
{
	pthread_mutex_lock(&ex->lock);
	while (ex->under_way)
		pthread_cond_wait(&ex->quiet, &ex->lock);
	pthread_mutex_unlock(&ex->lock);
}

/* References of all that wait now; *n of them. NULL: none, or out of memory. */
static struct leat_future **waiting(struct leat_executor *ex, size_t *n)
{
	*n = 0;
	pthread_mutex_lock(&ex->lock);
	struct leat_future **v = ex->under_way ? malloc(ex->under_way * sizeof(struct leat_future *)) : NULL;
	for (struct leat_future *f = ex->newest; v && f; f = f->older)
		if (leat_future_state(f) == LEAT_FUTURE_PENDING)
			v[(*n)++] = leat_future_ref(f);
	pthread_mutex_unlock(&ex->lock);
	return v;
}

void leat_executor_recall(struct leat_executor *ex)
{
	size_t n;
	struct leat_future **v = waiting(ex, &n); /* without memory for it they run: late, not wrong */
	for (size_t i = 0; i < n; i++) {
		(void)leat_future_withdraw(v[i]); /* one that has begun since goes on */
		leat_future_unref(&v[i]);
	}
	free(v);
}

void leat_executor_abort(struct leat_executor *ex)
{
	leat_executor_refuse(ex);
	if (ex->cancel)
		leat_cancel_raise(ex->cancel, LEAT_STOP_ABORT);
	ex->type->abort(ex->runner);
}

int leat_executor_kill(struct leat_executor *ex, struct leat_err *err)
{
	if (!ex->type->kill) {
		leat_executor_abort(ex);
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "what runs on=%s cannot be ended from outside: it shares this process's memory and "
				 "locks; it was asked to stop, and what waited is cancelled",
				 ex->type->name);
	}
	leat_executor_refuse(ex);
	ex->type->kill(ex->runner);
	return 0;
}

int leat_executor_resize(struct leat_executor *ex, int workers, struct leat_err *err)
{
	if (!ex->type->resize)
		return leat_fail(
			err, LEAT_CAUSE_USAGE,
			"the number of workers on=%s is the one it was opened with: only threads can come and go",
			ex->type->name);
	if (ex->type->resize(ex->runner, workers, err) < 0)
		return -1;
	atomic_store(&ex->workers, workers);
	return 0;
}

const char *leat_executor_name(const struct leat_executor *ex)
{
	return ex->name;
}

int leat_executor_workers(const struct leat_executor *ex)
{
	return atomic_load(&ex->workers);
}

const struct leat_executor_type *leat_executor_type_of(const struct leat_executor *ex)
{
	return ex->type;
}

void leat_executor_measure(struct leat_executor *ex, struct leat_executor_stats *out)
{
	ex->type->stats(ex->runner, out);
}

bool leat_executor_protects(struct leat_executor *ex, struct leat_protection *out)
{
	return ex->type->protection && ex->type->protection(ex->runner, out);
}

void leat_executor_end(struct leat_executor **exp)
{
	struct leat_executor *ex = *exp;
	*exp = NULL;
	if (!ex)
		return;
	leat_executor_refuse(ex);
	ex->type->close(&ex->runner);
	release(ex);
}
