/* SPDX-License-Identifier: MIT */
/*
 * What a run's report needs beyond its summary, gathered from its events: the time of every step, who was at work when,
 * the slowest items, what failed, and a few items for the contact sheet. Bounded whatever a run does.
 *
 * Safety: one thread at a time.
 */
#ifndef LEAT_REPORT_TRAIL_H
#define LEAT_REPORT_TRAIL_H

#include "base/buf.h"
#include "base/mem.h"
#include "core/event.h"

enum {
	LEAT_TRAIL_SLOTS = 120, /* of the timeline */
	LEAT_TRAIL_SLOW = 20,
	LEAT_TRAIL_FAILED = 500,
	LEAT_TRAIL_SAMPLES = 12,
	LEAT_TRAIL_STEPS = 256,
	LEAT_TRAIL_GROUPS = 32,
};

struct leat_trail_step {
	char *text, *branch; /* "resize 800x" */
	int index; /* of the plan */
	double seconds; /* of the items that were looked at */
	uint64_t items; /* so many of them */
	uint64_t bytes; /* that it gave, of these */
};

struct leat_trail_group {
	char *name;
	uint64_t tasks;
	double seconds, waited; /* at work, and before that in the queue; of all tasks together */
	double busy[LEAT_TRAIL_SLOTS]; /* seconds at work in each slot of the timeline */
	double queued[LEAT_TRAIL_SLOTS]; /* seconds that tasks waited in it */
};

/* An item, as far as a report names it. */
struct leat_trail_item {
	char *path;
	uint64_t seq;
	enum leat_state state;
	double seconds; /* that workers spent on it */
	uint64_t bytes, pixels;
	char *output; /* the first file written of it, absolute; or NULL */
	enum leat_cause cause; /* failed: why, at which step, and the message */
	char *step, *text;
};

struct leat_trail {
	struct leat_trail_step steps[LEAT_TRAIL_STEPS];
	size_t n_steps;
	struct leat_trail_group groups[LEAT_TRAIL_GROUPS];
	size_t n_groups;
	double slot; /* seconds of one slot of the timeline */
	struct leat_trail_item slow[LEAT_TRAIL_SLOW]; /* the slowest first */
	size_t n_slow;
	struct leat_trail_item *failed; /* at most LEAT_TRAIL_FAILED, in the order in which they ended */
	size_t n_failed, cap_failed;
	struct leat_trail_item samples[LEAT_TRAIL_SAMPLES]; /* done, spread over the run */
	size_t n_samples;
	uint64_t with_output, sample_every; /* of the items that could be samples, those whose number this divides */
	bool lost; /* memory ran out: something is missing */
};

void leat_trail_event(struct leat_trail *r, const struct leat_event *e); /* of a zeroed one, too */
void leat_trail_free(struct leat_trail *r); /* what it owns; it is zeroed */

#endif
