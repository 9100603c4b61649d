/* SPDX-License-Identifier: MIT */
/*
 * Who works on what while a run goes: for its record (report/night.h), and for those who look on.
 *
 * Properties: every task that was sent is counted in its group: it waits, then a worker has it, then it is gone. A
 *             group's tasks at work have seats, the lowest free ones.
 * Operation:  a thread of its own gives a LEAT_EV_TICK about once a second, and keeps the job's live file
 *             (state/live.h) true where it has one.
 * Safety:     every function from any thread. The lock of the watch is held for a few lines and nothing is called under
 *             it.
 */
#ifndef LEAT_RUN_WATCH_H
#define LEAT_RUN_WATCH_H

#include "base/buf.h"
#include "base/err.h"
#include "report/status.h"

struct leat_run;
struct leat_run_task;
struct leat_watch;

/* state: of the job that is to have a live file, or NULL. */
struct leat_watch *leat_watch_new(struct leat_run *r, const char *state, struct leat_err *err);
int leat_watch_start(struct leat_watch *w, struct leat_err *err); /* from now on it ticks */
void leat_watch_halt(struct leat_watch *w); /* no more ticks; the live file is removed; accepts NULL */
void leat_watch_free(struct leat_watch **w); /* nobody looks any more; accepts NULL in it */

/* Accept a run that nobody watches. */
void leat_watch_sent(struct leat_run_task *t);
void leat_watch_begun(struct leat_run_task *t); /* again after a worker's death: the first time counts */
void leat_watch_ended(struct leat_run_task *t, bool traces); /* tells its steps, where it has some, and its time */

/* How it stands. What it points to is in `a`. */
void leat_watch_look(struct leat_run *r, struct leat_status *s, struct leat_arena *a);

#endif
