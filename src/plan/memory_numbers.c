/* SPDX-License-Identifier: MIT */
/* What arrays and tables take while their item passes. Every step's result is there until all behind it is done. */
#include "plan/estimate.h"

enum {
	TEXT_BYTES = 26, /* of a number as text, with what separates it */
	HEADER_BYTES = 4096, /* of an encoded file besides its elements */
	REPLY_BYTES = 128 * 1024, /* around it, in a worker's reply */
};

static uint64_t encoded_bytes(const struct leat_codec *c, const struct leat_array_shape *s)
{
	uint64_t text = leat_estimate_times(leat_array_count(s), TEXT_BYTES), packed = leat_array_bytes(s);
	bool as_text = !c || c->gives == LEAT_TABLE;
	return leat_size_add(as_text && text > packed ? text : packed, HEADER_BYTES);
}

static void children(struct leat_estimate *e, int parent, const struct leat_shape *shape);

static void op(struct leat_estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	struct leat_shape out = *in;
	struct leat_err err = {0};
	if (s->op->shape && s->op->shape(s->params, in, &out, &err) < 0)
		return; /* this item fails here */
	if (s->op->cost)
		leat_estimate_add(e, i, s->op->cost(s->params, in, &out));
	if (out.kind == LEAT_IMAGE)
		leat_estimate_image(e, i, &out);
	else if (s->op->measures) /* looks at the numbers where they are */
		children(e, i, &out);
	else
		leat_estimate_numbers(e, i, &out);
}

static void step(struct leat_estimate *e, int i, const struct leat_shape *in)
{
	const struct leat_step *s = &e->p->steps[i];
	if (s->segment != e->p->steps[s->parent].segment) { /* handed over, perhaps between two processes */
		leat_estimate_add(e, i, leat_array_bytes(&in->array));
		e->reply = UINT64_MAX;
	}
	switch (s->role) {
	case LEAT_OP:
		op(e, i, in);
		break;
	case LEAT_ENCODE:
		leat_estimate_add(e, i, encoded_bytes(s->codec, &in->array));
		leat_estimate_reply(e, leat_size_add(encoded_bytes(s->codec, &in->array), REPLY_BYTES));
		break;
	case LEAT_REDUCE:
		e->reply = UINT64_MAX;
		break;
	default:
		children(e, i, in);
		break;
	}
}

static void children(struct leat_estimate *e, int parent, const struct leat_shape *shape)
{
	for (int c = e->info[parent].child; c >= 0; c = e->info[c].sibling)
		step(e, c, shape);
}

void leat_estimate_numbers(struct leat_estimate *e, int step_, const struct leat_shape *shape)
{
	leat_estimate_add(e, step_, leat_array_bytes(&shape->array));
	children(e, step_, shape);
}

/* Of text nobody knows more than its length: a number takes two bytes of it at least. */
static struct leat_shape parsed_shape(const struct leat_header *h, uint64_t file_bytes)
{
	struct leat_shape s = {.kind = h->kind, .array = h->array};
	if (h->kind == LEAT_TABLE && leat_array_count(&h->array) == 0)
		s.array = (struct leat_array_shape){LEAT_DT_F8, 2, {file_bytes / 2 + 1, 1}, false};
	return s;
}

void leat_estimate_parse(struct leat_estimate *e, int step_, const struct leat_header *h, uint64_t file_bytes)
{
	const struct leat_parse_params *params = e->p->steps[step_].params;
	if (h->kind != LEAT_ARRAY && h->kind != LEAT_TABLE)
		return;
	struct leat_shape s = parsed_shape(h, file_bytes);
	if (params->dtype > 0 && (enum leat_dtype)(params->dtype - 1) != s.array.dtype) {
		leat_estimate_add(e, step_, leat_array_bytes(&s.array)); /* as stored, too */
		s.array.dtype = (enum leat_dtype)(params->dtype - 1);
	}
	leat_estimate_numbers(e, step_, &s);
}
