/* SPDX-License-Identifier: MIT */
/*
 * The io_uring of on=async, as the host of its fibers' file calls.
 *
 * Properties: a call that was given to it ends exactly once, and its fiber goes on, on the owner's thread. What this
 *             kernel's ring does not know is done directly, by the same call.
 * Operation:  calls of all fibers gather until leat_ring_wait, which gives them to the kernel together. A ring that
 *             breaks fails what it has (EIO); what comes later is done directly.
 * Safety:     one thread owns a ring; only its waker may be used from others, as long as the ring lives.
 */
#ifndef LEAT_EXEC_ASYNC_RING_H
#define LEAT_EXEC_ASYNC_RING_H

#include "base/fiber.h"
#include "base/file.h"

struct leat_ring;

/* Why this machine has no io_uring for us, in words; NULL: it has. Static text; cheap; any thread. */
const char *leat_ring_missing(void);

/* For at most `calls` calls under way at once. NULL with *err. */
struct leat_ring *leat_ring_new(unsigned calls, struct leat_err *err);
void leat_ring_free(struct leat_ring **r); /* nothing may be under way */
struct leat_file_host *leat_ring_host(struct leat_ring *r);
/* Makes a sleeping leat_ring_wait return 1. */
struct leat_waker leat_ring_waker(struct leat_ring *r);
/*
 * Gives the kernel all new calls, sleeps until at least one is done or somebody wakes it, and goes on with the
 * fibers whose calls are done. 1: woken; 0: not; -1 with *err: the ring does not work any more.
 */
int leat_ring_wait(struct leat_ring *r, struct leat_err *err);
/* The ring is broken: calls that were given to it fail, those to come are done directly. */
void leat_ring_go_direct(struct leat_ring *r, const struct leat_err *why);

#endif
