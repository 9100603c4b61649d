/* SPDX-License-Identifier: MIT */
/*
 * fillna: something for missing numbers, as pandas' fillna: a number, the one before (ffill) or behind (bfill), the
 * mean or the median of the column.
 */
#include "base/mem.h"
#include "base/num.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/agg.h"
#include "ops/table/rows.h"

#include <math.h>

struct fillna {
	const char *with;
	struct leat_strs columns;
};

static const struct leat_param params[] = {
	LEAT_P(struct fillna, with, const char *, LEAT_PT_TEXT, "with", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "a number, or ffill, bfill, mean or median"),
	LEAT_P(struct fillna, columns, struct leat_strs, LEAT_PT_WORDS, "columns", NULL, 0,
	       "columns that are filled; all unless given"),
	LEAT_P_END,
};

enum filling { VALUE, FORWARD, BACKWARD, MEAN, MEDIAN };

static int filling_of(const char *word, enum filling *how, double *value, struct leat_err *err)
{
	static const char *const words[] = {"", "ffill", "bfill", "mean", "median"};
	for (size_t i = 1; i < LEAT_LEN(words); i++)
		if (strcmp(words[i], word) == 0) {
			*how = (enum filling)i;
			return 0;
		}
	*how = VALUE;
	if (leat_parse_real(word, strlen(word), value))
		return 0;
	return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is no number, and not ffill, bfill, mean or median", word);
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	enum filling how;
	double value;
	*which = &params[0];
	if (filling_of(((const struct fillna *)params_)->with, &how, &value, err) < 0)
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

/* v: a column, which is filled. */
static int fill(double *v, size_t n, enum filling how, double value, struct leat_err *err)
{
	double near = NAN;
	if (how == MEAN || how == MEDIAN)
		if (leat_agg_of(how == MEAN ? LEAT_AGG_MEAN : LEAT_AGG_MEDIAN, v, n, 0, &value, err) < 0)
			return -1;
	for (size_t i = 0; i < n; i++) {
		double *x = &v[how == BACKWARD ? n - 1 - i : i];
		if (*x == *x)
			near = *x;
		else
			*x = how == FORWARD || how == BACKWARD ? near : value;
	}
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct fillna *p = w->params;
	const struct leat_table *t = in->table;
	enum filling how;
	double value = 0;
	size_t *column = NULL, n = 0;
	struct leat_table *made = NULL;
	double *v = NULL;
	int ok = filling_of(p->with, &how, &value, err);
	if (ok == 0)
		ok = leat_table_columns(t, &p->columns, &column, &n, err);
	if (ok == 0)
		v = leat_zalloc((size_t)t->rows, sizeof *v, err);
	if (v)
		made = leat_table_made(t->rows, t->n_columns, (const char *const *)(const void *)t->names, err);
	if (made)
		memcpy(made->numbers->data, t->numbers->data, leat_array_bytes(&t->numbers->shape));
	for (size_t i = 0; made && i < n; i++) {
		for (uint64_t r = 0; r < t->rows; r++)
			v[r] = leat_table_row(t, r)[column[i]];
		if (fill(v, (size_t)t->rows, how, value, err) < 0)
			leat_table_unref(&made);
		for (uint64_t r = 0; made && r < t->rows; r++)
			leat_table_row(made, r)[column[i]] = v[r];
	}
	free(v);
	free(column);
	return leat_table_give(leat_table_keep_texts(made, t), out);
}

const struct leat_op leat_op_fillna = {
	.name = "fillna",
	.group = "table",
	.summary = "put something for missing numbers of a table",
	.example = "fillna 0 columns=price",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct fillna),
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
