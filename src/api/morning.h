/* SPDX-License-Identifier: MIT */
/* The report that a run of a job leaves in the folder NAME/ beside its state NAME.db. */
#ifndef LEAT_API_MORNING_H
#define LEAT_API_MORNING_H

#include "api/recipe.h"
#include "report/trail.h"

/* When the run is in the state. t: what was seen of it, or NULL. Fills summary.since. -1 with *err. */
int leat_morning_leave(struct leat_recipe *r, const struct leat_trail *t, struct leat_err *err);

#endif
