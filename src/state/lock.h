/* SPDX-License-Identifier: MIT */
/*
 * One run of a job at a time: a lock on the file STATE.lock, which ends with its process, however that
 * ends. The file says who holds it; it stays, since removing it would let two runs hold two files of one
 * name.
 */
#ifndef LEAT_STATE_LOCK_H
#define LEAT_STATE_LOCK_H

#include "base/err.h"

struct leat_lock_holder {
	int64_t pid; /* 0: cannot be told */
	int64_t since_ns; /* wall clock */
};

/*
 * Takes the lock that belongs to the state file `state`; its folder is made when it is missing. 0, and *fd
 * holds it until it is closed; 1: another process has it, *holder says which; -1 with *err. Never waits.
 */
int leat_state_lock(const char *state, int64_t now_ns, int *fd, struct leat_lock_holder *holder, struct leat_err *err);
void leat_state_unlock(int *fd); /* accepts -1 in it, which it leaves */

/* The folder of a state or lock file, made when it is missing. 0, or -1 with *err. */
int leat_state_make_folder(const char *path, struct leat_err *err);

#endif
