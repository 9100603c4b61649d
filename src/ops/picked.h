/* SPDX-License-Identifier: MIT */
/* A resize that takes single pixels as they are. */
#ifndef LEAT_OPS_PICKED_H
#define LEAT_OPS_PICKED_H

#include "core/image.h"
#include "ops/taps.h"

/*
 * Rows [y0, y1) of the result, row y to `to` + (y - y0) * stride; x and y are `single`, a pixel has `bytes`. `in` holds
 * the rows that y says. Thread safe.
 */
void leat_picked_rows(const struct leat_taps *x, const struct leat_taps *y, size_t bytes, const struct leat_rows *in,
		      uint8_t *to, size_t stride, uint32_t y0, uint32_t y1);

#endif
