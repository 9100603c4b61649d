/* SPDX-License-Identifier: MIT */
/*
 * Outputs that all items share: standard output takes one image (E077), the file of a report is nobody else's
 * (E071) and no input (E075).
 */
#include "core/template.h"
#include "plan/names.h"
#include "plan/place.h"

#include "base/num.h"

/* ---- standard output */

static bool to_stdout(const struct leat_planner *pl, size_t i)
{
	const struct leat_stepinfo *in = &pl->own->info[i];
	return pl->plan->steps[i].role == LEAT_WRITE && in->tmpl && in->name && strcmp(in->tmpl->shown, "-") == 0;
}

/* How many inputs come past step i for sure. */
static uint64_t arrivals(const struct leat_planner *pl, int i)
{
	const struct leat_listing *l = pl->facts->inputs;
	struct leat_fields none = {0};
	uint64_t n = 0;
	for (size_t k = 0; l && k < l->n; k++) {
		struct leat_view v = {.entry = &l->v[k], .fields = &none, .run = &pl->facts->run};
		bool certain = true;
		v.branch = pl->plan->steps[i].branch;
		v.index = l->v[k].index;
		n += !l->v[k].problem && leat_plan_passes(pl->plan, i, &v, &certain) && certain;
	}
	return n;
}

static void too_many(struct leat_planner *pl, size_t i, uint64_t n)
{
	const struct leat_stepinfo *in = &pl->own->info[i];
	char digits[32];
	struct leat_diag *g = leat_plan_error(pl, 77, in->name->value_at, "%s inputs would go to standard output",
					      leat_group_digits(n, digits));
	leat_plan_label(pl, g, "only one fits here");
	leat_plan_second(g, pl->own->info[0].stmt->span, "all of them are read here");
	leat_plan_help(pl, g, "read one file, or write each to its own, for example: write out/{stem}.%s",
		       leat_plan_some_suffix(pl));
}

static void standard_output(struct leat_planner *pl)
{
	const struct leat_stepinfo *first = NULL;
	for (size_t i = 0; i < pl->plan->n_steps; i++) {
		if (!to_stdout(pl, i))
			continue;
		const struct leat_stepinfo *in = &pl->own->info[i];
		if (first) {
			struct leat_diag *g =
				leat_plan_error(pl, 77, in->name->value_at, "two steps would write to standard output");
			leat_plan_second(g, first->name->value_at, "written here too");
			leat_plan_help(pl, g, "write one of them into a file");
		}
		first = in;
		uint64_t n = pl->plan->steps[i].stage == 0 ? arrivals(pl, (int)i) : 0;
		if (n > 1)
			too_many(pl, i, n);
	}
}

/* ---- reports */

/* One file that a report writes. */
struct report_file {
	const char *path;
	const struct leat_word *word;
};

struct report_files {
	struct report_file *v;
	size_t n, cap;
};

/* An output of the same name, or NULL: they are sorted by path. */
static const struct leat_output *output_called(const struct leat_plan *p, const char *path)
{
	size_t lo = 0, hi = p->n_outputs;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (strcmp(p->outputs[mid].path, path) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n_outputs && strcmp(p->outputs[lo].path, path) == 0 ? &p->outputs[lo] : NULL;
}

static void twice(struct leat_planner *pl, const struct report_file *f, const struct leat_word *other)
{
	struct leat_diag *g = leat_plan_error(pl, 71, f->word->value_at, "two steps would write the same file %s",
					      leat_plan_shown(pl->program, f->path));
	leat_plan_second(g, other->value_at, "written here too");
	leat_plan_help(pl, g, "give the report a file of its own");
}

static void check_file(struct leat_planner *pl, const struct report_files *all, const struct report_file *f)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i].path, f->path) == 0) {
			twice(pl, f, all->v[i].word);
			return;
		}
	const struct leat_output *out = output_called(pl->plan, f->path);
	if (out) {
		twice(pl, f, pl->own->info[out->step].name);
		return;
	}
	struct leat_there s = {.there = false};
	if (pl->facts->output)
		pl->facts->output(pl->facts->output_ctx, f->path, &s);
	if (!s.input)
		return;
	struct leat_diag *g = leat_plan_error(pl, 75, f->word->value_at, "this would overwrite the input %s",
					      leat_plan_shown(pl->program, f->path));
	leat_plan_help(pl, g, "give the report a file of its own");
}

/* The name as the run will make it: it knows no item. NULL when it cannot be told. */
static const char *name_of(struct leat_planner *pl, const struct leat_step *s, const struct leat_tmpl *t)
{
	struct leat_fields none = {0};
	struct leat_view v = {.fields = &none, .run = &pl->facts->run, .branch = s->branch};
	struct leat_buf b = {0};
	struct leat_err err = {0};
	const char *path = NULL;
	if (t->t && leat_template_expand_path(t->t, &v, &b, &err) == 0)
		path = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return path;
}

static void files_of(struct leat_planner *pl, size_t i, struct report_files *all)
{
	const struct leat_step *s = &pl->plan->steps[i];
	const struct leat_param *table = s->sink->params;
	size_t n = leat_param_count(table);
	for (size_t k = 0; k < n; k++) {
		const struct leat_word *w = pl->own->info[i].given[k];
		if (!w || table[k].type != LEAT_PT_TEMPLATE || !(table[k].flags & LEAT_OWN_PATH))
			continue;
		struct report_file f = {.word = w};
		f.path = name_of(pl, s, (const void *)((const char *)s->params + table[k].offset));
		struct report_file *v = f.path ? leat_plan_more(pl, all->v, all->n, &all->cap, sizeof *v) : NULL;
		if (!v)
			continue;
		all->v = v;
		check_file(pl, all, &f);
		all->v[all->n++] = f;
	}
}

void leat_plan_lone_outputs(struct leat_planner *pl)
{
	struct report_files all = {0};
	standard_output(pl);
	for (size_t i = 0; i < pl->plan->n_steps; i++)
		if (pl->plan->steps[i].role == LEAT_ROWSINK && pl->own->info[i].given)
			files_of(pl, i, &all);
}
