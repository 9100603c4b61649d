/* SPDX-License-Identifier: MIT */
/* `job deadline=`: a thread that stops admission when the time is over; what is in flight ends (language 6.10). */
#ifndef LEAT_RUN_DEADLINE_H
#define LEAT_RUN_DEADLINE_H

#include "base/err.h"
#include "plan/plan.h"

struct leat_run;
struct leat_deadline;

/*
 * When a job that began at `started_ns` (wall clock) stops taking items, in ns of the wall clock; 0: never. Pure but
 * for the local time zone.
 */
int64_t leat_deadline_of(const struct leat_job *job, int64_t started_ns);

/* Begins to wait where the job has one; *d is NULL where not. 0, or -1 with *err. */
int leat_deadline_start(struct leat_deadline **d, struct leat_run *r, struct leat_err *err);
void leat_deadline_stop(struct leat_deadline **d); /* accepts NULL in it */

#endif
