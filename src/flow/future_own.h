/* SPDX-License-Identifier: MIT */
/* What the files about futures share; nobody else includes it. */
#ifndef LEAT_FLOW_FUTURE_OWN_H
#define LEAT_FLOW_FUTURE_OWN_H

#include "flow/future.h"

/* A worker takes it up. False: it was cancelled, leave it alone. True also when it runs already (a second try). */
bool leat_future_begin(struct leat_future *f);
/* Ends it, unless it has ended, and calls the callbacks. err: of failed and cancelled. */
void leat_future_end(struct leat_future *f, enum leat_future_state state, const struct leat_err *err);
/* The moment timeout_ns from now on the monotonic clock. */
struct timespec leat_future_deadline(int64_t timeout_ns);

#endif
