/* SPDX-License-Identifier: MIT */
/* <leat/executor.h>: executors of every kind, opened and closed. */
#include "api/functions.h"
#include "api/futures.h"
#include "api/worker.h"
#include "base/sys.h"
#include "registry/registry.h"

static const struct leat_executor_type *type_of(const char *kind, struct leat_err *err)
{
	const struct leat_executor_type *t = leat_registry_executor(leat_registry_default(), kind);
	if (!t) {
		leat_fail(err, LEAT_CAUSE_USAGE, "there is no executor '%.100s': inline, threads, openmp or processes",
			  kind);
		return NULL;
	}
	if (t->mode == LEAT_ON_ASYNC) {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  "on=async is for leat's own reading and writing: one function that waits or computes would "
			  "hold up all others in its one thread; use threads");
		return NULL;
	}
	if (t->mode != LEAT_ON_PROCESSES)
		return t;
	if (leat_worker_missing() || !leat_worker_is_self()) {
		leat_fail(err, LEAT_CAUSE_USAGE,
			  "functions run in worker processes only in a program that calls "
			  "leat_worker_hook first in main");
		return NULL;
	}
	return t;
}

struct leat_executor *leat_executor_open(const char *kind, const struct leat_executor_options *o, struct leat_err *err)
{
	enum { QUEUE = 1024 };
	static const struct leat_executor_options plain;
	const struct leat_executor_type *t = type_of(kind, err);
	if (!t)
		return NULL;
	o = o ? o : &plain;
	struct leat_executor_opts own = {
		.name = o->name ? o->name : kind,
		.workers = o->workers ? o->workers : leat_sys_cores(),
		.queue_items = o->queue ? o->queue : QUEUE,
		.program = leat_functions_program,
		.program_len = LEAT_FUNCTIONS_PROGRAM,
		.worker_memory = o->memory,
		.worker_tasks = o->max_tasks,
		.isolate = o->trusted ? LEAT_ISOLATE_NO : LEAT_ISOLATE_AUTO,
	};
	struct leat_executor *ex = leat_executor_start(t, &own, err);
	if (ex)
		leat_executor_limit(ex, o->timeout_ns);
	return ex;
}

void leat_executor_shutdown(struct leat_executor *ex, bool wait, bool cancel)
{
	leat_executor_refuse(ex);
	if (cancel)
		leat_executor_recall(ex);
	if (wait)
		leat_executor_wait(ex);
}

int leat_executor_terminate(struct leat_executor *ex, struct leat_err *err)
{
	int ok = leat_executor_kill(ex, err);
	if (ok == 0)
		leat_executor_wait(ex);
	return ok;
}

int leat_executor_set_workers(struct leat_executor *ex, int workers, struct leat_err *err)
{
	if (workers < 1)
		return leat_fail(err, LEAT_CAUSE_USAGE, "an executor has at least one worker");
	return leat_executor_resize(ex, workers, err);
}

void leat_executor_close(struct leat_executor **ex)
{
	leat_executor_end(ex);
}

void leat_executor_measured(struct leat_executor *ex, struct leat_executor_numbers *out)
{
	struct leat_executor_stats s = {0};
	leat_executor_measure(ex, &s);
	*out = (struct leat_executor_numbers){
		.tasks = s.tasks,
		.busy_s = (double)s.busy_ns / 1e9,
		.cpu_s = (double)s.cpu_ns / 1e9,
		.wait_s = (double)s.runq_ns / 1e9,
		.idle_s = (double)s.idle_ns / 1e9,
		.queue_peak = s.queue_peak,
	};
}
