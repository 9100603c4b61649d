/* SPDX-License-Identifier: MIT */
/* Execution options (language 6.9) and the directives that set them and the job. */
#ifndef LEAT_PLAN_EXEC_H
#define LEAT_PLAN_EXEC_H

#include "plan/bind.h"

/* Binds the `defaults` lines; those steps that do not set an option get it from there. */
void leat_plan_defaults(struct leat_planner *pl);

/*
 * Binds the execution options of statement st into s and in, over the defaults, and checks them against
 * `modes`, the LEAT_ON_* where the step can run (0: not known, ask nothing): E061, E062.
 */
void leat_plan_exec(struct leat_planner *pl, struct leat_step *s, struct leat_stepinfo *in, const struct leat_stmt *st,
		    unsigned modes);

/*
 * The options of an implied step: the defaults; with `of`, the on and workers of the step it stands before,
 * where it can take them.
 */
void leat_plan_exec_implied(struct leat_planner *pl, struct leat_step *s, struct leat_stepinfo *in, unsigned modes);
void leat_plan_exec_like(struct leat_step *s, struct leat_stepinfo *in, const struct leat_step *of,
			 const struct leat_stepinfo *of_info, unsigned modes);

/* Name of one LEAT_ON_* mode: "threads". */
const char *leat_plan_mode_name(unsigned mode);

/* The job line and expect (jobline.c). */
void leat_plan_job(struct leat_planner *pl);
/* name=, state= and lock= of one job line, then of all together (jobstate.c). */
struct leat_job_opts;
void leat_plan_job_state(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b);
void leat_plan_job_finish(struct leat_planner *pl);
/* deadline= max-errors= temp= nice= ionice= on-finish= on-failure= of one job line (jobrun.c). */
void leat_plan_job_run(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b);
/* What stands at `at` runs a program: E069 where the facts refuse that, else a note. what: "'exec'". */
void leat_plan_runs_programs(struct leat_planner *pl, struct leat_span at, const char *what);
/* log=, metrics= and trace= of one job line (jobfiles.c). */
void leat_plan_job_files(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b);
void leat_plan_expect(struct leat_planner *pl);
/* The schedule line (schedule.c): only checked, it says when others start the run. */
void leat_plan_schedule(struct leat_planner *pl);
/* E068 for every secret that stands where it would be shown (secrets.c). */
void leat_plan_secrets(struct leat_planner *pl);
/* Does option `key` of step `name` hand a value on without showing it? */
bool leat_plan_keeps_secrets(const char *name, const char *key);

/* E036 at the word, which may be NULL: only a job with a state can have it; `example` behind job name=. */
void leat_plan_needs_state(struct leat_planner *pl, const struct leat_word *w, const char *example);

#endif
