/* SPDX-License-Identifier: MIT */
/* Arrays of many items put beside each other: what stack and concatenate accumulate. One thread at a time. */
#ifndef LEAT_OPS_ITEM_ROW_H
#define LEAT_OPS_ITEM_ROW_H

#include "core/op.h"

struct leat_row_of {
	bool stacks; /* a new axis; else along one that is there */
	int64_t axis;
	struct leat_array **v; /* [n] copies of their own, in C order */
	size_t n, cap;
	size_t bytes; /* of all of them */
	struct leat_table *table; /* the first item, where tables are joined */
};

/* One more, in the order of the items. -1 with *err: another shape, type or columns (MISMATCH), MEMORY. */
int leat_row_add(struct leat_row_of *r, const struct leat_payload *in, struct leat_err *err);
/* later's items follow; later is left empty. -1 with *err as leat_row_add. */
int leat_row_merge(struct leat_row_of *r, struct leat_row_of *later, struct leat_err *err);
/* All as one, of at least one item. -1 with *err (MEMORY, LIMIT). */
int leat_row_result(const struct leat_row_of *r, struct leat_payload *out, struct leat_err *err);
void leat_row_clear(struct leat_row_of *r);

/* The shape of the result of one item. -1 with *err: there is no such axis. */
int leat_row_shape(bool stacks, int64_t axis, const struct leat_array_shape *in, struct leat_array_shape *out, int *at,
		   struct leat_err *err);

#endif
