/* SPDX-License-Identifier: MIT */
/* Recipes: parameters matched, values given, steps put in place (language 6.8). */
#include "lang/expander.h"
#include "lang/limits.h"

/* A recipe and its use may stand in different files: words go with the text of their statement. */

/* The name that a parameter or `name=value` begins with. */
static struct leat_span name_span(const struct leat_ast *a, const struct leat_lex_word *w)
{
	return leat_lex_span(a->span.text, w->start, leat_word_has_key(w) ? w->key_end : w->end);
}

static bool same_name(struct leat_span a, struct leat_span b)
{
	uint32_t n = a.end - a.start;
	return n == b.end - b.start && memcmp(a.text->data + a.start, b.text->data + b.start, n) == 0;
}

static const char *parameter_name(struct leat_expander *e, const struct leat_ast *recipe, const struct leat_lex_word *w)
{
	struct leat_span at = name_span(recipe, w);
	const char *name = leat_arena_strndup(e->l->arena, at.text->data + at.start, at.end - at.start);
	return name ? name : "";
}

static void unknown_recipe(struct leat_expander *e, const struct leat_ast *use)
{
	const struct leat_ast *below = leat_names_get(&e->all_recipes, use->name, strlen(use->name));
	if (e->vars.outside && !below)
		return;
	struct leat_diag *g;
	const char *name = leat_say_brief(e->l, use->name, strlen(use->name));
	if (below) {
		bool itself = below == e->defining;
		g = leat_say_error(e->l, 25, use->name_at,
				   itself ? "recipe '%s' is used before its 'end'"
					  : "recipe '%s' is used above its definition",
				   name);
		leat_say_label(e->l, g,
			       itself ? "a recipe must stand above its use, so it can never use itself"
				      : "a recipe must stand above its use");
		leat_say_second(g, below->name_at, "defined here");
		return;
	}
	g = leat_say_error(e->l, 25, use->name_at, "unknown recipe '%s'", name);
	const char *near = leat_say_nearest(e->l, use->name, e->recipe_names, e->n_recipes);
	if (near)
		leat_say_label(e->l, g, "did you mean '%s'?", near);
	if (e->n_recipes)
		leat_say_help(e->l, g, "recipes of this file: %s", leat_say_list(e->l, e->recipe_names, e->n_recipes));
	else
		leat_say_help(e->l, g, "a recipe is defined above its use: recipe %s … end", name);
}

static void unknown_parameter(struct leat_expander *e, const struct leat_ast *recipe, struct leat_span at)
{
	static const char *const execution[] = {"on",         "workers", "queue",    "order", "retries",
						"retry-wait", "timeout", "on-error", "id"};
	const char *key = leat_say_brief(e->l, at.text->data + at.start, at.end - at.start);
	struct leat_diag *g = leat_say_error(e->l, 31, at, "recipe '%s' has no parameter '%s'", recipe->name, key);
	if (!g)
		return;
	const char *names[LEAT_MAX_PARAMETERS];
	size_t n = 0;
	while (n < recipe->n_words && n < LEAT_MAX_PARAMETERS) {
		names[n] = parameter_name(e, recipe, &recipe->words[n]);
		n++;
	}
	const char *near = n ? leat_say_nearest(e->l, key, names, n) : NULL;
	if (near)
		leat_say_label(e->l, g, "did you mean '%s'?", near);
	if (n)
		leat_say_help(e->l, g, "its parameters: %s", leat_say_list(e->l, names, n));
	else
		leat_say_help(e->l, g, "it has no parameters");
	for (size_t i = 0; i < LEAT_LEN(execution); i++)
		if (strcmp(key, execution[i]) == 0)
			leat_say_help(e->l, g, "execution options stand on the steps inside the recipe");
}

/* The values of a use: first what it gives. given[i]: the word for parameter i. */
static void match_parameters(struct leat_expander *e, const struct leat_ast *use, const struct leat_ast *recipe,
			     const struct leat_lex_word *given[LEAT_MAX_PARAMETERS])
{
	for (size_t k = 0; k < use->n_words; k++) {
		const struct leat_lex_word *w = &use->words[k];
		struct leat_span at = name_span(use, w);
		size_t i = 0;
		while (i < recipe->n_words && i < LEAT_MAX_PARAMETERS &&
		       !same_name(at, name_span(recipe, &recipe->words[i])))
			i++;
		if (!leat_word_has_key(w))
			continue; /* reported by the parser */
		if (i == recipe->n_words || i == LEAT_MAX_PARAMETERS) {
			unknown_parameter(e, recipe, at);
		} else if (given[i]) {
			struct leat_diag *g = leat_say_error(e->l, 33, at, "'%s' is given twice",
							     parameter_name(e, recipe, &recipe->words[i]));
			leat_say_label(e->l, g, "second time");
			leat_say_second(g, name_span(use, given[i]), "first time");
		} else {
			given[i] = w;
		}
	}
}

/* Parameter i of a use: what it gives, else the default, read where the recipe stands. */
static struct leat_var parameter(struct leat_expander *e, const struct leat_ast *use, const struct leat_scope *scope,
				 const struct leat_ast *recipe, const struct leat_lex_word *p,
				 const struct leat_lex_word *given)
{
	const struct leat_text *here = use->span.text, *there = recipe->span.text;
	struct leat_var var = {.name = parameter_name(e, recipe, p),
			       .value = {.text = "", .dir = there->dir, .unknown = true}};
	if (given) {
		var.value = leat_vars_value(&e->vars, scope, here, given);
		var.written = leat_value_span(here, given);
	} else if (leat_word_has_key(p)) {
		var.value = leat_vars_value(&e->vars, NULL, there, p);
		var.written = leat_value_span(there, p);
	} else if (!use->damaged) {
		struct leat_diag *g =
			leat_say_error(e->l, 34, use->span, "recipe '%s' needs '%s'", use->name, var.name);
		leat_say_label(e->l, g, "add %s=VALUE", var.name);
	}
	return var;
}

/* Has an earlier parameter the name of this one? */
static bool is_again(const struct leat_ast *recipe, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_name(name_span(recipe, &recipe->words[k]), name_span(recipe, &recipe->words[i])))
			return true;
	return false;
}

void leat_expand_use(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		     struct leat_level *out)
{
	const struct leat_ast *recipe = leat_names_get(&e->recipes, a->name, strlen(a->name));
	if (!recipe) {
		e->l->program->damaged = true;
		unknown_recipe(e, a);
		return;
	}
	const struct leat_lex_word *given[LEAT_MAX_PARAMETERS] = {0};
	size_t n = recipe->n_words < LEAT_MAX_PARAMETERS ? recipe->n_words : LEAT_MAX_PARAMETERS;
	struct leat_var *vars = leat_arena_alloc(e->l->arena, leat_size_mul(n, sizeof *vars));
	if (!vars) {
		e->l->failed = e->full = true;
		return;
	}
	match_parameters(e, a, recipe, given);
	for (size_t i = 0; i < n; i++)
		if (given[i] || !is_again(recipe, i)) /* that was reported where the recipe stands */
			vars[i] = parameter(e, a, scope, recipe, &recipe->words[i], given[i]);
		else
			vars[i] = (struct leat_var){.name = ""};
	if (e->defining)
		return;
	if (e->use_depth == LEAT_MAX_USE_DEPTH) {
		leat_expand_stop(e, a->span, "recipes use each other too deep");
		return;
	}
	struct leat_scope inner = {.vars = vars, .n = n};
	e->use_depth++;
	leat_expand_walk(e, recipe->body, &inner, out);
	e->use_depth--;
}

/* Checks a recipe where it stands, with parameters of unknown value. */
static void walk_dry(struct leat_expander *e, const struct leat_ast *a)
{
	struct leat_var vars[LEAT_MAX_PARAMETERS];
	size_t n = 0;
	for (size_t i = 0; i < a->n_words && n < LEAT_MAX_PARAMETERS; i++) {
		const struct leat_lex_word *w = &a->words[i];
		const struct leat_text *t = a->span.text;
		struct leat_span at = name_span(a, w);
		vars[n] = (struct leat_var){.name = parameter_name(e, a, w),
					    .value = {.text = "", .dir = t->dir, .unknown = true}};
		leat_vars_check_local(&e->vars, vars[n].name, at);
		if (leat_word_has_key(w))
			leat_vars_value(&e->vars, NULL, t, w);
		n++;
	}
	struct leat_scope scope = {.vars = vars, .n = n};
	struct leat_level thrown = {0};
	size_t ignored;
	e->defining = a;
	leat_expand_walk(e, a->body, &scope, &thrown);
	e->defining = NULL;
	leat_expand_settle(e, &thrown, &ignored);
}

void leat_expand_recipe(struct leat_expander *e, const struct leat_ast *a)
{
	size_t n = strlen(a->name);
	const struct leat_ast *first = leat_names_get(&e->recipes, a->name, n);
	if (first) {
		struct leat_diag *g = leat_say_error(e->l, 32, a->name_at, "the recipe '%s' is defined twice",
						     leat_say_brief(e->l, a->name, n));
		leat_say_label(e->l, g, "second time");
		leat_say_second(g, first->name_at, "first time");
	}
	walk_dry(e, a);
	if (first)
		return;
	const char **names = leat_grow(e->recipe_names, &e->cap_recipes, e->n_recipes + 1, sizeof *names, NULL);
	if (names)
		e->recipe_names = names;
	if (!names || leat_names_add(&e->recipes, a->name, n, (void *)(uintptr_t)a, NULL) < 0) {
		e->l->failed = true;
		return;
	}
	names[e->n_recipes++] = a->name;
}
