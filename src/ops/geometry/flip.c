/* SPDX-License-Identifier: MIT */
/* flip: mirrored top to bottom. */
#include "ops/turn.h"

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	return leat_turn_begin(4, b, item, err);
}

const struct leat_op leat_op_flip = {
	.name = "flip",
	.group = "geometry",
	.summary = "mirror the image top to bottom",
	.example = "flip",
	.version = 1,
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.shape = leat_shape_same,
	.begin = begin,
	.need = leat_turn_need,
	.rows = leat_turn_rows,
	.end = leat_turn_end,
};
