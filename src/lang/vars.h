/* SPDX-License-Identifier: MIT */
/*
 * Variables and the values of words: every $name becomes its text, with the places it came from
 * (language 6.5).
 */
#ifndef LEAT_LANG_VARS_H
#define LEAT_LANG_VARS_H

#include "lang/names.h"
#include "lang/syntax.h"

/* The text of a word with its variables replaced. */
struct leat_meaning {
	const char *text; /* in the program's arena, NUL-terminated; "" when unknown */
	size_t len;
	const char *dir; /* of the place where its beginning was written */
	struct leat_span origin; /* where exactly this text stands in a file, or none */
	struct leat_span from; /* where the value of its last variable was written */
	const char *variable; /* that variable, or NULL */
	bool unknown;
	bool secret; /* shown nowhere */
};

struct leat_var {
	const char *name;
	struct leat_meaning value;
	struct leat_span written; /* for "$name comes from here"; none for --set */
	const char *env; /* the variable of the environment that gave it, or NULL */
	const struct leat_ast *let; /* the statement that sets it; NULL: a loop variable or parameter */
	const struct leat_ast *by; /* of the main file, where `let` is of an included one and is replaced; or NULL */
};

/* Loop variables and recipe parameters; `up` is the scope around, lets are around all. */
struct leat_scope {
	const struct leat_scope *up;
	struct leat_var *vars;
	size_t n;
};

struct leat_vars {
	struct leat_lang *l;
	struct leat_names lets; /* struct leat_var of the lets met so far */
	struct leat_names texts; /* struct leat_ast of every name that is set by a let, above or below */
	struct leat_names mains; /* those of the main file */
	struct leat_names set, files; /* struct leat_set of --set, and of the vars files */
	const struct leat_set **given; /* all of them */
	size_t n_given, cap_given;
	const struct leat_ast *early; /* the included let whose value a let of the main file replaces just now */
	const char **names; /* of `lets`, in order */
	size_t n_names, cap_names;
	struct leat_buf scratch;
	size_t bytes; /* of all values so far */
	bool full; /* LEAT_MAX_EXPANDED is reached: everything is unknown from here on */
	bool outside; /* as in leat_syntax */
};

/* Notes all lets, and the values from outside. */
void leat_vars_start(struct leat_vars *v, struct leat_lang *l, const struct leat_syntax *syntax);

/* Sets the variable of a let. */
void leat_vars_let(struct leat_vars *v, const struct leat_ast *let);

/* The value of a word. Reports what it uses and is not set. */
struct leat_meaning leat_vars_value(struct leat_vars *v, const struct leat_scope *scope, const struct leat_text *t,
				    const struct leat_lex_word *w);

/* Reports a loop variable or parameter that has the name of a let. */
void leat_vars_check_local(struct leat_vars *v, const char *name, struct leat_span at);

/* Counts a value against the bound of everything; false when it is reached. */
bool leat_vars_charge(struct leat_vars *v, size_t n, struct leat_span at);

/* Reports every value from outside that met no let. */
void leat_vars_unused(struct leat_vars *v, const char *file);
void leat_vars_end(struct leat_vars *v);

#endif
