/* SPDX-License-Identifier: MIT */
/* A morning's report gathered from the state of a job, compared with the run before. */
#ifndef LEAT_API_GATHER_H
#define LEAT_API_GATHER_H

#include "report/morning.h"
#include "state/history.h"

struct leat_gathered {
	struct leat_morning m; /* what it points to lives here */
	struct leat_arena a;
	struct leat_state_run run, before;
	struct leat_group_time *groups;
};

/*
 * Run `id` of the state file `path` (0: the last one that ended). 0; 1: there is none; -1 with *err. Give to
 * leat_gathered_free in any case.
 */
int leat_gather(struct leat_state_file *s, const char *path, int64_t id, struct leat_gathered *g, struct leat_err *err);
/* Seconds an item of this step took in the run before; 0: not known. */
double leat_gathered_before(const struct leat_gathered *g, const char *text, const char *branch);
void leat_gathered_free(struct leat_gathered *g);

#endif
