/* SPDX-License-Identifier: MIT */
/* `job on-finish=` and `on-failure=`: commands for the shell behind a run (language 6.10). */
#ifndef LEAT_RUN_HOOKS_H
#define LEAT_RUN_HOOKS_H

#include "plan/plan.h"
#include "report/summary.h"

/*
 * Runs what the job asks for after a run that ended as s says. The commands find in their environment: LEAT_JOB
 * LEAT_RECIPE (recipe: a path or NULL) LEAT_STATE LEAT_STATUS (exit status) LEAT_MATCHED LEAT_DONE LEAT_SKIPPED
 * LEAT_FAILED LEAT_KNOWN_FAILED LEAT_NOT_REACHED LEAT_SECONDS LEAT_REASON (why it could not go on, what `expect`
 * says; or empty). 0, or -1 with *err when one failed. Only for plans whose facts allowed it.
 */
int leat_hooks_run(const struct leat_plan *p, const struct leat_summary *s, const char *recipe, struct leat_err *err);

#endif
