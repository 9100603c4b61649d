/* SPDX-License-Identifier: MIT */
/* The median of many arrays, number by number, which takes all of them: for `reduce median`. One thread at a time. */
#ifndef LEAT_OPS_ITEM_MIDDLE_H
#define LEAT_OPS_ITEM_MIDDLE_H

#include "ops/item/row.h"

struct leat_middle {
	struct leat_row_of row; /* float64; stacks = true, axis = 0 */
	struct leat_table *table; /* the first item, where items are tables */
	bool omit; /* missing numbers are left out; else they make the result missing */
};

/* One more. -1 with *err: another shape or other columns (MISMATCH), complex (UNSUPPORTED), MEMORY. */
int leat_middle_add(struct leat_middle *m, const struct leat_payload *in, struct leat_err *err);
/* later's items follow. -1 with *err. */
int leat_middle_merge(struct leat_middle *m, struct leat_middle *later, struct leat_err *err);
/* Of at least one item: float64, or a table like the first. -1 with *err (MEMORY). */
int leat_middle_result(const struct leat_middle *m, struct leat_payload *out, struct leat_err *err);
void leat_middle_clear(struct leat_middle *m);

#endif
