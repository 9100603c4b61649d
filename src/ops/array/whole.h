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

/* A result goes to *out, which takes it over; NULL: 0 becomes -1. */
static inline int leat_whole_give(struct leat_array *made, struct leat_payload *out)
{
	*out = (struct leat_payload){.kind = made ? LEAT_ARRAY : LEAT_NONE, .array = made};
	return made ? 0 : -1;
}

/* The same for steps that keep a table a table: its columns get new numbers of the same shape. */
int leat_whole_give_like(const struct leat_payload *in, struct leat_array *made, struct leat_payload *out,
			 struct leat_err *err);

/* Rows of the descriptor of an op whose item is leat_whole; ops/rows.h is needed. */
#define LEAT_WHOLE_ROWS \
	.in = LEAT_ARRAY | LEAT_TABLE, .modes = LEAT_ON_CPU, .begin = leat_whole_begin, .end = leat_end_free

#endif
