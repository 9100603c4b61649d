/* SPDX-License-Identifier: MIT */
/*
 * groupby: rows with the same numbers in some columns become one, as pandas' groupby: the columns, in ascending
 * order, and for each of agg= one more, called column_how. Rows where one of the columns is missing are left out.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/agg.h"
#include "ops/table/rows.h"
#include "ops/table/sorted.h"

struct groupby {
	struct leat_strs columns, agg;
};

static const struct leat_param params[] = {
	LEAT_P(struct groupby, columns, struct leat_strs, LEAT_PT_WORDS, "columns", NULL,
	       LEAT_POSITIONAL | LEAT_REQUIRED, "names of columns"),
	LEAT_P(struct groupby, agg, struct leat_strs, LEAT_PT_WORDS, "agg", NULL, LEAT_REQUIRED,
	       "column:how with commas between; how: sum mean min max count std var median first last size"),
	LEAT_P_END,
};

/* One of agg=. */
struct part {
	size_t column;
	enum leat_agg how;
};

static int part_of(const char *text, struct part *p, const char **colon, struct leat_err *err)
{
	*colon = strrchr(text, ':');
	if (!*colon || *colon == text || !leat_agg_find(*colon + 1, strlen(*colon + 1), &p->how))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is not column:how, as in price:mean", text);
	return 0;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct groupby *p = params_;
	struct part part;
	const char *colon;
	*which = leat_param_find(params, "agg");
	for (size_t i = 0; i < p->agg.n; i++)
		if (part_of(p->agg.v[i], &part, &colon, err) < 0)
			return -1;
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct groupby *p = params_;
	(void)err; /* names are looked at with the table */
	*out = *in;
	out->array.dim[1] = p->columns.n + p->agg.n;
	return 0;
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out; /* the same for all */
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

struct work {
	const struct leat_table *t;
	const struct groupby *p;
	size_t *column, keys, numbers; /* numbers: keys that are no text */
	struct part *parts;
	struct leat_strs names; /* of the result */
	uint64_t *rows, count; /* sorted, without those that are left out */
	double *v; /* [rows] numbers of a group */
};

static int prepare_parts(struct work *w, struct leat_arena *arena, struct leat_err *err)
{
	size_t n = w->p->columns.n + w->p->agg.n;
	const char **names = leat_arena_alloc(arena, n * sizeof *names);
	w->parts = leat_arena_alloc(arena, (w->p->agg.n + 1) * sizeof *w->parts);
	if (!names || !w->parts)
		return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	for (size_t i = 0; i < w->p->columns.n; i++)
		if (w->column[i] < w->t->n_columns)
			names[w->numbers++] = w->p->columns.v[i];
	for (size_t i = 0; i < w->p->agg.n; i++) {
		const char *text = w->p->agg.v[i], *colon;
		if (part_of(text, &w->parts[i], &colon, err) < 0)
			return -1;
		char *column = leat_arena_strndup(arena, text, (size_t)(colon - text));
		char *name = column ? leat_arena_printf(arena, "%s_%s", column, colon + 1) : NULL;
		if (!name)
			return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		if (leat_table_column(w->t, column, &w->parts[i].column, err) < 0)
			return -1;
		names[w->numbers + i] = name;
	}
	w->names = (struct leat_strs){names, w->numbers + w->p->agg.n};
	return 0;
}

static bool is_there(const struct leat_table *t, uint64_t row, size_t column)
{
	size_t n;
	if (column >= t->n_columns)
		return leat_text_get(&t->texts->column[column - t->n_columns], row, &n) != NULL;
	double v = leat_table_row(t, row)[column];
	return v == v;
}

/* Sorted rows, without those that belong to no group; how many groups there are. -1 with *err. */
static int64_t sort_rows(struct work *w, struct leat_err *err)
{
	struct leat_sorting s = {.columns = w->column, .n = w->keys};
	int64_t groups = 0;
	w->rows = leat_table_sorted(w->t, &s, err);
	if (!w->rows)
		return -1;
	for (uint64_t i = 0; i < w->t->rows; i++) {
		bool whole = true;
		for (size_t k = 0; k < w->keys; k++)
			whole = whole && is_there(w->t, w->rows[i], w->column[k]);
		if (!whole)
			continue;
		groups += w->count == 0 || leat_table_compare(w->t, &s, w->rows[w->count - 1], w->rows[i]) != 0;
		w->rows[w->count++] = w->rows[i];
	}
	return groups;
}

/* Rows [from, to) of one group into a row of the result. */
static int one_group(const struct work *w, uint64_t from, uint64_t to, double *row, struct leat_err *err)
{
	for (size_t k = 0, at = 0; k < w->keys; k++)
		if (w->column[k] < w->t->n_columns)
			row[at++] = leat_table_row(w->t, w->rows[from])[w->column[k]];
	for (size_t i = 0; i < w->p->agg.n; i++) {
		for (uint64_t r = from; r < to; r++)
			w->v[r - from] = leat_table_row(w->t, w->rows[r])[w->parts[i].column];
		if (leat_agg_of(w->parts[i].how, w->v, (size_t)(to - from), 1, &row[w->numbers + i], err) < 0)
			return -1;
	}
	return 0;
}

/* The keys that are text, of the first row of each group. */
static struct leat_texts *text_keys(const struct work *w, const uint64_t *first, uint64_t groups, struct leat_err *err)
{
	struct leat_texts *all = leat_texts_take(w->t->texts, first, groups, err), *made = NULL;
	if (all)
		made = leat_texts_new(groups, w->keys - w->numbers, err);
	for (size_t k = 0, at = 0; made && k < w->keys; k++) {
		if (w->column[k] < w->t->n_columns)
			continue;
		if (leat_text_copy(&all->column[w->column[k] - w->t->n_columns], groups, w->p->columns.v[k], k,
				   &made->column[at++], err) < 0)
			leat_texts_unref(&made);
	}
	leat_texts_unref(&all);
	return made;
}

static struct leat_table *grouped(struct work *w, struct leat_err *err)
{
	struct leat_sorting s = {.columns = w->column, .n = w->keys};
	int64_t groups = sort_rows(w, err);
	struct leat_table *made = groups < 0 ? NULL : leat_table_made((uint64_t)groups, w->names.n, w->names.v, err);
	w->v = made ? leat_zalloc((size_t)w->count, sizeof *w->v, err) : NULL;
	uint64_t *first = w->v ? leat_zalloc((size_t)groups + 1, sizeof *first, err) : NULL;
	if (!first)
		leat_table_unref(&made);
	for (uint64_t from = 0, g = 0; made && from < w->count; g++) {
		uint64_t to = from + 1;
		while (to < w->count && leat_table_compare(w->t, &s, w->rows[from], w->rows[to]) == 0)
			to++;
		first[g] = w->rows[from];
		if (one_group(w, from, to, leat_table_row(made, g), err) < 0)
			leat_table_unref(&made);
		from = to;
	}
	if (made && w->numbers < w->keys) {
		made->texts = text_keys(w, first, (uint64_t)groups, err);
		if (!made->texts)
			leat_table_unref(&made);
	}
	free(first);
	return made;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct work w = {.t = in->table, .p = ((const struct leat_whole *)item)->params};
	struct leat_arena arena = {0};
	struct leat_table *made = NULL;
	if (leat_table_keys(w.t, &w.p->columns, &w.column, &w.keys, err) == 0 && prepare_parts(&w, &arena, err) == 0)
		made = grouped(&w, err);
	free(w.column);
	free(w.rows);
	free(w.v);
	leat_arena_free(&arena);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_groupby = {
	.name = "groupby",
	.group = "table",
	.summary = "one row for each group of rows",
	.example = "groupby shop agg=price:mean,qty:sum",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct groupby),
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
