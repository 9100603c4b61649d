/* SPDX-License-Identifier: MIT */
/* The tree as written, printed as text. See show.h. */
#include "lang/show.h"

#include "lang/canon.h"
#include "lang/written.h"

struct show {
	const struct leat_style *style;
	bool line;
	struct leat_buf *out;
	struct leat_buf text; /* scratch: the written text of one value */
	bool any; /* a statement was printed */
};

static void begin(struct show *s, const char *word)
{
	if (s->any)
		leat_buf_adds(s->out, s->line ? " | " : "\n");
	s->any = true;
	leat_buf_adds(s->out, word);
}

static void add_value(struct show *s, const struct leat_text *t, const struct leat_lex_word *w,
		      enum leat_written_place place)
{
	leat_buf_clear(&s->text);
	leat_written_text(t, w, &s->text);
	leat_written_word(s->out, s->text.data ? s->text.data : "", s->text.len, place, s->line);
}

static enum leat_written_place place_of(const struct leat_ast *a)
{
	if (a->kind != LEAT_AST_STAGE && a->kind != LEAT_AST_OPTIONS)
		return LEAT_PLACE_VALUE;
	if (!leat_canon_is_condition(a->name))
		return LEAT_PLACE_VALUE;
	return a->kind == LEAT_AST_STAGE ? LEAT_PLACE_STEP_CONDITION : LEAT_PLACE_CONDITION;
}

/* A word as it is: KEY=VALUE or a value. */
static void add_word(struct show *s, const struct leat_ast *a, const struct leat_lex_word *w)
{
	const struct leat_text *t = a->span.text;
	leat_buf_addc(s->out, ' ');
	if (leat_word_has_key(w))
		leat_buf_add(s->out, t->data + w->start, w->key_end - w->start + 1);
	add_value(s, t, w, leat_word_has_key(w) ? LEAT_PLACE_OPTION : place_of(a));
}

static void add_words(struct show *s, const struct leat_ast *a)
{
	struct leat_canon_word *v = leat_canon_words(a);
	if (!v)
		s->out->failed = true;
	for (size_t i = 0; v && i < a->n_words; i++) {
		const struct leat_text *t = a->span.text;
		const char *other =
			leat_written_switch(t, a->name, strlen(a->name), a->words, a->n_words, v[i].w, s->style);
		if (!other) {
			add_word(s, a, v[i].w);
			continue;
		}
		leat_buf_addc(s->out, ' ');
		leat_buf_add(s->out, t->data + v[i].w->start, v[i].w->value - v[i].w->start);
		leat_buf_adds(s->out, other);
	}
	free(v);
}

static void show_let(struct show *s, const struct leat_ast *a)
{
	begin(s, "let ");
	leat_buf_addf(s->out, "%s =", a->name);
	if (a->env)
		leat_buf_addf(s->out, " %senv %s%s", a->secret ? "secret " : "", a->env, a->n_words ? " or" : "");
	if (!a->n_words)
		return;
	leat_buf_addc(s->out, ' ');
	add_value(s, a->span.text, &a->words[0], LEAT_PLACE_LET);
}

static void show_list(struct show *s, const struct leat_ast *list);

static void show_block(struct show *s, const struct leat_ast *a)
{
	begin(s, a->kind == LEAT_AST_RECIPE ? "recipe " : "branch ");
	leat_buf_adds(s->out, a->name);
	if (a->kind == LEAT_AST_RECIPE) {
		for (size_t i = 0; i < a->n_words; i++) /* their order is their meaning */
			add_word(s, a, &a->words[i]);
	} else if (a->loop_var) {
		leat_buf_addf(s->out, " for %s in", a->loop_var);
		for (size_t i = 0; i < a->n_words; i++)
			add_word(s, a, &a->words[i]);
	}
	show_list(s, a->body);
	begin(s, "end");
}

/* Recursion is as deep as branches may be. */
static void show_statement(struct show *s, const struct leat_ast *a)
{
	if (a->kind == LEAT_AST_LET) {
		show_let(s, a);
	} else if (a->kind == LEAT_AST_RECIPE || a->kind == LEAT_AST_BRANCH) {
		show_block(s, a);
	} else {
		begin(s, a->kind == LEAT_AST_USE ? "use " : a->kind == LEAT_AST_INCLUDE ? "include" : "");
		leat_buf_adds(s->out, a->name);
		add_words(s, a);
	}
}

static void show_list(struct show *s, const struct leat_ast *list)
{
	for (const struct leat_ast *a = list; a; a = a->next)
		show_statement(s, a);
}

void leat_program_show(const struct leat_program *p, const struct leat_style *style, bool line, struct leat_buf *out)
{
	struct show s = {.style = style, .line = line, .out = out};
	size_t n = 0;
	struct leat_canon_setting *v = p->syntax ? leat_canon_settings(p->syntax, &n) : NULL;
	if (!line)
		begin(&s, "version 1");
	for (size_t i = 0; v && i < n; i++) {
		bool apart = !i || (v[i].kind == LEAT_CANON_LET) != (v[i - 1].kind == LEAT_CANON_LET);
		if (apart && !line)
			leat_buf_addc(out, '\n');
		show_statement(&s, v[i].a);
	}
	if (p->syntax)
		show_list(&s, p->syntax->steps);
	if (s.any && !line)
		leat_buf_addc(out, '\n');
	out->failed = out->failed || s.text.failed || (p->syntax && !v);
	leat_buf_free(&s.text);
	free(v);
}
