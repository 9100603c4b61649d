/* SPDX-License-Identifier: MIT */
/* dropna: rows with missing numbers go, as pandas' dropna: where any of the columns has none, or all. */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/rows.h"

struct dropna {
	struct leat_strs columns;
	int64_t how;
};

enum { ANY, ALL };

static const char *const hows[] = {"any", "all", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct dropna, columns, struct leat_strs, LEAT_PT_WORDS, "columns", NULL, 0,
	       "columns that are looked at; all unless given"),
	LEAT_P_CHOICE(struct dropna, how, "how", "any", hows, 0, "does one missing number suffice, or must all be"),
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

static bool goes(const struct leat_table *t, uint64_t r, const size_t *column, size_t n, int64_t how)
{
	const double *row = leat_table_row(t, r);
	size_t missing = 0, len;
	for (size_t i = 0; i < n; i++)
		missing += column[i] < t->n_columns
				   ? row[column[i]] != row[column[i]]
				   : !leat_text_get(&t->texts->column[column[i] - t->n_columns], r, &len);
	return how == ANY ? missing > 0 : n > 0 && missing == n;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct dropna *p = w->params;
	const struct leat_table *t = in->table;
	size_t *column, n;
	if (leat_table_keys(t, &p->columns, &column, &n, err) < 0)
		return -1;
	uint64_t *rows = leat_zalloc((size_t)t->rows, sizeof *rows, err), kept = 0;
	for (uint64_t r = 0; rows && r < t->rows; r++)
		if (!goes(t, r, column, n, p->how))
			rows[kept++] = r;
	struct leat_table *made = rows ? leat_table_take(t, rows, kept, err) : NULL;
	free(rows);
	free(column);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_dropna = {
	.name = "dropna",
	.group = "table",
	.summary = "drop the rows of a table with missing numbers",
	.example = "dropna columns=price",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct dropna),
	.in = LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
