/* SPDX-License-Identifier: MIT */
/* Outputs whose inputs are gone (job prune=). */
#ifndef LEAT_RUN_PRUNE_H
#define LEAT_RUN_PRUNE_H

#include "run/engine.h"

/*
 * After everything was recorded: tells of outputs that leat wrote, that are as it wrote them, that no input has any
 * more, and that no other input writes; or removes them, where those are not more than prune-limit= of all. Nothing
 * where a part of the inputs was not looked for. What it did goes into the summary. -1 with *err: the ledger cannot be
 * used.
 */
int leat_prune(struct leat_run *r, struct leat_err *err);

#endif
