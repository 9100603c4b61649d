/* SPDX-License-Identifier: MIT */
/* Ready-made answers that many ops share. See op.h. */
#include "core/op.h"

#include <string.h>

void leat_op_preset(const struct leat_op *op, void *params)
{
	if (op->preset)
		memcpy(params, op->preset, op->params_size);
}

int leat_shape_same(const void *params, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)params; /* the answer is the same for all */
	(void)err;
	*out = *in;
	return 0;
}

void leat_need_all(const void *item, uint32_t y0, uint32_t y1, int64_t *in_y0, int64_t *in_y1)
{
	(void)y0; /* whichever rows are wanted */
	(void)y1;
	*in_y0 = 0;
	*in_y1 = *(const uint32_t *)item;
}
