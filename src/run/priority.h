/* SPDX-License-Identifier: MIT */
/* `job nice=` and `ionice=`: a run on a thread of its own, whose priorities all its threads and programs inherit. */
#ifndef LEAT_RUN_PRIORITY_H
#define LEAT_RUN_PRIORITY_H

#include "plan/plan.h"
#include "report/summary.h"

/*
 * Calls go(ctx, err): here where the job asks for nothing, else on a thread with the priorities that it asks for, so
 * that those of the host program stay as they are. What the system refuses is a notice of s. What go returns, or -1
 * with *err.
 */
int leat_priority_run(const struct leat_job *job, struct leat_summary *s, int (*go)(void *ctx, struct leat_err *err),
		      void *ctx, struct leat_err *err);

#endif
