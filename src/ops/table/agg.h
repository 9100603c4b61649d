/* SPDX-License-Identifier: MIT */
/* Numbers of one column made into one: what groupby and describe calculate. Missing ones are left out. Thread safe. */
#ifndef LEAT_OPS_TABLE_AGG_H
#define LEAT_OPS_TABLE_AGG_H

#include "base/err.h"

#include <stddef.h>

enum leat_agg {
	LEAT_AGG_SUM,
	LEAT_AGG_MEAN,
	LEAT_AGG_MIN,
	LEAT_AGG_MAX,
	LEAT_AGG_COUNT,
	LEAT_AGG_STD, /* ddof=1 */
	LEAT_AGG_VAR,
	LEAT_AGG_MEDIAN,
	LEAT_AGG_FIRST,
	LEAT_AGG_LAST,
	LEAT_AGG_SIZE, /* missing ones, too */
};

/* By its word; false: there is none such. */
bool leat_agg_find(const char *word, size_t n, enum leat_agg *how);

/* Of v[n]; NaN where there is no such thing, the sum of nothing is 0. -1 with *err (MEMORY). */
int leat_agg_of(enum leat_agg how, double *v, size_t n, int64_t ddof, double *to, struct leat_err *err);

/* What stands at a share of the numbers that are, interpolated linearly. */
int leat_agg_quantile(double *v, size_t n, double share, double *to, struct leat_err *err);

#endif
