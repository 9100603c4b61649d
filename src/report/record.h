/* SPDX-License-Identifier: MIT */
/*
 * What a run's report needs beyond its summary, gathered from its events: the time of every step, who was at work when,
 * the slowest items, what failed, and a few items for the contact sheet. Bounded whatever a run does.
 *
 * Safety: one thread at a time.
 */
#ifndef LEAT_REPORT_RECORD_H
#define LEAT_REPORT_RECORD_H

#include "base/buf.h"
#include "base/mem.h"
#include "core/event.h"

enum {
	LEAT_RECORD_SLOTS = 120, /* of the timeline */
	LEAT_RECORD_SLOW = 20,
	LEAT_RECORD_FAILED = 500,
	LEAT_RECORD_SAMPLES = 12,
	LEAT_RECORD_STEPS = 256,
	LEAT_RECORD_GROUPS = 32,
};

struct leat_record_step {
	char *text, *branch; /* "resize 800x" */
	int index; /* of the plan */
	double seconds; /* of the items that were looked at */
	uint64_t items; /* so many of them */
	uint64_t bytes; /* that it gave, of these */
};

struct leat_record_group {
	char *name;
	uint64_t tasks;
	double seconds, waited; /* at work, and before that in the queue; of all tasks together */
	double busy[LEAT_RECORD_SLOTS]; /* seconds at work in each slot of the timeline */
	double queued[LEAT_RECORD_SLOTS]; /* seconds that tasks waited in it */
};

/* An item, as far as a report names it. */
struct leat_record_item {
	char *path;
	uint64_t seq;
	enum leat_state state;
	double seconds; /* that workers spent on it */
	uint64_t bytes, pixels;
	char *output; /* the first file written of it, absolute; or NULL */
	enum leat_cause cause; /* failed: why, at which step, and the message */
	char *step, *text;
};

struct leat_record {
	struct leat_record_step steps[LEAT_RECORD_STEPS];
	size_t n_steps;
	struct leat_record_group groups[LEAT_RECORD_GROUPS];
	size_t n_groups;
	double slot; /* seconds of one slot of the timeline */
	struct leat_record_item slow[LEAT_RECORD_SLOW]; /* the slowest first */
	size_t n_slow;
	struct leat_record_item *failed; /* at most LEAT_RECORD_FAILED, in the order in which they ended */
	size_t n_failed, cap_failed;
	struct leat_record_item samples[LEAT_RECORD_SAMPLES]; /* done, spread over the run */
	size_t n_samples;
	uint64_t with_output, sample_every; /* of the items that could be samples, those whose number this divides */
	bool lost; /* memory ran out: something is missing */
};

void leat_record_event(struct leat_record *r, const struct leat_event *e); /* of a zeroed one, too */
void leat_record_free(struct leat_record *r); /* what it owns; it is zeroed */

#endif
