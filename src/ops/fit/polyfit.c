/* SPDX-License-Identifier: MIT */
/*
 * polyfit: the polynomial through points whose squares of distances are least, as numpy.polyfit: coefficients from the
 * highest power down. Fields: coef_0, coef_1 ... of the powers 0, 1 ..., and coef_rss, the sum of the squares that are
 * left. Calculated in long double with x brought to -1 .. 1, so that also high degrees have most of their digits.
 */
#include "base/mem.h"
#include "ops/fit/columns.h"
#include "ops/fit/polynomial.h"
#include "ops/fit/results.h"

#include <stdio.h>

enum { MOST = 30 };

struct polyfit {
	int64_t degree;
	const char *x, *y, *as;
};

static const struct leat_param params[] = {
	LEAT_P_INT(struct polyfit, degree, "degree", NULL, 0, MOST, NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
		   "the highest power"),
	LEAT_P(struct polyfit, x, const char *, LEAT_PT_TEXT, "x", NULL, 0,
	       "column of the places, by name or number; the first of several unless given, of one the row's number"),
	LEAT_P(struct polyfit, y, const char *, LEAT_PT_TEXT, "y", NULL, 0,
	       "column of the numbers; the second of several unless given"),
	LEAT_P(struct polyfit, as, const char *, LEAT_PT_TEXT, "as", "coef", 0, "how the names of the fields begin"),
	LEAT_P_END,
};

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct polyfit *p = params_;
	(void)in, (void)err; /* looked at with the numbers */
	*out = (struct leat_shape){.kind = LEAT_ARRAY,
				   .array = {.dtype = LEAT_DT_F8, .ndim = 1, .dim = {(uint64_t)p->degree + 1}}};
	return 0;
}

static const char *field(const struct polyfit *p, int64_t power, char name[80])
{
	(void)snprintf(name, 80, "%.40s_%lld", p->as, (long long)power);
	return name;
}

static void fields(const void *params_, unsigned kind, leat_field_fn *fn, void *ctx)
{
	const struct polyfit *p = params_;
	char name[80];
	(void)kind; /* the same for both */
	for (int64_t k = 0; k <= p->degree; k++)
		fn(ctx, field(p, k, name), LEAT_V_REAL, "the coefficient of this power");
	(void)snprintf(name, sizeof name, "%.40s_rss", p->as);
	fn(ctx, name, LEAT_V_REAL, "sum of the squares that are left");
}

/* A copy of both columns, and the powers in long double. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct polyfit *p = params_;
	size_t rows = in->array.ndim > 0 ? (size_t)in->array.dim[0] : 1;
	(void)out; /* small */
	return leat_size_add(leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double)),
			     leat_size_mul(rows, 16 * ((size_t)p->degree + 4)));
}

static int set_fields(struct leat_fields *f, const struct polyfit *p, const double *coef, double rss,
		      struct leat_err *err)
{
	char name[80];
	for (int64_t k = 0; k <= p->degree; k++)
		if (leat_fields_set_real(f, field(p, k, name), coef[k], err) < 0)
			return -1;
	(void)snprintf(name, sizeof name, "%.40s_rss", p->as);
	return leat_fields_set_real(f, name, rss, err);
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	struct leat_fit_item *it = item;
	const struct polyfit *p = it->whole.params;
	double coef[MOST + 1], down[MOST + 1], rss;
	size_t n = (size_t)p->degree + 1;
	struct leat_columns c;
	if (leat_columns_of(&c, in, p->x, p->y, err) < 0)
		return -1;
	int ok = leat_polynomial(c.x, c.y, c.n, n - 1, coef, &rss, err);
	leat_columns_free(&c);
	if (ok < 0 || set_fields(&it->fields, p, coef, rss, err) < 0)
		return -1;
	for (size_t k = 0; k < n; k++)
		down[k] = coef[n - 1 - k];
	return leat_fit_give(down, n, out, err);
}

const struct leat_op leat_op_polyfit = {
	.name = "polyfit",
	.group = "fit",
	.summary = "fit a polynomial to points",
	.example = "polyfit 2 x=time y=height",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct polyfit),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = LEAT_ARRAY,
	.modes = LEAT_ON_CPU,
	.shape = shape,
	.fields = fields,
	.cost = cost,
	.begin = leat_fit_begin,
	.run = run,
	.end = leat_fit_end,
};
