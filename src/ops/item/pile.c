/* SPDX-License-Identifier: MIT */
/* Many arrays made into one. See pile.h. */
#include "ops/item/pile.h"

#include "base/mem.h"
#include "ops/vectorize.h"

#include <math.h>

static bool spreads(enum leat_pile_how how)
{
	return how == LEAT_PILE_STD || how == LEAT_PILE_VAR;
}

void leat_pile_clear(struct leat_pile *p)
{
	leat_table_unref(&p->table);
	free(p->value);
	free(p->squares);
	free(p->origin);
	free(p->n);
	*p = (struct leat_pile){.how = p->how, .omit = p->omit, .ddof = p->ddof};
}

size_t leat_pile_cost(enum leat_pile_how how, const struct leat_array_shape *s)
{
	size_t bytes = leat_size_mul((size_t)leat_array_count(s), sizeof(double));
	return leat_size_mul(bytes, spreads(how) ? 5 : 3); /* the item as float64, too */
}

/* ---- the loops; n[i] is the count at this place, after the number x[i] */

#define LOOP(NAME, ...)                                                                      \
	static void NAME(struct leat_pile *p, const double *restrict x, size_t n)            \
	{                                                                                    \
		double *restrict v = p->value, *restrict s = p->squares, *restrict c = p->n; \
		double *restrict o = p->origin;                                              \
		double count = (double)p->count + 1;                                         \
		(void)s, (void)c, (void)o, (void)count;                                      \
		LEAT_VECTORIZE                                                               \
		for (size_t i = 0; i < n; i++) {                                             \
			__VA_ARGS__                                                          \
		}                                                                            \
	}
LOOP(sum, v[i] += x[i];)
LOOP(sum_omit, v[i] += x[i] == x[i] ? x[i] : 0;)
LOOP(min, v[i] = x[i] < v[i] || x[i] != x[i] ? x[i] : v[i];)
LOOP(max, v[i] = x[i] > v[i] || x[i] != x[i] ? x[i] : v[i];)
LOOP(min_omit, v[i] = x[i] < v[i] || v[i] != v[i] ? x[i] : v[i];)
LOOP(max_omit, v[i] = x[i] > v[i] || v[i] != v[i] ? x[i] : v[i];)
LOOP(spread, double y = x[i] - o[i]; double d = y - v[i]; v[i] += d / count; s[i] += d * (y - v[i]);)
LOOP(spread_omit, double first = o[i] == o[i] ? o[i] : x[i]; double y = x[i] - first;
     double d = x[i] == x[i] ? y - v[i] : 0; double m = v[i] + d / (c[i] > 0 ? c[i] : 1);
     s[i] += x[i] == x[i] ? d * (y - m) : 0; v[i] = m; o[i] = first;)

static void count_up(struct leat_pile *p, const double *x, size_t n)
{
	double *c = p->n;
	LEAT_VECTORIZE
	for (size_t i = 0; i < n; i++)
		c[i] += x[i] == x[i] ? 1 : 0;
}

static void add_numbers(struct leat_pile *p, const double *x, size_t n)
{
	if (p->omit)
		count_up(p, x, n);
	switch (p->how) {
	case LEAT_PILE_MEAN:
	case LEAT_PILE_SUM:
		(p->omit ? sum_omit : sum)(p, x, n);
		break;
	case LEAT_PILE_MIN:
		(p->omit ? min_omit : min)(p, x, n);
		break;
	case LEAT_PILE_MAX:
		(p->omit ? max_omit : max)(p, x, n);
		break;
	case LEAT_PILE_STD:
	case LEAT_PILE_VAR:
		(p->omit ? spread_omit : spread)(p, x, n);
		break;
	case LEAT_PILE_COUNT:
		break;
	}
}

/* ---- items */

static int check_same(const struct leat_pile *p, const struct leat_array_shape *s, const struct leat_table *t,
		      struct leat_err *err)
{
	char here[192], there[192];
	bool same = s->ndim == p->shape.ndim;
	for (int i = 0; same && i < s->ndim; i++)
		same = s->dim[i] == p->shape.dim[i];
	if (!same)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the array is %s, the first one was %s",
				 leat_array_shape_text(s, here), leat_array_shape_text(&p->shape, there));
	for (size_t i = 0; t && p->table && i < t->n_columns; i++)
		if (strcmp(t->names[i], p->table->names[i]) != 0)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "column %zu is '%s', that of the first one was '%s'",
					 i, t->names[i], p->table->names[i]);
	return 0;
}

/* An empty pile becomes one of zeros, or of the extreme that every number replaces. */
static int start(struct leat_pile *p, const struct leat_array *x, struct leat_table *t, struct leat_err *err)
{
	size_t n = (size_t)leat_array_count(&x->shape);
	p->shape = x->shape;
	p->value = leat_zalloc(n, sizeof *p->value, err);
	p->squares = spreads(p->how) ? leat_zalloc(n, sizeof *p->squares, err) : NULL;
	p->origin = spreads(p->how) ? leat_zalloc(n, sizeof *p->origin, err) : NULL;
	p->n = p->omit ? leat_zalloc(n, sizeof *p->n, err) : NULL;
	if (!p->value || (spreads(p->how) && (!p->squares || !p->origin)) || (p->omit && !p->n)) {
		leat_pile_clear(p);
		return -1;
	}
	if (p->origin)
		memcpy(p->origin, x->data, n * sizeof *p->origin);
	if (t)
		p->table = leat_table_ref(t);
	double first = p->omit ? NAN : p->how == LEAT_PILE_MIN ? INFINITY : -INFINITY;
	for (size_t i = 0; (p->how == LEAT_PILE_MIN || p->how == LEAT_PILE_MAX) && i < n; i++)
		p->value[i] = first;
	return 0;
}

int leat_pile_add(struct leat_pile *p, const struct leat_payload *in, struct leat_err *err)
{
	struct leat_array *numbers = leat_payload_numbers(in);
	struct leat_table *t = in->kind == LEAT_TABLE ? in->table : NULL;
	if (leat_dtype_is_complex(numbers->shape.dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(numbers->shape.dtype));
	if (p->value && check_same(p, &numbers->shape, t, err) < 0)
		return -1;
	struct leat_array *x =
		leat_array_as(numbers, LEAT_DT_F8, p->value ? p->shape.fortran : numbers->shape.fortran, err);
	if (!x)
		return -1;
	int ok = p->value ? 0 : start(p, x, t, err);
	if (ok == 0) {
		add_numbers(p, x->data, (size_t)leat_array_count(&p->shape));
		p->count++;
	}
	leat_array_unref(&x);
	return ok;
}

/* ---- two piles */

/* How many numbers are at place i. */
static double count_at(const struct leat_pile *p, size_t i)
{
	return p->omit ? p->n[i] : (double)p->count;
}

/* Chan, Golub and LeVeque 1979. */
static void merge_spread(struct leat_pile *p, const struct leat_pile *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double na = count_at(p, i), nb = count_at(b, i);
		if (nb == 0)
			continue;
		if (na == 0)
			p->origin[i] = b->origin[i];
		double d = b->value[i] + (b->origin[i] - p->origin[i]) - p->value[i];
		p->value[i] += d * nb / (na + nb);
		p->squares[i] += b->squares[i] + d * d * na * nb / (na + nb);
	}
}

static void merge_numbers(struct leat_pile *p, struct leat_pile *b)
{
	size_t n = (size_t)leat_array_count(&p->shape);
	if (spreads(p->how))
		merge_spread(p, b, n);
	else if (p->how == LEAT_PILE_MIN)
		(p->omit ? min_omit : min)(p, b->value, n);
	else if (p->how == LEAT_PILE_MAX)
		(p->omit ? max_omit : max)(p, b->value, n);
	else
		sum(p, b->value, n);
	for (size_t i = 0; p->omit && i < n; i++)
		p->n[i] += b->n[i];
}

int leat_pile_merge(struct leat_pile *p, struct leat_pile *later, struct leat_err *err)
{
	if (!later->value)
		return 0;
	if (!p->value) {
		*p = *later;
		*later = (struct leat_pile){.how = p->how, .omit = p->omit, .ddof = p->ddof};
		return 0;
	}
	if (check_same(p, &later->shape, later->table, err) < 0)
		return -1;
	if (p->shape.fortran != later->shape.fortran)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "the arrays have another order than the first ones");
	merge_numbers(p, later);
	p->count += later->count;
	return 0;
}

/* ---- the result */

static double result_at(const struct leat_pile *p, size_t i)
{
	double n = count_at(p, i), left = n - (double)p->ddof;
	switch (p->how) {
	case LEAT_PILE_MEAN:
		return p->value[i] / n; /* of nothing: NaN */
	case LEAT_PILE_STD:
		return left > 0 ? sqrt(p->squares[i] / left) : NAN;
	case LEAT_PILE_VAR:
		return left > 0 ? p->squares[i] / left : NAN;
	case LEAT_PILE_COUNT:
		return n;
	default:
		return p->value[i];
	}
}

int leat_pile_result(const struct leat_pile *p, struct leat_payload *out, struct leat_err *err)
{
	struct leat_array *a = leat_array_new(&p->shape, err), *as = NULL;
	if (!a)
		return -1;
	double *v = a->data;
	for (uint64_t i = 0; i < leat_array_count(&p->shape); i++)
		v[i] = result_at(p, i);
	if (p->table) {
		struct leat_table *t = leat_table_new(a, (const char *const *)(const void *)p->table->names, err);
		*out = (struct leat_payload){.kind = t ? LEAT_TABLE : LEAT_NONE, .table = t};
		leat_array_unref(&a);
		return t ? 0 : -1;
	}
	as = leat_array_as(a, p->how == LEAT_PILE_COUNT ? LEAT_DT_I8 : LEAT_DT_F8, p->shape.fortran, err);
	leat_array_unref(&a);
	if (!as)
		return -1;
	*out = (struct leat_payload){.kind = LEAT_ARRAY, .array = as};
	return 0;
}
