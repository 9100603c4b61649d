/* SPDX-License-Identifier: MIT */
/* See pieces.h. */
#include "ops/array/pieces.h"

#include "ops/array/axis.h"

#include <string.h>

struct leat_array *leat_pick(struct leat_array *a, int axis, uint64_t m, leat_place_fn *from, const void *ctx,
			     const void *fill, struct leat_err *err)
{
	struct leat_axis x;
	struct leat_array_shape shape = a->shape;
	if (leat_axis_of(&x, &shape, axis, err) < 0)
		return NULL;
	shape.fortran = false;
	shape.dim[axis] = m;
	struct leat_array *src = leat_array_as(a, shape.dtype, false, err);
	struct leat_array *out = src ? leat_array_new(&shape, err) : NULL;
	size_t size = leat_dtype_size(shape.dtype), row = size * (size_t)x.inner;
	for (uint64_t o = 0; out && o < x.outer; o++) {
		uint8_t *to = (uint8_t *)out->data + o * m * row;
		const uint8_t *at = (const uint8_t *)src->data + o * x.n * row;
		for (uint64_t k = 0; k < m; k++, to += row) {
			int64_t place = from(ctx, k);
			if (place >= 0)
				memcpy(to, at + (uint64_t)place * row, row);
			else
				for (size_t i = 0; i < x.inner; i++)
					memcpy(to + i * size, fill, size);
		}
	}
	leat_array_unref(&src);
	return out;
}
