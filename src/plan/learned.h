/* SPDX-License-Identifier: MIT */
/*
 * What is concluded from what earlier runs measured (design 3, rules 2 to 4). Pure. Numbers and places that
 * the user wrote are obeyed before any of this is asked.
 */
#ifndef LEAT_PLAN_LEARNED_H
#define LEAT_PLAN_LEARNED_H

#include "core/tuning.h"

#include <stdbool.h>
#include <stddef.h>

/* What is known of group `name`, when it is enough to go by; else NULL. */
const struct leat_tuning *leat_learned(const struct leat_tuning *v, size_t n, const char *name);

/* Seconds of work an item. */
double leat_learned_cost(const struct leat_tuning *t);

/*
 * Is the work of this group on an item less than a hand-off is worth? Then it is done by whoever brings the
 * item. False for NULL. What is decoded in processes stays there whatever it costs.
 */
bool leat_learned_cheap(const struct leat_tuning *t);

/* Workers of a group that waits for disks to begin with, not fewer than `least`. */
int leat_learned_io(const struct leat_tuning *t, int least);

/*
 * Threads of a group that computes, where leat would give it `share`: more, when its items wait for longer
 * than they compute (pages of files that come from the disk). Little's law: as many as keep `share` cores
 * at work, and a quarter more.
 */
int leat_learned_threads(const struct leat_tuning *t, int share);

#endif
