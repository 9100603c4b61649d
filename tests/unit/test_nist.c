/* SPDX-License-Identifier: MIT */
/*
 * The Statistical Reference Datasets of NIST: certified values are reached with at least as many digits as NumPy 1.24
 * reaches on the same data (numbers of digits of the worst value, 15 at most). Prints the table. The files are those of
 * LEAT_CORPUS.
 */
#include "array_kit.h"

#include "registry/registry.h"

static const struct univariate {
	const char *name;
	int first, n; /* line of the first number, numbers */
	double numpy[3]; /* digits of mean, standard deviation, autocorrelation */
} univariates[] = {
	{"Lew", 40, 200, {15, 15, 14.7}},
	{"Lottery", 41, 218, {15, 15, 14.9}},
	{"Mavro", 42, 50, {15, 13.1, 14.1}},
	{"Michelso", 31, 100, {15, 13.8, 13.4}},
	{"NumAcc1", 46, 3, {15, 15, 15}},
	{"NumAcc2", 45, 1001, {15, 15, 15}},
	{"NumAcc3", 44, 1001, {15, 9.5, 11.9}},
	{"NumAcc4", 45, 1001, {15, 8.3, 10.7}},
	{"pidigits/PiDigits", 61, 5000, {15, 15, 15}},
};

static const struct polynomial {
	const char *name;
	int degree;
	double numpy; /* digits of the worst coefficient by numpy.polyfit */
} polynomials[] = {
	{"Norris", 1, 12.2},   {"Pontius", 2, 12.7}, {"Filip", 10, 7.8},   {"Wampler1", 5, 8.9},
	{"Wampler2", 5, 13.2}, {"Wampler3", 5, 9.3}, {"Wampler4", 5, 8.2}, {"Wampler5", 5, 6.2},
};

/* The file, or NULL where there is no corpus. */
static char *content(const char *name)
{
	const char *corpus = getenv("LEAT_CORPUS");
	char path[600];
	if (!corpus) {
		print_message("LEAT_CORPUS is not set\n");
		return NULL;
	}
	snprintf(path, sizeof path, "%s/nist-strd/%s.dat", corpus, name);
	FILE *f = fopen(path, "r");
	if (!f) {
		print_message("there is no %s\n", path);
		return NULL;
	}
	char *text = calloc(1, 100000);
	(void)!fread(text, 1, 99999, f);
	fclose(f);
	return text;
}

/* Numbers from line `first` on, up to `most`. */
static size_t numbers_from(const char *text, int first, double *to, size_t most)
{
	const char *s = text;
	size_t n = 0;
	for (int line = 1; line < first && s; line++) {
		s = strchr(s, '\n');
		s = s ? s + 1 : NULL;
	}
	for (char *end = NULL; s && n < most; s = end) {
		to[n] = strtod(s, &end);
		if (end == s)
			break;
		n++;
	}
	return n;
}

/* The number behind this label's colon. */
static double certified(const char *text, const char *label)
{
	const char *at = strstr(text, label);
	assert_non_null(at);
	at = strchr(at, ':');
	return strtod(at + 1, NULL);
}

static double digits(double got, double want)
{
	if (got == want)
		return 15;
	double d = -log10(want == 0 ? fabs(got) : fabs(got - want) / fabs(want));
	return d > 15 ? 15 : d < 0 ? 0 : d;
}

static struct leat_payload columns(const double *v, uint64_t rows, uint64_t cols)
{
	struct ref_array r = {'A', "f8", cols > 1 ? 2 : 1, {rows, cols}, false, v};
	return kit_payload(&r);
}

/* One step; the input is released. with may be NULL. */
static struct leat_payload step(const char *name, const char *params, struct leat_payload in, struct leat_array *with)
{
	struct leat_payload out;
	struct leat_err err = {0};
	if (kit_run(leat_registry_op(leat_registry_default(), name), params, &in, with, 1, &out, NULL, &err) < 0)
		fail_msg("%s %s: %s", name, params, err.text);
	leat_payload_clear(&in);
	return out;
}

static double one(struct leat_payload p)
{
	double v = *(const double *)p.array->data;
	leat_payload_clear(&p);
	return v;
}

/* Products of neighbors among the distances from the mean, by the squares of these. */
static double autocorrelation(struct leat_payload p)
{
	struct leat_payload far = step("compute", "d=x-mean(x)", p, NULL);
	far = step("compute", "d=x-mean(x)", far, NULL); /* what rounding left of the mean */
	struct leat_payload a = leat_payload_ref(&far), b = leat_payload_ref(&far);
	double squares = one(step("compute", "q=sum(x*x)", far, NULL));
	a = step("slice", ":-1", a, NULL);
	b = step("slice", "1:", b, NULL);
	struct leat_array *with = leat_array_ref(b.array);
	double products = one(step("compute", "q=sum(x*w) with=b", a, with));
	leat_array_unref(&with);
	leat_payload_clear(&b);
	return products / squares;
}

static void means_and_deviations(void **state)
{
	static double v[6000];
	(void)state;
	print_message("%-18s %22s %22s\n", "digits of", "leat: mean std lag 1", "NumPy");
	for (size_t i = 0; i < LEAT_LEN(univariates); i++) {
		const struct univariate *u = &univariates[i];
		char *text = content(u->name);
		if (!text)
			skip();
		assert_int_equal(numbers_from(text, u->first, v, 6000), u->n);
		struct leat_payload p = columns(v, (uint64_t)u->n, 1);
		double mean = one(step("mean", "", leat_payload_ref(&p), NULL));
		double std = one(step("std", "ddof=1", leat_payload_ref(&p), NULL)), lag = autocorrelation(p);
		double d[3] = {digits(mean, certified(text, "Sample Mean")),
			       digits(std, certified(text, "Sample Standard Dev")),
			       digits(lag, certified(text, "Sample Autocorrelation"))};
		print_message("%-18s %8.1f %6.1f %6.1f %8.1f %6.1f %6.1f\n", u->name, d[0], d[1], d[2], u->numpy[0],
			      u->numpy[1], u->numpy[2]);
		for (int k = 0; k < 3; k++) /* a quarter of a digit is how the data themselves are rounded */
			if (d[k] < u->numpy[k] - 0.25)
				fail_msg("%s: %.2f digits of value %d, not %.1f", u->name, d[k], k, u->numpy[k]);
		free(text);
	}
}

/* Certified coefficients: lines "B0  value  deviation". */
static size_t coefficients(const char *text, double *to)
{
	size_t n = 0;
	for (const char *s = text; s; s = strchr(s, '\n'), s = s ? s + 1 : NULL) {
		const char *b = s + strspn(s, " ");
		if (b > s && *b == 'B' && b[1] >= '0' && b[1] <= '9') {
			to[n++] = strtod(b + 1 + strspn(b + 1, "0123456789"), NULL);
		}
	}
	return n;
}

static double worst(const double *got, const double *want, size_t n, bool reversed)
{
	double least = 15;
	for (size_t k = 0; k < n; k++)
		least = fmin(least, digits(got[reversed ? n - 1 - k : k], want[k]));
	return least;
}

static void polynomials_are_found(void **state)
{
	double v[400], b[40];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(polynomials); i++) {
		const struct polynomial *q = &polynomials[i];
		char *text = content(q->name), params[40];
		if (!text)
			skip();
		size_t n = numbers_from(text, 61, v, 400);
		assert_int_equal(coefficients(text, b), q->degree + 1);
		snprintf(params, sizeof params, "%d x=1 y=0", q->degree);
		struct leat_payload p = step("polyfit", params, columns(v, n / 2, 2), NULL);
		double d = worst(p.array->data, b, (size_t)q->degree + 1, true);
		print_message("%-18s %8.1f %37.1f\n", q->name, d, q->numpy);
		if (d < q->numpy - 0.05)
			fail_msg("%s: %.2f digits, not %.1f", q->name, d, q->numpy);
		leat_payload_clear(&p);
		free(text);
	}
}

/* Through the origin, by the nonlinear search. */
static void lines_through_the_origin(void **state)
{
	static const char *const names[] = {"NoInt1", "NoInt2"};
	double v[100], b[10];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		char *text = content(names[i]);
		if (!text)
			skip();
		size_t n = numbers_from(text, 61, v, 100);
		assert_int_equal(coefficients(text, b), 1);
		double got = one(step("curve-fit", "y=b*x params=b p0=1 x=1 y=0", columns(v, n / 2, 2), NULL));
		print_message("%-18s %8.1f %37.1f\n", names[i], digits(got, b[0]), i ? 15.0 : 14.7);
		assert_true(digits(got, b[0]) >= 14); /* NumPy's are of a linear solver */
		free(text);
	}
}

/* Six columns that are nearly alike, by singular values. */
static void longley(void **state)
{
	double v[200], b[10], a[16 * 7], y[16];
	char *text = content("Longley");
	struct leat_err err = {0};
	(void)state;
	const struct leat_op *op = leat_registry_op(leat_registry_default(), "lstsq");
	if (!text || op->prepare(NULL, &err) < 0)
		skip();
	assert_int_equal(numbers_from(text, 61, v, 200), 16 * 7);
	assert_int_equal(coefficients(text, b), 7);
	for (int r = 0; r < 16; r++) {
		y[r] = v[7 * r];
		memcpy(a + 7 * r, v + 7 * r, 7 * sizeof *a);
		a[7 * r] = 1;
	}
	struct leat_payload right = columns(y, 16, 1);
	struct leat_payload p = step("lstsq", "with=y", columns(a, 16, 7), right.array);
	double d = worst(p.array->data, b, 7, false);
	print_message("%-18s %8.1f %37.1f\n", "Longley", d, 10.9);
	assert_true(d >= 10);
	leat_payload_clear(&right);
	leat_payload_clear(&p);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(means_and_deviations),
		cmocka_unit_test(polynomials_are_found),
		cmocka_unit_test(lines_through_the_origin),
		cmocka_unit_test(longley),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
