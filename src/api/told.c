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

void leat_told_counts(struct leat_buf *b, const struct leat_counts *c)
{
	leat_json_uint(b, "matched", c->matched);
	leat_json_uint(b, "done", c->state[LEAT_DONE]);
	leat_json_uint(b, "skipped", c->state[LEAT_SKIPPED]);
	leat_json_uint(b, "failed", c->state[LEAT_FAILED]);
	leat_json_uint(b, "known_failed", c->state[LEAT_KNOWN_FAILED]);
	leat_json_uint(b, "not_reached", c->state[LEAT_NOT_REACHED]);
}
