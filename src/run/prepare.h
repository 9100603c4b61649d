/* SPDX-License-Identifier: MIT */
/* What steps load from outside the program, before anything is locked down. */
#ifndef LEAT_RUN_PREPARE_H
#define LEAT_RUN_PREPARE_H

#include "plan/plan.h"

#include <stdatomic.h>

/* Reports every step that cannot work (E063) at its place. */
void leat_prepare_check(const struct leat_plan *p, struct leat_diags *d);

/*
 * Loads what the steps of group `group` need in the process that runs them (leat_op.prepare, leat_codec.prepare); group
 * -1: all. `here`: this process will run them, so formats that they may meet are loaded too: those that the inputs'
 * extensions (NULL-terminated, NULL: not known) let expect, or all that `decode formats=` names. One of them that is
 * missing is no failure, its files will fail by themselves. 0, or -1 with *err: a step cannot work. Cheap when called
 * again; any thread.
 */
int leat_prepare_group(const struct leat_plan *p, int group, bool here, const char *const *extensions,
		       struct leat_err *err);

/* Loads every format whose bit (its place in the registry) is set; what cannot be loaded is told by its files. */
void leat_prepare_formats(const struct leat_registry *r, uint64_t bits);

/*
 * A file turned out to be of this format. Where its name did not let expect that, workers that were born before cannot
 * read it: sets its bit in *wants, so that others come (leat_executor_opts). here: this process decodes, and loads it.
 * Any thread.
 */
void leat_prepare_found(const struct leat_registry *r, const struct leat_codec *c, const char *const *extensions,
			bool here, _Atomic uint64_t *wants);

/* Does any step of group `group` load something of its own, with memory to match? */
bool leat_prepare_loads(const struct leat_plan *p, int group);

#endif
