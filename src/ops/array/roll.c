/* SPDX-License-Identifier: MIT */
/* roll: elements move along an axis, and what leaves at one end comes in at the other, as numpy.roll with an axis. */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/array/pieces.h"
#include "ops/array/whole.h"
#include "ops/rows.h"

struct roll {
	int64_t shift, axis;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct roll, shift, "shift", NULL, -INT64_C(9007199254740992), INT64_C(9007199254740992), NULL,
		   LEAT_POSITIONAL | LEAT_REQUIRED, "places by which elements move, to higher ones"),
	LEAT_P_INT(struct roll, axis, "axis", "0", -LEAT_MAX_DIMS, LEAT_MAX_DIMS - 1, NULL, 0,
		   "axis along which they move, negative from the last"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct roll *p = params_;
	struct leat_axis a;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = in->array};
	out->array.fortran = false;
	return leat_axis_of(&a, &in->array, p->axis, err);
}

struct turn {
	int64_t shift, n;
};

static int64_t place(const void *ctx, uint64_t k)
{
	const struct turn *t = ctx;
	int64_t from = ((int64_t)k - t->shift) % t->n;
	return from < 0 ? from + t->n : from;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct roll *p = w->params;
	struct leat_array *a = leat_payload_numbers(in);
	struct leat_axis x;
	if (leat_axis_of(&x, &a->shape, p->axis, err) < 0)
		return -1;
	struct turn t = {p->shift, (int64_t)x.n};
	return leat_whole_give(leat_pick(a, x.axis, x.n, place, &t, NULL, err), out);
}

const struct leat_op leat_op_roll = {
	.name = "roll",
	.group = "array",
	.summary = "move elements along an axis in a circle",
	.example = "roll 3 axis=-1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct roll),
	LEAT_WHOLE_ROWS,
	.out = LEAT_ARRAY,
	.shape = shape,
	.run = run,
};
