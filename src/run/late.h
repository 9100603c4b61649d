/* SPDX-License-Identifier: MIT */
/* Files that are read when they are sent to a worker process: leat_bytes.late. Any thread. */
#ifndef LEAT_RUN_LATE_H
#define LEAT_RUN_LATE_H

#include "run/segment_impl.h"

/*
 * At source `step`: the beginning of the item's file, where the rest can come late; *out NULL: it cannot. -1 with *err.
 */
int leat_late_begin(const struct leat_walk *w, int step, struct leat_bytes **out, struct leat_err *err);

/* The whole file of entry e, for `step` behind the source, to where a worker reads it: e->size bytes. -1 with *err. */
int leat_late_read(const struct leat_plan *p, int step, const struct leat_entry *e, uint8_t *to, struct leat_err *err);

#endif
