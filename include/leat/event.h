/* SPDX-License-Identifier: MIT */
/* What a run tells its host while it goes. The library prints nothing itself. */
#ifndef LEAT_EVENT_H
#define LEAT_EVENT_H

#include <leat/types.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum leat_event_type {
	LEAT_EV_START, /* counts->matched and counts->bytes_total are known */
	LEAT_EV_ITEM, /* an item ended: path, state, err, step */
	LEAT_EV_PROGRESS, /* counts changed; at most ten times a second */
	LEAT_EV_STEP, /* a step made something of an item, where leat_run_options.trace asks for it */
	LEAT_EV_NOTICE, /* text: worth a line in the summary, not a failure */
	LEAT_EV_END /* counts are final */
};

struct leat_counts {
	uint64_t matched; /* items */
	uint64_t state[LEAT_N_STATES]; /* items that ended so */
	uint64_t dropped; /* of those done: keep or drop left nothing of them */
	uint64_t bytes_in, bytes_out; /* read and written so far */
	uint64_t bytes_total; /* of all matched inputs, as listed */
	uint64_t outputs_new, outputs_overwritten, outputs_skipped; /* files */
	double seconds; /* since the run began */
};

struct leat_event {
	enum leat_event_type type;
	const struct leat_counts *counts; /* always */
	const char *path; /* LEAT_EV_ITEM, LEAT_EV_STEP: the input's name; bytes, not always UTF-8 */
	enum leat_state state; /* LEAT_EV_ITEM */
	const struct leat_err *err; /* LEAT_EV_ITEM: NULL unless it failed */
	const char *step; /* LEAT_EV_ITEM: the step that failed, or NULL; LEAT_EV_STEP: the step, "resize 800x" */
	const char *text; /* LEAT_EV_NOTICE; LEAT_EV_STEP: what it made, "800x600, RGB, 8 bit" */
	/* LEAT_EV_STEP: */
	int index; /* of the step in the plan: they are told in the order in which they end */
	const char *branch; /* of the step, "" on the main line */
	double seconds; /* its own time, 0 where it was not measured */
	uint64_t bytes; /* of what it made: of a file, or of the samples in memory */
};

/*
 * Called by one thread at a time, from any thread of the run. Everything in it is good until it returns. It
 * must not call back into the recipe.
 */
typedef void leat_event_fn(void *ctx, const struct leat_event *e);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
