/* SPDX-License-Identifier: MIT */
/*
 * A thread that stands beside another one: what it is given it does one after the other, while its owner goes on. So
 * one large item can use a second core without anybody starting a thread when that is no longer allowed.
 *
 * Properties: works run in the order in which they were given; nothing is allocated after it was made.
 * Operation:  give never waits; wait sleeps until that work is done. free lets what was given come to its end.
 * Safety:     one thread, the owner, gives and waits. What a work touches is its own until the owner has waited for it.
 */
#ifndef LEAT_BASE_ASIDE_H
#define LEAT_BASE_ASIDE_H

#include "base/err.h"

#include <stdatomic.h>

enum { LEAT_ASIDE_WORKS = 4 }; /* given and not done yet, at most */

struct leat_aside;
typedef void leat_aside_fn(void *ctx);

/*
 * Starts it, and waits until it runs: from then on it makes no system call but futex. `spare`: leat_aside_spare, kept
 * up to date by somebody else, from any process; NULL: always. NULL with *err. It gets no signals.
 */
struct leat_aside *leat_aside_new(const _Atomic uint32_t *spare, struct leat_err *err);

/* Is there a core for it at the moment? Of NULL: no. A hint; what is given runs in any case. */
bool leat_aside_spare(const struct leat_aside *a);

/* Gives it work; returns what to wait for. The caller sees to it that there are never more than LEAT_ASIDE_WORKS. */
uint64_t leat_aside_give(struct leat_aside *a, leat_aside_fn *fn, void *ctx);
/* Until that work, and all before it, are done. */
void leat_aside_wait(struct leat_aside *a, uint64_t work);

/* Lets it do what it has, and ends it; *a is NULL then. Accepts NULL in it. */
void leat_aside_free(struct leat_aside **a);

#endif
