/* SPDX-License-Identifier: MIT */
/* The directives: version, include, let, job, defaults, schedule, expect. */
#include "base/num.h"
#include "lang/names.h"
#include "lang/parser.h"

void leat_parser_misplaced(struct leat_parser *p)
{
	if (!p->open && !p->first_step.text)
		return;
	const char *what = leat_at_shown(p, leat_at_word(p, 0));
	struct leat_span at = leat_word_span(p->t, leat_at_word(p, 0));
	if (p->open && !p->first_step.text) {
		struct leat_diag *g = LEAT_FIRST(p, 23, at, "'%s' cannot stand inside a recipe", what);
		leat_say_second(g, p->open->opener->keyword_at, "the recipe starts here");
		leat_say_help(p->l, g, "move this line above the recipe");
		return;
	}
	struct leat_diag *g = LEAT_FIRST(p, 23, at, "'%s' must come before the first step", what);
	leat_say_second(g, p->first_step, "the steps start here");
	leat_say_help(p->l, g, "settings first, then steps: move this line up");
}

static void version(struct leat_parser *p)
{
	const struct leat_lex_word *w = leat_at_word(p, 1);
	if (!w) {
		leat_parser_incomplete(p, "'version' needs a number", "version 1");
		return;
	}
	const char *s = p->t->data + w->start;
	size_t n = w->end - w->start;
	int64_t number = 0;
	size_t digits = 0;
	while (digits < n && leat_is_digit(s[digits]))
		digits++;
	if (digits < n) {
		struct leat_diag *g = LEAT_FIRST(p, 34, leat_word_span(p->t, w), "a version is a whole number");
		leat_say_label(p->l, g, "write version 1");
		leat_say_fix(g, leat_word_span(p->t, w), "1");
	} else if (!leat_parse_int(s, n, &number) || number != 1) {
		struct leat_diag *g = leat_say_error(
			p->l, 30, leat_word_span(p->t, w),
			"this file asks for language version %s, this program knows version 1", leat_at_shown(p, w));
		leat_say_help(p->l, g, "update the program, or ask the author of the file for a version 1 file");
		p->stop = p->l->program->damaged = p->out->outside = true; /* what follows may mean something else */
	} else if (leat_at_word(p, 2)) {
		leat_parser_unexpected(p, leat_at_word(p, 2), "'version' takes one number");
	}
}

/* env NAME [or DEFAULT], from word i on. */
static void environ_value(struct leat_parser *p, struct leat_ast *a, size_t i)
{
	static const char usage[] = "let NAME = env VARIABLE or DEFAULT";
	const struct leat_lex_word *name = leat_at_word(p, i + 1);
	if (!name) {
		leat_parser_incomplete(p, "'env' needs the name of a variable of the environment", usage);
		return;
	}
	a->env_at = leat_word_span(p->t, name);
	const char *s = p->t->data + name->start;
	size_t n = name->end - name->start;
	if (!leat_is_envname(s, n)) {
		struct leat_diag *g =
			LEAT_FIRST(p, 32, a->env_at, "this cannot be the name of an environment variable");
		if (n > 1 && s[0] == '$' && leat_is_envname(s + 1, n - 1))
			leat_say_label(p->l, g, "write %s", leat_say_brief(p->l, s + 1, n - 1));
		return;
	}
	a->env = leat_arena_strndup(p->l->arena, s, n);
	if (!leat_at_word(p, i + 2))
		return;
	if (!leat_at_is(p, i + 2, "or")) {
		leat_parser_unexpected(p, leat_at_word(p, i + 2), "a default is written: env VARIABLE or DEFAULT");
	} else if (!leat_at_word(p, i + 3)) {
		leat_parser_incomplete(p, "nothing follows 'or'", usage);
	} else {
		leat_parser_words(p, a, i + 3);
		if (leat_at_word(p, i + 4))
			leat_parser_unexpected(p, leat_at_word(p, i + 4), "the default is one value");
		a->n_words = a->n_words ? 1 : 0;
	}
}

/* The one value of a let, from word i on. */
static void let_value(struct leat_parser *p, struct leat_ast *a, size_t i)
{
	const struct leat_lex_word *first = leat_at_word(p, i), *last = leat_at_word(p, p->st.n - 1);
	a->secret = leat_at_is(p, i, "secret") && leat_at_is(p, i + 1, "env");
	if (!a->secret && leat_at_is(p, i, "secret") && leat_at_word(p, i + 1)) {
		struct leat_span all = leat_lex_span(p->t, first->start, leat_at_word(p, i + 1)->end);
		struct leat_diag *g = LEAT_FIRST(p, 34, all, "a secret comes from the environment");
		const char *name = leat_at_shown(p, leat_at_word(p, i + 1));
		leat_say_label(p->l, g, "write secret env %s", name + (*name == '$'));
		a->damaged = true;
		return;
	}
	if (a->secret || leat_at_is(p, i, "env")) {
		environ_value(p, a, a->secret ? i + 1 : i);
		return;
	}
	leat_parser_words(p, a, i);
	a->n_words = a->n_words ? 1 : 0;
	if (first == last || first->bad || p->st.damaged)
		return;
	struct leat_diag *g = leat_say_error(p->l, 35, leat_word_span(p->t, first + 1), "unexpected value '%s'",
					     leat_at_shown(p, first + 1));
	leat_say_label(p->l, g, "'let' takes one value");
	if (!first->quote && !last->quote)
		leat_say_help(p->l, g, "a value with spaces needs quotes: \"%s\"",
			      leat_say_brief(p->l, p->t->data + first->start, last->end - first->start));
	p->st.damaged = p->l->program->damaged = a->damaged = true;
}

static bool is_equals(const struct leat_parser *p, const struct leat_lex_word *w)
{
	return w && w->end - w->start == 1 && p->t->data[w->start] == '=';
}

static void let(struct leat_parser *p)
{
	static const char usage[] = "let NAME = VALUE";
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_LET);
	if (!a)
		return;
	if (!leat_at_word(p, 1) || is_equals(p, leat_at_word(p, 1))) {
		leat_parser_incomplete(p, "'let' needs a name", usage);
		return;
	}
	const char *name = leat_parser_name(p, 1, "variable", true, &a->name_at);
	if (!name)
		return;
	a->name = name;
	leat_ast_append(&p->directives, a);
	a->damaged = true; /* until its value is there */
	const struct leat_lex_word *equals = leat_at_word(p, 2);
	if (!is_equals(p, equals)) {
		struct leat_diag *g = LEAT_FIRST(p, 34, leat_at_span(p), "%s",
						 equals ? "no '=' in this 'let'" : "'let' needs a value");
		if (equals)
			leat_say_label(p->l, g, "write let %s = %s", name, leat_at_shown(p, equals));
		else
			leat_say_label(p->l, g, "write %s", usage);
		if (!equals || leat_at_word(p, 3))
			leat_say_fix(g, (struct leat_span){0}, NULL);
		return;
	}
	if (!leat_at_word(p, 3)) {
		struct leat_diag *g =
			leat_say_error(p->l, 9, leat_lex_span(p->t, p->st.start, equals->end),
				       "the variable '%s' has no value", leat_say_brief(p->l, name, strlen(name)));
		leat_say_help(p->l, g, "an empty text is written \"\"");
		return;
	}
	a->damaged = false;
	let_value(p, a, 3);
	a->damaged = a->damaged || p->st.damaged;
}

void leat_parser_assigned(struct leat_parser *p)
{
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_LET);
	const struct leat_lex_word *w = leat_at_word(p, 0);
	size_t n = (leat_word_has_key(w) ? w->key_end : w->end) - w->start;
	const char *name = leat_parser_respell(p, p->t->data + w->start, n, true);
	if (!a || !name)
		return;
	a->name = name;
	a->name_at = leat_lex_span(p->t, w->start, w->start + (uint32_t)n);
	a->damaged = true;
	leat_ast_append(&p->directives, a);
}

/* job and defaults take options only; expect conditions too, schedule a word. */
static void options(struct leat_parser *p)
{
	struct leat_ast *a = leat_parser_new(p, LEAT_AST_OPTIONS);
	if (!a)
		return;
	const struct leat_lex_word *keyword = leat_at_word(p, 0);
	const char *name = p->st.reads_as ? p->st.reads_as
					  : leat_arena_strndup(p->l->arena, p->t->data + keyword->start,
							       keyword->end - keyword->start);
	a->name = name ? name : "";
	a->name_at = a->keyword_at;
	bool expect = strcmp(a->name, "expect") == 0, schedule = strcmp(a->name, "schedule") == 0;
	if (p->st.n == 1) {
		if (expect)
			leat_parser_incomplete(p, "'expect' needs a condition", "expect matched>=1");
		else if (strcmp(a->name, "job") == 0)
			leat_parser_incomplete(p, "'job' needs an option", "job NAME=VALUE");
		else if (schedule)
			leat_parser_incomplete(p, "'schedule' needs to know when", "schedule daily at=02:30");
		else
			leat_parser_incomplete(p, "'defaults' needs an option", "defaults NAME=VALUE");
	}
	for (size_t i = 1; i < p->st.n && !expect && !schedule; i++)
		if (!leat_word_has_key(leat_at_word(p, i)))
			leat_parser_unexpected(p, leat_at_word(p, i),
					       strcmp(a->name, "job") == 0
						       ? "'job' takes only options: NAME=VALUE"
						       : "'defaults' takes only options: NAME=VALUE");
	leat_parser_words(p, a, 1);
	a->damaged = p->st.damaged;
	leat_ast_append(&p->directives, a);
}

static const struct leat_directive_rule directives[] = {
	{"version", version, LEAT_TEXT_INCLUDED},
	{"include", leat_parser_include, LEAT_TEXT_INCLUDED},
	{"let", let, LEAT_TEXT_VARS},
	{"job", options, LEAT_TEXT_MAIN},
	{"defaults", options, LEAT_TEXT_INCLUDED},
	{"schedule", options, LEAT_TEXT_MAIN},
	{"expect", options, LEAT_TEXT_MAIN},
	{"recipe", leat_parser_recipe, LEAT_TEXT_INCLUDED},
};

const struct leat_directive_rule *leat_parser_directive(const struct leat_parser *p)
{
	for (size_t i = 0; i < LEAT_LEN(directives); i++)
		if (leat_at_is(p, 0, directives[i].word))
			return &directives[i];
	return NULL;
}
