/* SPDX-License-Identifier: MIT */
/* sort-values: rows in the order of columns, equal ones as they stood, as pandas' sort_values(kind="stable"). */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/rows.h"
#include "ops/table/sorted.h"

struct sort_values {
	struct leat_strs columns;
	bool descending;
	int64_t na;
};

static const char *const nas[] = {"last", "first", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct sort_values, columns, struct leat_strs, LEAT_PT_WORDS, "columns", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "names of columns, the first counts most"),
	LEAT_P_SWITCH(struct sort_values, descending, "descending", "no", 0, "from large to small"),
	LEAT_P_CHOICE(struct sort_values, na, "na", "last", nas, 0, "where missing numbers stand"),
	LEAT_P_END,
};

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
	const struct sort_values *p = w->params;
	const struct leat_table *t = in->table;
	size_t *column, n;
	if (leat_table_keys(t, &p->columns, &column, &n, err) < 0)
		return -1;
	struct leat_sorting s = {column, n, p->descending, p->na == 1};
	uint64_t *rows = leat_table_sorted(t, &s, err);
	struct leat_table *made = rows ? leat_table_take(t, rows, t->rows, err) : NULL;
	free(rows);
	free(column);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_sort_values = {
	.name = "sort-values",
	.group = "table",
	.summary = "sort the rows of a table by columns",
	.example = "sort-values price descending=yes",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct sort_values),
	.in = LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
