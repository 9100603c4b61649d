/* SPDX-License-Identifier: MIT */
/*
 * The live file of a job, STATE.live: what its run is at, one JSON object, beside the lock. A file and no socket: it
 * costs the run no thread that answers strangers, has no limit on the length of its path, can be read with cat, and of
 * a run that hangs it still shows what it hangs at. It is written in place, so that it costs no disk but its own block.
 *
 * Safety: who reads while it is written gets a text that does not end as it begins, and reads again.
 */
#ifndef LEAT_STATE_LIVE_H
#define LEAT_STATE_LIVE_H

#include "base/buf.h"

struct leat_live;

/* Makes it, empty. -1 with *err. */
int leat_live_open(struct leat_live **l, const char *state, struct leat_err *err);
/* Replaces its text; a failure is nothing that a run could do anything about. */
void leat_live_write(struct leat_live *l, const char *text, size_t n);
void leat_live_close(struct leat_live **l); /* and removes it; accepts NULL in it */

/* The text of the live file that belongs to `state`. 0; 1: there is none; -1 with *err. */
int leat_live_read(const char *state, struct leat_buf *text, struct leat_err *err);

#endif
