/* SPDX-License-Identifier: MIT */
/* What ops keep per worker (ICC transforms, tables): opened on first use, closed with the worker. */
#include "run/segment.h"

int leat_states_new(struct leat_states *s, const struct leat_plan *p, const struct leat_resource *resources,
		    struct leat_err *err)
{
	s->n = p->n_steps + LEAT_ADAPTERS;
	s->resources = resources;
	s->slot = leat_zalloc(s->n, sizeof *s->slot, err);
	return s->slot ? 0 : -1;
}

int leat_states_get(struct leat_states *s, const struct leat_op *op, const void *params, int slot, void **state,
		    struct leat_err *err)
{
	struct leat_state_slot *st = &s->slot[slot];
	if (!st->op && op->open) {
		struct leat_op_open o = {.params = params, .resources = s->resources};
		if (op->open(&o, &st->state, err) < 0)
			return -1;
	}
	st->op = op;
	*state = st->state;
	return 0;
}

void leat_states_free(struct leat_states *s)
{
	for (size_t i = 0; s->slot && i < s->n; i++)
		if (s->slot[i].op && s->slot[i].op->close)
			s->slot[i].op->close(s->slot[i].state);
	free(s->slot);
	*s = (struct leat_states){0};
}
