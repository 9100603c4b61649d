/* SPDX-License-Identifier: MIT */
/* From statements to a tree: LL(1), one statement at a time (language 6.3). */
#include "lang/parser.h"

#include "lang/habits.h"
#include "lang/keywords.h"
#include "lang/limits.h"
#include "lang/names.h"

/* ---- blocks ---- */

static bool statements(struct leat_parser *p, struct leat_ast_list *into);

static void never_closed(struct leat_parser *p, const struct leat_block *b)
{
	const struct leat_ast *a = b->inner ? b->inner : b->opener;
	struct leat_span second = b->inner ? b->inner_end : b->outdent;
	const char *kind = a->kind == LEAT_AST_RECIPE ? "recipe" : "branch";
	struct leat_diag *g = leat_say_error(p->l, 20, a->span, "%s%s%s%s is never closed", kind, *a->name ? " '" : "",
					     leat_say_brief(p->l, a->name, strlen(a->name)), *a->name ? "'" : "");
	leat_say_label(p->l, g, "this %s needs an 'end' line", kind);
	if (second.text)
		leat_say_second(g, second, "by the indentation, 'end' belongs above this line");
	p->l->program->damaged = true;
}

/* Reads the statements of a block; its opener was read. */
static void body(struct leat_parser *p, struct leat_ast *a, bool recipe)
{
	struct leat_block b = {.up = p->open, .opener = a, .indent = p->st.indent, .recipe = recipe};
	struct leat_ast_list into = {&a->body};
	p->open = &b;
	p->depth += !recipe;
	bool closed = statements(p, &into);
	p->depth -= !recipe;
	p->open = b.up;
	if (closed && !b.any) {
		struct leat_diag *g =
			leat_say_error(p->l, 34, a->span, "%s '%s' has no steps", recipe ? "recipe" : "branch",
				       leat_say_brief(p->l, a->name, strlen(a->name)));
		leat_say_label(p->l, g, "write its steps between this line and 'end'");
		leat_say_fix(g, (struct leat_span){0}, NULL);
		p->l->program->damaged = true;
	}
}

/* Over the statements of a block that cannot be used, up to its 'end'. */
static void skip_body(struct leat_parser *p)
{
	for (size_t open = 1; open && leat_lex_next(&p->lx, &p->st);) {
		if (leat_at_is(p, 0, "branch") || leat_at_is(p, 0, "recipe"))
			open++;
		else if (leat_at_is(p, 0, "end"))
			open--;
	}
}

static struct leat_span parameter_name(const struct leat_parser *p, const struct leat_lex_word *w)
{
	return leat_lex_span(p->t, w->start, leat_word_has_key(w) ? w->key_end : w->end);
}

/* Reports parameter i when an earlier one has its name. */
static void check_twice(struct leat_parser *p, const struct leat_ast *a, size_t i)
{
	struct leat_span at = parameter_name(p, &a->words[i]);
	const char *s = p->t->data;
	size_t n = at.end - at.start;
	for (size_t k = 0; k < i; k++) {
		struct leat_span other = parameter_name(p, &a->words[k]);
		if (other.end - other.start == n && memcmp(s + other.start, s + at.start, n) == 0)
			leat_say_error(p->l, 32, at, "the parameter '%s' is there twice",
				       leat_say_brief(p->l, s + at.start, n));
	}
}

void leat_parser_recipe(struct leat_parser *p)
{
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_RECIPE);
	if (!a)
		return;
	if (!leat_at_word(p, 1))
		leat_parser_incomplete(p, "'recipe' needs a name", "recipe NAME PARAMETER PARAMETER=DEFAULT");
	else if ((a->name = leat_parser_name(p, 1, "recipe", false, &a->name_at)) == NULL)
		a->name = "";
	leat_parser_words(p, a, 2);
	for (size_t i = 0; i < a->n_words && !p->st.damaged; i++) {
		const struct leat_lex_word *w = &a->words[i];
		struct leat_span at = parameter_name(p, w);
		if (!leat_is_varname(p->t->data + at.start, at.end - at.start))
			leat_parser_bad_name(p, at, "parameter", true);
		else if (i == LEAT_MAX_PARAMETERS) {
			struct leat_diag *g = LEAT_FIRST(p, 65, at, "a recipe has too many parameters");
			leat_say_label(p->l, g, "at most %d", LEAT_MAX_PARAMETERS);
		} else
			check_twice(p, a, i);
	}
	a->damaged = p->st.damaged;
	p->out->outside = p->out->outside || !*a->name; /* who uses it is not mistaken */
	if (*a->name)
		leat_ast_append(&p->directives, a);
	if (p->open)
		skip_body(p); /* misplaced: only its name counts */
	else
		body(p, a, true);
}

static void branch(struct leat_parser *p, struct leat_ast_list *into)
{
	static const char usage[] = "branch NAME for VARIABLE in LIST";
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_BRANCH);
	if (!a)
		return;
	if (!leat_at_word(p, 1))
		leat_parser_incomplete(p, "'branch' needs a name", "branch NAME");
	else if ((a->name = leat_parser_name(p, 1, "branch", false, &a->name_at)) == NULL)
		a->name = "";
	bool loop = leat_at_is(p, 2, "for");
	if (loop && (!leat_at_word(p, 3) || !leat_at_is(p, 4, "in") || !leat_at_word(p, 5)))
		leat_parser_incomplete(p, "'for' needs a variable and a list", usage);
	else if (loop)
		a->loop_var = leat_parser_name(p, 3, "variable", true, &a->loop_at);
	const struct leat_lex_word *list = loop ? leat_at_word(p, 5) : NULL;
	if (list && leat_word_has_key(list))
		leat_parser_unexpected(p, list, "a list has no name; one with '=' needs quotes");
	const struct leat_lex_word *excess = leat_at_word(p, loop ? 6 : 2);
	if (excess)
		leat_parser_unexpected(p, excess,
				       loop ? "the list is one value: entries with commas, no blanks"
					    : "a branch has one name");
	if (a->loop_var)
		leat_parser_words(p, a, 5);
	a->n_words = a->n_words ? 1 : 0;
	if (p->l->opts->canonical && !*a->name && !loop && leat_at_word(p, 1)) { /* quoted: words[0] holds it */
		leat_parser_words(p, a, 1);
		a->n_words = a->n_words ? 1 : 0;
	}
	a->damaged = p->st.damaged;
	if (p->depth == LEAT_MAX_BRANCH_DEPTH) {
		struct leat_diag *g = leat_say_error(p->l, 65, a->span, "branches are nested too deep");
		leat_say_label(p->l, g, "at most %d in each other", LEAT_MAX_BRANCH_DEPTH);
		p->l->program->damaged = true;
		skip_body(p);
		return;
	}
	leat_ast_append(into, a);
	body(p, a, false);
}

/* ---- steps ---- */

static void use(struct leat_parser *p, struct leat_ast_list *into)
{
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_USE);
	if (!a)
		return;
	if (!leat_at_word(p, 1)) {
		leat_parser_incomplete(p, "'use' needs the name of a recipe", "use NAME PARAMETER=VALUE");
		return;
	}
	const char *name = leat_parser_name(p, 1, "recipe", false, &a->name_at);
	for (size_t i = 2; i < p->st.n; i++)
		if (!leat_word_has_key(leat_at_word(p, i)))
			leat_parser_unexpected(p, leat_at_word(p, i), "'use' takes only parameters: NAME=VALUE");
	if (!name)
		return;
	a->name = name;
	leat_parser_words(p, a, 2);
	a->damaged = p->st.damaged;
	leat_ast_append(into, a);
}

/* Whether a step exists is not our question, but its name must be a plain word. */
static void stage(struct leat_parser *p, struct leat_ast_list *into)
{
	const struct leat_lex_word *w = leat_at_word(p, 0);
	const char *s = p->t->data + w->start;
	bool no_name = *s == '#' || *s == '{' || memchr(s, '\\', w->end - w->start); /* '{' begins JSON */
	if (w->quote || w->pieces || leat_word_has_key(w) || no_name) {
		struct leat_diag *g = LEAT_FIRST(p, 14, leat_word_span(p->t, w), "a step starts with its name");
		if (w->pieces)
			leat_say_label(p->l, g, "a variable cannot stand for it");
		else if (*s == '#')
			leat_say_label(p->l, g, "for a comment put a blank before '#'");
		else
			leat_say_label(p->l, g, "this is a value");
		return;
	}
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_STAGE);
	if (!a)
		return;
	const char *name = leat_arena_strndup(p->l->arena, p->t->data + w->start, w->end - w->start);
	a->name = name ? name : "";
	a->name_at = a->keyword_at;
	leat_parser_words(p, a, 1);
	leat_ast_append(into, a);
}

/* "jbo memory=4GiB": the directives that follow are in their place. */
static bool hardly_a_step(struct leat_parser *p)
{
	const struct leat_lex_word *w = leat_at_word(p, 0);
	bool name = !leat_word_has_key(w) && !w->quote;
	return name && leat_keyword_near_directive(leat_at_shown(p, w));
}

static void step(struct leat_parser *p, struct leat_ast_list *into)
{
	if (!p->first_step.text && !p->open && !hardly_a_step(p))
		p->first_step = leat_at_span(p);
	if (leat_at_is(p, 0, "branch"))
		branch(p, into);
	else if (leat_at_is(p, 0, "use"))
		use(p, into);
	else
		stage(p, into);
}

/* ---- statements ---- */

/*
 * Notes for every open block the first statement that is not indented deeper than it. If that is
 * its very first, the block is written without indentation, and there is nothing to learn from it.
 */
static void note_indent(struct leat_parser *p, bool closes)
{
	if (closes)
		return;
	for (struct leat_block *b = p->open; b; b = b->up) {
		bool outside = b->indent != LEAT_NO_INDENT && p->st.indent <= b->indent;
		if (outside && !b->any)
			b->indent = LEAT_NO_INDENT;
		else if (outside && !b->outdent.text)
			b->outdent = leat_word_span(p->t, leat_at_word(p, 0));
		b->any = true;
	}
}

/* 'end': true when it closes the block that is being read. */
static bool end(struct leat_parser *p)
{
	struct leat_span at = leat_word_span(p->t, leat_at_word(p, 0));
	if (!p->open && p->st.reads_as)
		return false; /* reported as no step */
	if (!p->open) {
		struct leat_diag *g = LEAT_FIRST(p, 21, at, "this 'end' closes nothing");
		leat_say_help(p->l, g, "'end' closes a 'branch' or a 'recipe'; there is none open here");
		return false;
	}
	if (leat_at_word(p, 1) && !p->st.closes)
		leat_parser_unexpected(p, leat_at_word(p, 1), "'end' stands alone");
	struct leat_block *up = p->open->up;
	bool theirs = up && p->st.indent != LEAT_NO_INDENT && p->open->indent != LEAT_NO_INDENT &&
		      p->st.indent < p->open->indent;
	if (theirs && !up->inner) {
		up->inner = p->open->opener;
		up->inner_end = at;
	}
	return true;
}

/*
 * A directive that stands no deeper than an open recipe: the recipe's 'end' is missing, the text
 * goes on at its top.
 */
static bool leaves_recipe(const struct leat_parser *p)
{
	const struct leat_block *b = p->open;
	while (b && b->up)
		b = b->up;
	return b && b->recipe && p->st.indent != LEAT_NO_INDENT && b->indent != LEAT_NO_INDENT &&
	       p->st.indent <= b->indent;
}

static bool too_many(struct leat_parser *p)
{
	if (++p->files->statements <= LEAT_MAX_STATEMENTS)
		return false;
	struct leat_diag *g = leat_say_error(p->l, 65, leat_at_span(p), "more than 10 000 statements");
	leat_say_help(p->l, g, "a list of files is read with: read list=FILE");
	p->stop = p->l->program->damaged = true;
	return true;
}

static bool next(struct leat_parser *p)
{
	if (p->stop || p->l->failed)
		return false;
	if (p->held) {
		p->held = false;
		return true;
	}
	if (!leat_lex_next(&p->lx, &p->st))
		return false;
	leat_habit_statement(p->l, p->t, &p->st);
	return true;
}

/* May this kind of text hold the statement, d or a step? */
static bool belongs(const struct leat_parser *p, const struct leat_directive_rule *d)
{
	return d ? d->most >= p->kind : p->kind == LEAT_TEXT_MAIN || p->open;
}

/* Statements up to the 'end' of the open block, or of the text. True when there was that 'end'. */
static bool statements(struct leat_parser *p, struct leat_ast_list *into)
{
	while (next(p)) {
		if (!p->st.n)
			continue;
		bool closes = leat_at_is(p, 0, "end") || p->st.closes;
		const struct leat_directive_rule *d = leat_parser_directive(p);
		note_indent(p, closes);
		if (closes) {
			if (end(p))
				return true;
			continue;
		}
		if (d && leaves_recipe(p)) {
			p->held = true;
			break;
		}
		if (too_many(p))
			return false;
		if (p->st.assigns) {
			leat_parser_assigned(p);
		} else if (!belongs(p, d)) {
			leat_parser_out_of_place(p);
			p->stop = !d || p->kind == LEAT_TEXT_VARS; /* more of it will follow: one message is enough */
			p->out->outside = p->out->outside || p->stop;
		} else if (d) {
			leat_parser_misplaced(p);
			d->parse(p);
		} else {
			step(p, into);
		}
	}
	if (p->open && !p->stop && !p->l->failed)
		never_closed(p, p->open);
	return false;
}

void leat_parser_text(struct leat_parser *p, struct leat_ast_list *steps)
{
	leat_lex_start(&p->lx, p->l, p->t);
	statements(p, steps);
	leat_lex_end(&p->lx);
}

void leat_parse(struct leat_lang *l, const struct leat_text *text, struct leat_syntax *out)
{
	struct leat_files files = {.paths = NULL};
	struct leat_parser p = {.files = &files, .l = l, .t = text, .out = out, .directives = {&out->directives}};
	struct leat_ast_list steps = {&out->steps};
	if (!l->opts->path || leat_parser_note_file(&p, l->opts->path, text))
		leat_parser_text(&p, &steps);
	free(files.paths);
	free(files.texts);
}

struct leat_ast *leat_parse_vars(struct leat_lang *l, const struct leat_text *text)
{
	struct leat_files files = {.paths = NULL};
	struct leat_syntax out = {.directives = NULL};
	struct leat_parser p = {.kind = LEAT_TEXT_VARS, .files = &files, .l = l, .t = text, .out = &out};
	struct leat_ast_list steps = {&out.steps};
	p.directives.tail = &out.directives;
	leat_parser_text(&p, &steps);
	return out.directives;
}
