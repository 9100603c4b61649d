/* SPDX-License-Identifier: MIT */
/* What ops keep per worker (ICC transforms, tables): opened on first use, closed with the worker. */
#include "run/segment.h"

/* leat_op_open.array: the operand of a step, by the first format that knows its bytes. */
static struct leat_array *read_array(const struct leat_op_open *o, int resource, struct leat_err *err)
{
	const struct leat_states *s = o->ctx;
	const struct leat_resource *r = &o->resources[resource];
	const struct leat_codec *c = leat_registry_sniff(s->registry, r->bytes->data, r->bytes->len);
	const struct leat_parse_params as_found = {0};
	struct leat_payload p = {0};
	struct leat_array *a = NULL;
	struct leat_err why = {0};
	if (!c || !c->dec_run) {
		leat_fail(err, LEAT_CAUSE_FORMAT, "'%s' holds no array of a format that leat reads", r->path);
		return NULL;
	}
	if (c->dec_run(r->bytes, &as_found, &p, NULL, &why) < 0)
		leat_fail(err, why.cause, "'%s': %s", r->path, why.text);
	else if (leat_payload_numbers(&p))
		a = leat_array_ref(leat_payload_numbers(&p));
	else
		leat_fail(err, LEAT_CAUSE_FORMAT, "'%s' holds no array", r->path);
	leat_payload_clear(&p);
	return a;
}

int leat_states_new(struct leat_states *s, const struct leat_plan *p, const struct leat_resource *resources,
		    struct leat_err *err)
{
	s->n = p->n_steps + LEAT_ADAPTERS;
	s->resources = resources;
	s->registry = p->registry;
	s->slot = leat_zalloc(s->n, sizeof *s->slot, err);
	return s->slot ? 0 : -1;
}

int leat_states_get(struct leat_states *s, const struct leat_op *op, const void *params, int slot, void **state,
		    struct leat_err *err)
{
	struct leat_state_slot *st = &s->slot[slot];
	if (!st->op && op->open) {
		struct leat_op_open o = {.params = params, .resources = s->resources, .array = read_array, .ctx = s};
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
