/* SPDX-License-Identifier: MIT */
/*
 * Linear algebra through the whole engine: 200 matrices of 256 x 256 are inverted by every executor, to the same bytes
 * with one BLAS thread, and to within 1e-9 of the true inverses; products with operands from files; a photograph as an
 * array on one branch and a thumbnail on another.
 *
 * How near X is to the inverse of A is told by what is left of X A - I = R: X - inv(A) = R inv(A), so that
 * |X - inv(A)| <= |R| |inv(A)| in the Frobenius norm. With |R| <= 5e-10 any two such X differ by 1e-9 at most.
 */
#include "numbers_kit.h"

#include "ops/linear/blas.h"

#include <leat/leat.h>
#include <leat/worker.h>
#include <math.h>

#include "scratch.h"
#include "treehash.h"

enum { N = 256, MATRICES = 200 };
static const double bound = 5e-10;

static struct scratch dir;

static double noise(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(*state >> 11) * 0x1p-53 - 0.5;
}

/* a = H a for the reflection H = I - 2 v v' / v'v; columns side by side or, turned, rows. */
static void reflect(double *a, const double *v, size_t along, size_t across)
{
	double vv = 0;
	for (size_t i = 0; i < N; i++)
		vv += v[i] * v[i];
	for (size_t j = 0; j < N; j++) {
		double dot = 0;
		for (size_t i = 0; i < N; i++)
			dot += v[i] * a[i * along + j * across];
		for (size_t i = 0; i < N; i++)
			a[i * along + j * across] -= 2 * dot / vv * v[i];
	}
}

/* Two reflections around singular values from 1 down to 1 / cond: dense, and of that condition number. */
static void make_matrix(double *a, uint64_t seed, double cond)
{
	double u[N], v[N];
	memset(a, 0, sizeof(double) * N * N);
	for (size_t i = 0; i < N; i++) {
		a[i * N + i] = pow(cond, -(double)i / (N - 1));
		u[i] = noise(&seed);
		v[i] = noise(&seed);
	}
	reflect(a, u, N, 1);
	reflect(a, v, 1, N);
}

static void put_array(const char *name, enum leat_dtype t, int ndim, const uint64_t *dim, bool fortran,
		      const void *data)
{
	struct leat_err err = {0};
	char path[512];
	struct leat_payload p = {.kind = LEAT_ARRAY, .array = kit_array(t, ndim, dim, fortran, data)};
	struct leat_bytes *b = kit_write(&leat_codec_npy, "order", fortran ? "f" : "c", &p, &err);
	assert_non_null(b);
	scratch_parents(&dir, name);
	snprintf(path, sizeof path, "%s/%s", dir.path, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->data, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
	leat_bytes_unref(&b);
	leat_payload_clear(&p);
}

static struct leat_array *get_array(const char *name)
{
	char path[512];
	struct leat_payload p;
	struct leat_err err;
	snprintf(path, sizeof path, "%s/%s", dir.path, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("there is no %s", name);
	size_t room = (size_t)64 << 20, n;
	uint8_t *d = malloc(room);
	n = fread(d, 1, room, f);
	fclose(f);
	if (kit_parse(&leat_codec_npy, d, n, NULL, &p, NULL, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	free(d);
	return p.array;
}

static int set_up(void **state)
{
	static const uint64_t dim[] = {N, N};
	double *a = malloc(sizeof(double) * N * N);
	char name[64];
	(void)state;
	scratch_open(&dir);
	for (uint64_t i = 0; i < MATRICES; i++) {
		make_matrix(a, i, 10 + (double)(i * i) / 4.1); /* below 10^4 */
		snprintf(name, sizeof name, "in/m%03d.npy", (int)i);
		put_array(name, LEAT_DT_F8, 2, dim, i % 7 == 3, a);
	}
	free(a);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_close(&dir);
	return 0;
}

/* Runs it; %D in the recipe is the scratch folder. Returns the status; *summary is to be freed. */
static int run(const char *recipe, char **summary)
{
	char text[4096];
	size_t n = 0;
	struct leat_err err = {0};
	for (const char *s = recipe; *s; s++)
		if (s[0] == '%' && s[1] == 'D')
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", dir.path), s++;
		else
			text[n++] = *s;
	struct leat_recipe *r = leat_load_text("matrices", text, n, NULL, &err);
	assert_non_null(r);
	int status = leat_plan(r, NULL, &err);
	bool planned = status == 0;
	if (planned)
		status = leat_run(r, NULL, &err);
	*summary = planned ? leat_run_summary(r, false) : leat_diagnostics(r, false);
	leat_free(&r);
	return status;
}

static void runs(const char *recipe)
{
	char *summary;
	if (run(recipe, &summary) != 0)
		fail_msg("%s\n%s", recipe, summary ? summary : "");
	free(summary);
}

/* |X A - I| in the Frobenius norm. BLAS sees columns: A' X' - I. */
static double rest(const double *x, const double *a)
{
	static const double one = 1, minus = -1;
	static const int n = N;
	struct leat_err err = {0};
	const struct leat_blas_calls *blas = leat_blas_load("this test", &err);
	double sum = 0, *r = calloc(sizeof *r, (size_t)N * N);
	assert_true(blas && r);
	for (size_t i = 0; i < N; i++)
		r[i * (N + 1)] = 1;
	(void)leat_blas_enter(1);
	blas->dgemm("N", "N", &n, &n, &n, &one, a, &n, x, &n, &minus, r, &n, 1, 1);
	leat_blas_leave();
	for (size_t i = 0; i < (size_t)N * N; i++)
		sum += r[i] * r[i];
	free(r);
	return sqrt(sum);
}

static void check_inverses(const char *folder, int step)
{
	char name[64];
	struct leat_err err = {0};
	double worst = 0;
	for (int i = 0; i < MATRICES; i += step) {
		snprintf(name, sizeof name, "in/m%03d.npy", i);
		struct leat_array *a = get_array(name), *ca = leat_array_as(a, LEAT_DT_F8, false, &err);
		snprintf(name, sizeof name, "%s/m%03d.npy", folder, i);
		struct leat_array *x = get_array(name), *cx = leat_array_as(x, LEAT_DT_F8, false, &err);
		double r = rest(cx->data, ca->data);
		worst = r > worst ? r : worst;
		if (!(r <= bound))
			fail_msg("%s: |XA - I| is %g", name, r);
		leat_array_unref(&a);
		leat_array_unref(&ca);
		leat_array_unref(&x);
		leat_array_unref(&cx);
	}
	print_message("%s: at worst |XA - I| = %.3g\n", folder, worst);
}

static bool no_blas(void)
{
	struct leat_err err = {0};
	if (leat_blas_load("this test", &err))
		return false;
	print_message("%s\n", err.text);
	return true;
}

/* The files of this pattern; results as folder/NAME.npy. */
static void invert(const char *options, const char *pattern, const char *folder)
{
	char recipe[512];
	snprintf(recipe, sizeof recipe, "defaults %s\nread %%D/in/%s.npy\ninv\nwrite %%D/%s/{stem}.npy\n", options,
		 pattern, folder);
	runs(recipe);
}

static char *tree_of(const char *options, const char *folder)
{
	char path[512];
	invert(options, "*", folder);
	snprintf(path, sizeof path, "%s/%s", dir.path, folder);
	assert_int_equal(tree_count(path), MATRICES);
	return tree_hash(path);
}

static void inverses_by_every_executor(void **state)
{
	static const char *const ways[] = {"on=threads workers=2", "on=processes workers=2", "on=openmp workers=1"};
	(void)state;
	if (no_blas())
		skip();
	char *first = tree_of("on=inline", "inline");
	check_inverses("inline", 1);
	for (size_t i = 0; i < LEAT_LEN(ways); i++) {
		char *other = tree_of(ways[i], "other"), path[512];
		if (strcmp(first, other) != 0)
			fail_msg("other bytes with '%s'", ways[i]);
		free(other);
		snprintf(path, sizeof path, "%s/other", dir.path);
		tree_remove(path);
	}
	free(first);
	invert("on=openmp workers=2", "m??0", "team"); /* two BLAS threads may give other bytes */
	check_inverses("team", 10);
}

/* One of many has no inverse: it fails with the number, in a locked-down process, too. */
static void a_singular_matrix_costs_itself(void **state)
{
	static const double good[] = {2, 0, 0, 4}, bad[] = {1, 2, 2, 4};
	static const uint64_t dim[] = {2, 2};
	char *summary;
	(void)state;
	if (no_blas())
		skip();
	put_array("few/a.npy", LEAT_DT_F8, 2, dim, false, good);
	put_array("few/b.npy", LEAT_DT_F8, 2, dim, false, bad);
	assert_int_equal(run("read %D/few\ninv on=processes\nwrite %D/few-out/{stem}.npy\n", &summary), 1);
	if (!strstr(summary, "the condition number") && !strstr(summary, "the matrix is singular"))
		fail_msg("%s", summary);
	free(summary);
	struct leat_array *x = get_array("few-out/a.npy");
	assert_true(((double *)x->data)[0] == 0.5 && ((double *)x->data)[3] == 0.25);
	leat_array_unref(&x);
}

/* The operand is read once and decoded in every worker; npy and text, both sides. */
static void products_with_files(void **state)
{
	static const double a[] = {1, 2, 3, 4, 5, 6}, want[] = {14, 32, 32, 77};
	static const uint64_t dim[] = {2, 3}, turned[] = {3, 2};
	static const double t[] = {1, 4, 2, 5, 3, 6};
	char *summary;
	(void)state;
	if (no_blas())
		skip();
	put_array("left/a.npy", LEAT_DT_F8, 2, dim, false, a);
	put_array("operand.npy", LEAT_DT_F8, 2, turned, false, t);
	scratch_put(&dir, "operand.csv", "1,2,3\n4,5,6\n");
	scratch_put(&dir, "wrong.csv", "1,2\n3,4\n");
	runs("read %D/left/*.npy\nmatmul with=%D/operand.npy on=processes\nwrite %D/product/right-{stem}.npy\n");
	runs("read %D/operand.npy\nmatmul with=%D/operand.csv side=left on=threads\nwrite "
	     "%D/product/left-{stem}.npy\n");
	for (int i = 0; i < 2; i++) {
		struct leat_array *c = get_array(i ? "product/left-operand.npy" : "product/right-a.npy");
		assert_int_equal(c->shape.ndim, 2);
		assert_memory_equal(c->data, want, sizeof want);
		leat_array_unref(&c);
	}
	assert_int_equal(run("read %D/left/*.npy\nmatmul with=%D/wrong.csv\nwrite %D/product/x-{stem}.npy\n", &summary),
			 1);
	assert_non_null(strstr(summary, "the shapes (2, 3) and (2, 2) do not go together"));
	free(summary);
}

int main(int argc, char **argv)
{
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inverses_by_every_executor),
		cmocka_unit_test(a_singular_matrix_costs_itself),
		cmocka_unit_test(products_with_files),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
