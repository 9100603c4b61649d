/* SPDX-License-Identifier: MIT */
/* on=threads: a group of threads on one bounded queue, one item each at a time. */
#include "core/op.h"
#include "exec/crew.h"

static int open_threads(struct leat_runner **ex, const struct leat_executor_opts *o, struct leat_err *err)
{
	return leat_crew_open(ex, o, o->workers, 1, err);
}

const struct leat_executor_type leat_executor_threads = {
	.name = "threads",
	.mode = LEAT_ON_THREADS,
	.summary = "a group of threads, one item each: for files, and for trusted work on many items",
	.open = open_threads,
	.submit = leat_crew_submit,
	.refuse = leat_crew_refuse,
	.abort = leat_crew_abort,
	.close = leat_crew_close,
	.resize = leat_crew_resize,
	.stats = leat_crew_stats,
};
