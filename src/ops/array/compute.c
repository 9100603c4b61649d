/* SPDX-License-Identifier: MIT */
/*
 * compute: an expression over all numbers, "z = (x - mean(x)) / std(x)", as numexpr would, in one pass through memory
 * where no function needs all numbers first. Of an array x is the array and the result takes its place; of a table the
 * names are columns, and the result is a column more (or takes the place of the one of its name). w is the content of
 * with=; different shapes go together as in NumPy, and functions over all numbers see what that makes of them.
 */
#include "base/mem.h"
#include "ops/array/broadcast.h"
#include "ops/array/dtypes.h"
#include "ops/array/whole.h"
#include "ops/expr/expr.h"
#include "ops/rows.h"

struct compute {
	const char *text;
	struct leat_fileref with;
	int64_t dtype;
};

static const struct leat_param params[] = {
	LEAT_P(struct compute, text, const char *, LEAT_PT_TEXT, "expression", NULL, LEAT_POSITIONAL | LEAT_REQUIRED,
	       "name = expression, in quotes: x is the array, names are the columns of a table"),
	LEAT_P(struct compute, with, struct leat_fileref, LEAT_PT_FILE, "with", NULL, 0,
	       "a file with an array or table, which is called w in the expression"),
	LEAT_P_CHOICE(struct compute, dtype, "dtype", "float64", leat_dtype_words, 0,
		      "type of the result; it is calculated in float64"),
	LEAT_P_END,
};

static const char notes[] =
	"Expressions, as in Python and NumPy; comparisons give 1 or 0:\n"
	"  operators        + - * / // % **  < <= > >= == !=  and or not  ( )\n"
	"  numbers          pi e nan inf\n"
	"  of each number   abs sqrt square cbrt exp expm1 log log1p log2 log10 sin cos tan arcsin arccos\n"
	"                   arctan sinh cosh tanh arcsinh arccosh arctanh floor ceil trunc round sign isnan\n"
	"                   isfinite\n"
	"  of two or three  minimum(a, b) maximum(a, b) min(a, b) max(a, b) arctan2(y, x) hypot(a, b) pow(a, b)\n"
	"                   where(condition, a, b)\n"
	"  of all numbers   sum prod min max ptp count mean var std; var(x, 1) and std(x, 1) for ddof=1\n";

/* What a worker keeps. */
struct state {
	struct leat_expr *e;
	struct leat_array *w;
};

/* Which variable is called so; -1: none. */
static int var_of(const struct leat_expr *e, const char *name)
{
	for (size_t i = 0; i < leat_expr_vars(e); i++)
		if (strcmp(leat_expr_var(e, i), name) == 0)
			return (int)i;
	return -1;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct compute *p = params_;
	int ok = 0;
	*which = &params[0];
	struct leat_expr *e = leat_expr_parse(p->text, true, err);
	if (!e)
		return -1;
	if (p->with.path && var_of(e, "w") < 0)
		ok = leat_fail(err, LEAT_CAUSE_USAGE, "with= is given, but the expression has no w");
	leat_expr_free(&e);
	if (ok == 0)
		*which = NULL;
	return ok;
}

static int check_array(const struct compute *p, const struct leat_expr *e, struct leat_err *err)
{
	for (size_t i = 0; i < leat_expr_vars(e); i++) {
		const char *name = leat_expr_var(e, i);
		if (strcmp(name, "w") == 0 && !p->with.path)
			return leat_fail(err, LEAT_CAUSE_USAGE, "w is the content of with=, which is not given");
		if (strcmp(name, "w") != 0 && strcmp(name, "x") != 0)
			return leat_fail(err, LEAT_CAUSE_USAGE,
					 "there is no '%s': an array is called x, the content of with= is called w",
					 name);
	}
	return 0;
}

static int check_kind(const void *params_, unsigned kind, const struct leat_param **which, struct leat_err *err)
{
	const struct compute *p = params_;
	struct leat_expr *e = leat_expr_parse(p->text, true, err);
	int ok = e ? 0 : -1;
	*which = &params[0];
	if (ok == 0 && kind == LEAT_ARRAY)
		ok = check_array(p, e, err);
	if (ok == 0 && kind == LEAT_TABLE && p->dtype != LEAT_DT_F8) {
		*which = leat_param_find(params, "dtype");
		ok = leat_fail(err, LEAT_CAUSE_USAGE, "the columns of a table are float64");
	}
	leat_expr_free(&e);
	if (ok == 0)
		*which = NULL;
	return ok;
}

/* with= may make it larger: told is what the item's own shape gives. */
static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct compute *p = params_;
	*out = *in;
	if (leat_dtype_is_complex(in->array.dtype))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "it works on real numbers, not on %s",
				 leat_dtype_name(in->array.dtype));
	if (in->kind == LEAT_ARRAY)
		out->array.dtype = (enum leat_dtype)p->dtype;
	else
		out->array.dim[1]++;
	return 0;
}

/* The numbers as float64, and what another type than that is made from. */
static size_t cost(const void *params_, const struct leat_shape *in, const struct leat_shape *out)
{
	const struct compute *p = params_;
	size_t wide = leat_size_mul((size_t)leat_array_count(&out->array), sizeof(double));
	size_t bytes = in->array.dtype == LEAT_DT_F8 ? 0 : wide;
	return leat_size_add(bytes, p->dtype == LEAT_DT_F8 ? 0 : wide);
}

static void close(void *state_)
{
	struct state *s = state_;
	leat_expr_free(&s->e);
	leat_array_unref(&s->w);
	free(s);
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	const struct compute *p = o->params;
	struct state *s = leat_zalloc(1, sizeof *s, err);
	if (!s)
		return -1;
	s->e = leat_expr_parse(p->text, true, err);
	int ok = s->e ? 0 : -1;
	if (ok == 0 && p->with.path) {
		s->w = o->array ? o->array(o, p->with.resource, err) : NULL;
		if (!s->w)
			ok = leat_fail(err, LEAT_CAUSE_INTERNAL, "'compute' has nothing that reads with=");
	}
	if (ok < 0) {
		close(s);
		return -1;
	}
	*state = s;
	return 0;
}

static int run_array(const struct leat_whole *w, struct leat_array *from, struct leat_payload *out,
		     struct leat_err *err)
{
	const struct compute *p = w->params;
	const struct state *s = w->state;
	struct leat_array_shape shape = from->shape;
	struct leat_array *x = NULL, *with = NULL, *z = NULL;
	struct leat_expr_in in[LEAT_EXPR_VARS] = {{NULL, 0}};
	int vx = var_of(s->e, "x"), vw = var_of(s->e, "w"), ok = 0;
	if (s->w && leat_broadcast_shape(&from->shape, &s->w->shape, &shape, err) < 0)
		return -1;
	shape.dtype = LEAT_DT_F8;
	if (vx >= 0)
		ok = (x = leat_broadcast(from, &shape, err)) ? 0 : -1;
	if (ok == 0 && vw >= 0)
		ok = (with = leat_broadcast(s->w, &shape, err)) ? 0 : -1;
	if (x)
		in[vx] = (struct leat_expr_in){x->data, 1};
	if (with)
		in[vw] = (struct leat_expr_in){with->data, 1};
	if (ok == 0)
		z = leat_array_new(&shape, err);
	if (z)
		ok = leat_expr_run(s->e, in, (size_t)leat_array_count(&shape), w->team, z->data, err);
	leat_array_unref(&x);
	leat_array_unref(&with);
	struct leat_array *as = z && ok == 0 ? leat_array_as(z, (enum leat_dtype)p->dtype, shape.fortran, err) : NULL;
	leat_array_unref(&z);
	*out = (struct leat_payload){.kind = as ? LEAT_ARRAY : LEAT_NONE, .array = as};
	return as ? 0 : -1;
}

/* ---- tables */

static size_t column_of(const struct leat_table *t, const char *name)
{
	size_t i = 0;
	while (i < t->n_columns && strcmp(t->names[i], name) != 0)
		i++;
	return i; /* n_columns: there is none */
}

/* with= has a number for each row, or one for all. */
static int bind_with(const struct leat_array *w, const struct leat_table *t, struct leat_expr_in *in,
		     struct leat_err *err)
{
	char text[192];
	uint64_t n = leat_array_count(&w->shape);
	if (n != 1 && n != t->rows)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "with= has the shape %s, the table %llu rows",
				 leat_array_shape_text(&w->shape, text), (unsigned long long)t->rows);
	*in = (struct leat_expr_in){w->data, n != 1};
	return 0;
}

static int bind_table(const struct leat_expr *e, const struct leat_table *t, const struct leat_array *w,
		      struct leat_expr_in *in, struct leat_err *err)
{
	const double *v = t->numbers->data;
	for (size_t i = 0; i < leat_expr_vars(e); i++) {
		const char *name = leat_expr_var(e, i);
		size_t column = column_of(t, name);
		bool with = w && strcmp(name, "w") == 0;
		if (with && bind_with(w, t, &in[i], err) < 0)
			return -1;
		if (!with && column == t->n_columns)
			return leat_fail(err, LEAT_CAUSE_MISMATCH, "the table has no column '%s'", name);
		if (!with)
			in[i] = (struct leat_expr_in){v + column, t->n_columns};
	}
	return 0;
}

/* The table with z as column `at`: another one, or one more. */
static struct leat_table *with_column(const struct leat_table *t, size_t at, const char *name, const double *z,
				      struct leat_err *err)
{
	size_t old = t->n_columns, n = at == old ? old + 1 : old;
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {t->rows, n}};
	struct leat_array *a = leat_array_new(&s, err);
	const char **names = a ? leat_zalloc(n + 1, sizeof *names, err) : NULL;
	struct leat_table *out = NULL;
	if (names) {
		const double *from = t->numbers->data;
		double *to = a->data;
		for (uint64_t r = 0; r < t->rows; r++) {
			memcpy(to + r * n, from + r * old, old * sizeof *to);
			to[r * n + at] = z[r];
		}
		for (size_t i = 0; i < n; i++)
			names[i] = i == at ? name : t->names[i];
		out = leat_table_new(a, names, err);
	}
	free(names);
	leat_array_unref(&a);
	return leat_table_keep_texts(out, t);
}

static int run_table(const struct leat_whole *w, const struct leat_table *t, struct leat_payload *out,
		     struct leat_err *err)
{
	const struct state *s = w->state;
	struct leat_expr_in in[LEAT_EXPR_VARS] = {{NULL, 0}};
	struct leat_array *with = s->w ? leat_array_as(s->w, LEAT_DT_F8, false, err) : NULL;
	double *z = s->w && !with ? NULL : leat_zalloc((size_t)t->rows, sizeof *z, err);
	struct leat_table *made = NULL;
	const char *name = leat_expr_target(s->e);
	if (z && bind_table(s->e, t, with, in, err) == 0 &&
	    leat_expr_run(s->e, in, (size_t)t->rows, w->team, z, err) == 0)
		made = with_column(t, column_of(t, name), name, z, err);
	free(z);
	leat_array_unref(&with);
	*out = (struct leat_payload){.kind = made ? LEAT_TABLE : LEAT_NONE, .table = made};
	return made ? 0 : -1;
}

static int run(void *item, const struct leat_payload *in, struct leat_payload *out, struct leat_err *err)
{
	if (in->kind == LEAT_TABLE)
		return run_table(item, in->table, out, err);
	return run_array(item, in->array, out, err);
}

const struct leat_op leat_op_compute = {
	.name = "compute",
	.group = "array",
	.summary = "calculate an expression over all numbers",
	.example = "compute 'z = (x - mean(x)) / std(x)'",
	.notes = notes,
	.version = 1,
	.params = params,
	.params_size = sizeof(struct compute),
	.in = LEAT_ARRAY | LEAT_TABLE,
	.out = 0,
	.modes = LEAT_ON_CPU,
	.check = check,
	.check_kind = check_kind,
	.shape = shape,
	.cost = cost,
	.open = open,
	.begin = leat_whole_begin,
	.run = run,
	.end = leat_end_free,
	.close = close,
};
