/* SPDX-License-Identifier: MIT */
/*
 * What stats is asked for: its parameters, the names it knows, and its way with arrays and tables. All are thread
 * safe.
 */
#ifndef LEAT_OPS_MEASURE_STATS_H
#define LEAT_OPS_MEASURE_STATS_H

#include "core/op.h"
#include "ops/array/sums.h"

struct leat_stats {
	struct leat_strs fields;
	int64_t per, nan;
};

enum { LEAT_STATS_IMAGE, LEAT_STATS_CHANNEL, LEAT_STATS_PAGE, LEAT_STATS_ALL, LEAT_STATS_COLUMN };
enum { LEAT_STATS_OMIT, LEAT_STATS_PROPAGATE };

enum leat_stats_what {
	LEAT_STATS_MIN,
	LEAT_STATS_MAX,
	LEAT_STATS_MEAN,
	LEAT_STATS_STD,
	LEAT_STATS_SUM,
	LEAT_STATS_MEDIAN,
	LEAT_STATS_ENTROPY,
	LEAT_STATS_SATURATED,
	LEAT_STATS_DOMINANT,
	LEAT_STATS_ROWS,
	LEAT_STATS_COLS,
	LEAT_STATS_SIZE,
	LEAT_STATS_NORM2,
	LEAT_STATS_NAN_COUNT,
	LEAT_STATS_PERCENTILE,
};

struct leat_stats_measure {
	enum leat_stats_what what;
	const char *name;
	unsigned kinds; /* of data that have it */
	enum leat_vtype of_image, of_array; /* types of the field */
	const char *doc;
};

extern const struct leat_param leat_stats_params[];

/* By name; NULL: there is none. */
const struct leat_stats_measure *leat_stats_find(const char *name);
/* Is it asked for? */
bool leat_stats_wants(const struct leat_stats *p, const char *name);
/* Is the median or a percentile asked for? */
bool leat_stats_wants_levels(const struct leat_stats *p);
/* 0.05 of "p05", with or without a suffix. */
double leat_stats_share(const char *name);

/* As the members of struct leat_op are called. */
int leat_stats_check(const void *params, const struct leat_param **which, struct leat_err *err);
int leat_stats_check_kind(const void *params, unsigned kind, const struct leat_param **which, struct leat_err *err);
int leat_stats_shape(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err);
bool leat_stats_paged(const void *params);
void leat_stats_fields(const void *params, unsigned kind, leat_field_fn *fn, void *ctx);

/* Measures an array or a table and sets the fields. team: threads to use. 0, or -1 with *err (MEMORY). */
int leat_stats_array(const struct leat_stats *p, const struct leat_payload *in, int team, struct leat_fields *f,
		     struct leat_err *err);
/* Sets the fields of one line of an array of this shape. squares: of the distances from the mean. suffix NULL: none. */
int leat_stats_line(const struct leat_stats *p, const struct leat_array_shape *shape, const struct leat_sum *sum,
		    double squares, const char *suffix, struct leat_fields *f, struct leat_err *err);
/* Bytes that takes. */
size_t leat_stats_array_cost(const struct leat_stats *p, const struct leat_array_shape *s);

#endif
