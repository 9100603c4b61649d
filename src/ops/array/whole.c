/* SPDX-License-Identifier: MIT */
/* Ops that take their payload whole. See whole.h. */
#include "ops/array/whole.h"

#include "base/mem.h"

int leat_whole_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct leat_whole *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return -1;
	*w = (struct leat_whole){.params = b->params, .state = b->state, .team = b->team > 1 ? b->team : 1};
	*item = w;
	return 0;
}
