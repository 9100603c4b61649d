/* SPDX-License-Identifier: MIT */
/* The item of ops that take their payload whole and keep nothing of their own. Thread safe. */
#ifndef LEAT_OPS_ARRAY_WHOLE_H
#define LEAT_OPS_ARRAY_WHOLE_H

#include "core/op.h"

struct leat_whole {
	const void *params;
	void *state;
	int team; /* threads run() may use, at least 1 */
};

/* begin() of such ops; their end() is leat_end_free (ops/rows.h). */
int leat_whole_begin(const struct leat_op_begin *b, void **item, struct leat_err *err);

#endif
