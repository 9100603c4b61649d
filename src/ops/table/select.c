/* SPDX-License-Identifier: MIT */
/* select: some columns of a table, in the order of their names. */
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/rows.h"

struct select {
	struct leat_strs columns;
};

static const struct leat_param params[] = {
	LEAT_P(struct select, columns, struct leat_strs, LEAT_PT_WORDS, "columns", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "names of columns"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)err; /* names are looked at with the table */
	*out = *in;
	out->array.dim[1] = ((const struct select *)params_)->columns.n;
	return 0;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

/*
 * Those of numbers first in *column and *names, then those of text, each in order; their places. How many of numbers.
 */
static size_t part(const struct leat_table *t, size_t *column, const char **names, size_t *places, size_t n,
		   const char *const *wanted)
{
	size_t numbers = 0, texts, k = 0;
	for (size_t i = 0; i < n; i++)
		numbers += column[i] < t->n_columns;
	texts = numbers;
	size_t *from = places + n;
	memcpy(from, column, n * sizeof *from);
	for (size_t i = 0; i < n; i++) {
		size_t at = from[i] < t->n_columns ? k++ : texts++;
		column[at] = from[i];
		names[at] = wanted[i];
		places[at] = i;
	}
	return numbers;
}

static struct leat_table *selected(const struct leat_table *t, size_t *column, const char *const *wanted, size_t n,
				   struct leat_err *err)
{
	const char **names = leat_zalloc(n + 1, sizeof *names, err);
	size_t *places = names ? leat_zalloc(2 * n + 1, sizeof *places, err) : NULL;
	size_t numbers = places ? part(t, column, names, places, n, wanted) : 0;
	struct leat_table *made = places ? leat_table_made(t->rows, numbers, names, err) : NULL;
	for (uint64_t r = 0; made && r < t->rows; r++)
		for (size_t i = 0; i < numbers; i++)
			leat_table_row(made, r)[i] = leat_table_row(t, r)[column[i]];
	if (made && n > numbers) {
		made->texts =
			leat_table_texts(t, column + numbers, places + numbers, names + numbers, n - numbers, err);
		if (!made->texts)
			leat_table_unref(&made);
	}
	free(names);
	free(places);
	return made;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct select *p = w->params;
	const struct leat_table *t = in->table;
	size_t *column, n;
	if (leat_table_keys(t, &p->columns, &column, &n, err) < 0)
		return -1;
	struct leat_table *made = selected(t, column, p->columns.v, n, err);
	free(column);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_select = {
	.name = "select",
	.group = "table",
	.summary = "take some columns of a table",
	.example = "select width,height",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct select),
	.in = LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.cost = cost,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
};
