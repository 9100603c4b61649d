/* SPDX-License-Identifier: MIT */
/* What workers really used: the kernel's own account of the process, read by the parent. */
#ifndef LEAT_EXEC_USAGE_H
#define LEAT_EXEC_USAGE_H

#include "core/executor.h"

#include <sys/types.h>

/*
 * CPU time, and time spent waiting for a core, of one hand's workers since each said that it is ready: what they
 * used to begin is not counted. Guarded by the pool's lock.
 */
struct leat_usage {
	int64_t cpu_ns, runq_ns; /* of workers that are gone */
	int64_t cpu_from, runq_from; /* of the present one when it was ready; -1: it is not */
};

/* The worker is ready. */
void leat_usage_begin(struct leat_usage *u, pid_t pid);
/* It is dead and not reaped yet: the last moment at which the kernel can tell. */
void leat_usage_end(struct leat_usage *u, pid_t pid);
/* Adds all to *out; what clocks say of busy time is stretched where the work itself took more CPU time. */
void leat_usage_add(const struct leat_usage *u, pid_t pid, struct leat_executor_stats *out);

#endif
