/* SPDX-License-Identifier: MIT */
/*
 * From the tree as written to the program. Directives first, in their order; then the steps.
 *
 * A recipe is walked twice: once where it is defined, with parameters of unknown value, so that its
 * mistakes are found even if nobody uses it (`dry`: what comes out is thrown away and recipes in it
 * are not entered); and once for every use. Reports are made once per place.
 */
#include "lang/expander.h"

#include "lang/limits.h"
#include "lang/pieces.h"
#include "lang/quote.h"

/* ---- bounds ---- */

void leat_expand_stop(struct leat_expander *e, struct leat_span at, const char *message)
{
	if (!e->full)
		leat_say_error(e->l, 65, at, "%s", message);
	e->full = e->l->program->damaged = true;
}

/* One statement walked over. False when there are too many. */
static bool visit(struct leat_expander *e, const struct leat_ast *a)
{
	e->full = e->full || e->vars.full || e->l->failed;
	if (!e->full && ++e->visits > LEAT_MAX_VISITS)
		leat_expand_stop(e, a->span, "recipes that use recipes grow without end");
	return !e->full;
}

/* One statement of the program. */
static bool count(struct leat_expander *e, struct leat_span at)
{
	if (!e->defining && ++e->statements > LEAT_MAX_STATEMENTS)
		leat_expand_stop(e, at, "more than 10 000 statements after loops and recipes are expanded");
	return !e->full;
}

/* ---- words ---- */

static struct leat_word make_word(struct leat_expander *e, const struct leat_scope *scope, const struct leat_text *t,
				  const struct leat_lex_word *w)
{
	struct leat_meaning m = leat_vars_value(&e->vars, scope, t, w);
	struct leat_word word = {
		.value = m.text, .dir = m.dir, .from = m.from, .variable = m.variable, .unknown = m.unknown};
	word.span = leat_word_span(t, w);
	word.value_at = leat_value_span(t, w);
	word.quoted = w->quote || (m.variable && !leat_word_safe(m.text));
	if (m.secret && !m.unknown) {
		word.secret = m.text;
		word.value = "***";
		word.unknown = true;
	}
	if (leat_word_has_key(w)) {
		word.key_at = leat_lex_span(t, w->start, w->key_end);
		word.key = leat_arena_strndup(e->l->arena, t->data + w->start, w->key_end - w->start);
		if (!word.key)
			e->l->failed = true;
	}
	return word;
}

static struct leat_word *make_words(struct leat_expander *e, const struct leat_scope *scope, const struct leat_ast *a,
				    size_t *n)
{
	*n = 0;
	struct leat_word *words =
		a->n_words ? leat_arena_alloc(e->l->arena, leat_size_mul(a->n_words, sizeof *words)) : NULL;
	for (size_t i = 0; words && i < a->n_words && !e->vars.full; i++)
		words[(*n)++] = make_word(e, scope, a->span.text, &a->words[i]);
	return words;
}

/* ---- levels ---- */

static struct leat_stmt *push(struct leat_expander *e, struct leat_level *out)
{
	struct leat_stmt *v = leat_grow(out->v, &out->cap, out->n + 1, sizeof *v, NULL);
	if (!v) {
		e->l->failed = e->full = true;
		return NULL;
	}
	out->v = v;
	v[out->n] = (struct leat_stmt){0};
	return &v[out->n++];
}

/* Moves a level's statements into the arena and releases it. */
struct leat_stmt *leat_expand_settle(struct leat_expander *e, struct leat_level *out, size_t *n)
{
	struct leat_stmt *v = out->n ? leat_arena_alloc(e->l->arena, leat_size_mul(out->n, sizeof *v)) : NULL;
	if (v)
		memcpy(v, out->v, out->n * sizeof *v);
	*n = v ? out->n : 0;
	free(out->v);
	leat_names_free(&out->branches);
	return v;
}

/* ---- steps ---- */

static void stage(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		  struct leat_level *out)
{
	if (!count(e, a->span))
		return;
	struct leat_stmt s = {
		.kind = LEAT_STAGE, .name = a->name, .span = a->span, .name_at = a->name_at, .damaged = a->damaged};
	s.words = make_words(e, scope, a, &s.n_words);
	struct leat_stmt *to = push(e, out);
	if (to)
		*to = s;
}

static void claim_name(struct leat_expander *e, const struct leat_ast *a, const char *name, struct leat_level *out)
{
	size_t n = strlen(name);
	if (!*a->name && a->damaged)
		return;
	const struct leat_ast *other = leat_names_get(&out->branches, name, n);
	if (!other) {
		if (leat_names_add(&out->branches, name, n, (void *)(uintptr_t)a, NULL) < 0)
			e->l->failed = true;
		return;
	}
	struct leat_diag *g =
		leat_say_error(e->l, 32, a->name_at, "there are two branches '%s'", leat_say_brief(e->l, name, n));
	if (other != a) {
		leat_say_label(e->l, g, "second time");
		leat_say_second(g, other->name_at, "first time");
	} else if (a->loop_var) {
		leat_say_help(e->l, g, "an entry of the list is there twice");
	} else {
		leat_say_help(e->l, g,
			      "its recipe is used twice in one place: put each 'use' into a branch of its own");
	}
}

/* One branch of a name; var: its loop variable, or NULL. */
static void one_branch(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		       const char *name, const struct leat_var *var, struct leat_level *out)
{
	if (!count(e, a->span))
		return;
	struct leat_stmt s = {
		.kind = LEAT_BRANCH, .name = name, .span = a->span, .name_at = a->name_at, .damaged = a->damaged};
	if (var) {
		s.loop_var = var->name;
		s.loop_value = var->value.text;
		s.damaged = s.damaged || var->value.unknown;
	}
	claim_name(e, a, name, out);
	struct leat_level body = {0};
	e->branch_depth++;
	if (e->branch_depth > LEAT_MAX_BRANCH_DEPTH)
		leat_expand_stop(e, a->span, "with its recipe in place this branch is nested too deep");
	leat_expand_walk(e, a->body, scope, &body);
	e->branch_depth--;
	s.body = leat_expand_settle(e, &body, &s.n_body);
	struct leat_stmt *to = push(e, out);
	if (to)
		*to = s;
}

/* The value of the loop variable for bytes [from, to) of the list. */
static struct leat_var loop_var(struct leat_expander *e, const struct leat_ast *a, const struct leat_meaning *list,
				size_t from, size_t to)
{
	struct leat_var var = {.name = a->loop_var, .value = *list, .written = leat_value_span(a->span.text, a->words)};
	var.value.text = leat_arena_strndup(e->l->arena, list->text + from, to - from);
	var.value.len = to - from;
	if (!var.value.text) {
		var.value.text = "";
		var.value.len = 0;
		e->l->failed = true;
	}
	if (list->origin.text) {
		var.value.origin = leat_lex_span(list->origin.text, list->origin.start + (uint32_t)from,
						 list->origin.start + (uint32_t)to);
		var.written = var.value.origin;
	}
	return var;
}

static void loop_error(struct leat_expander *e, const struct leat_ast *a, const char *message, const char *help)
{
	if (a->damaged)
		return; /* the list goes on behind a blank, which was reported */
	struct leat_diag *g = leat_say_error(e->l, 66, leat_value_span(a->span.text, a->words), "%s", message);
	leat_say_help(e->l, g, "%s", help);
	e->l->program->damaged = true;
}

/* Its entries would be names of branches, which are shown. */
static void secret_list(struct leat_expander *e, const struct leat_ast *a)
{
	struct leat_diag *g =
		leat_say_error(e->l, 68, leat_value_span(a->span.text, a->words), "a secret cannot stand here");
	leat_say_label(e->l, g, "the entries become names of branches");
}

static void loop(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		 struct leat_level *out)
{
	struct leat_meaning list = leat_vars_value(&e->vars, scope, a->span.text, a->words);
	if (list.secret)
		secret_list(e, a);
	if (list.unknown || list.secret) {
		list = (struct leat_meaning){.text = "", .dir = list.dir, .unknown = true};
		struct leat_var var = {
			.name = a->loop_var, .value = list, .written = leat_value_span(a->span.text, a->words)};
		struct leat_scope inner = {.up = scope, .vars = &var, .n = 1};
		one_branch(e, a, &inner, a->name, &var, out);
		return;
	}
	if (!list.len) {
		loop_error(e, a, "the list of this 'for' is empty", "write at least one entry, for example 320,800");
		return;
	}
	size_t entries = 0;
	for (size_t from = 0, to; from <= list.len && !e->full; from = to + 1) {
		to = leat_list_entry_end(list.text, list.len, from);
		if (to == from) {
			loop_error(e, a, "an entry of this list is empty",
				   "entries are separated by one comma, without blanks");
			return;
		}
		if (++entries > LEAT_MAX_LOOP) {
			struct leat_diag *g = leat_say_error(e->l, 65, leat_value_span(a->span.text, a->words),
							     "this list is too long for 'for'");
			leat_say_label(e->l, g, "at most %d entries", LEAT_MAX_LOOP);
			e->l->program->damaged = true;
			return;
		}
		if (e->defining && entries > 1)
			continue; /* one is enough to check the steps */
		struct leat_var var = loop_var(e, a, &list, from, to);
		struct leat_scope inner = {.up = scope, .vars = &var, .n = 1};
		const char *name = leat_arena_printf(e->l->arena, "%s-%s", a->name, var.value.text);
		one_branch(e, a, &inner, name ? name : a->name, &var, out);
	}
}

static void branch(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		   struct leat_level *out)
{
	if (a->loop_var && a->n_words) {
		leat_vars_check_local(&e->vars, a->loop_var, a->loop_at);
		loop(e, a, scope, out);
		return;
	}
	const char *name = a->name;
	if (a->n_words) /* canonical text: the name is quoted */
		name = leat_vars_value(&e->vars, NULL, a->span.text, a->words).text;
	one_branch(e, a, scope, name, NULL, out);
}

/* ---- the walk ---- */

void leat_expand_walk(struct leat_expander *e, const struct leat_ast *list, const struct leat_scope *scope,
		      struct leat_level *out)
{
	for (const struct leat_ast *a = list; a && visit(e, a); a = a->next) {
		if (a->kind == LEAT_AST_BRANCH)
			branch(e, a, scope, out);
		else if (a->kind == LEAT_AST_USE)
			leat_expand_use(e, a, scope, out);
		else
			stage(e, a, scope, out);
	}
}

/* ---- directives ---- */

/* The program's list that a keyword's lines go to. */
static struct leat_directive **list_of(struct leat_program *p, const char *keyword, size_t **n)
{
	if (strcmp(keyword, "job") == 0)
		return *n = &p->n_jobs, &p->jobs;
	if (strcmp(keyword, "defaults") == 0)
		return *n = &p->n_defaults, &p->defaults;
	if (strcmp(keyword, "schedule") == 0)
		return *n = &p->n_schedules, &p->schedules;
	return *n = &p->n_expects, &p->expects;
}

/* Room for as many lines of each kind as the file has directives. */
static void reserve(struct leat_expander *e, const struct leat_syntax *syntax)
{
	static const char *const keywords[] = {"job", "schedule", "defaults", "expect"};
	for (size_t k = 0; k < LEAT_LEN(keywords); k++) {
		size_t lines = 0, *n;
		for (const struct leat_ast *a = syntax->directives; a; a = a->next)
			lines += a->kind == LEAT_AST_OPTIONS && strcmp(a->name, keywords[k]) == 0;
		struct leat_directive **list = list_of(e->l->program, keywords[k], &n);
		*list = lines ? leat_arena_alloc(e->l->arena, leat_size_mul(lines, sizeof **list)) : NULL;
		if (lines && !*list)
			e->l->failed = e->full = true;
	}
}

static void options(struct leat_expander *e, const struct leat_ast *a)
{
	if (!count(e, a->span))
		return;
	size_t *n;
	struct leat_directive **list = list_of(e->l->program, a->name, &n);
	struct leat_directive d = {.span = a->span, .name_at = a->name_at, .damaged = a->damaged};
	d.words = make_words(e, NULL, a, &d.n_words);
	(*list)[(*n)++] = d;
}

static void directives(struct leat_expander *e, const struct leat_syntax *syntax)
{
	for (struct leat_ast *a = syntax->directives; a; a = a->next) {
		size_t n = strlen(a->name);
		if (a->kind == LEAT_AST_RECIPE && !leat_names_get(&e->all_recipes, a->name, n) &&
		    leat_names_add(&e->all_recipes, a->name, n, a, NULL) < 0)
			e->l->failed = true;
	}
	reserve(e, syntax);
	for (const struct leat_ast *a = syntax->directives; a && visit(e, a); a = a->next) {
		if (a->kind == LEAT_AST_LET)
			leat_vars_let(&e->vars, a);
		else if (a->kind == LEAT_AST_RECIPE)
			leat_expand_recipe(e, a);
		else
			options(e, a);
	}
}

void leat_expand(struct leat_lang *l, const struct leat_syntax *syntax)
{
	struct leat_expander e = {.l = l};
	struct leat_level main_line = {0};
	leat_vars_start(&e.vars, l, syntax);
	directives(&e, syntax);
	leat_vars_unused(&e.vars, l->program->texts[0]->name);
	leat_expand_walk(&e, syntax->steps, NULL, &main_line);
	l->program->steps = leat_expand_settle(&e, &main_line, &l->program->n_steps);
	leat_vars_end(&e.vars);
	leat_names_free(&e.recipes);
	leat_names_free(&e.all_recipes);
	free(e.recipe_names);
}
