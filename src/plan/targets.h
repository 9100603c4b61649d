/* SPDX-License-Identifier: MIT */
/* What every write step will do to the disk: files by what becomes of them, bytes, and the room there is. */
#ifndef LEAT_PLAN_TARGETS_H
#define LEAT_PLAN_TARGETS_H

#include "plan/planner.h"

/* Makes plan->targets, one for each write step that writes files, all empty. False when memory is out. */
bool leat_plan_open_targets(struct leat_planner *pl);

/* Counts one predicted output, with what stands there; certain: no filter may still drop it. */
void leat_plan_count_output(struct leat_planner *pl, const struct leat_output *out, const struct leat_there *s);

/* Guesses for those whose names wait for the run; then plan->disks, and the warning when one has not enough room. */
void leat_plan_close_targets(struct leat_planner *pl);

#endif
