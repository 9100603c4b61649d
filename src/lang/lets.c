/* SPDX-License-Identifier: MIT */
/*
 * What a variable is set from (language 6.5): --set, else a file of --vars, else the environment where the text says
 * so, else the text. The main file may replace what an included one sets; that acts where the included one sets it, so
 * that whatever is made from it there has the new value.
 */
#include "lang/limits.h"
#include "lang/texts.h"
#include "lang/vars.h"

struct leat_set {
	const char *name; /* not NUL-terminated */
	size_t n;
	const char *value; /* --set; else NULL */
	const struct leat_ast *let; /* of a vars file */
	bool used;
};

/* ---- values from outside ---- */

static void bad_set(struct leat_lang *l, const char *s)
{
	struct leat_diag *g =
		leat_say_error(l, 39, (struct leat_span){0}, "--set %s: a variable and its value belong there",
			       leat_say_brief(l, s, strlen(s)));
	leat_say_help(l, g, "write --set NAME=VALUE");
}

/* The last of a name counts; what was noted before stays known by the same place. */
static void note(struct leat_vars *v, struct leat_names *names, struct leat_set set)
{
	struct leat_set *old = leat_names_get(names, set.name, set.n);
	if (old) {
		*old = set;
		return;
	}
	struct leat_set *kept = leat_arena_alloc(v->l->arena, sizeof *kept);
	const struct leat_set **all = leat_grow(v->given, &v->cap_given, v->n_given + 1, sizeof *all, NULL);
	if (all)
		v->given = all;
	if (!kept || !all || leat_names_add(names, set.name, set.n, kept, NULL) < 0) {
		v->l->failed = true;
		return;
	}
	*kept = set;
	all[v->n_given++] = kept;
}

static void note_set(struct leat_vars *v, const char *s)
{
	const char *equals = strchr(s, '=');
	size_t n = equals ? (size_t)(equals - s) : 0;
	if (equals && leat_is_varname(s, n))
		note(v, &v->set, (struct leat_set){.name = s, .n = n, .value = equals + 1});
	else
		bad_set(v->l, s);
}

static void set_twice(struct leat_lang *l, const struct leat_ast *let, const struct leat_ast *first)
{
	bool files = let->span.text != first->span.text;
	struct leat_diag *g = leat_say_error(
		l, 32, let->name_at,
		files ? "two included files set the variable '%s'" : "the variable '%s' is set twice", let->name);
	leat_say_label(l, g, "second time");
	leat_say_second(g, first->name_at, "first time");
	if (files)
		leat_say_help(l, g, "take it out of one of them; the main file may set it too, and then that counts");
}

static void note_vars_file(struct leat_vars *v, const struct leat_vars_text *file)
{
	struct leat_span nowhere = {0};
	const struct leat_text *t = leat_texts_add(v->l, file->name, file->dir, file->data, file->len, nowhere);
	for (struct leat_ast *a = t ? leat_parse_vars(v->l, t) : NULL; a; a = a->next) {
		struct leat_set *old = leat_names_get(&v->files, a->name, strlen(a->name));
		if (old && old->let->span.text == t)
			set_twice(v->l, a, old->let);
		else
			note(v, &v->files, (struct leat_set){.name = a->name, .n = strlen(a->name), .let = a});
	}
}

static void note_lets(struct leat_vars *v, const struct leat_syntax *syntax)
{
	size_t lets = 0;
	for (struct leat_ast *a = syntax->directives; a; a = a->next) {
		size_t n = strlen(a->name);
		if (a->kind != LEAT_AST_LET)
			continue;
		lets++;
		if (!leat_names_get(&v->texts, a->name, n) && leat_names_add(&v->texts, a->name, n, a, NULL) < 0)
			v->l->failed = true;
		if (!a->span.text->included.text && !leat_names_get(&v->mains, a->name, n) &&
		    leat_names_add(&v->mains, a->name, n, a, NULL) < 0)
			v->l->failed = true;
	}
	struct leat_program *p = v->l->program;
	p->variables = leat_arena_alloc(v->l->arena, leat_size_mul(lets, sizeof *p->variables));
	v->l->failed = v->l->failed || (lets && !p->variables);
}

void leat_vars_start(struct leat_vars *v, struct leat_lang *l, const struct leat_syntax *syntax)
{
	*v = (struct leat_vars){.l = l, .outside = syntax->outside};
	note_lets(v, syntax);
	for (size_t i = 0; l->opts->set && l->opts->set[i]; i++)
		note_set(v, l->opts->set[i]);
	for (size_t i = 0; i < l->opts->n_vars; i++)
		note_vars_file(v, &l->opts->vars[i]);
}

static void unused(struct leat_vars *v, const struct leat_set *s, const char *file)
{
	struct leat_span nowhere = {0};
	const char *name = leat_say_brief(v->l, s->name, s->n);
	struct leat_diag *g =
		s->let ? leat_say_error(v->l, 39, s->let->name_at, "the pipeline has no variable '%s'", name)
		       : leat_say_error(v->l, 39, nowhere, "--set %s=…: the pipeline has no variable '%s'", name, name);
	const char *near = leat_say_nearest(v->l, name, v->names, v->n_names);
	if (near && s->let)
		leat_say_label(v->l, g, "did you mean '%s'?", near);
	else if (near)
		leat_say_help(v->l, g, "did you mean --set %s=…?", near);
	if (v->n_names)
		leat_say_help(v->l, g, "variables of %s: %s", file, leat_say_list(v->l, v->names, v->n_names));
	else
		leat_say_help(v->l, g, "%s sets no variables: let NAME = VALUE does", file);
}

void leat_vars_unused(struct leat_vars *v, const char *file)
{
	for (size_t i = 0; i < v->n_given && !v->outside; i++)
		if (!v->given[i]->used)
			unused(v, v->given[i], file);
}

void leat_vars_end(struct leat_vars *v)
{
	leat_names_free(&v->lets);
	leat_names_free(&v->texts);
	leat_names_free(&v->mains);
	leat_names_free(&v->set);
	leat_names_free(&v->files);
	leat_buf_free(&v->scratch);
	free(v->given);
	free(v->names);
}

/* ---- let ---- */

/* A value from outside: relative paths in it belong to the current folder. */
static struct leat_meaning outside_value(struct leat_vars *v, const struct leat_ast *let, const char *text)
{
	struct leat_meaning m = {.text = "", .dir = v->l->opts->cwd ? v->l->opts->cwd : let->span.text->dir};
	size_t n = strlen(text);
	m.text = leat_arena_strndup(v->l->arena, text, n);
	m.len = n;
	if (!m.text)
		v->l->failed = true;
	if (!m.text || !leat_vars_charge(v, n, let->span))
		m = (struct leat_meaning){.text = "", .dir = m.dir, .unknown = true};
	return m;
}

static void not_in_environment(struct leat_vars *v, const struct leat_ast *let)
{
	struct leat_diag *g = leat_say_error(v->l, 64, let->env_at, "the environment variable %s is not set", let->env);
	leat_say_help(v->l, g, "set it before the run, give --set %s=…, or write a default: let %s = %senv %s or …",
		      let->name, let->name, let->secret ? "secret " : "", let->env);
}

/* As the statement says. */
static void let_from_text(struct leat_vars *v, const struct leat_ast *let, struct leat_var *var)
{
	const struct leat_text *t = let->span.text;
	const char *env = let->env ? getenv(let->env) : NULL;
	if (let->n_words) {
		var->value = leat_vars_value(v, NULL, t, let->words);
		var->written = leat_value_span(t, let->words);
	}
	if (env) {
		var->value = outside_value(v, let, env);
		var->written = let->env_at;
	} else if (let->env && !let->n_words && !let->damaged) {
		not_in_environment(v, let);
	}
	var->value.unknown = var->value.unknown || let->damaged || (!env && !let->n_words);
	var->value.secret = var->value.secret || let->secret;
	var->env = env ? let->env : NULL;
}

/* What follows the statement on its line, from '#' on. */
static struct leat_span comment_of(const struct leat_ast *let)
{
	struct leat_span s = let->span;
	const char *data = s.text->data;
	uint32_t i = s.end, end = (uint32_t)s.text->len;
	while (i < end && (data[i] == ' ' || data[i] == '\t'))
		i++;
	if (i == s.end || i == end || data[i] != '#')
		return (struct leat_span){0};
	s.start = s.end = i;
	while (s.end < end && data[s.end] != '\n' && data[s.end] != '\r')
		s.end++;
	return s;
}

/* For those who ask about the variables. */
static void tell(struct leat_vars *v, const struct leat_ast *let, const struct leat_var *var, enum leat_origin origin)
{
	struct leat_program *p = v->l->program;
	if (!p->variables)
		return;
	p->variables[p->n_variables++] = (struct leat_variable){
		.name = let->name,
		.value = var->value.unknown  ? NULL
			 : var->value.secret ? "***"
					     : var->value.text,
		.origin = var->env ? LEAT_FROM_ENV : origin,
		.let = let->span,
		.from = var->written,
		.comment = comment_of(let),
		.env = var->env,
	};
}

/* Words that do not count are read all the same: what is wrong in them is wrong. */
static void read_unused(struct leat_vars *v, const struct leat_ast *let)
{
	if (let->n_words)
		leat_vars_value(v, NULL, let->span.text, let->words);
}

/* The first statement that sets this name. */
static void set_first(struct leat_vars *v, const struct leat_ast *let, struct leat_var *var)
{
	size_t n = strlen(let->name);
	struct leat_set *set = leat_names_get(&v->set, let->name, n), *file = leat_names_get(&v->files, let->name, n);
	bool included = let->span.text->included.text;
	const struct leat_ast *main = included ? leat_names_get(&v->mains, let->name, n) : NULL;
	enum leat_origin origin = LEAT_FROM_TEXT;
	var->by = main;
	if (set || file || main)
		read_unused(v, let);
	if (set)
		set->used = true;
	if (file)
		file->used = true;
	if (set) {
		var->value = outside_value(v, let, set->value);
		origin = LEAT_FROM_SET;
	} else if (file) {
		let_from_text(v, file->let, var);
		origin = LEAT_FROM_VARS;
	} else {
		v->early = main ? let : NULL;
		let_from_text(v, main ? main : let, var);
		v->early = NULL;
	}
	var->value.secret = var->value.secret || let->secret || (main && main->secret);
	tell(v, main ? main : let, var, origin);
}

/* One more statement for a name that is set. */
static void set_again(struct leat_vars *v, const struct leat_ast *let, const struct leat_var *var)
{
	bool ours = !let->span.text->included.text, first_ours = !var->let->span.text->included.text;
	if (ours && var->by == let)
		return; /* it counted where the included file set the name */
	if (ours == first_ours || (ours && var->by))
		set_twice(v->l, let, ours && var->by ? var->by : var->let);
	else
		read_unused(v, let); /* the main file has set it before the include */
}

void leat_vars_let(struct leat_vars *v, const struct leat_ast *let)
{
	size_t n = strlen(let->name);
	const struct leat_var *before = leat_names_get(&v->lets, let->name, n);
	if (before) {
		set_again(v, let, before);
		return;
	}
	struct leat_var *var = leat_arena_alloc(v->l->arena, sizeof *var);
	const char **names = leat_grow(v->names, &v->cap_names, v->n_names + 1, sizeof *names, NULL);
	if (names)
		v->names = names;
	if (!var || !names || leat_names_add(&v->lets, let->name, n, var, NULL) < 0) {
		v->l->failed = true;
		return;
	}
	*var = (struct leat_var){.name = let->name, .value = {.text = "", .dir = let->span.text->dir}, .let = let};
	set_first(v, let, var);
	v->names[v->n_names++] = let->name;
}
