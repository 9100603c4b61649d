/* SPDX-License-Identifier: MIT */
/* flop: mirrored left to right. */
#include "ops/turn.h"

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	return leat_turn_begin(2, b, item, err);
}

const struct leat_op leat_op_flop = {
	.name = "flop",
	.group = "geometry",
	.summary = "mirror the image left to right",
	.example = "flop",
	.version = 1,
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.shape = leat_shape_same,
	.begin = begin,
	.rows = leat_turn_rows,
	.end = leat_turn_end,
};
