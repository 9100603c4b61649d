/* SPDX-License-Identifier: MIT */
/*
 * The door for reports: what runs of a job did, item by item. All of it only reads.
 *
 * Operation:  items come in input order, runs from the latest to the first. Items that a run skipped because they were
 *             up to date are not told one by one: they are counted in its totals (leat_state_get_run in state.h, which
 *             has the times of groups and steps, too).
 * Safety:     what a callback gets is good until it returns; it must not use the state file. When it returns another
 *             value than 0 the walk ends, and that value is returned.
 */
#ifndef LEAT_STATE_HISTORY_H
#define LEAT_STATE_HISTORY_H

#include "state/state.h"

/* What became of one item in one run. */
struct leat_state_item {
	int64_t run;
	uint64_t seq; /* its place among the inputs of that run */
	const char *path; /* absolute; bytes, not always UTF-8 */
	enum leat_state state;
	enum leat_cause cause; /* of a failure, also of a known one */
	const char *step, *text; /* where and why; "" unless it failed */
	double seconds;
	uint64_t bytes_in, bytes_out;
	uint64_t failed_runs; /* in how many runs on end it has failed, this one included; 0: it did not */
	bool quarantined;
};

typedef int leat_state_item_fn(void *ctx, const struct leat_state_item *it);
typedef int leat_state_path_fn(void *ctx, const char *path);
/* Without groups and steps: leat_state_get_run has them. */
typedef int leat_state_run_fn(void *ctx, const struct leat_state_run *run);

/* The latest `most` runs, those included that did not end. 0, what fn returned, or -1 with *err. */
int leat_state_each_run(struct leat_state_file *s, uint64_t most, leat_state_run_fn *fn, void *ctx,
			struct leat_err *err);

/*
 * The run before `run` that it can be compared with: it ended by itself and took all inputs. 0 and its number in *id;
 * 1: there is none; -1 with *err.
 */
int leat_state_previous(struct leat_state_file *s, int64_t run, int64_t *id, struct leat_err *err);

/* The items of a run, or those that failed in it, known ones included. */
int leat_state_each_item(struct leat_state_file *s, int64_t run, leat_state_item_fn *fn, void *ctx,
			 struct leat_err *err);
int leat_state_each_failure(struct leat_state_file *s, int64_t run, leat_state_item_fn *fn, void *ctx,
			    struct leat_err *err);

/* Inputs that earlier runs knew and that this run found vanished, by name. */
int leat_state_each_gone(struct leat_state_file *s, int64_t run, leat_state_path_fn *fn, void *ctx,
			 struct leat_err *err);

/* Everything that runs did with one item, by its absolute path, the latest first. */
int leat_state_each_of_item(struct leat_state_file *s, const char *path, leat_state_item_fn *fn, void *ctx,
			    struct leat_err *err);

#endif
