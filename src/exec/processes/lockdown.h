/* SPDX-License-Identifier: MIT */
/* A worker gives up what it does not need, step by step, before its first item. */
#ifndef LEAT_EXEC_LOCKDOWN_H
#define LEAT_EXEC_LOCKDOWN_H

#include "base/err.h"
#include "core/protection.h"

#include <sys/types.h>

struct leat_lockdown {
	enum leat_isolate isolate;
	int sock; /* the only descriptor that stays open */
	pid_t parent; /* the worker dies with it */
	uint64_t data_limit; /* RLIMIT_DATA, hard and soft */
	bool moves_limit; /* it will move its own soft limit of memory below the hard one */
	/*
	 * Starts the threads that the worker is to have: after Landlock, which binds those that come later, before the
	 * limits, which allow none, and the filter, which binds all. May be NULL.
	 */
	int (*threads)(void *ctx, struct leat_err *err);
	void *ctx;
	bool strict; /* for tests, see leat_seccomp_rules */
};

/*
 * Why the sandbox must stay off in this build ("built with the address sanitizer"), or NULL. Sanitizers map
 * terabytes, start threads and make system calls of their own.
 */
const char *leat_lockdown_off(void);

/*
 * Locks this process down; *p says what is in force. 0, or -1 with *err when the parent is gone or a step
 * failed in a way that must not be gone past.
 */
int leat_lockdown(const struct leat_lockdown *l, struct leat_protection *p, struct leat_err *err);

#endif
