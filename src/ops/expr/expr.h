/* SPDX-License-Identifier: MIT */
/*
 * Expressions over numbers: "z = (x - mean(x)) / std(x)". Text is parsed once into a list of nodes, each of which has
 * its operands before it; the same node never stands twice. Evaluation goes through the numbers in blocks that stay in
 * the cache, all operations of a block one after the other. mean, sum and the like need a way through all numbers
 * before the numbers that use them: as many ways are gone as such functions stand inside each other.
 *
 * Grammar, as in Python: or, and, not, < <= > >= == !=, + -, * / // %, unary -, **; numbers, pi, e, nan, inf, names of
 * variables, functions, parentheses. Comparisons give 1 and 0. All calculation is in float64.
 */
#ifndef LEAT_OPS_EXPR_EXPR_H
#define LEAT_OPS_EXPR_EXPR_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
	LEAT_EXPR_TEXT = 4000, /* bytes of an expression, at most */
	LEAT_EXPR_NODES = 400,
	LEAT_EXPR_VARS = 64,
};

struct leat_expr;

/*
 * "name = expression", or without assigned "expression" alone. NULL with *err (USAGE, which names the character at
 * fault; MEMORY). Release with leat_expr_free.
 */
struct leat_expr *leat_expr_parse(const char *text, bool assigned, struct leat_err *err);
void leat_expr_free(struct leat_expr **e); /* clears *e; accepts NULL in it */

const char *leat_expr_target(const struct leat_expr *e); /* the name before '='; NULL: none */
size_t leat_expr_vars(const struct leat_expr *e); /* how many different names are variables */
const char *leat_expr_var(const struct leat_expr *e, size_t i);

/* The values of a variable: number i is v[i * step]; step 0: one number for all. */
struct leat_expr_in {
	const double *v;
	size_t step;
};

/*
 * n results into out, packed; in[] has an entry for each variable. team: threads to use; the bits do not depend on it.
 * out may be the packed memory of a variable. -1 with *err (MEMORY). Thread safe.
 */
int leat_expr_run(const struct leat_expr *e, const struct leat_expr_in *in, size_t n, int team, double *out,
		  struct leat_err *err);

/* The one value of an expression that has one for all numbers, by sum, mean and the like; else -1 with *err (USAGE). */
int leat_expr_value(const struct leat_expr *e, const struct leat_expr_in *in, size_t n, int team, double *value,
		    struct leat_err *err);

#endif
