/* SPDX-License-Identifier: MIT */
/* What ops keep per worker (ICC transforms, tables): opened on first use, closed with the worker. */
#include "base/room.h"
#include "run/segment.h"

#include "core/paramvalue.h"

/* The content of a file as `parse` reads it when nothing is written there. */
static int parse_file(const struct leat_registry *reg, const struct leat_resource *r, struct leat_payload *out,
		      struct leat_err *err)
{
	const struct leat_codec *c = leat_registry_codec_of(reg, r->bytes->data, r->bytes->len, r->path);
	struct leat_arena arena = {0};
	struct leat_notices ignored = {.n = 0};
	struct leat_parse_params params = {0};
	if (!r->bytes->len)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "the file is empty");
	if (!c || !c->dec_run)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "this is no file of numbers");
	int ok = leat_param_defaults(leat_parse_params, &params, &arena, err);
	if (ok == 0)
		ok = c->dec_run(r->bytes, &params, out, &ignored, err);
	leat_arena_free(&arena);
	return ok;
}

/* leat_op_open.array: the operand of a step. */
static struct leat_array *read_array(const struct leat_op_open *o, int resource, struct leat_err *err)
{
	const struct leat_states *s = o->ctx;
	const struct leat_resource *r = &o->resources[resource];
	struct leat_payload p = {0};
	struct leat_err why = {0};
	if (parse_file(s->registry, r, &p, &why) < 0) {
		leat_fail(err, why.cause, "'%.200s': %.200s", r->path, why.text);
		return NULL;
	}
	struct leat_array *a = leat_array_ref(leat_payload_numbers(&p));
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
		int shut = leat_room_shut(1); /* it outlives the item */
		int ok = op->open(&o, &st->state, err);
		(void)leat_room_shut(shut);
		if (ok < 0)
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
