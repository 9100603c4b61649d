/* SPDX-License-Identifier: MIT */
/* Steps that pick elements along one axis: the result's places, and where each comes from. Thread safe. */
#ifndef LEAT_OPS_ARRAY_PIECES_H
#define LEAT_OPS_ARRAY_PIECES_H

#include "core/array.h"

/* Where place k of the result comes from along the axis; -1: from nowhere, `fill` stands there. */
typedef int64_t leat_place_fn(const void *ctx, uint64_t k);

/*
 * a, in C order, with m places along axis 0 … ndim-1. fill: bytes of one element, or NULL where every place has a
 * source. The caller's reference; NULL with *err (MEMORY, LIMIT).
 */
struct leat_array *leat_pick(struct leat_array *a, int axis, uint64_t m, leat_place_fn *from, const void *ctx,
			     const void *fill, struct leat_err *err);

#endif
