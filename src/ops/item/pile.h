/* SPDX-License-Identifier: MIT */
/*
 * Many arrays of one shape made into one, number by number, in float64: what `reduce` accumulates of arrays and
 * tables. Items are added in the order in which they come, one after the other, as numpy does along the axis of a
 * stack; std and var by Welford's update. One thread at a time.
 */
#ifndef LEAT_OPS_ITEM_PILE_H
#define LEAT_OPS_ITEM_PILE_H

#include "core/payload.h"

enum leat_pile_how {
	LEAT_PILE_MEAN,
	LEAT_PILE_SUM,
	LEAT_PILE_MIN,
	LEAT_PILE_MAX,
	LEAT_PILE_STD,
	LEAT_PILE_VAR,
	LEAT_PILE_COUNT
};

struct leat_pile {
	enum leat_pile_how how;
	bool omit; /* missing numbers are left out; else they make the result missing */
	int64_t ddof; /* of std and var */
	uint64_t count; /* items in it */
	struct leat_array_shape shape; /* of the first item, as float64 */
	struct leat_table *table; /* the first item, where items are tables */
	/* [numbers]: sum, extreme, or (std, var) mean distance from the origin; NULL while there is no item */
	double *value;
	double *squares; /* std, var: sum of the squares of distances from the mean */
	/* std, var: the first number at each place; distances from it are small, and so is their rounding */
	double *origin;
	double *n; /* omit: how many numbers came at each place */
};

/*
 * Adds one more; the first gives the shape. -1 with *err: MISMATCH naming both shapes (or columns), UNSUPPORTED,
 * MEMORY; p is as it was.
 */
int leat_pile_add(struct leat_pile *p, const struct leat_payload *in, struct leat_err *err);

/*
 * Adds what `later` has, whose items follow; later stays valid but may be left empty. Sums are the same but for
 * rounding. -1 as leat_pile_add.
 */
int leat_pile_merge(struct leat_pile *p, struct leat_pile *later, struct leat_err *err);

/*
 * The result: an array, float64 (count: int64), or a table like the first. count must not be 0. -1 with *err
 * (MEMORY).
 */
int leat_pile_result(const struct leat_pile *p, struct leat_payload *out, struct leat_err *err);

/* Bytes that a pile of such items takes. */
size_t leat_pile_cost(enum leat_pile_how how, const struct leat_array_shape *s);

/* Releases what p holds and makes it empty; what it is asked for stays. */
void leat_pile_clear(struct leat_pile *p);

#endif
