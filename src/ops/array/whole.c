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

int leat_whole_give_like(const struct leat_payload *in, struct leat_array *made, struct leat_payload *out,
			 struct leat_err *err)
{
	if (!made || in->kind != LEAT_TABLE)
		return leat_whole_give(made, out);
	struct leat_table *t = leat_table_new(made, (const char *const *)(const void *)in->table->names, err);
	leat_array_unref(&made);
	(void)leat_table_keep_texts(t, in->table);
	*out = (struct leat_payload){.kind = t ? LEAT_TABLE : LEAT_NONE, .table = t};
	return t ? 0 : -1;
}
