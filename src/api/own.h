/* SPDX-License-Identifier: MIT */
/* A program's own step behind its public struct: what leat_own_add makes of it. */
#ifndef LEAT_API_OWN_H
#define LEAT_API_OWN_H

#include <leat/step.h>

#include "core/op.h"

#include <pthread.h>

/* Lives as long as the program. */
struct leat_own {
	struct leat_own_step step; /* members that the program's leat does not know are zero */
	struct leat_op op;
	struct leat_param *params; /* of op: rows for step.params */
	struct leat_own_params *preset; /* of op */
	pthread_mutex_t preparing;
};

/* What the op's params are: the step they belong to, which callbacks are not told otherwise, and the values. */
struct leat_own_params {
	struct leat_own *own;
	union leat_own_value value[];
};

struct leat_own_results {
	const struct leat_own *own;
	struct leat_fields fields;
};

/* Fills in op's callbacks for the kind of step it is (own_run.c). */
void leat_own_callbacks(struct leat_own *o);

/* Is it the name of a step that this program added? Any thread. */
bool leat_own_is(const char *name);

#endif
