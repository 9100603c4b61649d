/* SPDX-License-Identifier: MIT */
/*
 * describe: figures of every column, as pandas' describe: rows count, mean, std, min, the percentiles, max, in this
 * order. Missing numbers are left out.
 */
#include "base/mem.h"
#include "base/num.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/agg.h"
#include "ops/table/rows.h"

struct describe {
	struct leat_strs percentiles;
	int64_t ddof;
};

static const struct leat_param params[] = {
	LEAT_P(struct describe, percentiles, struct leat_strs, LEAT_PT_WORDS, "percentiles", "25%,50%,75%", 0,
	       "shares of the sorted numbers, with percent signs"),
	LEAT_P_INT(struct describe, ddof, "ddof", "1", 0, INT32_MAX, NULL, 0,
		   "delta degrees of freedom of std: the divisor is the count less this"),
	LEAT_P_END,
};

static int share_of(const char *word, double *share, struct leat_err *err)
{
	size_t n = strlen(word);
	if (n < 2 || word[n - 1] != '%' || !leat_parse_real(word, n - 1, share) || *share < 0 || *share > 100)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is no percentage from 0%% to 100%%", word);
	*share /= 100;
	return 0;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct describe *p = params_;
	double share;
	*which = &params[0];
	for (size_t i = 0; i < p->percentiles.n; i++)
		if (share_of(p->percentiles.v[i], &share, err) < 0)
			return -1;
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	(void)err; /* cannot fail */
	*out = *in;
	out->array.dim[0] = 5 + ((const struct describe *)params_)->percentiles.n;
	return 0;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

/* All figures of a column v into column `at` of the result. */
static int column(const struct describe *p, double *v, size_t n, struct leat_table *to, size_t at, struct leat_err *err)
{
	static const enum leat_agg first[] = {LEAT_AGG_COUNT, LEAT_AGG_MEAN, LEAT_AGG_STD, LEAT_AGG_MIN};
	uint64_t row = 0;
	for (; row < LEAT_LEN(first); row++)
		if (leat_agg_of(first[row], v, n, p->ddof, &leat_table_row(to, row)[at], err) < 0)
			return -1;
	for (size_t i = 0; i < p->percentiles.n; i++, row++) {
		double share;
		if (share_of(p->percentiles.v[i], &share, err) < 0 ||
		    leat_agg_quantile(v, n, share, &leat_table_row(to, row)[at], err) < 0)
			return -1;
	}
	return leat_agg_of(LEAT_AGG_MAX, v, n, 0, &leat_table_row(to, row)[at], err);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct describe *p = ((const struct leat_whole *)item)->params;
	const struct leat_table *t = in->table;
	double *v = leat_zalloc((size_t)t->rows, sizeof *v, err);
	struct leat_table *made = v ? leat_table_made(5 + p->percentiles.n, t->n_columns,
						      (const char *const *)(const void *)t->names, err)
				    : NULL;
	for (size_t i = 0; made && i < t->n_columns; i++) {
		for (uint64_t r = 0; r < t->rows; r++)
			v[r] = leat_table_row(t, r)[i];
		if (column(p, v, (size_t)t->rows, made, i, err) < 0)
			leat_table_unref(&made);
	}
	free(v);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_describe = {
	.name = "describe",
	.group = "table",
	.summary = "figures of every column of a table",
	.example = "describe percentiles=10%,90%",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct describe),
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
