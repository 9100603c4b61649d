/* SPDX-License-Identifier: MIT */
/* What the two parts of expansion share: expand.c (words, branches, directives) and recipes.c. */
#ifndef LEAT_LANG_EXPANDER_H
#define LEAT_LANG_EXPANDER_H

#include "lang/expand.h"
#include "lang/vars.h"

struct leat_expander {
	struct leat_lang *l;
	struct leat_vars vars;
	struct leat_names recipes; /* struct leat_ast, those above */
	struct leat_names all_recipes; /* struct leat_ast, the whole file's */
	const char **recipe_names;
	size_t n_recipes, cap_recipes;
	const struct leat_ast *defining; /* the recipe that is walked dry */
	size_t statements, visits;
	unsigned branch_depth, use_depth;
	bool full; /* a bound is reached: stop */
};

/* Statements on one level: the main line or a body. */
struct leat_level {
	struct leat_stmt *v;
	size_t n, cap;
	struct leat_names branches; /* struct leat_ast by expanded name */
};

/* Expands a list of statements into a level. */
void leat_expand_walk(struct leat_expander *e, const struct leat_ast *list, const struct leat_scope *scope,
		      struct leat_level *out);

/* Moves a level's statements into the arena and releases it. */
struct leat_stmt *leat_expand_settle(struct leat_expander *e, struct leat_level *out, size_t *n);

/* A bound is reached: reports it and ends the expansion. */
void leat_expand_stop(struct leat_expander *e, struct leat_span at, const char *message);

/* ---- recipes.c ---- */

/* Puts the recipe's steps in the place of its use. */
void leat_expand_use(struct leat_expander *e, const struct leat_ast *a, const struct leat_scope *scope,
		     struct leat_level *out);

/* Checks a recipe where it stands, and makes it known. */
void leat_expand_recipe(struct leat_expander *e, const struct leat_ast *a);

#endif
