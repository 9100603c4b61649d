/* SPDX-License-Identifier: MIT */
/* Errors travel as values: an int result and a caller's struct leat_err that keeps the first failure. */
#ifndef LEAT_BASE_ERR_H
#define LEAT_BASE_ERR_H

#include <leat/types.h>

#define LEAT_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Fills *err if it is still empty (err may be NULL). Always returns -1, so that callers can `return leat_fail(...)`. */
int leat_fail(struct leat_err *err, enum leat_cause cause, const char *fmt, ...) LEAT_PRINTF(3, 4);

/* As leat_fail, with ": strerror(sys)" appended and the cause derived from sys when cause is LEAT_CAUSE_NONE. */
int leat_fail_sys(struct leat_err *err, enum leat_cause cause, int sys, const char *fmt, ...) LEAT_PRINTF(4, 5);

/* The cause class an errno belongs to: ENOSPC EDQUOT EROFS EIO -> TARGET only when writing, else IO. */
enum leat_cause leat_cause_of_errno(int sys, bool writing);

/* "truncated", "corrupt", ...: the word for summaries. Never NULL. */
const char *leat_cause_name(enum leat_cause cause);

/* "done", "failed", "not reached", ...: never NULL. */
const char *leat_state_name(enum leat_state state);

#endif
