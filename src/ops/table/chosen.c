/* SPDX-License-Identifier: MIT */
/* See chosen.h. */
#include "ops/table/chosen.h"

#include "base/mem.h"
#include "ops/expr/expr.h"
#include "ops/table/rows.h"

int leat_chosen_check(const char *condition, struct leat_err *err)
{
	struct leat_expr *e = leat_expr_parse(condition, false, err);
	int ok = e ? 0 : -1;
	leat_expr_free(&e);
	return ok;
}

static int values(const struct leat_expr *e, const struct leat_table *t, int team, double *to, struct leat_err *err)
{
	struct leat_expr_in in[LEAT_EXPR_VARS] = {{NULL, 0}};
	for (size_t i = 0; i < leat_expr_vars(e); i++) {
		size_t column;
		if (leat_table_column(t, leat_expr_var(e, i), &column, err) < 0)
			return -1;
		in[i] = (struct leat_expr_in){(const double *)t->numbers->data + column, t->n_columns};
	}
	return leat_expr_run(e, in, (size_t)t->rows, team, to, err);
}

int leat_chosen_run(const struct leat_whole *w, const char *condition, bool holds, const struct leat_payload *in,
		    struct leat_payload *out, struct leat_err *err)
{
	const struct leat_table *t = in->table;
	struct leat_expr *e = leat_expr_parse(condition, false, err);
	double *v = e ? leat_zalloc((size_t)t->rows, sizeof *v, err) : NULL;
	uint64_t *rows = v ? leat_zalloc((size_t)t->rows, sizeof *rows, err) : NULL, n = 0;
	struct leat_table *made = NULL;
	if (rows && values(e, t, w->team, v, err) == 0) {
		for (uint64_t i = 0; i < t->rows; i++)
			if ((v[i] != 0 && v[i] == v[i]) == holds)
				rows[n++] = i;
		made = leat_table_take(t, rows, n, err);
	}
	free(v);
	free(rows);
	leat_expr_free(&e);
	return leat_table_give(made, out);
}
