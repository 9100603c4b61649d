/* SPDX-License-Identifier: MIT */
/*
 * What a job keeps between its runs (job name=, state=): read before the plan, held while the run goes,
 * added to at its end.
 */
#ifndef LEAT_RUN_KEEP_H
#define LEAT_RUN_KEEP_H

#include "report/summary.h"
#include "run/run.h"

struct leat_run;

/*
 * What earlier runs of this recipe taught on this machine, into f (facts.h: recipe, tuning), for a plan
 * whose job has a state. Nothing is made. -1 with *err when there is a state that cannot be used.
 */
int leat_keep_read(struct leat_facts *f, const struct leat_plan *p, const struct leat_program *prog,
		   struct leat_err *err);

/*
 * Before the run: the job's lock in *lock (-1: it needs none), and its state is there and good. 0; 75:
 * another run of the job is active, 5: it cannot be used, both with *err.
 */
int leat_keep_begin(const struct leat_plan *p, const struct leat_facts *f, int *lock, struct leat_err *err);
void leat_keep_end(int *lock);

/*
 * A run that has ended, and what it taught, go into the state of its job, if it has one. -1 with *err when
 * that is not possible.
 */
int leat_keep_add(const struct leat_plan *p, const struct leat_facts *f, const struct leat_summary *s,
		  struct leat_err *err);

#endif
