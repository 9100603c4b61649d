/* SPDX-License-Identifier: MIT */
/*
 * What is recorded of a run beside its outputs: the log, the metrics and the trace that its job line asks for, and the
 * record that the morning's report is made of.
 *
 * Operation:  opened before the first item, told of every event, closed at the end. A file that cannot be written does
 *             not stop the run: its error is kept, and told at the end.
 * Safety:     event: one thread at a time; reopen: any thread; the rest: the thread of the run.
 */
#ifndef LEAT_REPORT_NIGHT_H
#define LEAT_REPORT_NIGHT_H

#include "core/event.h"
#include "report/trail.h"
#include "report/summary.h"

struct leat_night_opts {
	const char *log, *metrics, *trace; /* absolute paths, or NULL */
	const char *job, *host;
	int64_t started_ns; /* wall clock */
	bool record; /* keep what a report needs */
	bool sync;
};

struct leat_night;
int leat_night_open(struct leat_night **n, const struct leat_night_opts *o, struct leat_err *err);
void leat_night_event(struct leat_night *n, const struct leat_event *e);
void leat_night_reopen(struct leat_night *n); /* the log, by its name, at the next event */
/* The run has ended so: last lines, files appear. -1 with the first thing that went wrong with any of them. */
int leat_night_end(struct leat_night *n, const struct leat_summary *s, struct leat_err *err);
const struct leat_trail *leat_night_trail(const struct leat_night *n); /* NULL: none is kept */
void leat_night_free(struct leat_night **n); /* accepts NULL in it; what has not ended leaves no file but its log */

#endif
