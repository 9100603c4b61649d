/* SPDX-License-Identifier: MIT */
/*
 * minimize: the parameters for which an expression is least, by Nelder and Mead's simplex (1965), as
 * scipy.optimize.minimize. x in the expression is all numbers of the item: "sum((x - a)**2)"; the result must be one
 * number. The step's result is the parameters; fields: each by its name, the least value as least, and the steps as
 * iterations.
 */
#include "base/mem.h"
#include "ops/array/axis.h"
#include "ops/fit/model.h"
#include "ops/fit/results.h"

#include <math.h>

struct minimize {
	const char *text;
	struct leat_strs params;
	struct leat_numbers p0;
	int64_t method, max_iter;
	double tol;
};

static const char *const methods[] = {"nelder-mead", NULL};

static const struct leat_param params[] = {
	LEAT_P(struct minimize, text, const char *, LEAT_PT_TEXT, "expression", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "what becomes least, in quotes: x is the numbers of the item, the other names are the parameters"),
	LEAT_P(struct minimize, params, struct leat_strs, LEAT_PT_WORDS, "params", NULL, LEAT_REQUIRED,
	       "names of the parameters"),
	LEAT_P(struct minimize, p0, struct leat_numbers, LEAT_PT_NUMBERS, "p0", NULL, LEAT_REQUIRED,
	       "where the search begins, a number for each parameter"),
	LEAT_P_CHOICE(struct minimize, method, "method", "nelder-mead", methods, 0, "how it is found"),
	LEAT_P_INT(struct minimize, max_iter, "max-iter", "2000", 1, 10000000, NULL, 0,
		   "steps after which the item fails"),
	LEAT_P_REAL(struct minimize, tol, "tol", "1e-8", 1e-16, 1, NULL, 0,
		    "how near all corners and their values lie in the end"),
	LEAT_P_END,
};

static int open_model(const struct minimize *p, struct leat_model *m, struct leat_err *err)
{
	return leat_model_open(m, p->text, false, &p->params, &p->p0, "x", err);
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	struct leat_model m;
	*which = &params[0];
	if (open_model(params_, &m, err) < 0)
		return -1;
	leat_model_close(&m);
	*which = NULL;
	return 0;
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct minimize *p = params_;
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = LEAT_DT_F8, .ndim = 1, .dim = {p->params.n}}};
	return leat_real_check(&in->array, err);
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	const struct minimize *p = params_;
	(void)kind; /* the same for both */
	for (size_t i = 0; i < p->params.n; i++)
		fn(ctx, p->params.v[i], LEAT_V_REAL, "the parameter that was found");
	fn(ctx, "least", LEAT_V_REAL, "the value there");
	fn(ctx, "iterations", LEAT_V_REAL, "steps of the search");
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	(void)params_, (void)out;
	return leat_size_mul((size_t)leat_array_count(&in->array), 2 * sizeof(double));
}

enum { MOST = LEAT_MODEL_PARAMS };

struct simplex {
	const struct leat_model *m;
	const double *x;
	size_t count; /* numbers x */
	int team;
	double at[MOST + 1][MOST], value[MOST + 1]; /* corners, sorted by value */
};

/* NaN counts as infinitely large. */
static int value_at(const struct simplex *s, const double *p, double *v, struct leat_err *err)
{
	if (leat_model_value(s->m, p, s->x, s->count, s->team, v, err) < 0)
		return -1;
	*v = isnan(*v) ? INFINITY : *v;
	return 0;
}

/* Corner i to its place among those before it, which are sorted. */
static void sort_in(struct simplex *s, size_t i)
{
	double p[MOST], v = s->value[i];
	memcpy(p, s->at[i], sizeof p);
	for (; i > 0 && s->value[i - 1] > v; i--) {
		memcpy(s->at[i], s->at[i - 1], sizeof p);
		s->value[i] = s->value[i - 1];
	}
	memcpy(s->at[i], p, sizeof p);
	s->value[i] = v;
}

static int begin_at(struct simplex *s, const struct leat_numbers *p0, struct leat_err *err)
{
	for (size_t i = 0; i <= s->m->n; i++) {
		memcpy(s->at[i], p0->v, p0->n * sizeof *p0->v);
		if (i > 0)
			s->at[i][i - 1] = p0->v[i - 1] != 0 ? p0->v[i - 1] * 1.05 : 0.00025;
		if (value_at(s, s->at[i], &s->value[i], err) < 0)
			return -1;
	}
	for (size_t i = 1; i <= s->m->n; i++)
		sort_in(s, i);
	return 0;
}

/* From the worst corner through the middle of the others, `far` times as far. */
static int point(const struct simplex *s, double far, double *p, double *v, struct leat_err *err)
{
	size_t n = s->m->n;
	for (size_t k = 0; k < n; k++) {
		double middle = 0;
		for (size_t i = 0; i < n; i++)
			middle += s->at[i][k];
		middle /= (double)n;
		p[k] = middle + far * (middle - s->at[n][k]);
	}
	return value_at(s, p, v, err);
}

static void replace_worst(struct simplex *s, const double *p, double v)
{
	memcpy(s->at[s->m->n], p, s->m->n * sizeof *p);
	s->value[s->m->n] = v;
	sort_in(s, s->m->n);
}

static int shrink(struct simplex *s, struct leat_err *err)
{
	size_t n = s->m->n;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = 0; k < n; k++)
			s->at[i][k] = s->at[0][k] + 0.5 * (s->at[i][k] - s->at[0][k]);
		if (value_at(s, s->at[i], &s->value[i], err) < 0)
			return -1;
	}
	for (size_t i = 1; i <= n; i++)
		sort_in(s, i);
	return 0;
}

static int step(struct simplex *s, struct leat_err *err)
{
	double p[MOST], q[MOST], v, u;
	size_t n = s->m->n;
	if (point(s, 1, p, &v, err) < 0)
		return -1;
	if (v < s->value[0]) { /* better than all: further */
		if (point(s, 2, q, &u, err) < 0)
			return -1;
		replace_worst(s, u < v ? q : p, u < v ? u : v);
		return 0;
	}
	if (v < s->value[n - 1]) {
		replace_worst(s, p, v);
		return 0;
	}
	bool outside = v < s->value[n];
	if (point(s, outside ? 0.5 : -0.5, q, &u, err) < 0)
		return -1;
	if (outside ? u <= v : u < s->value[n]) {
		replace_worst(s, q, u);
		return 0;
	}
	return shrink(s, err);
}

static bool is_small(const struct simplex *s, double tol)
{
	double far = 0;
	for (size_t i = 1; i <= s->m->n; i++)
		for (size_t k = 0; k < s->m->n; k++)
			far = fmax(far, fabs(s->at[i][k] - s->at[0][k]));
	return far <= tol && s->value[s->m->n] - s->value[0] <= tol;
}

static int search(struct simplex *s, const struct minimize *p, int64_t *steps, struct leat_err *err)
{
	if (begin_at(s, &p->p0, err) < 0)
		return -1;
	if (!isfinite(s->value[0]))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "the expression has no value where the search begins (p0=)");
	for (*steps = 0; *steps < p->max_iter; ++*steps) {
		if (is_small(s, p->tol))
			return 0;
		if (step(s, err) < 0)
			return -1;
	}
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "no convergence in %lld steps", (long long)p->max_iter);
}

static int set_fields(struct leat_fields *f, const struct minimize *p, const struct simplex *s, int64_t steps,
		      struct leat_err *err)
{
	for (size_t i = 0; i < p->params.n; i++)
		if (leat_fields_set_real(f, p->params.v[i], s->at[0][i], err) < 0)
			return -1;
	if (leat_fields_set_real(f, "least", s->value[0], err) < 0)
		return -1;
	return leat_fields_set_real(f, "iterations", (double)steps, err);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_fit_item *it = item;
	const struct minimize *p = it->whole.params;
	struct leat_model m;
	int64_t steps = 0;
	if (open_model(p, &m, err) < 0)
		return -1;
	struct leat_array *a = leat_array_as(leat_payload_numbers(in), LEAT_DT_F8, false, err);
	struct simplex *s = a ? leat_zalloc(1, sizeof *s, err) : NULL;
	int ok = s ? 0 : -1;
	if (ok == 0) {
		*s = (struct simplex){
			.m = &m, .x = a->data, .count = (size_t)leat_array_count(&a->shape), .team = it->whole.team};
		ok = search(s, p, &steps, err);
	}
	if (ok == 0)
		ok = set_fields(&it->fields, p, s, steps, err);
	if (ok == 0)
		ok = leat_fit_give(s->at[0], m.n, out, err);
	free(s);
	leat_array_unref(&a);
	leat_model_close(&m);
	return ok;
}

const struct leat_op leat_op_minimize = {
	.name = "minimize",
	.group = "fit",
	.summary = "find where an expression is least",
	.example = "minimize 'sum((x - a)**2)' params=a p0=0",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct minimize),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.check = check,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.begin = leat_fit_begin,
	.run = run,
	.end = leat_fit_end,
};
