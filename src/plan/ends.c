/* SPDX-License-Identifier: MIT */
/*
 * Where a recipe begins and ends: sources (E026, E027), sinks (E028), names that all items share (E054),
 * results among inputs (W004).
 */
#include "plan/names.h"
#include "core/template.h"

#include "base/glob.h"

static const char *source_names(struct leat_planner *pl)
{
	struct leat_buf b = {0};
	for (size_t i = 0; i < pl->reg->n_sources; i++)
		leat_buf_addf(&b, "%s%s", i ? ", " : "", pl->reg->sources[i]->name);
	const char *s = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return s ? s : "";
}

void leat_plan_no_source(struct leat_planner *pl, const struct leat_stmt *st)
{
	struct leat_diag *g;
	if (st->kind == LEAT_BRANCH)
		g = leat_plan_error(pl, 26, st->name_at, "the first step must be a source, a branch is not");
	else
		g = leat_plan_error(pl, 26, st->name_at, "the first step must be a source, '%s' is not", st->name);
	leat_plan_help(pl, g, "start with one of: %s", source_names(pl));
}

void leat_plan_late_source(struct leat_planner *pl, const struct leat_stmt *st)
{
	const struct leat_step *first = pl->plan->n_steps ? &pl->plan->steps[0] : NULL;
	struct leat_diag *g =
		leat_plan_error(pl, 27, st->name_at, "'%s' is a source, and only the first step can be one", st->name);
	if (first && first->role == LEAT_SOURCE) {
		leat_plan_second(g, pl->own->info[0].stmt->name_at, "the pipeline starts here");
		leat_plan_help(pl, g, "one source takes many names: %s a/*.jpg b/*.png", first->name);
	}
}

void leat_plan_no_sink(struct leat_planner *pl, const struct leat_stmt *branch, const struct leat_stmt *last)
{
	struct leat_diag *g;
	if (branch)
		g = leat_plan_error(pl, 28, last->name_at, "the branch '%s' writes nothing", branch->name);
	else
		g = leat_plan_error(pl, 28, last->name_at, "the pipeline writes nothing");
	leat_plan_label(pl, g, "the last step throws its result away");
	leat_plan_help(pl, g, "end with a step that keeps the result, for example: write out/{stem}.%s",
		       leat_plan_some_suffix(pl));
}

/* Does the name hold a field that differs from item to item? */
static bool varies(const struct leat_tmpl *t)
{
	static const char *const constant[] = {"branch", "date", "time", "host", "job", "count"};
	const char *name;
	for (size_t i = 0; (name = leat_template_field(t->t, i, NULL)) != NULL; i++) {
		size_t k = 0;
		while (k < LEAT_LEN(constant) && strcmp(constant[k], name) != 0)
			k++;
		if (k == LEAT_LEN(constant))
			return true;
	}
	return false;
}

static bool has_field(const struct leat_tmpl *t, const char *field)
{
	const char *name;
	for (size_t i = 0; (name = leat_template_field(t->t, i, NULL)) != NULL; i++)
		if (strcmp(name, field) == 0)
			return true;
	return false;
}

/* The loop around both steps that makes two branches of them, or NULL. */
static const struct leat_stmt *loop_between(const struct leat_scope *a, const struct leat_scope *b)
{
	for (; a && b && a != b; a = a->up, b = b->up)
		if (a->up == b->up)
			return a->branch->loop_var && leat_span_equal(a->branch->span, b->branch->span) ? a->branch
													: NULL;
	return NULL;
}

static bool in_loop(const struct leat_scope *s)
{
	while (s && !s->branch->loop_var)
		s = s->up;
	return s != NULL;
}

/* E054, the branches of one loop write the same names. Only the first of them looks for a second. */
static bool same_in_loop(struct leat_planner *pl, size_t i)
{
	const struct leat_plan *p = pl->plan;
	const struct leat_stepinfo *in = pl->own->info;
	if (!in_loop(in[i].scope) || has_field(in[i].tmpl, "branch"))
		return false;
	for (size_t k = i + 1; k < p->n_steps; k++) {
		if (!in[k].tmpl || !leat_span_equal(p->steps[k].span, p->steps[i].span) ||
		    strcmp(in[k].tmpl->text, in[i].tmpl->text) != 0)
			continue;
		const struct leat_stmt *loop = loop_between(in[i].scope, in[k].scope);
		if (!loop)
			continue;
		struct leat_diag *g =
			leat_plan_error(pl, 54, in[i].name->value_at,
					"all branches of 'for %s' would write the same file", loop->loop_var);
		leat_plan_label(pl, g, "the name does not contain $%s", loop->loop_var);
		leat_plan_help(pl, g, "for example %s",
			       leat_plan_name_with(pl, in[i].tmpl->shown, leat_plan_text(pl, "-$%s", loop->loop_var)));
		return true;
	}
	return false;
}

/* E054. Behind a reduction there is one result, unless it makes one for each group. */
static void same_for_all(struct leat_planner *pl, size_t i)
{
	const struct leat_plan *p = pl->plan;
	const struct leat_stepinfo *in = &pl->own->info[i];
	int r = (int)i;
	while (r >= 0 && p->steps[r].role != LEAT_REDUCE)
		r = p->steps[r].parent;
	bool grouped = r >= 0 && leat_plan_given(p->steps[r].op->params, pl->own->info[r].given, "by");
	if (varies(in->tmpl) || strcmp(in->tmpl->shown, "-") == 0 || (r >= 0 && !grouped) ||
	    (r < 0 && leat_plan_literal_source(pl)))
		return;
	struct leat_diag *g =
		leat_plan_error(pl, 54, in->name->value_at, "every file would be written to the same place");
	if (strstr(in->tmpl->shown, "{{")) {
		leat_plan_label(pl, g, "'{{' is a literal brace");
		leat_plan_help(pl, g, "a field is written in single braces: {stem}");
		return;
	}
	leat_plan_label(pl, g, "nothing in this name differs from file to file");
	const char *percent = strchr(in->tmpl->shown, '%');
	size_t digits = percent ? strspn(percent + 1, "0123456789") : 0;
	if (percent && percent[1 + digits] == 'd')
		leat_plan_help(pl, g, "for the number of the file write {index:%.*s} instead of %.*s",
			       digits ? (int)digits : 2, digits ? percent + 1 : "04", (int)digits + 2, percent);
	leat_plan_help(pl, g, "add a field, for example %s",
		       leat_plan_name_with(pl, in->tmpl->shown, grouped ? "-{key}" : "-{stem}"));
}

/* ---- W004 */

/* A name that the pattern matches, as plain as can be: photos/ ** / *.{jpg,png} gives photos/x.jpg. */
static const char *sample(struct leat_planner *pl, const char *pattern)
{
	struct leat_buf b = {0};
	for (const char *s = pattern; *s; s++) {
		if (s[0] == '*' && s[1] == '*' && s[2] == '/') {
			s += 2;
		} else if (*s == '*' || *s == '?') {
			leat_buf_addc(&b, 'x');
			while (s[0] == '*' && s[1] == '*')
				s++;
		} else if (*s == '[' && strchr(s + 2, ']')) {
			leat_buf_addc(&b, s[1]);
			s = strchr(s + 2, ']');
		} else if (*s == '{' && strchr(s, '}')) {
			for (s++; *s != ',' && *s != '}'; s++)
				leat_buf_addc(&b, *s);
			s = strchr(s, '}');
		} else {
			leat_buf_addc(&b, *s);
		}
	}
	const char *text = leat_plan_text(pl, "%s", b.data ? b.data : "");
	leat_buf_free(&b);
	return text;
}

/* The name that the write gives to an item called `path`; NULL when that cannot be told. */
static char *expanded(struct leat_planner *pl, const struct leat_tmpl *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct leat_entry e = {.path = path, .root = "", .rel = slash ? slash + 1 : path, .reldir = ""};
	struct leat_fields fields = {0};
	struct leat_view v = {.entry = &e, .fields = &fields, .run = &pl->facts->run, .branch = "", .format = NULL};
	struct leat_buf out = {0};
	struct leat_err err = {0};
	const char *name;
	for (size_t i = 0; (name = leat_template_field(t->t, i, NULL)) != NULL; i++)
		if (!leat_plan_always_there(name) || strcmp(name, "hash") == 0 || strcmp(name, "format") == 0 ||
		    strcmp(name, "suffix") == 0)
			(void)leat_fields_set_text(&fields, name, "x", 1, &err);
	char *text = NULL;
	if (leat_template_expand_path(t->t, &v, &out, &err) == 0)
		text = leat_plan_text(pl, "%s", out.data ? out.data : "");
	leat_buf_free(&out);
	leat_fields_free(&fields);
	return text;
}

static bool matches(const char *pattern, const char *path)
{
	struct leat_err err = {0};
	struct leat_glob *g = leat_glob_new(pattern, strlen(pattern), LEAT_GLOB_NOCASE_EXT, &err);
	bool yes = g && leat_glob_match(g, path, strlen(path));
	leat_glob_free(&g);
	return yes;
}

static bool excluded(const struct leat_planner *pl, const char *path)
{
	const struct leat_step *s = &pl->plan->steps[0];
	const struct leat_param *p = leat_param_find(s->source->params, "exclude");
	const struct leat_strs *l =
		p && p->type == LEAT_PT_PATTERNS ? (const void *)((const char *)s->params + p->offset) : NULL;
	const char *slash = strrchr(path, '/');
	for (size_t i = 0; l && i < l->n; i++)
		if (matches(l->v[i], slash && !strchr(l->v[i], '/') ? slash + 1 : path))
			return true;
	return false;
}

/* A folder stands for its tree. */
static const char *as_pattern(struct leat_planner *pl, const char *p)
{
	size_t n = strlen(p);
	if (leat_glob_magic(p, n))
		return p;
	return leat_plan_text(pl, "%s%s**", p, n && p[n - 1] == '/' ? "" : "/");
}

static const struct leat_word *source_word(const struct leat_planner *pl, size_t n)
{
	const struct leat_stmt *st = pl->own->info[0].stmt;
	for (size_t i = 0; i < st->n_words; i++)
		if (!st->words[i].key && n-- == 0)
			return &st->words[i];
	return NULL;
}

/* Length of the folder in front of the first wildcard or field. */
static size_t folder(const char *s, const char *stop)
{
	size_t n = strcspn(s, stop);
	while (n > 0 && s[n - 1] != '/')
		n--;
	return n;
}

static void warn_inside(struct leat_planner *pl, const struct leat_stepinfo *in, const struct leat_word *read,
			const char *pattern)
{
	const char *to = leat_plan_shown(pl->program, in->tmpl->text), *from = leat_plan_shown(pl->program, pattern);
	size_t n = folder(to, "{"), base = folder(from, "*?[{");
	struct leat_diag *g =
		leat_plan_warning(pl, 4, in->name->value_at, "the results land inside the folder that is read");
	if (n == base && strncmp(to, from, n) == 0)
		leat_plan_label(pl, g, "this is the folder that is read");
	else if (base == 0)
		leat_plan_label(pl, g, "'%.*s' is below the folder that is read", (int)n, to);
	else
		leat_plan_label(pl, g, "'%.*s' is below '%.*s'", (int)n, to, (int)base, from);
	if (read)
		leat_plan_second(g, read->span, "read here");
	if (n > base)
		leat_plan_help(pl, g,
			       "the next run would process its own results; write somewhere else, or add "
			       "exclude=%.*s** to read",
			       (int)n, to);
	else
		leat_plan_help(pl, g, "the next run would process its own results; write somewhere else");
}

/* W004: only when a result could be read by the next run. */
static void results_among_inputs(struct leat_planner *pl, size_t i)
{
	const struct leat_stepinfo *in = &pl->own->info[i];
	const struct leat_strs *patterns = leat_plan_patterns(pl);
	if (strcmp(in->tmpl->shown, "-") == 0 || strcmp(in->tmpl->shown, "{path}") == 0 || leat_plan_literal_source(pl))
		return;
	for (size_t k = 0; patterns && k < patterns->n; k++) {
		const char *pattern = as_pattern(pl, patterns->v[k]);
		const char *path = pattern ? sample(pl, pattern) : NULL;
		const char *out = path ? expanded(pl, in->tmpl, path) : NULL;
		if (!out || strcmp(out, path) == 0 || !matches(pattern, out) || excluded(pl, out))
			continue;
		warn_inside(pl, in, source_word(pl, k), pattern);
		return;
	}
}

void leat_plan_check_writes(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_stepinfo *in = &pl->own->info[i];
		if (p->steps[i].role != LEAT_WRITE || !in->tmpl || !in->name)
			continue;
		if (!same_in_loop(pl, i) && !in->after_unknown)
			same_for_all(pl, i); /* the unknown step could be a reduction */
		if (p->steps[0].role == LEAT_SOURCE && p->steps[0].params)
			results_among_inputs(pl, i);
	}
}
