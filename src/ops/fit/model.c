/* SPDX-License-Identifier: MIT */
/* See model.h. */
#include "ops/fit/model.h"

#include <string.h>

static int bind_names(struct leat_model *m, const char *x_name, struct leat_err *err)
{
	bool found[LEAT_MODEL_PARAMS] = {false};
	m->x = -1;
	for (size_t v = 0; v < leat_expr_vars(m->e); v++) {
		const char *name = leat_expr_var(m->e, v);
		size_t k = 0;
		while (k < m->n && strcmp(m->names[k], name) != 0)
			k++;
		if (k < m->n) {
			m->var[k] = (int)v;
			found[k] = true;
		} else if (strcmp(name, x_name) == 0) {
			m->x = (int)v;
		} else {
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "'%s' is neither in params= nor the data, which is called %s", name, x_name);
		}
	}
	for (size_t k = 0; k < m->n; k++)
		if (!found[k])
			return leat_fail(err, LEAT_CAUSE_USAGE, "the expression has no '%s'", m->names[k]);
	return 0;
}

int leat_model_open(struct leat_model *m, const char *text, bool assigned, const struct leat_strs *params,
		    const struct leat_numbers *p0, const char *x_name, struct leat_err *err)
{
	*m = (struct leat_model){.n = params->n, .names = params->v};
	if (params->n < 1 || params->n > LEAT_MODEL_PARAMS)
		return leat_fail(err, LEAT_CAUSE_USAGE, "%zu parameters; 1 to %d can be found", params->n,
				 LEAT_MODEL_PARAMS);
	if (p0->n != params->n)
		return leat_fail(err, LEAT_CAUSE_USAGE, "params= has %zu names, p0= %zu numbers", params->n, p0->n);
	m->e = leat_expr_parse(text, assigned, err);
	if (!m->e)
		return -1;
	if (bind_names(m, x_name, err) == 0)
		return 0;
	leat_model_close(m);
	return -1;
}

void leat_model_close(struct leat_model *m)
{
	leat_expr_free(&m->e);
}

static void bind_values(const struct leat_model *m, const double *p, const double *x, struct leat_expr_in *in)
{
	for (size_t k = 0; k < m->n; k++)
		in[m->var[k]] = (struct leat_expr_in){&p[k], 0};
	if (m->x >= 0)
		in[m->x] = (struct leat_expr_in){x, 1};
}

int leat_model_run(const struct leat_model *m, const double *p, const double *x, size_t n, int team, double *out,
		   struct leat_err *err)
{
	struct leat_expr_in in[LEAT_EXPR_VARS] = {{NULL, 0}};
	bind_values(m, p, x, in);
	return leat_expr_run(m->e, in, n, team, out, err);
}

int leat_model_value(const struct leat_model *m, const double *p, const double *x, size_t n, int team, double *value,
		     struct leat_err *err)
{
	struct leat_expr_in in[LEAT_EXPR_VARS] = {{NULL, 0}};
	bind_values(m, p, x, in);
	return leat_expr_value(m->e, in, n, team, value, err);
}
