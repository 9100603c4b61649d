/* SPDX-License-Identifier: MIT */
#include "api/told.h"

struct leat_group_time leat_told_group(const struct leat_state_group *g)
{
	return (struct leat_group_time){.name = g->name,
					.executor = g->executor,
					.workers = g->workers,
					.tasks = g->tasks,
					.busy = g->busy,
					.cpu = g->cpu,
					.runq = g->runq,
					.idle = g->idle,
					.queue_peak = g->queue_peak};
}
