/* SPDX-License-Identifier: MIT */
/*
 * What on-error=quarantine sets aside: in the job's folder a link to the input, and beside it a text with the reason.
 * The input itself stays where it is.
 */
#ifndef LEAT_RUN_QUARANTINE_H
#define LEAT_RUN_QUARANTINE_H

#include "run/engine.h"

/* The item has failed at a step that asks for it: true, it is set aside. Any thread. */
bool leat_quarantine_put(struct leat_run_item *it);
/* The item is done, and it may have been set aside before: not any more. */
void leat_quarantine_take(struct leat_run_item *it);

#endif
