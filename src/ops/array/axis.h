/* SPDX-License-Identifier: MIT */
/* Axes of arrays: which one is meant, and the lines along it. Thread safe. */
#ifndef LEAT_OPS_ARRAY_AXIS_H
#define LEAT_OPS_ARRAY_AXIS_H

#include "core/param.h"
#include "core/payload.h"

/* Numbers of an array in C order: [outer][n][inner], where n is the axis. */
struct leat_axis {
	int axis; /* 0 … */
	uint64_t outer, n, inner;
};

/* Is the value of axis= a whole number that an array may have (NaN: all)? 0, or -1 with *err (USAGE). */
int leat_axis_check(double axis, struct leat_err *err);

/* Axis `axis` (negative: from the last) of such an array. -1 with *err (MISMATCH): there is none. */
int leat_axis_of(struct leat_axis *a, const struct leat_array_shape *s, int64_t axis, struct leat_err *err);

/*
 * Line by line along the axis: fn gets n numbers side by side and gives m. from: [outer][n][inner]; to:
 * [outer][m][inner], and may be from where m is n. team: threads to use. -1 with *err of the line that failed,
 * or MEMORY.
 */
typedef int leat_line_fn(const void *ctx, const double *line, size_t n, double *result, size_t m, void *scratch,
			 struct leat_err *err);
struct leat_line_work {
	leat_line_fn *fn;
	const void *ctx;
	size_t m, scratch; /* results of a line; bytes that fn may use */
};
int leat_axis_lines(const struct leat_axis *a, const double *from, double *to, const struct leat_line_work *w, int team,
		    struct leat_err *err);

/*
 * The whole of it for a step: the array as float64 in C order (nothing else is refused but complex numbers), its lines
 * worked on, dimension `axis` becoming w->m. The result is float64; the caller's reference; NULL with *err.
 */
struct leat_array *leat_axis_apply(struct leat_array *in, int64_t axis, const struct leat_line_work *w, int team,
				   struct leat_err *err);

/* Refuses complex numbers. 0, or -1 with *err (UNSUPPORTED). */
int leat_real_check(const struct leat_array_shape *s, struct leat_err *err);

#endif
