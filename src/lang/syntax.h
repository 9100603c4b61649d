/* SPDX-License-Identifier: MIT */
/* The tree as written: what the parser hands to expansion. Everything lives in the program's arena. */
#ifndef LEAT_LANG_SYNTAX_H
#define LEAT_LANG_SYNTAX_H

#include "lang/lexer.h"

enum leat_ast_kind {
	LEAT_AST_LET, /* name = words[0], or env [or words[0]] */
	LEAT_AST_INCLUDE, /* words[0]: the file; only where a text is read as it is written */
	LEAT_AST_OPTIONS, /* job, schedule, defaults, expect: words */
	LEAT_AST_RECIPE, /* name, words: parameters, keyed ones have a default; body */
	LEAT_AST_STAGE, /* name, words */
	LEAT_AST_BRANCH, /* name, loop_var in words[0]; body */
	LEAT_AST_USE, /* name, words: all keyed */
};

struct leat_ast {
	enum leat_ast_kind kind;
	struct leat_ast *next, *body;
	struct leat_span span; /* without comment; of a block: its first line */
	struct leat_span keyword_at; /* the first word */
	const char *name; /* of whatever the kind says; of OPTIONS the keyword */
	struct leat_span name_at;
	struct leat_lex_word *words;
	size_t n_words;
	const char *env; /* LET: variable of the environment, or NULL */
	bool secret; /* LET: its value is shown nowhere */
	struct leat_span env_at;
	const char *loop_var; /* BRANCH, or NULL */
	struct leat_span loop_at;
	bool damaged;
};

struct leat_syntax {
	struct leat_ast *directives; /* let, options, recipe: in the order written, wherever they stood */
	struct leat_ast *steps;
	bool outside; /* parts of the program could not be read: names may be missing that are no mistake */
};

/*
 * Reads a text and what it includes into a tree. Structural errors are reported; what could be read is there. Recursion
 * is bounded by the depth of branches and includes.
 */
void leat_parse(struct leat_lang *l, const struct leat_text *text, struct leat_syntax *out);

/* Reads a text of nothing but `let` lines into a list of them. */
struct leat_ast *leat_parse_vars(struct leat_lang *l, const struct leat_text *text);

#endif
