/* SPDX-License-Identifier: MIT */
/*
 * Numbers of any real type as one of three that hold them all: int64, uint64 or float64, so that a step has three loops
 * at most and keeps the type of its input. Thread safe.
 */
#ifndef LEAT_OPS_ARRAY_WIDE_H
#define LEAT_OPS_ARRAY_WIDE_H

#include "core/array.h"

/* LEAT_DT_I8 (and of truth values), LEAT_DT_U8 or LEAT_DT_F8. */
enum leat_dtype leat_wide_type(enum leat_dtype t);

/*
 * A copy of the caller's own in that type, in C order unless `keep` leaves it as it is. NULL with *err (UNSUPPORTED:
 * complex; MEMORY).
 */
struct leat_array *leat_wide_of(struct leat_array *a, bool keep, struct leat_err *err);

/* The way back, which takes over `wide` and clears it: integers by their low bits, floats rounded. NULL with *err. */
struct leat_array *leat_wide_back(struct leat_array **wide, enum leat_dtype t, struct leat_err *err);

#endif
