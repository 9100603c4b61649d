/* SPDX-License-Identifier: MIT */
/* Steps on tables: what pandas makes of the same columns, written out. */
#include "array_kit.h"

#include "registry/registry.h"

static const char *const names[] = {"shop", "price", "qty"};
static const double sales[] = {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, NAN, 4, NAN, 50, 5, 2, 60, 6};
enum { ROWS = 6, COLUMNS = 3 };

static struct leat_payload table_of(const double *v, uint64_t rows)
{
	struct leat_err err = {0};
	struct ref_array r = {'A', "f8", 2, {rows, COLUMNS}, false, v};
	struct leat_array *a = kit_array(&r);
	struct leat_table *t = leat_table_new(a, names, &err);
	assert_non_null(t);
	leat_array_unref(&a);
	return (struct leat_payload){.kind = LEAT_TABLE, .table = t};
}

static int run(const char *step, const char *params, struct leat_payload *out, struct leat_err *err)
{
	struct leat_payload in = table_of(sales, ROWS);
	int ok = kit_run(leat_registry_op(leat_registry_default(), step), params, &in, NULL, 1, out, NULL, err);
	leat_payload_clear(&in);
	return ok;
}

struct expected {
	const char *step, *params;
	uint64_t rows, columns;
	double v[24];
	const char *names[5];
};

static const struct expected cases[] = {
	{"select", "qty,shop", 6, 2, {1, 2, NAN, 1, 3, 2, 4, 1, 5, NAN, 6, 2}, {"qty", "shop"}},
	{"rename",
	 "qty:count,shop:place",
	 6,
	 3,
	 {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, NAN, 4, NAN, 50, 5, 2, 60, 6},
	 {"place", "price", "count"}},
	{"keep-rows", "price>15", 4, 3, {1, 20, NAN, 2, 30, 3, NAN, 50, 5, 2, 60, 6}, {"shop", "price", "qty"}},
	{"keep-rows", "(shop==2)*(qty<=3)", 2, 3, {2, 10, 1, 2, 30, 3}, {"shop", "price", "qty"}},
	{"keep-rows", "qty>100", 0, 3, {0}, {"shop", "price", "qty"}},
	{"drop-rows", "price>15", 2, 3, {2, 10, 1, 1, NAN, 4}, {"shop", "price", "qty"}},
	{"sort-values",
	 "shop,qty",
	 6,
	 3,
	 {1, NAN, 4, 1, 20, NAN, 2, 10, 1, 2, 30, 3, 2, 60, 6, NAN, 50, 5},
	 {"shop", "price", "qty"}},
	{"sort-values",
	 "shop",
	 6,
	 3,
	 {1, 20, NAN, 1, NAN, 4, 2, 10, 1, 2, 30, 3, 2, 60, 6, NAN, 50, 5},
	 {"shop", "price", "qty"}},
	{"sort-values",
	 "shop descending=yes na=first",
	 6,
	 3,
	 {NAN, 50, 5, 2, 10, 1, 2, 30, 3, 2, 60, 6, 1, 20, NAN, 1, NAN, 4},
	 {"shop", "price", "qty"}},
	{"dropna", "", 3, 3, {2, 10, 1, 2, 30, 3, 2, 60, 6}, {"shop", "price", "qty"}},
	{"dropna",
	 "columns=price,qty how=all",
	 6,
	 3,
	 {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, NAN, 4, NAN, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"dropna",
	 "columns=shop",
	 5,
	 3,
	 {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, NAN, 4, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"fillna",
	 "-1",
	 6,
	 3,
	 {2, 10, 1, 1, 20, -1, 2, 30, 3, 1, -1, 4, -1, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"fillna",
	 "ffill columns=price",
	 6,
	 3,
	 {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, 30, 4, NAN, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"fillna",
	 "bfill",
	 6,
	 3,
	 {2, 10, 1, 1, 20, 3, 2, 30, 3, 1, 50, 4, 2, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"fillna",
	 "mean columns=price",
	 6,
	 3,
	 {2, 10, 1, 1, 20, NAN, 2, 30, 3, 1, 34, 4, NAN, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"fillna",
	 "median columns=qty",
	 6,
	 3,
	 {2, 10, 1, 1, 20, 4, 2, 30, 3, 1, NAN, 4, NAN, 50, 5, 2, 60, 6},
	 {"shop", "price", "qty"}},
	{"groupby",
	 "shop agg=price:mean,qty:sum,qty:count,price:size",
	 2,
	 5,
	 {1, 20, 4, 1, 2, 2, 100.0 / 3, 10, 3, 3},
	 {"shop", "price_mean", "qty_sum", "qty_count", "price_size"}},
	{"groupby",
	 "shop agg=price:std,price:max,price:first,price:last",
	 2,
	 5,
	 {1, NAN, 20, 20, 20, 2, 25.166114784235831, 60, 10, 60},
	 {"shop", "price_std", "price_max", "price_first", "price_last"}},
	{"groupby",
	 "shop agg=price:median,price:min,price:var",
	 2,
	 4,
	 {1, 20, 20, NAN, 2, 30, 10, 633.33333333333337},
	 {"shop", "price_median", "price_min", "price_var"}},
	{"describe",
	 "",
	 8,
	 3,
	 {5,
	  5,
	  5,
	  1.6,
	  34,
	  3.8,
	  0.54772255750516607,
	  20.73644135332772,
	  1.9235384061671343,
	  1,
	  10,
	  1,
	  1,
	  20,
	  3,
	  2,
	  30,
	  4,
	  2,
	  50,
	  5,
	  2,
	  60,
	  6},
	 {"shop", "price", "qty"}},
	{"describe",
	 "percentiles=10% ddof=0",
	 6,
	 3,
	 {5, 5, 5, 1.6, 34, 3.8, 0.48989794855663561, 18.547236990991408, 1.7204650534085253, 1, 10, 1, 1, 14, 1.8, 2,
	  60, 6},
	 {"shop", "price", "qty"}},
};

static void as_pandas_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		const struct expected *c = &cases[i];
		struct ref_array want = {'T', "f8", 2, {c->rows, c->columns}, false, c->v};
		struct leat_payload out;
		struct leat_err err = {0};
		char what[120];
		snprintf(what, sizeof what, "case %zu: %s %s", i, c->step, c->params);
		if (run(c->step, c->params, &out, &err) < 0)
			fail_msg("%s: %s", what, err.text);
		kit_same(what, &out, &want, 1e-14);
		for (size_t k = 0; k < c->columns; k++)
			assert_string_equal(out.table->names[k], c->names[k]);
		leat_payload_clear(&out);
	}
}

static void what_is_refused(void **state)
{
	static const char *const wrong[][3] = {
		{"select", "price,none", "the table has no column 'none', but shop, price, qty"},
		{"rename", "price", "'price' is not old:new"},
		{"rename", "price:qty", "two columns would be called 'qty'"},
		{"keep-rows", "price>", "a number, a name or '(' is missing"},
		{"keep-rows", "none>1", "no column 'none'"},
		{"sort-values", "none", "no column 'none'"},
		{"fillna", "often", "'often' is no number"},
		{"groupby", "shop agg=price", "'price' is not column:how"},
		{"groupby", "shop agg=price:often", "'price:often' is not column:how"},
		{"groupby", "shop agg=none:sum", "no column 'none'"},
		{"describe", "percentiles=50", "'50' is no percentage"},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(wrong); i++) {
		struct leat_payload out;
		struct leat_err err = {0};
		assert_int_equal(run(wrong[i][0], wrong[i][1], &out, &err), -1);
		if (!strstr(err.text, wrong[i][2]))
			fail_msg("%s %s: '%s' does not say '%s'", wrong[i][0], wrong[i][1], err.text, wrong[i][2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_pandas_does),
		cmocka_unit_test(what_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
