/* SPDX-License-Identifier: MIT */
/*
 * What one worker measures about itself.
 *
 * Properties: tasks, busy and idle time are exact. The wait for a core costs a file read, so it is measured for one
 *             task in 16 and scaled up when read; CPU time costs two system calls, so it is measured for every task
 *             that is not very short, and for one in 64 of those that are. Both together are never more than busy.
 * Operation:  leat_clocks_run around every task; nothing waits, nothing is locked.
 * Safety:     only its own thread writes; anybody may read at any time.
 */
#ifndef LEAT_EXEC_CLOCKS_H
#define LEAT_EXEC_CLOCKS_H

#include "core/executor.h"

#include <stdalign.h>

struct leat_clocked { /* tasks of one sort, the time they took, and of it that of those whose CPU time was measured */
	_Atomic int64_t busy_ns, clocked_ns, cpu_ns;
};

struct leat_clocks {
	alignas(64) _Atomic uint64_t tasks; /* a cache line of its own for every worker */
	_Atomic int64_t sampled_ns; /* busy time of the tasks for which runq_ns was measured */
	_Atomic int64_t busy_ns, runq_ns, idle_ns;
	struct leat_clocked clocked[2]; /* short tasks and the others: the one says nothing about the other */
	/* For its own thread alone: */
	int64_t each_ns; /* what a task takes, smoothed */
	int64_t cpu_seen_ns, since_seen_ns; /* its CPU clock when last read; what tasks took since then */
};

/* Runs the task, measured. The time since *since was idle; *since becomes the time when run() ended. */
void leat_clocks_run(struct leat_clocks *c, struct leat_task *t, const struct leat_worker *w, int64_t *since);
/* Adds what c has measured to *out; queue_peak is not touched. */
void leat_clocks_add(const struct leat_clocks *c, struct leat_executor_stats *out);

#endif
