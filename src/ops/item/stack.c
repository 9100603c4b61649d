/* SPDX-License-Identifier: MIT */
/*
 * stack: arrays of one shape and type become one with an axis more, as numpy.stack, in the order of the items, one for
 * each group that by= forms (the engine groups). All of them are kept until the last one came. Of tables their numbers.
 */
#include "base/mem.h"
#include "ops/item/row.h"

struct stack {
	int64_t axis;
	struct leat_tmpl by;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct stack, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "the new axis, negative from the last"),
	LEAT_P(struct stack, by, struct leat_tmpl, LEAT_PT_TEMPLATE, "by", NULL, 0,
	       "the groups: items with the same text make one result; all items when not given"),
	LEAT_P_END,
};

/* Of one item: how many come is not known here. */
static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct stack *p = params_;
	int at;
	*out = (struct leat_shape){.kind = LEAT_ARRAY};
	return leat_row_shape(true, p->axis, &in->array, &out->array, &at, err);
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	(void)params_, (void)kind; /* the same for all */
	fn(ctx, "count", LEAT_V_INT, "items in the result");
}

/* A copy, and its part of the result. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* as in */
	return leat_size_mul(leat_array_bytes(&in->array), 2);
}

static int init(const struct leat_op_open *o, void **acc, struct leat_err *err)
{
	struct leat_row_of *r = leat_zalloc(1, sizeof *r, err);
	if (!r)
		return -1;
	*r = (struct leat_row_of){.stacks = true, .axis = ((const struct stack *)o->params)->axis};
	*acc = r;
	return 0;
}

static int add(void *acc, uint64_t seq, const struct leat_payload *in, const struct leat_view *v, struct leat_err *err)
{
	(void)seq, (void)v; /* they come in order */
	return leat_row_add(acc, in, err);
}

static int merge(void *acc, void *later, struct leat_err *err)
{
	return leat_row_merge(acc, later, err);
}

static int finish(void *acc, struct leat_payload *out, struct leat_fields *f, struct leat_err *err)
{
	const struct leat_row_of *r = acc;
	if (r->n == 0)
		return leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no item came to be joined");
	if (leat_fields_set_int(f, "count", (int64_t)r->n, err) < 0)
		return -1;
	return leat_row_result(r, out, err);
}

static size_t keeps(const void *acc)
{
	return ((const struct leat_row_of *)acc)->bytes;
}

static void release(void *acc)
{
	leat_row_clear(acc);
	free(acc);
}

static const struct leat_reduction reduction = {
	.init = init,
	.add = add,
	.merge = merge,
	.finish = finish,
	.release = release,
	.keeps = keeps,
};

const struct leat_op leat_op_stack = {
	.name = "stack",
	.group = "item",
	.summary = "put arrays of one shape beside each other along a new axis",
	.example = "stack axis=0 by={reldir}",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct stack),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_INLINE | LEAT_ON_THREADS,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.reduction = &reduction,
};
