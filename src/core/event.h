/* SPDX-License-Identifier: MIT */
/* What a run tells the world while it goes. The library prints nothing itself. */
#ifndef LEAT_CORE_EVENT_H
#define LEAT_CORE_EVENT_H

#include "core/item.h"

enum leat_event_type {
	LEAT_EV_START,    /* counts.matched is known */
	LEAT_EV_ITEM,     /* an item ended: entry, state, err, step */
	LEAT_EV_PROGRESS, /* at most ten times a second: counts */
	LEAT_EV_NOTICE,   /* text: something worth a line in the summary, not a failure */
	LEAT_EV_END,
};
struct leat_counts {
	uint64_t matched, state[LEAT_N_STATES];
	uint64_t bytes_in, bytes_out, bytes_total; /* bytes_total: of all matched inputs, from the listing */
	uint64_t outputs_new, outputs_overwritten, outputs_skipped;
	double seconds;
};
struct leat_event {
	enum leat_event_type type;
	const struct leat_counts *counts;
	const struct leat_entry *entry;
	enum leat_state state;
	const struct leat_err *err;
	const char *step, *text;
};
/* Called by one thread at a time, from any thread of the run; must not call back into the run. */
typedef void leat_event_fn(void *ctx, const struct leat_event *e);

#endif
