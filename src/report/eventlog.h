/* SPDX-License-Identifier: MIT */
/*
 * The log of a run (job log=): one JSON object a line, appended, so that several runs share a file; docs/REPORTS.md has
 * the fields. A line is there at the latest a second after what it tells of, failures at once.
 */
#ifndef LEAT_REPORT_EVENTLOG_H
#define LEAT_REPORT_EVENTLOG_H

#include "core/event.h"
#include "report/summary.h"

struct leat_eventlog;
int leat_eventlog_open(struct leat_eventlog **l, const char *path, const char *job, struct leat_err *err);
/* Both return -1 with *err when it cannot be written. */
int leat_eventlog_event(struct leat_eventlog *l, const struct leat_event *e, struct leat_err *err);
int leat_eventlog_end(struct leat_eventlog *l, const struct leat_summary *s, bool sync, struct leat_err *err);
/* Goes on in a file of the same name, after somebody moved the other one away. */
int leat_eventlog_reopen(struct leat_eventlog *l, struct leat_err *err);
void leat_eventlog_free(struct leat_eventlog **l); /* accepts NULL in it */

#endif
