/* SPDX-License-Identifier: MIT */
/* What a run that was killed left unfinished. */
#ifndef LEAT_RUN_LEFTOVER_H
#define LEAT_RUN_LEFTOVER_H

#include "run/engine.h"
#include "state/state.h"

/*
 * Where the run before this one did not end: removes unfinished files (base/publish.h) from the folders that this run
 * writes into. Only for jobs with a lock, which says that nobody writes there now. What cannot be removed stays.
 */
void leat_leftovers_remove(const struct leat_run *r, struct leat_state_file *s);

#endif
