/* SPDX-License-Identifier: MIT */
/* Steps on numbers against NumPy and SciPy: every case of tests/reference/numeric.h, alone and by a team. */
#include "array_kit.h"

#include "ops/linear/blas.h"
#include "registry/registry.h"

#include "reference/numeric.h"

static const struct leat_op *op_named(const char *name)
{
	const struct leat_op *op = leat_registry_op(leat_registry_default(), name);
	if (!op)
		fail_msg("no step '%s'", name);
	return op;
}

/* Says why, once, where there is no library. */
static bool can_run(const struct leat_op *op)
{
	static bool told;
	struct leat_err err = {0};
	bool can = !op->blas || leat_blas_load(op->name, &err);
	if (!can && !told)
		print_message("%s\n", err.text);
	told = told || !can;
	return can;
}

static void as_numpy_does(void **state)
{
	size_t n = 0;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(ref_cases); i++) {
		const struct ref_case *c = &ref_cases[i];
		if (!can_run(op_named(c->op)))
			continue;
		kit_case(op_named(c->op), c, (ptrdiff_t)i, c->params, 1);
		kit_case(op_named(c->op), c, (ptrdiff_t)i, c->params, 3);
		n++;
	}
	assert_true(n > (leat_blas_load("this test", NULL) ? 1500 : 1000));
}

static const double few[] = {1, 2, 3, 4, 5, 6};
static const struct ref_array small = {'A', "f8", 2, {2, 3}, false, few};
static const struct ref_array table = {'T', "f8", 2, {2, 3}, false, few};

/* Whatever is wrong with an expression is told with its place. */
static void wrong_expressions(void **state)
{
	static const char *const wrong[][2] = {
		{"z=", "a number, a name or '(' is missing at character 3 of 'z='"},
		{"x+1", "a name and '=' are missing at character 1"},
		{"=x", "a name and '=' are missing at character 1"},
		{"z==x", "a name and '=' are missing"},
		{"z=(x", "')' is missing at character 5"},
		{"z=x)", "an operator is missing at character 4"},
		{"z=2x", "no number at character 3"},
		{"z=1.2.3", "no number"},
		{"z=x+*2", "a number, a name or '(' is missing at character 5"},
		{"z=foo(x)", "there is no function of this name at character 3"},
		{"z=sin(x,2)", "'sin' takes 1 argument, not 2"},
		{"z=where(x)", "'where' takes 3 arguments, not 1"},
		{"z=std(x,1,2)", "'std' takes 1 or 2 arguments, not 3"},
		{"z=sin()", "'sin' takes 1 argument, not 0"},
		{"z=where(1,2,3,4)", "one argument too many"},
		{"z=sin(x", "')' or ',' is missing"},
		{"z=x<1<2", "two comparisons in a row"},
		{"z=x=1", "'=' where '==' compares"},
		{"z=y+1", "there is no 'y': an array is called x"},
		{"z=x*w", "w is the content of with=, which is not given"},
		{"z=x with=a.npy", "with= is given, but the expression has no w"},
		{"z=x dtype=complex128", "complex"},
	};
	char deep[400];
	(void)state;
	const struct leat_op *op = op_named("compute");
	for (size_t i = 0; i + 1 < LEAT_LEN(wrong); i++)
		kit_refused(op, wrong[i][0], &small, wrong[i][1]);
	strcpy(deep, "z=");
	memset(deep + 2, '(', 200);
	deep[202] = 0;
	kit_refused(op, deep, &small, "too many levels");
	memset(deep + 2, '-', 200);
	kit_refused(op, deep, &small, "too many levels");
	kit_refused(op, "z=a+1", &table, "the table has no column 'a'");
	kit_refused(op, "z=w+1 dtype=int8", &table, "the columns of a table are float64");
	kit_refused(op, "z=1e300*x dtype=int8", &small, "does not fit into int8");
}

/* A table gets a column more, or another one under an old name. */
static void columns_are_computed(void **state)
{
	static const double wide[] = {1, 2, 3, 6, 4, 5, 6, 30};
	static const char *const names[] = {"a", "b", "c"};
	const struct ref_array want = {'T', "f8", 2, {2, 4}, false, wide};
	struct leat_payload p = kit_payload(&table), out;
	struct leat_err err = {0};
	(void)state;
	struct leat_table *t = leat_table_new(p.table->numbers, names, &err);
	leat_payload_clear(&p);
	p = (struct leat_payload){.kind = LEAT_TABLE, .table = t};
	if (kit_run(op_named("compute"), "d=b*c", &p, NULL, 1, &out, NULL, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(out.table->names[3], "d");
	kit_same("a column more", &out, &want, 0);
	leat_payload_clear(&p);
	p = out;
	if (kit_run(op_named("compute"), "d=d+a*0", &p, NULL, 1, &out, NULL, &err) < 0)
		fail_msg("%s", err.text);
	kit_same("the same column", &out, &want, 0);
	leat_payload_clear(&out);
	leat_payload_clear(&p);
}

static struct leat_payload noise(uint64_t n, uint64_t seed)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {n / 5, 5}};
	struct leat_array *a = leat_array_new(&s, &err);
	double *v = a->data;
	for (uint64_t i = 0; i < n / 5 * 5; i++)
		v[i] = op_random(&seed) * 0x1p-28 - 3;
	return (struct leat_payload){.kind = LEAT_ARRAY, .array = a};
}

/* Of more numbers than a part holds. */
static void teams_give_the_same_bits(void **state)
{
	static const char *const runs[][2] = {
		{"compute", "z=(x-mean(x))/std(x)"},
		{"compute", "z=sin(x)*exp(-x**2)+3*x+max(x)*prod(x/x)"},
		{"sum", ""},
		{"std", ""},
		{"std", "axis=0"},
		{"median", "axis=1"},
		{"mean", ""},
		{"var", "axis=1"},
		{"prod", "axis=0"},
		{"argmax", ""},
	};
	struct leat_payload p = noise(200003, 5);
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(runs); i++) {
		struct leat_payload a, b;
		struct leat_err err = {0};
		assert_int_equal(kit_run(op_named(runs[i][0]), runs[i][1], &p, NULL, 1, &a, NULL, &err), 0);
		for (int team = 2; team < 6; team += 3) {
			assert_int_equal(kit_run(op_named(runs[i][0]), runs[i][1], &p, NULL, team, &b, NULL, &err), 0);
			if (memcmp(a.array->data, b.array->data, leat_array_bytes(&a.array->shape)) != 0)
				fail_msg("%s %s: other bits by %d", runs[i][0], runs[i][1], team);
			leat_payload_clear(&b);
		}
		setenv("LEAT_CPU", "baseline", 1); /* what every processor has gives them, too */
		assert_int_equal(kit_run(op_named(runs[i][0]), runs[i][1], &p, NULL, 1, &b, NULL, &err), 0);
		unsetenv("LEAT_CPU");
		if (memcmp(a.array->data, b.array->data, leat_array_bytes(&a.array->shape)) != 0)
			fail_msg("%s %s: other bits by the plain loops", runs[i][0], runs[i][1]);
		leat_payload_clear(&b);
		leat_payload_clear(&a);
	}
	leat_payload_clear(&p);
}

static void what_is_refused(void **state)
{
	static const struct ref_array none = {'A', "f8", 1, {0}, false, NULL};
	static const struct ref_array complex = {'A', "c16", 1, {2}, false, few};
	static const char *const hows[] = {"sum", "prod", "mean", "median", "std", "min", "argmax", "compute"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(hows); i++)
		kit_refused(op_named(hows[i]), i == 7 ? "z=x" : "", &complex,
			    "it works on real numbers, not on complex128");
	kit_refused(op_named("min"), "", &none, "there is nothing to choose from");
	kit_refused(op_named("argmax"), "axis=0", &none, "there is nothing to choose from");
	kit_refused(op_named("sum"), "axis=2", &small, "the shape (2, 3) has no axis 2");
	kit_refused(op_named("sum"), "axis=-3", &small, "the shape (2, 3) has no axis -3");
	kit_refused(op_named("sum"), "axis=0.5", &small, "an axis is a whole number");
	kit_refused(op_named("sum"), "as=A", &small, "'A' is no name of a field");
	kit_refused(op_named("percentile"), "101", &small, "it takes percentiles, 0 to 100");
	kit_refused(op_named("quantile"), "-0.5", &small, "it takes shares, 0 to 1");
}

/* One line for each thing that cannot be done, with a part of the message. */
static void what_steps_refuse(void **state)
{
	static const struct {
		const char *op, *params, *part;
	} wrong[] = {
		{"reshape", "4,-1", "6 elements of the shape (2, 3) cannot become (4, 1)"},
		{"reshape", "-1,-1", "only one dimension can be -1"},
		{"reshape", "1.5", "a dimension is a whole number"},
		{"squeeze", "axes=0", "has not one element"},
		{"take", "2", "there is no place 2 along an axis of 2"},
		{"slice", "1:2,a", "is no list of start:stop:step"},
		{"slice", "::0", "a step of 0 leads nowhere"},
		{"slice", "0,0,0", "3 axes are named, the shape is (2, 3)"},
		{"slice", "7", "there is no place 7"},
		{"pad", "1", "it takes two numbers"},
		{"pad", "1,1,1,1,1,1", "6 widths for the shape (2, 3)"},
		{"astype", "int8", "float64 to int8 is not of the same kind (casting=unsafe"},
		{"astype", "float32 casting=safe", "float64 to float32 is not safe"},
		{"clip", "0%..50%", "the ends are numbers"},
		{"interp", "x=5", "the place 5 lies outside 0 to 1"},
		{"gradient", "axis=0 spacing=0", "a distance of 0 has no slope"},
		{"cumsum", "axis=2", "has no axis 2"},
		{"savgol-filter", "4 2", "has no middle"},
		{"savgol-filter", "5 5", "the degree must be less"},
		{"savgol-filter", "5 2", "3 numbers are fewer than the window"},
		{"polyfit", "2", "2 points are too few for a degree of 2"},
		{"polyfit", "1 x=a", "there is no column 'a'"},
		{"curve-fit", "y=a*x params=a,b p0=1,1", "the expression has no 'b'"},
		{"curve-fit", "y=a*z params=a p0=1", "'z' is neither in params= nor the data"},
		{"curve-fit", "y=a*x params=a p0=1,2", "params= has 1 names, p0= 2 numbers"},
		{"curve-fit", "y=log(-abs(a*x)) params=a p0=1", "has no value where the search begins"},
		{"minimize", "x-a params=a p0=1", "a value for every number"},
		{"minimize", "a params=a p0=1 max-iter=50", "no convergence in 50 steps"},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(wrong); i++)
		kit_refused(op_named(wrong[i].op), wrong[i].params, &small, wrong[i].part);
}

static void what_has_no_solution(void **state)
{
	static const double flat[] = {1, 2, 2, 4}, hole[] = {1, NAN, 2, 4}, near[] = {1, 1, 1, 1 + 1e-12};
	static const struct ref_array singular = {'A', "f8", 2, {2, 2}, false, flat};
	static const struct ref_array missing = {'A', "f8", 2, {2, 2}, false, hole};
	static const struct ref_array close = {'A', "f8", 2, {2, 2}, false, near};
	(void)state;
	if (!can_run(op_named("solve")))
		skip();
	struct leat_array *b = kit_array(&(struct ref_array){'A', "f8", 1, {2}, false, flat});
	const struct ref_array *const items[] = {&singular, &missing, &close, &small};
	static const char *const parts[] = {"the matrix is singular: its condition number is infinite",
					    "the matrix holds NaN or infinity", "the condition number 4e+12 (1-norm)",
					    "it needs a square matrix, this is (2, 3)"};
	for (size_t i = 0; i < LEAT_LEN(items); i++) {
		struct leat_payload p = kit_payload(items[i]), out;
		struct leat_err err = {0};
		assert_int_equal(kit_run(op_named("solve"), "with=b max-cond=1e9", &p, b, 1, &out, NULL, &err), -1);
		if (!strstr(err.text, parts[i]))
			fail_msg("'%s' does not say '%s'", err.text, parts[i]);
		leat_payload_clear(&p);
	}
	leat_array_unref(&b);
	kit_refused(op_named("cholesky"), "", &singular, "not positive definite");
	kit_refused(op_named("svd"), "", &missing, "the matrix holds NaN or infinity");
	kit_refused(op_named("pca"), "3", &small, "(2, 3) has no 3 components");
}

/* All items through a reduction, as one part or as two that are merged. */
static int joined(const char *name, const char *params, const struct ref_array *items, size_t n, size_t cut,
		  struct leat_payload *out, struct leat_err *err)
{
	const struct leat_op *op = op_named(name);
	const struct leat_reduction *r = op->reduction;
	void *p = op_params(op, params), *acc[2] = {NULL, NULL};
	struct leat_fields f = {0};
	int ok = 0;
	for (int i = 0; i < 2; i++)
		assert_int_equal(r->init(&(struct leat_op_open){.params = p}, &acc[i], err), 0);
	for (size_t i = 0; ok == 0 && i < n; i++) {
		struct leat_payload one = kit_payload(&items[i]);
		ok = r->add(acc[i >= cut], i, &one, NULL, err);
		leat_payload_clear(&one);
	}
	if (ok == 0)
		ok = r->merge(acc[0], acc[1], err);
	if (ok == 0)
		ok = r->finish(acc[0], out, &f, err);
	if (ok == 0)
		assert_int_equal(leat_fields_get(&f, "count")->i, n);
	r->release(acc[0]);
	r->release(acc[1]);
	leat_fields_free(&f);
	free(p);
	return ok;
}

static void arrays_are_joined(void **state)
{
	static const double rest[] = {7, 8, 9, 10, 11, 12}, thirds[] = {13, 14};
	static const double below[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	static const double beside[] = {1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12};
	static const double between[] = {4, 5, 6, 7, 8, 9};
	static const double last[] = {1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12};
	static const double wide[] = {1, 2, 3, 13, 4, 5, 6, 14};
	const struct ref_array a = {'A', "f4", 2, {2, 3}, false, few}, b = {'A', "f4", 2, {2, 3}, true, rest};
	const struct ref_array c = {'A', "f4", 2, {2, 1}, false, thirds}, t = {'T', "f8", 2, {2, 3}, false, rest};
	const struct {
		const char *op, *params;
		struct ref_array items[2], want;
	} cases[] = {
		{"stack", "", {a, b}, {'A', "f4", 3, {2, 2, 3}, false, below}},
		{"stack", "axis=1", {a, b}, {'A', "f4", 3, {2, 2, 3}, false, beside}},
		{"stack", "axis=-1", {a, b}, {'A', "f4", 3, {2, 3, 2}, false, last}},
		{"concatenate", "", {a, b}, {'A', "f4", 2, {4, 3}, false, below}},
		{"concatenate", "axis=1", {a, b}, {'A', "f4", 2, {2, 6}, false, beside}},
		{"concatenate", "axis=-1", {a, c}, {'A', "f4", 2, {2, 4}, false, wide}},
		{"concatenate", "", {table, t}, {'T', "f8", 2, {4, 3}, false, below}},
		{"stack", "", {table, t}, {'A', "f8", 3, {2, 2, 3}, false, below}},
		{"reduce", "median", {a, b}, {'A', "f8", 2, {2, 3}, false, between}},
		{"reduce", "median", {table, t}, {'T', "f8", 2, {2, 3}, false, between}},
	};
	struct leat_payload out;
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++)
		for (size_t cut = 0; cut <= 2; cut++) {
			struct leat_err err = {0};
			if (joined(cases[i].op, cases[i].params, cases[i].items, 2, cut, &out, &err) < 0)
				fail_msg("case %zu: %s", i, err.text);
			kit_same(cases[i].op, &out, &cases[i].want, 0);
			leat_payload_clear(&out);
		}
	static const char *const wrong[][3] = {{"stack", "", "the array is (2, 1), the first one was (2, 3)"},
					       {"concatenate", "", "the array is (2, 1), the first one was (2, 3)"},
					       {"concatenate", "axis=2", "the shape (2, 3) has no axis 2"}};
	for (size_t i = 0; i < LEAT_LEN(wrong); i++) {
		struct leat_err err = {0};
		assert_int_equal(joined(wrong[i][0], wrong[i][1], (const struct ref_array[]){a, c}, 2, 1, &out, &err),
				 -1);
		assert_non_null(strstr(err.text, wrong[i][2]));
	}
	struct leat_err err = {0};
	assert_int_equal(joined("stack", "", (const struct ref_array[]){a, small}, 2, 2, &out, &err), -1);
	assert_non_null(strstr(err.text, "the array is of float64, the first one was of float32"));
}

/* ---- long lines, which are gone through once: beside two ways in long double */

static double jitter(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / 9007199254740992.0 - 0.5;
}

static double slow_std(const double *v, size_t n)
{
	long double sum = 0, squares = 0;
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		sum += v[i] == v[i] ? (long double)v[i] : 0;
		k += v[i] == v[i];
	}
	for (size_t i = 0; i < n; i++) {
		long double d = v[i] == v[i] ? (long double)v[i] - sum / (long double)k : 0;
		squares += d * d;
	}
	return (double)sqrtl(squares / (long double)k);
}

static void long_line(const char *what, double *v, size_t n)
{
	struct ref_array in = {'A', "f8", 1, {n}, false, v};
	double want = slow_std(v, n);
	struct leat_payload p = kit_do(op_named("std"), "nan=omit", &in);
	double got = *(double *)p.array->data;
	leat_payload_clear(&p);
	if (!(fabs(got - want) <= 1e-12 * want) && !(isnan(got) && !isfinite(want)))
		fail_msg("std of %s: %.17g, not %.17g", what, got, want);
}

static void long_lines_spread(void **state)
{
	enum { N = 70001 };
	double *v = calloc(N, sizeof *v);
	uint64_t seed = 3;
	(void)state;
	for (size_t i = 0; i < N; i++)
		v[i] = jitter(&seed);
	long_line("noise", v, N);
	long_line("as many as a part and one", v, 16385);
	v[0] = 1e12;
	long_line("noise behind a giant", v, N);
	for (size_t i = 0; i < N; i++)
		v[i] = 1e9 + jitter(&seed);
	long_line("noise far from zero", v, N);
	for (size_t i = 0; i < N; i++)
		v[i] = i < N / 2 ? 1e6 : -1e6 + jitter(&seed);
	long_line("a step", v, N);
	for (size_t i = 0; i < N; i += i < 5000 ? 1 : 77)
		v[i] = NAN;
	long_line("holes", v, N);
	for (size_t i = 0; i < N; i++)
		v[i] = (double)i * 1e147;
	long_line("large numbers", v, N);
	v[N / 3] = INFINITY;
	long_line("an infinity", v, N);
	for (size_t i = 0; i < N; i++)
		v[i] = 0.1;
	struct ref_array same = {'A', "f8", 1, {N}, false, v};
	struct leat_payload p = kit_do(op_named("std"), "", &same);
	assert_true(*(double *)p.array->data <= 1e-16);
	leat_payload_clear(&p);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_lines_spread),        cmocka_unit_test(as_numpy_does),
		cmocka_unit_test(wrong_expressions),        cmocka_unit_test(columns_are_computed),
		cmocka_unit_test(teams_give_the_same_bits), cmocka_unit_test(what_is_refused),
		cmocka_unit_test(what_steps_refuse),        cmocka_unit_test(what_has_no_solution),
		cmocka_unit_test(arrays_are_joined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
