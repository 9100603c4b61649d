/* SPDX-License-Identifier: MIT */
/* How a run went: times per group, expectations, the exit status. */
#ifndef LEAT_RUN_OUTCOME_H
#define LEAT_RUN_OUTCOME_H

#include "run/engine.h"

/* Copies a group's measurements into the summary; before its executor is closed. */
void leat_outcome_times(struct leat_run *r, struct leat_run_group *g);

/*
 * Fills fatal, expect, peak and exit_status of the summary. broken: why the run could not be driven to its end,
 * or NULL.
 */
void leat_outcome(struct leat_run *r, const struct leat_err *broken);

#endif
