/* SPDX-License-Identifier: MIT */
/* Two arrays of different shapes that go together, as NumPy has it: axes of one element are repeated. Thread safe. */
#ifndef LEAT_OPS_ARRAY_BROADCAST_H
#define LEAT_OPS_ARRAY_BROADCAST_H

#include "core/array.h"

/* The common shape in C order, with a's type. -1 with *err (MISMATCH). */
int leat_broadcast_shape(const struct leat_array_shape *a, const struct leat_array_shape *b,
			 struct leat_array_shape *out, struct leat_err *err);

/*
 * a as float64 in the dimensions and the order of `to`, with repeated elements where it has one: the array itself where
 * nothing changes. The caller's reference; NULL with *err (MEMORY, UNSUPPORTED: complex).
 */
struct leat_array *leat_broadcast(struct leat_array *a, const struct leat_array_shape *to, struct leat_err *err);

#endif
