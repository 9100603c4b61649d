/* SPDX-License-Identifier: MIT */
/*
 * A crew: threads that take tasks from one bounded queue. What the executors `threads` and `openmp`
 * have in common.
 *
 * Properties: tasks start in the order of submission, lane by lane (flow/queue.h). A crew of one also ends them in
 *             that order.
 * Operation:  submit() blocks while the lane is full, but not for a thread of the crew: that does the task at once,
 *             itself. refuse() makes submits fail, those that wait too. abort() makes submits fail, gives what is
 *             queued back as cancelled, and lets what runs come to its end. close() runs what is queued (nothing
 *             after abort) and joins the threads. resize() starts threads, or tells the last ones to leave when
 *             their task is done.
 * Safety:     submit, refuse, abort, stats, resize: any thread, submit and stats also run() and done() of a task. A
 *             task must submit to its own crew only to a higher lane than its own: tasks done at once may be nested
 *             as deep as there are lanes. close: one thread that is not of the crew, after the last submit has
 *             returned. The crew's threads block all signals but those of their own faults: signals are the host
 *             program's.
 */
#ifndef LEAT_EXEC_CREW_H
#define LEAT_EXEC_CREW_H

#include "core/executor.h"

/*
 * `threads` threads, each with a team of `team` OpenMP threads to use. -1 with *err when one cannot be
 * started (none is left then).
 */
int leat_crew_open(struct leat_runner **ex, const struct leat_executor_opts *o, int threads, int team,
		   struct leat_err *err);

/* As in struct leat_executor_type. */
int leat_crew_submit(struct leat_runner *ex, struct leat_task *t);
void leat_crew_refuse(struct leat_runner *ex);
void leat_crew_abort(struct leat_runner *ex);
void leat_crew_close(struct leat_runner **ex);
int leat_crew_resize(struct leat_runner *ex, int workers, struct leat_err *err);
void leat_crew_stats(struct leat_runner *ex, struct leat_executor_stats *out);

#endif
