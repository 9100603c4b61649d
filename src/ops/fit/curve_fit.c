/* SPDX-License-Identifier: MIT */
/*
 * curve-fit: the parameters of "y = f(x)" for which the squares of its distances from the points are least, by
 * Levenberg and Marquardt, as scipy.optimize.curve_fit. The result is the parameters in their order. Fields: each
 * parameter by its name, its standard error as NAME_err, the squares that are left as rss, and the steps as
 * iterations.
 */
#include "base/mem.h"
#include "ops/fit/columns.h"
#include "ops/fit/marquardt.h"
#include "ops/fit/results.h"

#include <stdio.h>

struct curve_fit {
	const char *text, *x, *y;
	struct leat_strs params;
	struct leat_numbers p0;
	int64_t max_iter;
	double tol;
};

static const struct leat_param params[] = {
	LEAT_P(struct curve_fit, text, const char *, LEAT_PT_TEXT, "expression", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "y = f(x), in quotes: x is the place, the other names are the parameters"),
	LEAT_P(struct curve_fit, params, struct leat_strs, LEAT_PT_WORDS, "params", NULL, LEAT_REQUIRED,
	       "names of the parameters"),
	LEAT_P(struct curve_fit, p0, struct leat_numbers, LEAT_PT_NUMBERS, "p0", NULL, LEAT_REQUIRED,
	       "where the search begins, a number for each parameter"),
	LEAT_P(struct curve_fit, x, const char *, LEAT_PT_TEXT, "x", NULL, 0,
	       "column of the places, by name or number; the first unless given"),
	LEAT_P(struct curve_fit, y, const char *, LEAT_PT_TEXT, "y", NULL, 0,
	       "column of the numbers; the second unless given"),
	LEAT_P_INT(struct curve_fit, max_iter, "max-iter", "200", 1, 1000000, NULL, 0,
		   "steps after which the item fails"),
	LEAT_P_REAL(struct curve_fit, tol, "tol", "1e-10", 1e-16, 0.1, NULL, 0,
		    "part of the parameters below which a step ends the search"),
	LEAT_P_END,
};

static int open_model(const struct curve_fit *p, struct leat_model *m, struct leat_err *err)
{
	return leat_model_open(m, p->text, true, &p->params, &p->p0, "x", err);
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
	const struct curve_fit *p = params_;
	(void)in, (void)err; /* looked at with the numbers */
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = LEAT_DT_F8, .ndim = 1, .dim = {p->params.n}}};
	return 0;
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	const struct curve_fit *p = params_;
	char name[80];
	(void)kind; /* the same for both */
	for (size_t i = 0; i < p->params.n; i++) {
		(void)snprintf(name, sizeof name, "%.60s_err", p->params.v[i]);
		fn(ctx, p->params.v[i], LEAT_V_REAL, "the parameter that was found");
		fn(ctx, name, LEAT_V_REAL, "its standard error");
	}
	fn(ctx, "rss", LEAT_V_REAL, "sum of the squares that are left");
	fn(ctx, "iterations", LEAT_V_REAL, "steps of the search");
}

static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct curve_fit *p = params_;
	size_t rows = in->array.ndim > 0 ? (size_t)in->array.dim[0] : 1;
	(void)out; /* small */
	return leat_size_add(leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double)),
			     leat_size_mul(rows, 24 * (p->params.n + 4)));
}

static int set_fields(struct leat_fields *f, const struct curve_fit *p, const struct leat_fit_found *found,
		      struct leat_err *err)
{
	char name[80];
	for (size_t i = 0; i < p->params.n; i++) {
		(void)snprintf(name, sizeof name, "%.60s_err", p->params.v[i]);
		if (leat_fields_set_real(f, p->params.v[i], found->p[i], err) < 0 ||
		    leat_fields_set_real(f, name, found->error[i], err) < 0)
			return -1;
	}
	return leat_fields_set_real(f, "rss", found->rss, err) < 0
		       ? -1
		       : leat_fields_set_real(f, "iterations", (double)found->iterations, err);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_fit_item *it = item;
	const struct curve_fit *p = it->whole.params;
	double at[LEAT_MODEL_PARAMS], error[LEAT_MODEL_PARAMS];
	struct leat_fit_found found = {.p = at, .error = error};
	struct leat_columns c;
	struct leat_model m;
	if (open_model(p, &m, err) < 0)
		return -1;
	int ok = leat_columns_of(&c, in, p->x, p->y, err);
	if (ok == 0) {
		memcpy(at, p->p0.v, p->p0.n * sizeof *at);
		ok = leat_marquardt(&m, c.x, c.y, c.n, p->tol, p->max_iter, &found, err);
		leat_columns_free(&c);
	}
	leat_model_close(&m);
	if (ok < 0 || set_fields(&it->fields, p, &found, err) < 0)
		return -1;
	return leat_fit_give(at, p->params.n, out, err);
}

const struct leat_op leat_op_curve_fit = {
	.name = "curve-fit",
	.group = "fit",
	.summary = "fit the parameters of a formula to points",
	.example = "curve-fit 'y = a * exp(-b * x)' params=a,b p0=1,0.1",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct curve_fit),
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
