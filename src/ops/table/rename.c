/* SPDX-License-Identifier: MIT */
/* rename: other names for columns, each as old:new. */
#include "base/buf.h"
#include "base/mem.h"
#include "ops/array/whole.h"
#include "ops/rows.h"
#include "ops/table/rows.h"

struct rename {
	struct leat_strs names;
};

static const struct leat_param params[] = {
	LEAT_P(struct rename, names, struct leat_strs, LEAT_PT_WORDS, "names", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "old:new, with commas between"),
	LEAT_P_END,
};

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct rename *p = params_;
	*which = &params[0];
	for (size_t i = 0; i < p->names.n; i++) {
		const char *colon = strchr(p->names.v[i], ':');
		if (!colon || colon == p->names.v[i] || !colon[1])
			return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' is not old:new", p->names.v[i]);
	}
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

static size_t all_columns(const struct leat_table *t)
{
	return t->n_columns + (t->texts ? t->texts->n : 0);
}

static int column_of(const struct leat_table *t, const char *name, size_t *at, struct leat_err *err)
{
	const struct leat_text_column *c = leat_texts_find(t->texts, name);
	if (!c)
		return leat_table_column(t, name, at, err);
	*at = t->n_columns + (size_t)(c - t->texts->column);
	return 0;
}

/* The columns of text with these names. */
static struct leat_texts *renamed_texts(const struct leat_table *t, const char *const *names, struct leat_err *err)
{
	struct leat_texts *made = leat_texts_new(t->rows, t->texts->n, err);
	for (size_t i = 0; made && i < t->texts->n; i++)
		if (leat_text_copy(&t->texts->column[i], t->rows, names[i], t->texts->column[i].place, &made->column[i],
				   err) < 0)
			leat_texts_unref(&made);
	return made;
}

/* names: those of the table, of numbers and then of text, of which some are replaced. */
static int put_names(const struct rename *p, const struct leat_table *t, const char **names, struct leat_err *err)
{
	for (size_t i = 0; i < p->names.n; i++) {
		const char *colon = strchr(p->names.v[i], ':');
		char *old = leat_strndup(p->names.v[i], (size_t)(colon - p->names.v[i]), err);
		size_t at;
		int ok = old ? column_of(t, old, &at, err) : -1;
		free(old);
		if (ok < 0)
			return -1;
		names[at] = colon + 1;
	}
	for (size_t i = 0; i < all_columns(t); i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(names[i], names[k]) == 0)
				return leat_fail(err, LEAT_CAUSE_MISMATCH, "two columns would be called '%s'",
						 names[i]);
	return 0;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	const struct leat_whole *w = item;
	const struct leat_table *t = in->table;
	const char **names = leat_zalloc(all_columns(t) + 1, sizeof *names, err);
	struct leat_table *made = NULL;
	for (size_t i = 0; names && i < t->n_columns; i++)
		names[i] = t->names[i];
	for (size_t i = t->n_columns; names && i < all_columns(t); i++)
		names[i] = t->texts->column[i - t->n_columns].name;
	if (names && put_names(w->params, t, names, err) == 0)
		made = leat_table_new(t->numbers, names, err);
	if (made && t->texts) {
		made->texts = renamed_texts(t, names + t->n_columns, err);
		if (!made->texts)
			leat_table_unref(&made);
	}
	free(names);
	return leat_table_give(made, out);
}

const struct leat_op leat_op_rename = {
	.name = "rename",
	.group = "table",
	.summary = "give columns of a table other names",
	.example = "rename w:width,h:height",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct rename),
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
