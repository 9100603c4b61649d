/* SPDX-License-Identifier: MIT */
/*
 * How many workers the groups that wait for disks need, found while a run goes (design 3, rule 4).
 *
 * Source: Little's law. The groups that compute can take R = cores / (CPU seconds an item) items a second; to keep
 *         up, a group that spends c seconds of CPU and b seconds blocked on an item needs R (c + b) workers, and a
 *         quarter more for the unevenness. Its blocked time is wall - CPU - waiting for a core - waiting for memory,
 *         never wall - CPU alone.
 *
 * Looked at four times a second, sooner at first; at most doubled at a time; taken back, and left alone for a
 * while, when it gained less than 4 %. Numbers that the user wrote are obeyed.
 *
 * Before the groups that compute have shown what they can take, a group that waits for most of its time, or has not
 * brought a single item yet, is doubled at every look: a thread too many costs next to nothing, and a slow disk
 * everything.
 *
 * Properties: never fewer workers than the plan began with, nor more than LEAT_IO_MOST, or than there are files.
 * Operation:  a thread of its own sleeps between two looks, and holds up nobody. stop ends it at once.
 * Safety:     start and stop: the thread that runs the run. The pure functions: any.
 */
#ifndef LEAT_RUN_PACE_H
#define LEAT_RUN_PACE_H

#include "base/err.h"
#include "core/tuning.h"

/* What a group did between two looks. */
struct leat_pace_look {
	uint64_t items;
	double cpu, blocked; /* seconds, of all of them */
};

/*
 * Workers wanted: `rate` items a second, as the others allow. Between 1 and LEAT_IO_MOST, at most twice `now`. Pure.
 */
int leat_pace_want(double rate, const struct leat_pace_look *l, int now);
/* The same while `rate` is not known yet. */
int leat_pace_first(const struct leat_pace_look *l, int now);

struct leat_run;
struct leat_pace;
/* Starts looking, where there is a group to adapt; *p is NULL where there is none. 0, or -1 with *err. */
int leat_pace_start(struct leat_pace **p, struct leat_run *r, struct leat_err *err);
/* Stops, and leaves with each group how many workers it had at last and why. Accepts NULL in it. */
void leat_pace_stop(struct leat_pace **p);

#endif
