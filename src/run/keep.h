/* SPDX-License-Identifier: MIT */
/*
 * What a job keeps between its runs (job name=, state=): read before the plan, held while the run goes,
 * added to at its end.
 */
#ifndef LEAT_RUN_KEEP_H
#define LEAT_RUN_KEEP_H

#include "report/summary.h"
#include "report/trail.h"
#include "run/run.h"

struct leat_run;

/*
 * What earlier runs of this recipe taught on this machine, into f (facts.h: recipe, tuning), for a plan
 * whose job has a state. Nothing is made. -1 with *err when there is a state that cannot be used.
 */
int leat_keep_read(struct leat_facts *f, const struct leat_plan *p, const struct leat_program *prog,
		   struct leat_err *err);

/*
 * Only the job's lock, in *lock (-1: it needs none). 0; 75: another run of the job is active, 5: it cannot be used,
 * both with *err.
 */
int leat_keep_lock(const struct leat_plan *p, const struct leat_facts *f, int *lock, struct leat_err *err);
void leat_keep_unlock(int *lock);

/* Before the run: its lock, and its state is there and good and knows of the run. As leat_keep_lock. */
struct leat_kept {
	int lock;
	int64_t run; /* the number of the run in the state, 0: it has none */
};
int leat_keep_begin(const struct leat_plan *p, const struct leat_facts *f, struct leat_kept *kept,
		    struct leat_err *err);
void leat_keep_end(struct leat_kept *kept);

/*
 * A run that has ended, what it taught and how long its steps took (t, or NULL) go into the state of its job, if it has
 * one. -1 with *err when
 * that is not possible.
 */
int leat_keep_add(const struct leat_plan *p, const struct leat_facts *f, const struct leat_summary *s,
		  const struct leat_trail *t, int64_t run, struct leat_err *err);

#endif
