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
	LEAT_EV_TASK, /* workers did their part of an item, behind the steps of that part; where trace asks for it */
	LEAT_EV_TICK, /* how the groups of workers stand; about once a second, where trace asks for it */
	LEAT_EV_NOTICE, /* text: worth a line in the summary, not a failure */
	LEAT_EV_END /* counts are final */
};

struct leat_counts {
	uint64_t matched; /* items */
	uint64_t state[LEAT_N_STATES]; /* items that ended so */
	uint64_t quarantined; /* of those failed: set aside by on-error=quarantine */
	uint64_t dropped; /* of those done: keep or drop left nothing of them */
	uint64_t bytes_in, bytes_out; /* read and written so far */
	uint64_t bytes_total; /* of all matched inputs, as listed */
	uint64_t outputs_new, outputs_overwritten, outputs_skipped; /* files */
	/*
	 * What was done and what there is to do, in pixels: of images whose header was read exactly, of others as their
	 * bytes let guess by those already read. Better for an estimate of time than counting files.
	 */
	double work, work_total;
	double seconds; /* since the run began */
};

/* How a group of workers stands. */
struct leat_group_now {
	const char *name, *executor; /* "cpu", "threads" */
	int workers;
	uint64_t queued; /* tasks that wait for them */
	uint64_t running; /* tasks in their hands */
	uint64_t done;
};

struct leat_event {
	enum leat_event_type type;
	const struct leat_counts *counts; /* always */
	const char *path; /* LEAT_EV_ITEM, LEAT_EV_STEP, LEAT_EV_TASK: the input's name; bytes, not always UTF-8 */
	uint64_t seq; /* of the same three: its place among the inputs, from 0 */
	enum leat_state state; /* LEAT_EV_ITEM */
	const struct leat_err *err; /* LEAT_EV_ITEM: NULL unless it failed */
	/* LEAT_EV_ITEM: that failed, or NULL; LEAT_EV_STEP: "resize 800x"; LEAT_EV_TASK: the first, "resize" */
	const char *step;
	const char *text; /* LEAT_EV_NOTICE; LEAT_EV_STEP: what it made, "800x600, RGB, 8 bit" */
	/* LEAT_EV_STEP: */
	int index; /* of the step in the plan: they are told in the order in which they end */
	const char *branch; /* of the step, "" on the main line */
	/*
	 * LEAT_EV_STEP: its own time; LEAT_EV_TASK: of the part; LEAT_EV_ITEM: that workers spent on it, where the run
	 * is recorded. 0 where it was not measured.
	 */
	double seconds;
	/* LEAT_EV_STEP: of what it made, of a file or of the samples in memory; LEAT_EV_ITEM: of the input. */
	uint64_t bytes;
	/* LEAT_EV_ITEM: */
	uint64_t pixels; /* by its header; 0: not known, or no image */
	const char *output; /* the first file that was written of it, where the run is recorded; or NULL */
	/* LEAT_EV_TASK: */
	const char *group; /* of the workers */
	int worker; /* which seat of the group it had, from 0 */
	double since; /* seconds from the beginning of the run to that of the task */
	double waited; /* before, in the queue */
	/* LEAT_EV_TICK: */
	const struct leat_group_now *groups;
	size_t n_groups;
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
