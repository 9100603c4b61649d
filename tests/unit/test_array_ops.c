/* SPDX-License-Identifier: MIT */
/* Steps on arrays against numbers that NumPy and SciPy computed; teams, orders and refusals. */
#include "array_kit.h"

#include "ops/linear/blas.h"

#include <pthread.h>

#include "reference/arrays.h"

extern const struct leat_op leat_op_standardize, leat_op_normalize, leat_op_transpose, leat_op_inv, leat_op_matmul;
extern const struct leat_op leat_op_to_image, leat_op_to_array, leat_op_stats;
extern const struct leat_op leat_op_reduce;

static const struct leat_op *const ops[] = {&leat_op_standardize, &leat_op_normalize, &leat_op_transpose,
					    &leat_op_inv,         &leat_op_matmul,    &leat_op_to_image,
					    &leat_op_to_array,    &leat_op_stats};

static const struct leat_op *op_named(const char *name)
{
	for (size_t i = 0; i < LEAT_LEN(ops); i++)
		if (strcmp(ops[i]->name, name) == 0)
			return ops[i];
	fail_msg("no op '%s'", name);
	return NULL;
}

static void one_case(const struct ref_case *c, int team)
{
	const char *params = c->params;
	if (c->with.dtype)
		params = strstr(c->params, "left") ? "side=left" : "";
	kit_case(op_named(c->op), c, c - ref_cases, params, team);
}

/* Item i of a reduction's case. */
static struct leat_payload item_of(const struct ref_array *all, uint64_t i)
{
	struct ref_array one = *all;
	uint64_t n = 1;
	one.ndim--;
	memmove(one.dim, one.dim + 1, (LEAT_MAX_DIMS - 1) * sizeof *one.dim);
	for (int k = 0; k < one.ndim; k++)
		n *= one.dim[k];
	one.v += i * n;
	return kit_payload(&one);
}

/* Items [from, to) of the case into an accumulator. */
static void *reduced(const struct ref_case *c, void *params, uint64_t from, uint64_t to)
{
	struct leat_err err = {0};
	const struct leat_reduction *r = leat_op_reduce.reduction;
	void *acc = NULL;
	assert_int_equal(r->init(&(struct leat_op_open){.params = params}, &acc, &err), 0);
	for (uint64_t i = from; i < to; i++) {
		struct leat_payload p = item_of(&c->in, i);
		struct leat_view v = {.index = i};
		if (r->add(acc, i, &p, &v, &err) < 0)
			fail_msg("%s", err.text);
		leat_payload_clear(&p);
	}
	return acc;
}

static void reduction_case(const struct ref_case *c)
{
	const struct leat_reduction *r = leat_op_reduce.reduction;
	struct leat_err err = {0};
	struct leat_fields f = {0};
	struct leat_payload out = {0};
	char what[200];
	void *params = op_params(&leat_op_reduce, c->params);
	uint64_t n = c->in.dim[0];
	for (uint64_t cut = 0; cut <= n; cut += n) { /* as one, and merged from two parts */
		uint64_t half = cut ? n / 3 : n;
		void *acc = reduced(c, params, 0, half), *more = reduced(c, params, half, n);
		snprintf(what, sizeof what, "case %td: reduce %s of %s, %llu and %llu", c - ref_cases, c->params,
			 c->in.dtype, (unsigned long long)half, (unsigned long long)(n - half));
		assert_int_equal(r->merge(acc, more, &err), 0);
		if (r->finish(acc, &out, &f, &err) < 0)
			fail_msg("%s: %s", what, err.text);
		kit_same(what, &out, &c->out, c->tolerance);
		assert_int_equal(leat_fields_get(&f, "count")->i, n);
		leat_payload_clear(&out);
		leat_fields_free(&f);
		r->release(acc);
		r->release(more);
	}
	free(params);
}

static void reductions_as_numpy(void **state)
{
	size_t n = 0;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(ref_cases); i++)
		if (strcmp(ref_cases[i].op, "reduce") == 0) {
			reduction_case(&ref_cases[i]);
			n++;
		}
	assert_true(n > 50);
}

/* Another shape: the item fails, or is left out. */
static void items_that_do_not_fit(void **state)
{
	static const double v[] = {1, 2, 3, 4, 5, 6};
	const struct ref_array a = {'A', "f8", 2, {2, 3}, false, v}, b = {'A', "f8", 2, {3, 2}, false, v};
	const struct ref_case c = {.op = "reduce", .in = {'A', "f8", 3, {1, 2, 3}, false, v}};
	struct leat_payload other = kit_payload(&b), out = {0};
	const struct leat_reduction *r = leat_op_reduce.reduction;
	struct leat_view view = {.index = 1};
	(void)state;
	for (int skip = 0; skip < 2; skip++) {
		struct leat_err err = {0};
		struct leat_fields f = {0};
		void *params = op_params(&leat_op_reduce, skip ? "sum on-mismatch=skip" : "sum");
		void *acc = reduced(&c, params, 0, 1);
		assert_int_equal(r->add(acc, 1, &other, &view, &err), skip ? 0 : -1);
		if (!skip)
			assert_non_null(strstr(err.text, "the array is (3, 2), the first one was (2, 3)"));
		err = (struct leat_err){0};
		assert_int_equal(r->finish(acc, &out, &f, &err), 0);
		assert_int_equal(leat_fields_get(&f, "count")->i, 1);
		if (skip)
			assert_int_equal(leat_fields_get(&f, "skipped")->i, 1);
		kit_same("the first alone", &out, &a, 0);
		leat_payload_clear(&out);
		leat_fields_free(&f);
		r->release(acc);
		free(params);
	}
	leat_payload_clear(&other);
}

static bool needs_blas(const struct ref_case *c)
{
	return strcmp(c->op, "reduce") != 0 && op_named(c->op)->prepare;
}

/* Says why, once, where there is no library. */
static bool no_blas(void)
{
	struct leat_err err = {0};
	if (leat_blas_load("this test", &err))
		return false;
	print_message("%s\n", err.text);
	return true;
}

static void as_numpy_does(void **state)
{
	size_t n = 0;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(ref_cases); i++)
		if (!needs_blas(&ref_cases[i]) && strcmp(ref_cases[i].op, "reduce") != 0) {
			one_case(&ref_cases[i], 1);
			one_case(&ref_cases[i], 3);
			n++;
		}
	assert_true(n > 200);
}

static void as_numpy_multiplies_and_inverts(void **state)
{
	size_t n = 0;
	(void)state;
	if (no_blas())
		skip();
	for (size_t i = 0; i < LEAT_LEN(ref_cases); i++)
		if (needs_blas(&ref_cases[i])) {
			one_case(&ref_cases[i], 1);
			one_case(&ref_cases[i], 2);
			n++;
		}
	assert_true(n > 30);
}

/* Noise of this shape, some of it missing. */
static struct leat_payload noise(uint64_t rows, uint64_t cols, bool fortran, uint64_t seed)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {rows, cols}, .fortran = fortran};
	struct leat_array *a = leat_array_new(&s, &err);
	double *v = a->data;
	for (uint64_t i = 0; i < rows * cols; i++)
		v[i] = i % 1009 == 5 ? NAN : op_random(&seed) * 0x1p-20 - 900;
	return (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
}

static struct leat_payload must(const struct leat_op *op, const char *text, const struct leat_payload *in, int team)
{
	struct leat_payload out;
	struct leat_err err = {0};
	if (kit_run(op, text, in, NULL, team, &out, NULL, &err) < 0)
		fail_msg("%s %s: %s", op->name, text, err.text);
	return out;
}

static void assert_same_bits(const char *what, const struct leat_payload *a, const struct leat_payload *b)
{
	assert_true(leat_array_shape_equal(&a->array->shape, &b->array->shape));
	if (memcmp(a->array->data, b->array->data, leat_array_bytes(&a->array->shape)) != 0)
		fail_msg("%s: other bits with another team", what);
}

/* Shapes that are cut into several parts in every way. */
static void teams_give_the_same_bits(void **state)
{
	static const uint64_t sides[][2] = {{300000, 1}, {1, 300000}, {70001, 5}, {5, 70001}, {701, 500}, {300, 1000}};
	static const struct {
		const struct leat_op *op;
		const char *text;
	} runs[] = {{&leat_op_standardize, "per=all nan=omit"}, {&leat_op_standardize, "per=column nan=omit"},
		    {&leat_op_standardize, "per=row nan=omit"}, {&leat_op_normalize, "per=all"},
		    {&leat_op_normalize, "per=column"},         {&leat_op_normalize, "per=row"}};
	(void)state;
	for (size_t s = 0; s < LEAT_LEN(sides); s++)
		for (size_t r = 0; r < LEAT_LEN(runs); r++) {
			struct leat_payload in = noise(sides[s][0], sides[s][1], s % 2, s);
			struct leat_payload one = must(runs[r].op, runs[r].text, &in, 1);
			struct leat_payload four = must(runs[r].op, runs[r].text, &in, 4);
			assert_same_bits(runs[r].text, &one, &four);
			leat_payload_clear(&in);
			leat_payload_clear(&one);
			leat_payload_clear(&four);
		}
}

/* Mean and deviation of what came out, where the sums are long; both orders. */
static void long_sums_are_exact(void **state)
{
	(void)state;
	for (int fortran = 0; fortran < 2; fortran++) {
		struct leat_payload in = noise(70001, 6, fortran != 0, 77), out;
		out = must(&leat_op_standardize, "per=column nan=omit", &in, 2);
		const double *v = out.array->data;
		for (uint64_t c = 0; c < 6; c++) {
			long double sum = 0, squares = 0;
			uint64_t n = 0;
			for (uint64_t r = 0; r < 70001; r++) {
				double x = v[fortran ? c * 70001 + r : r * 6 + c];
				if (isnan(x))
					continue;
				sum += x;
				squares += (long double)x * x;
				n++;
			}
			assert_true(n < 70001);
			assert_true(fabsl(sum / n) < 1e-12L);
			assert_true(fabsl(squares / n - 1) < 1e-12L);
		}
		leat_payload_clear(&in);
		leat_payload_clear(&out);
	}
}

struct inverter {
	const struct leat_payload *in;
	int team;
	struct leat_payload first; /* what came out alone */
	bool differs;
};

static void *invert_often(void *arg)
{
	struct inverter *w = arg;
	for (int i = 0; i < 12 && !w->differs; i++) {
		struct leat_payload out;
		struct leat_err err = {0};
		if (kit_run(&leat_op_inv, "", w->in, NULL, w->team, &out, NULL, &err) < 0 ||
		    memcmp(out.array->data, w->first.array->data, leat_array_bytes(&out.array->shape)) != 0)
			w->differs = true;
		leat_payload_clear(&out);
	}
	return NULL;
}

/* BLAS has one number of threads for the whole process: those who want one and those who want two take turns. */
static void threads_of_blas_keep_apart(void **state)
{
	struct leat_payload in = noise(200, 200, false, 3);
	struct inverter w[4];
	pthread_t thread[4];
	(void)state;
	for (uint64_t i = 0; i < 200 * 200; i++) {
		double *v = in.array->data;
		v[i] = isnan(v[i]) ? 1 : v[i] + (i % 201 == 0 ? 9e4 : 0);
	}
	bool skipped = no_blas();
	for (int i = 0; i < 4 && !skipped; i++)
		w[i] = (struct inverter){&in, i % 2 + 1, must(&leat_op_inv, "", &in, i % 2 + 1), false};
	for (int i = 0; i < 4 && !skipped; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, invert_often, &w[i]), 0);
	for (int i = 0; i < 4 && !skipped; i++) {
		pthread_join(thread[i], NULL);
		assert_false(w[i].differs);
		leat_payload_clear(&w[i].first);
	}
	leat_payload_clear(&in);
	if (skipped)
		skip();
}

static const double some[] = {1, 2, 3, 4, 5, 6, 7, 8, 10}, zeros[16] = {0}, near_singular[] = {1, 1, 1, 1 + 1e-13};
static const double missing[] = {1, NAN, 3, 4};
#define A2(r, c, values)                                                          \
	{                                                                         \
		.kind = 'A', .dtype = "f8", .ndim = 2, .dim = {r, c}, .v = values \
	}

static void refusals(void **state)
{
	const struct ref_array square = A2(3, 3, some), flat = {'A', "f8", 1, {4}, false, some};
	const struct ref_array complex = {'A', "c16", 2, {2, 2}, false, some},
			       table = {'T', "f8", 2, {2, 2}, false, some};
	const struct ref_array number = {'A', "f8", 0, {0}, false, some},
			       photo = {'I', "u1", 3, {1, 3, 3}, false, some};
	const struct ref_array same = A2(2, 2, zeros), deep = {'A', "f8", 3, {1, 2, 2}, false, some};
	const struct ref_array many = {'A', "i4", 3, {1, 3, 3}, false, some},
			       chw = {'A', "u1", 3, {3, 1, 5}, false, zeros};
	(void)state;
	kit_refused(&leat_op_standardize, "per=channel", &square, "three or more dimensions, not for the shape (3, 3)");
	kit_refused(&leat_op_standardize, "per=row", &deep, "one or two dimensions");
	kit_refused(&leat_op_standardize, "per=column", &photo, "for arrays and tables");
	kit_refused(&leat_op_standardize, "per=page", &table, "a table has no pages");
	kit_refused(&leat_op_standardize, "", &complex, "real numbers, not on complex128");
	kit_refused(&leat_op_standardize, "constant=fail", &same, "there is no deviation");
	kit_refused(&leat_op_standardize, "ddof=9", &square, "ddof=9 leaves nothing of 9 numbers");
	kit_refused(&leat_op_stats, "fields=entropy", &square, "'entropy' is measured on images");
	kit_refused(&leat_op_stats, "fields=norm2", &photo, "'norm2' is measured on arrays and tables");
	kit_refused(&leat_op_stats, "per=column", &photo, "for arrays and tables");
	kit_refused(&leat_op_stats, "per=channel", &square, "per=channel is for images");
	kit_refused(&leat_op_stats, "per=column", &deep, "one or two dimensions");
	kit_refused(&leat_op_stats, "", &complex, "real numbers");
	kit_refused(&leat_op_normalize, "range=-1%..50%", &square, "between 0% and 100%");
	kit_refused(&leat_op_normalize, "to=0..300", &photo, "beyond the levels of the image, 0..255");
	kit_refused(&leat_op_normalize, "per=row", &photo, "for arrays and tables");
	kit_refused(&leat_op_transpose, "axes=0", &square, "1 entries for the shape (3, 3)");
	kit_refused(&leat_op_transpose, "axes=0,0", &square, "each of the 2 axes once");
	kit_refused(&leat_op_transpose, "axes=0,1.5", &square, "whole number");
	kit_refused(&leat_op_to_image, "", &flat, "needs (height, width)");
	kit_refused(&leat_op_to_image, "", &many, "colors of type int32 need vmin= and vmax=");
	kit_refused(&leat_op_to_image, "vmin=3 vmax=1", &square, "not above");
	kit_refused(&leat_op_to_image, "colormap=magma", &many, "has 3 channels");
	kit_refused(&leat_op_to_image, "", &chw, "transpose axes=1,2,0");
	kit_refused(&leat_op_to_image, "", &number, "needs (height, width)");
}

static void matrices_without_an_inverse(void **state)
{
	const struct ref_array flat = {'A', "f8", 1, {4}, false, some}, oblong = A2(2, 4, some), zero = A2(2, 2, zeros);
	const struct ref_array almost = A2(2, 2, near_singular), hole = A2(2, 2, missing);
	const struct ref_array complex = {'A', "c16", 2, {2, 2}, false, some};
	struct leat_payload out;
	(void)state;
	if (no_blas())
		skip();
	kit_refused(&leat_op_inv, "", &flat, "square matrix, this is (4,)");
	kit_refused(&leat_op_inv, "", &oblong, "this is (2, 4)");
	kit_refused(&leat_op_inv, "", &complex, "not on complex128");
	kit_refused(&leat_op_inv, "", &zero, "condition number is infinite");
	kit_refused(&leat_op_inv, "", &hole, "NaN or infinity");
	kit_refused(&leat_op_inv, "max-cond=1e12", &almost, "condition number 4e+13 (1-norm) is above max-cond=1e+12");
	out = kit_do(&leat_op_inv, "", &almost);
	leat_payload_clear(&out);
}

static void factors_that_do_not_go_together(void **state)
{
	const struct ref_array a = A2(3, 3, some), b = A2(2, 4, some);
	struct leat_payload in = kit_payload(&a), out;
	struct leat_array *with = kit_array(&b);
	struct leat_err err = {0};
	(void)state;
	if (!no_blas()) {
		assert_int_equal(kit_run(&leat_op_matmul, "", &in, with, 1, &out, NULL, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_MISMATCH);
		assert_non_null(strstr(err.text, "(3, 3) and (2, 4)"));
	}
	leat_payload_clear(&in);
	leat_array_unref(&with);
}

/* Reversed axes share the memory, and what comes after does not write into it. */
static void a_transposed_array_is_not_overwritten(void **state)
{
	const struct ref_array a = A2(2, 2, some);
	struct leat_payload in = kit_payload(&a), turned, out;
	struct leat_err err = {0};
	(void)state;
	assert_int_equal(kit_run(&leat_op_transpose, "", &in, NULL, 1, &turned, NULL, &err), 0);
	assert_ptr_equal(turned.array->data, in.array->data);
	if (!no_blas()) {
		assert_int_equal(kit_run(&leat_op_inv, "", &turned, NULL, 1, &out, NULL, &err), 0);
		leat_payload_clear(&out);
	}
	kit_same("the original", &in, &a, 0);
	leat_payload_clear(&in);
	leat_payload_clear(&turned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_numpy_does),
		cmocka_unit_test(as_numpy_multiplies_and_inverts),
		cmocka_unit_test(reductions_as_numpy),
		cmocka_unit_test(items_that_do_not_fit),
		cmocka_unit_test(teams_give_the_same_bits),
		cmocka_unit_test(long_sums_are_exact),
		cmocka_unit_test(refusals),
		cmocka_unit_test(matrices_without_an_inverse),
		cmocka_unit_test(factors_that_do_not_go_together),
		cmocka_unit_test(threads_of_blas_keep_apart),
		cmocka_unit_test(a_transposed_array_is_not_overwritten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
