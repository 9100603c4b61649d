/* SPDX-License-Identifier: MIT */
/* The nodes of an expression: shared by the files of this folder. */
#ifndef LEAT_OPS_EXPR_NODES_H
#define LEAT_OPS_EXPR_NODES_H

#include "base/mem.h"
#include "ops/expr/expr.h"
#include "ops/expr/kernels.h"

enum leat_node_kind {
	LEAT_NODE_CONST, /* value */
	LEAT_NODE_VAR, /* variable number `var` */
	LEAT_NODE_CALL, /* a kernel over its arguments */
	LEAT_NODE_SUM, /* from here on: of all values of arg[0] */
	LEAT_NODE_PROD,
	LEAT_NODE_MIN,
	LEAT_NODE_MAX,
	LEAT_NODE_COUNT, /* how many there are */
};

struct leat_node {
	enum leat_node_kind kind;
	enum leat_kernel kernel;
	int args, arg[LEAT_EXPR_ARGS]; /* indexes of earlier nodes */
	int var;
	double value;
	double (*one)(double);
	double (*two)(double, double);
};

struct leat_expr {
	struct leat_arena arena;
	struct leat_node node[LEAT_EXPR_NODES];
	int n; /* the last one is the result, which may stand earlier, too: `result` */
	int result;
	const char *var[LEAT_EXPR_VARS];
	size_t vars;
	const char *target;
};

/* Each returns the index of the node, an old one where it is the same; -1 with *err (USAGE: too many). */
int leat_node_const(struct leat_expr *e, double v, struct leat_err *err);
int leat_node_var(struct leat_expr *e, const char *name, size_t n, struct leat_err *err);
int leat_node_call(struct leat_expr *e, enum leat_kernel k, int a, int b, struct leat_err *err); /* b -1: none */
int leat_node_power(struct leat_expr *e, int a, int b, struct leat_err *err);
int leat_node_two(struct leat_expr *e, double (*fn)(double, double), int a, int b, struct leat_err *err);

/* A function by name with its arguments. *known false: there is none of that name. -1 with *err (USAGE). */
int leat_node_function(struct leat_expr *e, const char *name, size_t n, const int *arg, int args, bool *known,
		       struct leat_err *err);
/* Python's // and %: the sign of the divisor. */
double leat_floor_divide(double a, double b);
double leat_floor_mod(double a, double b);

#endif
