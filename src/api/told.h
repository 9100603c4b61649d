/* SPDX-License-Identifier: MIT */
/* What the doors to earlier runs share: a run as the state of a job holds it, for summaries and JSON. */
#ifndef LEAT_API_TOLD_H
#define LEAT_API_TOLD_H

#include "report/summary.h"
#include "state/state.h"

/* As summaries want it; texts stay those of *g. */
struct leat_group_time leat_told_group(const struct leat_state_group *g);

#endif
