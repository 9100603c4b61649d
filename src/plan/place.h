/* SPDX-License-Identifier: MIT */
/* Where steps run, what they write, what they take: the passes over a tree without errors. */
#ifndef LEAT_PLAN_PLACE_H
#define LEAT_PLAN_PLACE_H

#include "plan/planner.h"

/* A placement that steps share: what makes a segment, and with its queue a group. */
struct leat_place {
	unsigned mode; /* one LEAT_ON_* */
	int workers; /* as written; 0: leat chooses */
	bool io; /* waits for disks */
	bool written; /* mode written by the user */
	bool team; /* of worker processes: each has a team, because items are few */
	struct leat_queue_opt queue;
	bool keep_order;
	const char *name; /* "read", "cpu", "write", "rows" */
	const struct leat_tuning *learned; /* what made leat choose `mode`; or NULL */
};

/* Segments with their places, one per segment in *places (choose.c). */
void leat_plan_choose(struct leat_planner *pl, struct leat_place **places);
/* Groups for them (groups.c). Where there would be more than cores, some places become those of one crew. */
void leat_plan_groups(struct leat_planner *pl, struct leat_place *places);
/* The lanes of the groups' queues; when the groups have their workers (lanes.c). */
void leat_plan_lanes(struct leat_planner *pl, const struct leat_place *places);
/* The segment that feeds segment i; -1: the main thread does (groups.c). */
int leat_plan_feeder(const struct leat_plan *p, size_t i);
/* Predicted outputs, E071, E075 (outputs.c). */
void leat_plan_outputs(struct leat_planner *pl);
/* What goes to standard output (E077), and the files of reports (E071, E075): lone.c. */
void leat_plan_lone_outputs(struct leat_planner *pl);
/* Predicted memory (memory.c); then E072 and what else there is to say about it. */
void leat_plan_memory(struct leat_planner *pl);
void leat_plan_check_memory(struct leat_planner *pl);

/* W006: time limits that cannot be held at any moment, where their steps run (choose.c). */
void leat_plan_check_timeouts(struct leat_planner *pl);
/* Why there is no pool of worker processes, in words; for when facts->pool is false. */
const char *leat_plan_no_pool(const struct leat_planner *pl);
/* What `decode` makes of the header: upright, and of the depth asked for (memory.c). */
struct leat_shape leat_plan_decoded_shape(const struct leat_step *s, const struct leat_header *h);

/* What earlier runs taught about a group of this name, when it is enough to go by; else NULL. */
const struct leat_tuning *leat_plan_learned(const struct leat_planner *pl, const char *name);

/* Does it decode bytes from outside: decode, parse, or a step on files that does so itself (choose.c)? */
bool leat_plan_decodes(const struct leat_step *s);

/* Number and bytes of the inputs; false when they are not listed. */
bool leat_plan_inputs(const struct leat_facts *f, uint64_t *n, uint64_t *bytes);
/* Are there large PNG that a second thread in their worker could unpack (beside.c)? */
bool leat_plan_beside(const struct leat_planner *pl);
/* And does that occupy all cores, so that rows need not be shared out: few images, and light steps (beside.c)? */
bool leat_plan_two_threads_suffice(const struct leat_planner *pl);
/*
 * Are all inputs large files of text that pass in pieces, so that all cores have work whatever their number
 * (stream.c)?
 */
bool leat_plan_streams(const struct leat_planner *pl);
/* Is this input one of those (stream.c)? */
bool leat_plan_streams_entry(const struct leat_planner *pl, const struct leat_entry *e);
/* Will the inputs' number leave cores idle, so that rows of one item are shared out? */
bool leat_plan_few_items(const struct leat_planner *pl);

#endif
