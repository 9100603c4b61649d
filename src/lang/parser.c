/* SPDX-License-Identifier: MIT */
/* From statements to a tree: LL(1), one statement at a time (language 6.3). */
#include "lang/syntax.h"

#include "base/num.h"
#include "lang/habits.h"
#include "lang/limits.h"
#include "lang/names.h"

/* A block that is open: for its missing 'end' the indentation tells where it belongs. */
struct block {
	struct block *up;
	const struct leat_ast *opener;
	uint32_t indent;
	bool recipe;
	bool any; /* it has statements, good or bad */
	struct leat_span outdent;     /* the first statement that stands no deeper than the block's first line */
	const struct leat_ast *inner; /* a block in it that was closed by an 'end' that by its indentation is ours */
	struct leat_span inner_end;
};

struct list {
	struct leat_ast **tail;
};

struct parser {
	struct leat_lang *l;
	struct leat_lexer lx;
	const struct leat_text *t;
	struct leat_syntax *out;
	struct list directives;
	struct block *open;
	unsigned depth; /* open branches */
	struct leat_lex_stmt st;
	bool held; /* st was put back: it ends a block that misses its 'end' */
	bool stop; /* nothing more can be read */
	struct leat_span first_step;
	size_t statements;
};

/* ---- small things ---- */

static void append(struct list *list, struct leat_ast *a)
{
	*list->tail = a;
	list->tail = &a->next;
}

static const struct leat_lex_word *word(const struct parser *p, size_t i)
{
	return i < p->st.n ? &p->st.words[i] : NULL;
}

static bool is(const struct parser *p, size_t i, const char *what)
{
	return i < p->st.n && leat_word_is(p->t, &p->st.words[i], what);
}

static const char *shown(struct parser *p, const struct leat_lex_word *w)
{
	return leat_say_brief(p->l, p->t->data + w->start, w->end - w->start);
}

static struct leat_span statement_span(const struct parser *p)
{
	return leat_lex_span(p->t, p->st.start, p->st.end);
}

/* The first structural error of the statement; NULL when there was one before. */
static struct leat_diag *say_first(struct parser *p, int code, struct leat_span at, const char *message)
{
	bool first = !p->st.damaged;
	p->st.damaged = p->l->program->damaged = true;
	return first ? leat_say_error(p->l, code, at, "%s", message) : NULL;
}

/* "'branch' needs a name" and the like. */
static void incomplete(struct parser *p, const char *what, const char *usage)
{
	struct leat_diag *g = say_first(p, 36, statement_span(p), what);
	leat_say_label(p->l, g, "write %s", usage);
}

/* A value too many. */
static void unexpected(struct parser *p, const struct leat_lex_word *w, const char *why)
{
	if (p->st.damaged)
		return;
	struct leat_diag *g = leat_say_error(p->l, 35, leat_word_span(p->t, w), "unexpected value '%s'", shown(p, w));
	leat_say_label(p->l, g, "%s", why);
	p->st.damaged = p->l->program->damaged = true;
}

/* The words from `from` on, copied for the tree. */
static void keep_words(struct parser *p, struct leat_ast *a, size_t from)
{
	size_t n = from < p->st.n ? p->st.n - from : 0;
	a->words = leat_arena_alloc(p->l->arena, leat_size_mul(n, sizeof *a->words));
	a->n_words = a->words ? n : 0;
	if (a->n_words)
		memcpy(a->words, p->st.words + from, n * sizeof *a->words);
}

static struct leat_ast *new_ast(struct parser *p, enum leat_ast_kind kind)
{
	struct leat_ast *a = leat_arena_alloc(p->l->arena, sizeof *a);
	if (!a) {
		p->l->failed = p->stop = true;
		return NULL;
	}
	a->kind = kind;
	a->span = statement_span(p);
	a->keyword_at = leat_word_span(p->t, word(p, 0));
	a->name = "";
	a->damaged = p->st.damaged;
	return a;
}

/* ---- names ---- */

/* The spelling that would do, or NULL. */
static const char *respell(struct parser *p, const char *s, size_t n, bool variable)
{
	char *name = leat_arena_strndup(p->l->arena, s, n < 60 ? n : 0);
	for (char *c = name; c && *c; c++)
		*c = leat_is_letter(*c) ? (char)(*c | 0x20) : *c == '-' || *c == '_' ? (variable ? '_' : '-') : *c;
	size_t len = name ? strlen(name) : 0;
	return (variable ? leat_is_varname(name ? name : "", len) : leat_is_name(name ? name : "", len)) ? name : NULL;
}

static void bad_name(struct parser *p, struct leat_span at, const char *what, bool variable)
{
	const char *s = p->t->data + at.start;
	size_t n = at.end - at.start;
	const char *better = respell(p, s, n, variable);
	const char *message = leat_arena_printf(p->l->arena, "'%s' cannot be the name of a %s", leat_say_brief(p->l, s, n), what);
	struct leat_diag *g = say_first(p, 36, at, message ? message : "");
	if (better)
		leat_say_label(p->l, g, "write %s", better);
	leat_say_help(p->l, g, "such a name begins with a small letter and goes on with small letters, digits and '%c'",
	              variable ? '_' : '-');
}

/* The name that word i is; NULL when it is none (reported) or not there (`missing` reported). */
static const char *take_name(struct parser *p, size_t i, const char *what, bool variable, struct leat_span *at)
{
	const struct leat_lex_word *w = word(p, i);
	*at = leat_word_span(p->t, w);
	const char *s = p->t->data + w->start;
	size_t n = w->end - w->start;
	bool quoted_branch = p->l->opts->canonical && w->quote && !leat_word_has_key(w) && !variable;
	if (quoted_branch)
		return ""; /* its text is found by expansion */
	if (variable ? leat_is_varname(s, n) : leat_is_name(s, n)) {
		const char *name = leat_arena_strndup(p->l->arena, s, n);
		return name ? name : "";
	}
	bad_name(p, *at, what, variable);
	return NULL;
}

/* ---- directives ---- */

static void misplaced(struct parser *p)
{
	if (!p->open && !p->first_step.text)
		return;
	const char *what = shown(p, word(p, 0));
	struct leat_span at = leat_word_span(p->t, word(p, 0));
	if (p->open && !p->first_step.text) {
		const char *message = leat_arena_printf(p->l->arena, "'%s' cannot stand inside a recipe", what);
		struct leat_diag *g = say_first(p, 23, at, message ? message : "");
		leat_say_second(g, p->open->opener->keyword_at, "the recipe starts here");
		leat_say_help(p->l, g, "move this line above the recipe");
		return;
	}
	const char *message = leat_arena_printf(p->l->arena, "'%s' must come before the first step", what);
	struct leat_diag *g = say_first(p, 23, at, message ? message : "");
	leat_say_second(g, p->first_step, "the steps start here");
	leat_say_help(p->l, g, "settings first, then steps: move this line up");
}

static void version(struct parser *p)
{
	const struct leat_lex_word *w = word(p, 1);
	if (!w) {
		incomplete(p, "'version' needs a number", "version 1");
		return;
	}
	const char *s = p->t->data + w->start;
	size_t n = w->end - w->start;
	int64_t number = 0;
	size_t digits = 0;
	while (digits < n && leat_is_digit(s[digits]))
		digits++;
	if (digits < n) {
		struct leat_diag *g = say_first(p, 36, leat_word_span(p->t, w), "a version is a whole number");
		leat_say_label(p->l, g, "write version 1");
	} else if (!leat_parse_int(s, n, &number) || number != 1) {
		struct leat_diag *g = leat_say_error(p->l, 30, leat_word_span(p->t, w),
		                                     "this file asks for language version %s, this program knows version 1", shown(p, w));
		leat_say_help(p->l, g, "update the program, or ask the author of the file for a version 1 file");
		p->stop = p->l->program->damaged = p->out->outside = true; /* what follows may mean something else */
	} else if (word(p, 2)) {
		unexpected(p, word(p, 2), "'version' takes one number");
	}
}

static void not_built(struct parser *p, struct leat_span at, const char *what, const char *instead)
{
	const char *message = leat_arena_printf(p->l->arena, "'%s' is not built into this program yet", what);
	struct leat_diag *g = say_first(p, 22, at, message ? message : "");
	leat_say_help(p->l, g, "%s", instead);
}

static void include(struct parser *p)
{
	p->out->outside = true;
	not_built(p, statement_span(p), "include", "copy the lines of that file to the top of this one");
}

static void schedule(struct parser *p)
{
	not_built(p, statement_span(p), "schedule", "let cron or a systemd timer start leat, and remove this line");
}

/* env NAME [or DEFAULT], from word i on. */
static void environ_value(struct parser *p, struct leat_ast *a, size_t i)
{
	static const char usage[] = "let NAME = env VARIABLE or DEFAULT";
	const struct leat_lex_word *name = word(p, i + 1);
	if (!name) {
		incomplete(p, "'env' needs the name of a variable of the environment", usage);
		return;
	}
	a->env_at = leat_word_span(p->t, name);
	const char *s = p->t->data + name->start;
	size_t n = name->end - name->start;
	if (!leat_is_envname(s, n)) {
		struct leat_diag *g = say_first(p, 36, a->env_at, "this cannot be the name of an environment variable");
		if (n > 1 && s[0] == '$' && leat_is_envname(s + 1, n - 1))
			leat_say_label(p->l, g, "write %s", leat_say_brief(p->l, s + 1, n - 1));
		return;
	}
	a->env = leat_arena_strndup(p->l->arena, s, n);
	if (!word(p, i + 2))
		return;
	if (!is(p, i + 2, "or")) {
		unexpected(p, word(p, i + 2), "a default is written: env VARIABLE or DEFAULT");
	} else if (!word(p, i + 3)) {
		incomplete(p, "nothing follows 'or'", usage);
	} else {
		keep_words(p, a, i + 3);
		if (word(p, i + 4))
			unexpected(p, word(p, i + 4), "the default is one value");
		a->n_words = a->n_words ? 1 : 0;
	}
}

/* The one value of a let, from word i on. */
static void let_value(struct parser *p, struct leat_ast *a, size_t i)
{
	const struct leat_lex_word *first = word(p, i), *last = word(p, p->st.n - 1);
	if (is(p, i, "secret") && is(p, i + 1, "env")) {
		not_built(p, leat_word_span(p->t, first), "secret", "no step takes a secret yet");
		a->damaged = true;
		return;
	}
	if (is(p, i, "env")) {
		environ_value(p, a, i);
		return;
	}
	keep_words(p, a, i);
	a->n_words = a->n_words ? 1 : 0;
	if (first == last || p->st.damaged)
		return;
	struct leat_diag *g = leat_say_error(p->l, 35, leat_word_span(p->t, first + 1), "unexpected value '%s'", shown(p, first + 1));
	leat_say_label(p->l, g, "'let' takes one value");
	if (!first->quote && !last->quote)
		leat_say_help(p->l, g, "a value with spaces needs quotes: \"%s\"",
		              leat_say_brief(p->l, p->t->data + first->start, last->end - first->start));
	p->st.damaged = p->l->program->damaged = a->damaged = true;
}

static bool is_equals(const struct parser *p, const struct leat_lex_word *w)
{
	return w && w->end - w->start == 1 && p->t->data[w->start] == '=';
}

static void let(struct parser *p)
{
	static const char usage[] = "let NAME = VALUE";
	struct leat_ast *a = new_ast(p, LEAT_AST_LET);
	if (!a)
		return;
	if (!word(p, 1) || is_equals(p, word(p, 1))) {
		incomplete(p, "'let' needs a name", usage);
		return;
	}
	const char *name = take_name(p, 1, "variable", true, &a->name_at);
	if (!name)
		return;
	a->name = name;
	append(&p->directives, a);
	a->damaged = true; /* until its value is there */
	const struct leat_lex_word *equals = word(p, 2);
	if (!is_equals(p, equals)) {
		struct leat_diag *g = say_first(p, 36, statement_span(p), equals ? "no '=' in this 'let'" : "'let' needs a value");
		if (equals)
			leat_say_label(p->l, g, "write let %s = %s", name, shown(p, equals));
		else
			leat_say_label(p->l, g, "write %s", usage);
		return;
	}
	if (!word(p, 3)) {
		struct leat_diag *g = leat_say_error(p->l, 9, leat_lex_span(p->t, p->st.start, equals->end),
		                                     "the variable '%s' has no value", leat_say_brief(p->l, name, strlen(name)));
		leat_say_help(p->l, g, "an empty text is written \"\"");
		return;
	}
	a->damaged = false;
	let_value(p, a, 3);
	a->damaged = a->damaged || p->st.damaged;
}

/* "x = 3" without let, already reported: the name counts as set, so that its uses are no errors. */
static void assigned(struct parser *p)
{
	struct leat_ast *a = new_ast(p, LEAT_AST_LET);
	const struct leat_lex_word *w = word(p, 0);
	size_t n = (leat_word_has_key(w) ? w->key_end : w->end) - w->start;
	if (!a || !leat_is_varname(p->t->data + w->start, n))
		return;
	const char *name = leat_arena_strndup(p->l->arena, p->t->data + w->start, n);
	a->name = name ? name : "";
	a->name_at = leat_lex_span(p->t, w->start, w->start + (uint32_t)n);
	a->damaged = true;
	append(&p->directives, a);
}

/* job and defaults take options only, expect conditions too. */
static void options(struct parser *p)
{
	struct leat_ast *a = new_ast(p, LEAT_AST_OPTIONS);
	if (!a)
		return;
	const struct leat_lex_word *keyword = word(p, 0);
	const char *name = leat_arena_strndup(p->l->arena, p->t->data + keyword->start, keyword->end - keyword->start);
	a->name = name ? name : "";
	a->name_at = a->keyword_at;
	bool expect = strcmp(a->name, "expect") == 0;
	if (p->st.n == 1) {
		if (expect)
			incomplete(p, "'expect' needs a condition", "expect matched>=1");
		else if (strcmp(a->name, "job") == 0)
			incomplete(p, "'job' needs an option", "job NAME=VALUE");
		else
			incomplete(p, "'defaults' needs an option", "defaults NAME=VALUE");
	}
	for (size_t i = 1; i < p->st.n && !expect; i++)
		if (!leat_word_has_key(word(p, i)))
			unexpected(p, word(p, i), strcmp(a->name, "job") == 0 ? "'job' takes only options: NAME=VALUE" : "'defaults' takes only options: NAME=VALUE");
	keep_words(p, a, 1);
	a->damaged = p->st.damaged;
	append(&p->directives, a);
}

/* ---- blocks ---- */

static bool statements(struct parser *p, struct list *into);

static void never_closed(struct parser *p, const struct block *b)
{
	const struct leat_ast *a = b->inner ? b->inner : b->opener;
	struct leat_span second = b->inner ? b->inner_end : b->outdent;
	const char *kind = a->kind == LEAT_AST_RECIPE ? "recipe" : "branch";
	struct leat_diag *g = leat_say_error(p->l, 20, a->span, "%s '%s' is never closed", kind, leat_say_brief(p->l, a->name, strlen(a->name)));
	leat_say_label(p->l, g, "this %s needs an 'end' line", kind);
	if (second.text)
		leat_say_second(g, second, "by the indentation, 'end' belongs above this line");
	p->l->program->damaged = true;
}

/* Reads the statements of a block; its opener was read. */
static void body(struct parser *p, struct leat_ast *a, bool recipe)
{
	struct block b = {.up = p->open, .opener = a, .indent = p->st.indent, .recipe = recipe};
	struct list into = {&a->body};
	p->open = &b;
	p->depth += !recipe;
	bool closed = statements(p, &into);
	p->depth -= !recipe;
	p->open = b.up;
	if (closed && !b.any) {
		struct leat_diag *g = leat_say_error(p->l, 36, a->span, "%s '%s' has no steps", recipe ? "recipe" : "branch", leat_say_brief(p->l, a->name, strlen(a->name)));
		leat_say_label(p->l, g, "write its steps between this line and 'end'");
		p->l->program->damaged = true;
	}
}

/* Over the statements of a block that cannot be used, up to its 'end'. */
static void skip_body(struct parser *p)
{
	for (size_t open = 1; open && leat_lex_next(&p->lx, &p->st);) {
		if (is(p, 0, "branch") || is(p, 0, "recipe"))
			open++;
		else if (is(p, 0, "end"))
			open--;
	}
}

static void recipe(struct parser *p)
{
	struct leat_ast *a = new_ast(p, LEAT_AST_RECIPE);
	if (!a)
		return;
	if (!word(p, 1))
		incomplete(p, "'recipe' needs a name", "recipe NAME PARAMETER PARAMETER=DEFAULT");
	else if ((a->name = take_name(p, 1, "recipe", false, &a->name_at)) == NULL)
		a->name = "";
	keep_words(p, a, 2);
	for (size_t i = 0; i < a->n_words && !p->st.damaged; i++) {
		const struct leat_lex_word *w = &a->words[i];
		struct leat_span at = leat_lex_span(p->t, w->start, leat_word_has_key(w) ? w->key_end : w->end);
		if (!leat_is_varname(p->t->data + at.start, at.end - at.start))
			bad_name(p, at, "parameter", true);
		else if (i == LEAT_MAX_PARAMETERS) {
			struct leat_diag *g = say_first(p, 65, at, "a recipe has too many parameters");
			leat_say_label(p->l, g, "at most %d", LEAT_MAX_PARAMETERS);
		}
	}
	a->damaged = p->st.damaged;
	if (*a->name)
		append(&p->directives, a);
	if (p->open)
		skip_body(p); /* misplaced: only its name counts */
	else
		body(p, a, true);
}

static void branch(struct parser *p, struct list *into)
{
	static const char usage[] = "branch NAME for VARIABLE in LIST";
	struct leat_ast *a = new_ast(p, LEAT_AST_BRANCH);
	if (!a)
		return;
	if (!word(p, 1))
		incomplete(p, "'branch' needs a name", "branch NAME");
	else if ((a->name = take_name(p, 1, "branch", false, &a->name_at)) == NULL)
		a->name = "";
	bool loop = is(p, 2, "for");
	if (loop && (!word(p, 3) || !is(p, 4, "in") || !word(p, 5)))
		incomplete(p, "'for' needs a variable and a list", usage);
	else if (loop)
		a->loop_var = take_name(p, 3, "variable", true, &a->loop_at);
	const struct leat_lex_word *excess = word(p, loop ? 6 : 2);
	if (excess)
		unexpected(p, excess, loop ? "the list is one value: entries with commas, no blanks" : "a branch has one name");
	if (a->loop_var)
		keep_words(p, a, 5);
	a->n_words = a->n_words ? 1 : 0;
	if (p->l->opts->canonical && !*a->name && !loop && word(p, 1)) { /* quoted: words[0] holds it */
		keep_words(p, a, 1);
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
	append(into, a);
	body(p, a, false);
}

/* ---- steps ---- */

static void use(struct parser *p, struct list *into)
{
	struct leat_ast *a = new_ast(p, LEAT_AST_USE);
	if (!a)
		return;
	if (!word(p, 1)) {
		incomplete(p, "'use' needs the name of a recipe", "use NAME PARAMETER=VALUE");
		return;
	}
	const char *name = take_name(p, 1, "recipe", false, &a->name_at);
	for (size_t i = 2; i < p->st.n; i++)
		if (!leat_word_has_key(word(p, i)))
			unexpected(p, word(p, i), "'use' takes only parameters: NAME=VALUE");
	if (!name)
		return;
	a->name = name;
	keep_words(p, a, 2);
	a->damaged = p->st.damaged;
	append(into, a);
}

/* Whether a step exists is not our question, but its name must be a plain word. */
static void stage(struct parser *p, struct list *into)
{
	const struct leat_lex_word *w = word(p, 0);
	if (w->quote || w->pieces || leat_word_has_key(w) || p->t->data[w->start] == '#') {
		struct leat_diag *g = say_first(p, 14, leat_word_span(p->t, w), "a step starts with its name");
		if (w->pieces)
			leat_say_label(p->l, g, "a variable cannot stand for it");
		else if (p->t->data[w->start] == '#')
			leat_say_label(p->l, g, "for a comment put a blank before '#'");
		else
			leat_say_label(p->l, g, "this is a value");
		return;
	}
	struct leat_ast *a = new_ast(p, LEAT_AST_STAGE);
	if (!a)
		return;
	const char *name = leat_arena_strndup(p->l->arena, p->t->data + w->start, w->end - w->start);
	a->name = name ? name : "";
	a->name_at = a->keyword_at;
	keep_words(p, a, 1);
	append(into, a);
}

static void step(struct parser *p, struct list *into)
{
	if (!p->first_step.text && !p->open)
		p->first_step = statement_span(p);
	if (is(p, 0, "branch"))
		branch(p, into);
	else if (is(p, 0, "use"))
		use(p, into);
	else
		stage(p, into);
}

/* ---- statements ---- */

static const struct directive {
	const char *word;
	void (*parse)(struct parser *p);
} directives[] = {
	{"version", version}, {"include", include},  {"let", let},       {"job", options},
	{"defaults", options}, {"schedule", schedule}, {"expect", options}, {"recipe", recipe},
};

static const struct directive *find_directive(const struct parser *p)
{
	for (size_t i = 0; i < LEAT_LEN(directives); i++)
		if (is(p, 0, directives[i].word))
			return &directives[i];
	return NULL;
}

/*
 * Notes for every open block the first statement that is not indented deeper than it. If that is its very first, the block is written
 * without indentation, and there is nothing to learn from it.
 */
static void note_indent(struct parser *p, bool closes)
{
	if (closes)
		return;
	for (struct block *b = p->open; b; b = b->up) {
		bool outside = b->indent != LEAT_NO_INDENT && p->st.indent <= b->indent;
		if (outside && !b->any)
			b->indent = LEAT_NO_INDENT;
		else if (outside && !b->outdent.text)
			b->outdent = leat_word_span(p->t, word(p, 0));
		b->any = true;
	}
}

/* 'end': true when it closes the block that is being read. */
static bool end(struct parser *p)
{
	struct leat_span at = leat_word_span(p->t, word(p, 0));
	if (!p->open) {
		struct leat_diag *g = say_first(p, 21, at, "this 'end' closes nothing");
		leat_say_help(p->l, g, "'end' closes a 'branch' or a 'recipe'; there is none open here");
		return false;
	}
	if (word(p, 1) && !p->st.closes)
		unexpected(p, word(p, 1), "'end' stands alone");
	struct block *up = p->open->up;
	bool theirs = up && p->st.indent != LEAT_NO_INDENT && p->open->indent != LEAT_NO_INDENT && p->st.indent < p->open->indent;
	if (theirs && !up->inner) {
		up->inner = p->open->opener;
		up->inner_end = at;
	}
	return true;
}

/* A directive that stands no deeper than an open recipe: the recipe's 'end' is missing, the text goes on at its top. */
static bool leaves_recipe(const struct parser *p)
{
	const struct block *b = p->open;
	while (b && b->up)
		b = b->up;
	return b && b->recipe && p->st.indent != LEAT_NO_INDENT && b->indent != LEAT_NO_INDENT && p->st.indent <= b->indent;
}

static bool too_many(struct parser *p)
{
	if (++p->statements <= LEAT_MAX_STATEMENTS)
		return false;
	struct leat_diag *g = leat_say_error(p->l, 65, statement_span(p), "more than 10 000 statements");
	leat_say_help(p->l, g, "a list of files is read with: read list=FILE");
	p->stop = p->l->program->damaged = true;
	return true;
}

static bool next(struct parser *p)
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

/* Statements up to the 'end' of the open block, or of the text. True when there was that 'end'. */
static bool statements(struct parser *p, struct list *into)
{
	while (next(p)) {
		if (!p->st.n)
			continue;
		bool closes = is(p, 0, "end") || p->st.closes;
		const struct directive *d = find_directive(p);
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
			assigned(p);
		} else if (d) {
			misplaced(p);
			d->parse(p);
		} else {
			step(p, into);
		}
	}
	if (p->open && !p->stop && !p->l->failed)
		never_closed(p, p->open);
	return false;
}

void leat_parse(struct leat_lang *l, const struct leat_text *text, struct leat_syntax *out)
{
	struct parser p = {.l = l, .t = text, .out = out, .directives = {&out->directives}};
	struct list steps = {&out->steps};
	leat_lex_start(&p.lx, l, text);
	statements(&p, &steps);
	leat_lex_end(&p.lx);
}
