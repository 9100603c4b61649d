/* SPDX-License-Identifier: MIT */
/* Single pixels as they are. See picked.h. */
#include "ops/picked.h"

#include <string.h>

static inline __attribute__((always_inline)) void gather(const uint8_t *from, const uint32_t *first, uint32_t n,
							 size_t bytes, uint8_t *to)
{
	for (uint32_t i = 0; i < n; i++)
		memcpy(to + i * bytes, from + first[i] * bytes, bytes);
}

static void copy_row(const struct leat_taps *t, size_t bytes, const uint8_t *from, uint8_t *to)
{
	const struct leat_axis *x = &t->axis;
	if (x->in == x->scaled)
		memcpy(to, from + x->offset * bytes, x->out * bytes);
	else if (bytes == 1)
		gather(from, t->first, x->out, 1, to);
	else if (bytes == 3)
		gather(from, t->first, x->out, 3, to);
	else if (bytes == 4)
		gather(from, t->first, x->out, 4, to);
	else
		gather(from, t->first, x->out, bytes, to);
}

void leat_picked_rows(const struct leat_taps *x, const struct leat_taps *y, size_t bytes, const struct leat_rows *in,
		      uint8_t *to, size_t stride, uint32_t y0, uint32_t y1)
{
	for (uint32_t i = y0; i < y1; i++)
		copy_row(x, bytes, leat_row(in, y->first[i]), to + (i - y0) * stride);
}
