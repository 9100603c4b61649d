/* SPDX-License-Identifier: MIT */
/* on=processes: supervised worker processes on shared memory, sandboxed. pool.h tells how. */
#include "exec/processes/processes.h"

#include "exec/processes/pool.h"

static int open_processes(struct leat_runner **ex, const struct leat_executor_opts *o, struct leat_err *err)
{
	return leat_pool_open(ex, o, false, err);
}

const struct leat_executor_type leat_executor_processes = {
	.name = "processes",
	.mode = LEAT_ON_PROCESSES,
	.summary = "sandboxed worker processes, one item each: for bytes from outside, whatever they do",
	.open = open_processes,
	.submit = leat_pool_submit,
	.refuse = leat_pool_refuse,
	.abort = leat_pool_stop,
	.kill = leat_pool_stop, /* its abort kills the workers already */
	.close = leat_pool_close,
	.stats = leat_pool_stats,
	.protection = leat_pool_protection,
};
