/* SPDX-License-Identifier: MIT */
/* An expression with parameters that are to be found: what curve-fit and minimize share. */
#ifndef LEAT_OPS_FIT_MODEL_H
#define LEAT_OPS_FIT_MODEL_H

#include "core/param.h"
#include "ops/expr/expr.h"

enum { LEAT_MODEL_PARAMS = 32 };

struct leat_model {
	struct leat_expr *e;
	size_t n; /* parameters */
	const char *const *names;
	int var[LEAT_MODEL_PARAMS]; /* which variable of the expression each is */
	int x; /* which one x is; -1: none */
};

/*
 * Parses; params names what is found, p0 where the search begins, x_name what stands for the data. Every name in the
 * expression must be one of them, and every parameter stand in it. -1 with *err (USAGE, MEMORY).
 */
int leat_model_open(struct leat_model *m, const char *text, bool assigned, const struct leat_strs *params,
		    const struct leat_numbers *p0, const char *x_name, struct leat_err *err);
void leat_model_close(struct leat_model *m);

/* The expression's values for n numbers x. -1 with *err (MEMORY). */
int leat_model_run(const struct leat_model *m, const double *p, const double *x, size_t n, int team, double *out,
		   struct leat_err *err);

/* Its one value for all of x. -1 with *err (USAGE: it has one for each; MEMORY). */
int leat_model_value(const struct leat_model *m, const double *p, const double *x, size_t n, int team, double *value,
		     struct leat_err *err);

#endif
