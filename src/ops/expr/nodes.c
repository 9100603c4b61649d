/* SPDX-License-Identifier: MIT */
/* Nodes are made here: what stands twice is one, and what is made of constants alone is calculated at once. */
#include "ops/expr/nodes.h"

#include <math.h>

static bool same(const struct leat_node *a, const struct leat_node *b)
{
	if (a->kind != b->kind || a->kernel != b->kernel || a->args != b->args || a->var != b->var ||
	    a->one != b->one || a->two != b->two || memcmp(&a->value, &b->value, sizeof a->value) != 0)
		return false;
	for (int k = 0; k < a->args; k++)
		if (a->arg[k] != b->arg[k])
			return false;
	return true;
}

static int put(struct leat_expr *e, const struct leat_node *node, struct leat_err *err)
{
	for (int i = 0; i < e->n; i++)
		if (same(&e->node[i], node))
			return i;
	if (e->n == LEAT_EXPR_NODES)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the expression has more than %d parts", LEAT_EXPR_NODES);
	e->node[e->n] = *node;
	return e->n++;
}

int leat_node_const(struct leat_expr *e, double v, struct leat_err *err)
{
	return put(e, &(struct leat_node){.kind = LEAT_NODE_CONST, .value = v}, err);
}

int leat_node_var(struct leat_expr *e, const char *name, size_t n, struct leat_err *err)
{
	size_t i = 0;
	while (i < e->vars && !(strlen(e->var[i]) == n && memcmp(e->var[i], name, n) == 0))
		i++;
	if (i == LEAT_EXPR_VARS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "the expression has more than %d variables", LEAT_EXPR_VARS);
	if (i == e->vars) {
		e->var[i] = leat_arena_strndup(&e->arena, name, n);
		if (!e->var[i])
			return leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
		e->vars++;
	}
	return put(e, &(struct leat_node){.kind = LEAT_NODE_VAR, .var = (int)i}, err);
}

/* The value of a call whose arguments are constants. */
static double fold(const struct leat_expr *e, const struct leat_node *n)
{
	double v[LEAT_EXPR_ARGS][LEAT_EXPR_LANES], out[LEAT_EXPR_LANES];
	struct leat_kernel_args a = {.one = n->one, .two = n->two};
	for (int k = 0; k < n->args; k++) {
		for (int i = 0; i < LEAT_EXPR_LANES; i++)
			v[k][i] = e->node[n->arg[k]].value;
		a.v[k] = v[k];
	}
	leat_expr_loops(LEAT_CPU_BASE)->of[n->kernel](&a, out, 1);
	return out[0];
}

static int put_call(struct leat_expr *e, const struct leat_node *n, struct leat_err *err)
{
	bool constant = true;
	for (int k = 0; k < n->args; k++) {
		if (n->arg[k] < 0)
			return -1;
		constant = constant && e->node[n->arg[k]].kind == LEAT_NODE_CONST;
	}
	return constant ? leat_node_const(e, fold(e, n), err) : put(e, n, err);
}

int leat_node_call(struct leat_expr *e, enum leat_kernel k, int a, int b, struct leat_err *err)
{
	struct leat_node n = {.kind = LEAT_NODE_CALL, .kernel = k, .args = b < 0 ? 1 : 2, .arg = {a, b}};
	return put_call(e, &n, err);
}

static int call_one(struct leat_expr *e, double (*fn)(double), int a, struct leat_err *err)
{
	struct leat_node n = {.kind = LEAT_NODE_CALL, .kernel = LEAT_K_ONE, .args = 1, .arg = {a}, .one = fn};
	return put_call(e, &n, err);
}

int leat_node_two(struct leat_expr *e, double (*fn)(double, double), int a, int b, struct leat_err *err)
{
	struct leat_node n = {.kind = LEAT_NODE_CALL, .kernel = LEAT_K_TWO, .args = 2, .arg = {a, b}, .two = fn};
	return put_call(e, &n, err);
}

/* Small powers are products, as NumPy has the square. */
int leat_node_power(struct leat_expr *e, int a, int b, struct leat_err *err)
{
	const struct leat_node *p = &e->node[b];
	if (p->kind == LEAT_NODE_CONST && p->value == 2)
		return leat_node_call(e, LEAT_K_SQUARE, a, -1, err);
	if (p->kind == LEAT_NODE_CONST && p->value == 0.5)
		return leat_node_call(e, LEAT_K_SQRT, a, -1, err);
	if (p->kind == LEAT_NODE_CONST && p->value == 1)
		return a;
	if (p->kind == LEAT_NODE_CONST && (p->value == 3 || p->value == 4)) {
		int square = leat_node_call(e, LEAT_K_SQUARE, a, -1, err);
		return square < 0      ? -1
		       : p->value == 3 ? leat_node_call(e, LEAT_K_MUL, square, a, err)
				       : leat_node_call(e, LEAT_K_SQUARE, square, -1, err);
	}
	return leat_node_two(e, pow, a, b, err);
}

double leat_floor_mod(double a, double b)
{
	double m = fmod(a, b);
	if (b == 0 || isnan(m))
		return NAN;
	if (m == 0)
		return copysign(0, b);
	return (b < 0) != (m < 0) ? m + b : m;
}

double leat_floor_divide(double a, double b)
{
	if (b == 0)
		return a / b;
	double q = (a - leat_floor_mod(a, b)) / b;
	if (q == 0)
		return copysign(0, a / b);
	double whole = floor(q);
	return q - whole > 0.5 ? whole + 1 : whole; /* q is whole but for rounding */
}

/* ---- functions */

static double sign(double v)
{
	return v > 0 ? 1 : v < 0 ? -1 : v; /* 0 and NaN stay */
}

static double is_nan(double v)
{
	return isnan(v) ? 1 : 0;
}

static double is_finite(double v)
{
	return isfinite(v) ? 1 : 0;
}

enum special { PLAIN, MEAN, VAR, STD, PTP };

static const struct function {
	const char *name;
	int least, most; /* arguments */
	enum leat_node_kind kind; /* CALL, or over all numbers */
	enum leat_kernel kernel;
	double (*one)(double);
	double (*two)(double, double);
	enum special special;
} functions[] = {
#define KERNEL(nm, n, k)                                                               \
	{                                                                              \
		.name = nm, .least = n, .most = n, .kind = LEAT_NODE_CALL, .kernel = k \
	}
#define ONE(nm, fn)                                                                                        \
	{                                                                                                  \
		.name = nm, .least = 1, .most = 1, .kind = LEAT_NODE_CALL, .kernel = LEAT_K_ONE, .one = fn \
	}
#define TWO(nm, fn)                                                                                        \
	{                                                                                                  \
		.name = nm, .least = 2, .most = 2, .kind = LEAT_NODE_CALL, .kernel = LEAT_K_TWO, .two = fn \
	}
#define ALL(nm, n, kd, sp)                                                   \
	{                                                                    \
		.name = nm, .least = 1, .most = n, .kind = kd, .special = sp \
	}
	KERNEL("abs", 1, LEAT_K_ABS),
	KERNEL("sqrt", 1, LEAT_K_SQRT),
	KERNEL("square", 1, LEAT_K_SQUARE),
	KERNEL("sin", 1, LEAT_K_SIN),
	KERNEL("cos", 1, LEAT_K_COS),
	KERNEL("exp", 1, LEAT_K_EXP),
	KERNEL("log", 1, LEAT_K_LOG),
	KERNEL("minimum", 2, LEAT_K_MINIMUM),
	KERNEL("maximum", 2, LEAT_K_MAXIMUM),
	KERNEL("where", 3, LEAT_K_WHERE),
	ONE("tan", tan),
	ONE("arcsin", asin),
	ONE("arccos", acos),
	ONE("arctan", atan),
	ONE("sinh", sinh),
	ONE("cosh", cosh),
	ONE("tanh", tanh),
	ONE("arcsinh", asinh),
	ONE("arccosh", acosh),
	ONE("arctanh", atanh),
	ONE("expm1", expm1),
	ONE("log1p", log1p),
	ONE("log2", log2),
	ONE("log10", log10),
	ONE("cbrt", cbrt),
	ONE("floor", floor),
	ONE("ceil", ceil),
	ONE("trunc", trunc),
	ONE("round", nearbyint),
	ONE("sign", sign),
	ONE("isnan", is_nan),
	ONE("isfinite", is_finite),
	TWO("arctan2", atan2),
	TWO("hypot", hypot),
	TWO("pow", pow),
	ALL("sum", 1, LEAT_NODE_SUM, PLAIN),
	ALL("prod", 1, LEAT_NODE_PROD, PLAIN),
	ALL("min", 2, LEAT_NODE_MIN, PLAIN),
	ALL("max", 2, LEAT_NODE_MAX, PLAIN),
	ALL("count", 1, LEAT_NODE_COUNT, PLAIN),
	ALL("ptp", 1, LEAT_NODE_MAX, PTP),
	ALL("mean", 1, LEAT_NODE_SUM, MEAN),
	ALL("var", 2, LEAT_NODE_SUM, VAR),
	ALL("std", 2, LEAT_NODE_SUM, STD),
};

static int over_all(struct leat_expr *e, enum leat_node_kind kind, int a, struct leat_err *err)
{
	if (a < 0)
		return -1;
	return put(e, &(struct leat_node){.kind = kind, .args = 1, .arg = {a}}, err);
}

static int mean_of(struct leat_expr *e, int a, struct leat_err *err)
{
	int sum = over_all(e, LEAT_NODE_SUM, a, err), n = over_all(e, LEAT_NODE_COUNT, a, err);
	return leat_node_call(e, LEAT_K_DIV, sum, n < 0 ? sum : n, err);
}

/* In two ways: the mean, then the squares of the distances from it. ddof -1: 0. */
static int variance_of(struct leat_expr *e, int a, int ddof, struct leat_err *err)
{
	int mean = mean_of(e, a, err);
	int far = mean < 0 ? -1 : leat_node_call(e, LEAT_K_SUB, a, mean, err);
	int squares = over_all(e, LEAT_NODE_SUM, far < 0 ? -1 : leat_node_call(e, LEAT_K_SQUARE, far, -1, err), err);
	int n = squares < 0 ? -1 : over_all(e, LEAT_NODE_COUNT, a, err);
	if (n >= 0 && ddof >= 0)
		n = leat_node_call(e, LEAT_K_SUB, n, ddof, err);
	return n < 0 ? -1 : leat_node_call(e, LEAT_K_DIV, squares, n, err);
}

static int make(struct leat_expr *e, const struct function *f, const int *arg, int args, struct leat_err *err)
{
	if (f->kind == LEAT_NODE_CALL) {
		struct leat_node n = {.kind = f->kind, .kernel = f->kernel, .args = args, .one = f->one, .two = f->two};
		for (int k = 0; k < args; k++)
			n.arg[k] = arg[k];
		return put_call(e, &n, err);
	}
	if (f->special == MEAN)
		return mean_of(e, arg[0], err);
	if (f->special == PTP) {
		int most = over_all(e, LEAT_NODE_MAX, arg[0], err), least = over_all(e, LEAT_NODE_MIN, arg[0], err);
		return most < 0 || least < 0 ? -1 : leat_node_call(e, LEAT_K_SUB, most, least, err);
	}
	if (f->special == VAR || f->special == STD) {
		int v = variance_of(e, arg[0], args == 2 ? arg[1] : -1, err);
		return f->special == VAR || v < 0 ? v : leat_node_call(e, LEAT_K_SQRT, v, -1, err);
	}
	if (args == 2) /* of two numbers each */
		return leat_node_call(e, f->kind == LEAT_NODE_MIN ? LEAT_K_MINIMUM : LEAT_K_MAXIMUM, arg[0], arg[1],
				      err);
	return over_all(e, f->kind, arg[0], err);
}

int leat_node_function(struct leat_expr *e, const char *name, size_t n, const int *arg, int args, bool *known,
		       struct leat_err *err)
{
	const struct function *f = NULL;
	for (size_t i = 0; i < LEAT_LEN(functions); i++)
		if (strlen(functions[i].name) == n && memcmp(functions[i].name, name, n) == 0)
			f = &functions[i];
	*known = f != NULL;
	if (!f)
		return call_one(e, NULL, -1, err);
	if (args < f->least || args > f->most)
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%s' takes %d%s argument%s, not %d", f->name, f->least,
				 f->most > f->least ? " or 2" : "", f->most > 1 ? "s" : "", args);
	return make(e, f, arg, args, err);
}
