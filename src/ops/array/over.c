/* SPDX-License-Identifier: MIT */
/* What the steps that reduce an axis share: parameters, shapes, fields. over_lines.c makes the numbers. See over.h. */
#include "ops/array/axis.h"
#include "ops/array/over_lines.h"

#include "base/mem.h"
#include "base/num.h"

#include <math.h>
#include <stdio.h>

const char *const leat_over_nans[] = {"propagate", "omit", NULL};

static bool ranks(enum leat_over_how how)
{
	return how == LEAT_OVER_PERCENTILE || how == LEAT_OVER_QUANTILE;
}

static bool is_field_name(const char *s)
{
	for (size_t i = 0; s[i]; i++)
		if (!((s[i] >= 'a' && s[i] <= 'z') || s[i] == '_' || (i > 0 && s[i] >= '0' && s[i] <= '9')))
			return false;
	return *s != 0;
}

int leat_over_check(const struct leat_over *p, const struct leat_param *table, const struct leat_param **which,
		    struct leat_err *err)
{
	*which = leat_param_find(table, "axis");
	if (leat_axis_check(p->axis, err) < 0)
		return -1;
	*which = leat_param_find(table, "as");
	if (p->as && !is_field_name(p->as))
		return leat_fail(err, LEAT_CAUSE_USAGE,
				 "'%s' is no name of a field: small letters, digits and underscores", p->as);
	*which = NULL;
	return 0;
}

/* NumPy's: sums of integers are wide, what divides is floating. */
static enum leat_dtype type_of(enum leat_over_how how, enum leat_dtype t)
{
	bool floating = leat_dtype_is_float(t);
	switch (how) {
	case LEAT_OVER_ARGMIN:
	case LEAT_OVER_ARGMAX:
	case LEAT_OVER_COUNT:
		return LEAT_DT_I8;
	case LEAT_OVER_SUM:
	case LEAT_OVER_PROD:
		return floating                                                                   ? t
		       : t == LEAT_DT_U1 || t == LEAT_DT_U2 || t == LEAT_DT_U4 || t == LEAT_DT_U8 ? LEAT_DT_U8
												  : LEAT_DT_I8;
	case LEAT_OVER_MIN:
	case LEAT_OVER_MAX:
	case LEAT_OVER_PTP:
		return t;
	default:
		return floating ? t : LEAT_DT_F8;
	}
}

int leat_over_shape(const struct leat_over *p, enum leat_over_how how, const struct leat_shape *in,
		    struct leat_shape *out, struct leat_err *err)
{
	const struct leat_array_shape *s = &in->array;
	struct leat_axis a;
	bool all = isnan(p->axis);
	*out = (struct leat_shape){.kind = LEAT_ARRAY, .array = {.dtype = type_of(how, s->dtype)}};
	if (leat_real_check(s, err) < 0 || (!all && leat_axis_of(&a, s, (int64_t)p->axis, err) < 0))
		return -1;
	struct leat_array_shape *o = &out->array;
	if (ranks(how) && p->q.n > 1)
		o->dim[o->ndim++] = p->q.n;
	for (int i = 0; i < s->ndim; i++) {
		bool goes = all || i == a.axis;
		if (goes && !p->keepdims)
			continue;
		if (o->ndim == LEAT_MAX_DIMS)
			return leat_fail(err, LEAT_CAUSE_LIMIT, "the result would have more than %d dimensions",
					 LEAT_MAX_DIMS);
		o->dim[o->ndim++] = goes ? 1 : s->dim[i];
	}
	return 0;
}

/* "count_nonzero" of count-nonzero; of several ranks "p05" and the like. */
static const char *field_name(const struct leat_over *p, const char *step, size_t i, char buf[40])
{
	bool percent = strcmp(step, "percentile") == 0, share = strcmp(step, "quantile") == 0;
	char number[32];
	if ((percent || share) && p->q.n > 0) {
		double q = percent ? p->q.v[i] : p->q.v[i] * 100;
		bool small = q < 10 && q == floor(q);
		(void)snprintf(buf, 40, "%s%s%.20s", p->as ? p->as : "p", small ? "0" : "", leat_print_real(q, number));
	} else {
		(void)snprintf(buf, 40, "%s", p->as ? p->as : step);
	}
	for (char *c = buf; *c; c++)
		*c = *c == '-' || *c == '.' ? '_' : *c;
	return buf;
}

void leat_over_fields(const struct leat_over *p, const char *name, leat_field_fn *fn, void *ctx)
{
	char buf[40];
	for (size_t i = 0; isnan(p->axis) && i < (p->q.n ? p->q.n : 1); i++)
		fn(ctx, field_name(p, name, i, buf), LEAT_V_REAL, "the result over all numbers");
}

size_t leat_over_cost(const struct leat_over *p, enum leat_over_how how, const struct leat_shape *in)
{
	size_t wide = leat_size_mul((size_t)leat_array_count(&in->array), sizeof(double)), bytes = 0;
	bool turned = in->array.fortran && !isnan(p->axis);
	if (in->array.dtype != LEAT_DT_F8 || turned)
		bytes = leat_size_mul(wide, turned ? 2 : 1);
	if (ranks(how) || how == LEAT_OVER_MEDIAN)
		bytes = leat_size_add(bytes, leat_size_mul(wide, 2)); /* the longest line, twice */
	return bytes;
}

/* ---- an item */

struct item {
	struct leat_whole whole; /* first: run() of others would find it */
	struct leat_array *result; /* of all numbers */
};

int leat_over_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->whole = (struct leat_whole){.params = b->params, .team = b->team > 1 ? b->team : 1};
	*item = it;
	return 0;
}

int leat_over_run(void *item, enum leat_over_how how, const struct leat_payload *in, struct leat_payload *out,
		  struct leat_err *err)
{
	struct item *it = item;
	const struct leat_over *p = it->whole.params;
	struct leat_array *a = leat_payload_numbers(in), *made;
	struct leat_shape was = {.kind = LEAT_ARRAY, .array = a->shape}, gives;
	if (leat_over_shape(p, how, &was, &gives, err) < 0)
		return -1;
	made = leat_over_lines(p, how, a, &gives.array, it->whole.team, err);
	if (!made)
		return -1;
	if (isnan(p->axis))
		it->result = leat_array_ref(made);
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = made};
	return 0;
}

int leat_over_end(void *item, const char *name, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	const struct leat_over *p = it->whole.params;
	int ok = 0;
	char buf[40];
	if (fields && it->result) {
		enum leat_dtype t = it->result->shape.dtype;
		struct leat_array *as = leat_array_as(it->result, t == LEAT_DT_I8 ? t : LEAT_DT_F8, false, err);
		ok = as ? 0 : -1;
		for (size_t i = 0; ok == 0 && i < (size_t)leat_array_count(&as->shape); i++) {
			const char *field = field_name(p, name, i, buf);
			ok = t == LEAT_DT_I8 ? leat_fields_set_int(fields, field, ((const int64_t *)as->data)[i], err)
					     : leat_fields_set_real(fields, field, ((const double *)as->data)[i], err);
		}
		leat_array_unref(&as);
	}
	leat_array_unref(&it->result);
	free(it);
	return ok;
}
