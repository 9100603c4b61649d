/* SPDX-License-Identifier: MIT */
/*
 * on=openmp: one item at a time, its rows shared out to a team. One coordinating thread takes the
 * tasks; the team is made by the regions inside a task, of the size that worker.team says
 * (num_threads() clauses). No OpenMP setting of the host program is read or changed.
 *
 * Between two regions libgomp's team waits inside the runtime: it spins for a while (GOMP_SPINCOUNT, by
 * default some milliseconds; far less when there are more threads than cores), then sleeps on a futex.
 * It never spins on: an idle executor costs nothing. Who wants the spinning gone too sets
 * OMP_WAIT_POLICY=passive in the environment before the program starts, because the runtime reads it
 * once when it is loaded; a library cannot and must not do that for its host. The team belongs to the
 * coordinating thread and ends with it in close().
 */
#include "core/op.h"
#include "exec/crew.h"

static int open_openmp(struct leat_runner **ex, const struct leat_executor_opts *o, struct leat_err *err)
{
	return leat_crew_open(ex, o, 1, o->workers, err);
}

const struct leat_executor_type leat_executor_openmp = {
	.name = "openmp",
	.mode = LEAT_ON_OPENMP,
	.summary = "a team of threads on the rows of one item: for few big items and heavy steps",
	.open = open_openmp,
	.submit = leat_crew_submit,
	.refuse = leat_crew_refuse,
	.abort = leat_crew_abort,
	.close = leat_crew_close,
	.stats = leat_crew_stats,
};
