/* SPDX-License-Identifier: MIT */
/*
 * What ran when (job trace=), as Chrome trace events: a row for every seat of every group of workers, a slice for every
 * part of an item, queues as counters. Opens in Perfetto and chrome://tracing. The file appears at the end of the run.
 */
#ifndef LEAT_REPORT_TRACEFILE_H
#define LEAT_REPORT_TRACEFILE_H

#include "core/event.h"

struct leat_tracefile;
int leat_tracefile_open(struct leat_tracefile **t, const char *path, const char *job, struct leat_err *err);
int leat_tracefile_event(struct leat_tracefile *t, const struct leat_event *e, struct leat_err *err);
int leat_tracefile_end(struct leat_tracefile *t, struct leat_err *err);
void leat_tracefile_free(struct leat_tracefile **t); /* accepts NULL in it; without an end there is no file */

#endif
