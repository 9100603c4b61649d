/* SPDX-License-Identifier: MIT */
/*
 * drop-rows: drop the rows of a table for which a condition holds, as pandas' query: 'width > 3 and height == 5'. A
 * row where it cannot be told has no such condition.
 */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/chosen.h"
#include "ops/table/rows.h"

struct drop_rows {
	const char *condition;
};

static const struct leat_param params[] = {
	LEAT_P(struct drop_rows, condition, const char *, LEAT_PT_TEXT, "condition", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "an expression over columns, in quotes: 'width > 3 and height == 5'"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	*which = &params[0];
	if (leat_chosen_check(((const struct drop_rows *)params_)->condition, err) < 0)
		return -1;
	*which = NULL;
	return 0;
}

/* At most as many. */
static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	return leat_shape_same(params_, in, out, err);
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	return leat_chosen_run(w, ((const struct drop_rows *)w->params)->condition, false, in, out, err);
}

const struct leat_op leat_op_drop_rows = {
	.name = "drop-rows",
	.group = "table",
	.summary = "drop the rows of a table for which a condition holds",
	.example = "drop-rows 'width > 3 and height == 5'",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct drop_rows),
	.in = LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
