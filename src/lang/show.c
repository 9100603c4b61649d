/* SPDX-License-Identifier: MIT */
/* The tree as written, printed as text. See show.h. */
#include "lang/show.h"

#include "core/execopts.h"
#include "lang/syntax.h"
#include "lang/written.h"

struct show {
	const struct leat_style *style;
	bool line;
	struct leat_buf *out;
	struct leat_buf text; /* scratch: the written text of one value */
	bool any; /* a statement was printed */
};

bool leat_program_is_condition(const char *word)
{
	static const char *const words[] = {"keep", "drop", "keep-rows", "drop-rows", "expect"};
	for (size_t i = 0; i < LEAT_LEN(words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

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

static void add_word(struct show *s, const struct leat_ast *a, const struct leat_lex_word *w, const char *other)
{
	const struct leat_text *t = a->span.text;
	leat_buf_addc(s->out, ' ');
	if (leat_word_has_key(w))
		leat_buf_add(s->out, t->data + w->start, w->key_end - w->start + 1);
	if (other)
		leat_buf_adds(s->out, other);
	else if (leat_word_has_key(w))
		add_value(s, t, w, LEAT_PLACE_OPTION);
	else
		add_value(s, t, w, leat_program_is_condition(a->name) ? LEAT_PLACE_CONDITION : LEAT_PLACE_VALUE);
}

/* "yes" for a switch that is written true. */
static const char *switch_word(const struct show *s, const struct leat_ast *a, const struct leat_lex_word *w)
{
	return leat_written_switch(a->span.text, a->name, strlen(a->name), a->words, a->n_words, w, s->style);
}

/* Options with their execution ones last. */
static void add_options(struct show *s, const struct leat_ast *a)
{
	const struct leat_text *t = a->span.text;
	bool step = a->kind == LEAT_AST_STAGE;
	struct leat_written_keys keys;
	if (!leat_written_keys(t, a->words, a->n_words, &keys))
		s->out->failed = true;
	for (size_t i = 0; !s->out->failed && i < a->n_words; i++) {
		if (keys.last[i] == LEAT_WRITTEN_NONE || (step && leat_written_exec(t, &a->words[i]) < LEAT_EXEC_ROWS))
			continue;
		for (uint32_t k = (uint32_t)i; k != LEAT_WRITTEN_NONE; k = keys.next[k])
			add_word(s, a, &a->words[k], switch_word(s, a, &a->words[k]));
	}
	leat_written_keys_free(&keys);
	for (size_t row = 0; step && row < LEAT_EXEC_ROWS; row++)
		for (size_t i = 0; i < a->n_words; i++)
			if (leat_written_exec(t, &a->words[i]) == row)
				add_word(s, a, &a->words[i], NULL);
}

static void add_words(struct show *s, const struct leat_ast *a)
{
	bool options = false;
	for (size_t i = 0; i < a->n_words; i++) {
		if (!leat_word_has_key(&a->words[i]))
			add_word(s, a, &a->words[i], NULL);
		options = options || leat_word_has_key(&a->words[i]);
	}
	if (options)
		add_options(s, a);
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
			add_word(s, a, &a->words[i], NULL);
	} else if (a->loop_var) {
		leat_buf_addf(s->out, " for %s in", a->loop_var);
		for (size_t i = 0; i < a->n_words; i++)
			add_word(s, a, &a->words[i], NULL);
	}
	show_list(s, a->body);
	begin(s, "end");
}

/* Recursion is as deep as branches may be. */
static void show_list(struct show *s, const struct leat_ast *list)
{
	for (const struct leat_ast *a = list; a; a = a->next) {
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
}

void leat_program_show(const struct leat_program *p, const struct leat_style *style, bool line, struct leat_buf *out)
{
	struct show s = {.style = style, .line = line, .out = out};
	if (p->syntax && p->syntax->versioned)
		begin(&s, "version 1");
	if (p->syntax) {
		show_list(&s, p->syntax->directives);
		show_list(&s, p->syntax->steps);
	}
	if (s.any && !line)
		leat_buf_addc(out, '\n');
	out->failed = out->failed || s.text.failed;
	leat_buf_free(&s.text);
}
