/* SPDX-License-Identifier: MIT */
/* leat test: the recipes of a folder on their tests. */
#include <leat/leat.h>
#include <leat/test.h>

#include "api/trial.h"
#include "base/sys.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct trial {
	const char *folder, *name, *temp;
	struct leat_arena *a;
	const char *recipe, *in, *want, *got; /* paths */
	struct leat_trial_options options;
	struct leat_buf text;
	uint64_t files;
	bool allow_exec;
	bool kept; /* the results are worth a look */
	struct leat_err *err;
};

/* ---- one test */

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void wrong(struct trial *t, const char *fmt, ...) LEAT_PRINTF(2, 3);
static void wrong(struct trial *t, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	leat_buf_addf(&t->text, "%s\n", line);
}

/* The summary's failures: what a status of 1 came from. */
static void tell_run(struct trial *t, const struct leat_recipe *r, bool ran)
{
	char *text = ran ? leat_run_summary(r, false) : leat_diagnostics(r, false);
	if (text)
		leat_buf_adds(&t->text, text);
	free(text);
}

/* Runs it. The exit status, also of what could not be run. */
static int run(struct trial *t, const struct leat_load_options *load)
{
	const char *const input[] = {t->in, NULL};
	struct leat_plan_options plan = {.input = input, .redirect = t->got, .allow_exec = t->allow_exec};
	struct leat_err e = {0};
	struct leat_recipe *r = leat_load_file(t->recipe, load, &e);
	int status = r ? leat_plan(r, &plan, &e) : 2;
	bool ran = status == 0;
	if (ran)
		status = leat_run(r, NULL, &e);
	if (status != t->options.status) {
		wrong(t, "exit status %d instead of %d", status, t->options.status);
		if (r)
			tell_run(t, r, ran);
		if (!ran && e.cause != LEAT_CAUSE_NONE)
			wrong(t, "%s", e.text);
	}
	if (r)
		leat_free(&r);
	return status;
}

static int compare(struct trial *t)
{
	struct leat_tree got;
	int listed = leat_tree_list(t->got, &got, t->err);
	size_t n = got.n;
	leat_tree_free(&got);
	if (listed < 0)
		return -1;
	if (n > 0 && !is_folder(t->want)) {
		wrong(t, "%s is missing: look at the results, and if they are right, copy them there", t->want);
		t->kept = true;
		return 0;
	}
	size_t before = t->text.len;
	int ok = leat_trees_compare(t->want, t->got, &t->options, &t->files, &t->text, t->err);
	t->kept = t->text.len > before;
	return ok;
}

static const char *join(struct trial *t, const char *fmt, ...) LEAT_PRINTF(2, 3);
static const char *join(struct trial *t, const char *fmt, ...)
{
	char path[4096];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(path, sizeof path, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof path) {
		leat_fail(t->err, LEAT_CAUSE_LIMIT, "the path of the test '%s' is too long", t->name);
		return NULL;
	}
	const char *copy = leat_arena_strndup(t->a, path, (size_t)n);
	if (!copy)
		leat_fail(t->err, LEAT_CAUSE_MEMORY, "out of memory");
	return copy;
}

static int find_paths(struct trial *t)
{
	t->recipe = join(t, "%s/%s.leat", t->folder, t->name);
	t->in = join(t, "%s/tests/%s/in", t->folder, t->name);
	t->want = join(t, "%s/tests/%s/out", t->folder, t->name);
	t->got = join(t, "%s/%s", t->temp, t->name);
	return t->recipe && t->in && t->want && t->got ? 0 : -1;
}

/* 0, or -1 with t->err when the rest makes no sense either. */
static int try_one(struct trial *t)
{
	struct leat_err e = {0};
	const char *options = join(t, "%s/tests/%s/options", t->folder, t->name);
	if (!options)
		return -1;
	if (leat_trial_options_read(options, &t->options, &e) < 0) {
		wrong(t, "%s", e.text);
		return 0;
	}
	if (mkdir(t->got, 0777) < 0)
		return leat_fail_sys(t->err, LEAT_CAUSE_TARGET, errno, "cannot make the folder '%s'", t->got);
	struct leat_load_options load = {.set = t->options.set};
	run(t, &load);
	return compare(t);
}

static int test(struct trial *t, leat_test_fn *fn, void *ctx, enum leat_test_outcome *outcome)
{
	int64_t since = leat_now_ns();
	int ok = find_paths(t);
	bool any = ok == 0 && is_folder(t->in);
	if (any)
		ok = try_one(t);
	if (ok < 0)
		return -1;
	*outcome = !any ? LEAT_TEST_NONE : t->text.len ? LEAT_TEST_FAILED : LEAT_TEST_PASSED;
	if (any && !t->kept)
		leat_tree_remove(t->got);
	struct leat_test_result r = {
		.name = t->name,
		.outcome = *outcome,
		.seconds = (double)(leat_now_ns() - since) * 1e-9,
		.files = t->files,
		.text = t->text.data ? t->text.data : "",
		.results = t->kept ? t->got : NULL,
	};
	fn(ctx, &r);
	return 0;
}

/* ---- all of a folder */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of the recipes, without ".leat", sorted. */
static int list_recipes(const char *folder, struct leat_tree *names, struct leat_err *err)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return leat_fail_sys(err, LEAT_CAUSE_USAGE, errno, "cannot read the folder '%s'", folder);
	int ok = 0;
	for (const struct dirent *e; ok == 0 && (e = readdir(dir)) != NULL;) {
		size_t n = strlen(e->d_name);
		if (e->d_name[0] == '.' || n < 6 || strcmp(e->d_name + n - 5, ".leat") != 0)
			continue;
		char **v = leat_grow(names->v, &names->cap, names->n + 1, sizeof *v, err);
		names->v = v ? v : names->v;
		char *name = v ? leat_strndup(e->d_name, n - 5, err) : NULL;
		ok = name ? 0 : -1;
		if (name)
			v[names->n++] = name;
	}
	(void)closedir(dir); /* only read */
	if (ok == 0 && names->n)
		qsort(names->v, names->n, sizeof *names->v, by_bytes);
	return ok;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Every name that was asked for must be a recipe. */
static int check_names(const char *folder, const struct leat_tree *all, const char *const *names, struct leat_err *err)
{
	for (size_t i = 0; names && names[i]; i++) {
		if (is_among(names[i], (const char *const *)all->v, all->n))
			continue;
		const char *near = leat_nearest_word(names[i], (const char *const *)all->v, all->n);
		return leat_fail(err, LEAT_CAUSE_USAGE, "there is no recipe '%s.leat' in %s%s%s%s", names[i], folder,
				 near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	return 0;
}

/* How all of them are run. */
struct ways {
	const char *temp;
	bool allow_exec;
};

static int test_all(const char *folder, const struct leat_tree *all, const char *const *names, const struct ways *w,
		    leat_test_fn *fn, void *ctx, struct leat_err *err)
{
	size_t asked = 0, counts[3] = {0, 0, 0};
	while (names && names[asked])
		asked++;
	for (size_t i = 0; i < all->n; i++) {
		struct leat_arena arena = {0};
		struct trial t = {.folder = folder, .name = all->v[i], .temp = w->temp, .a = &arena, .err = err};
		t.allow_exec = w->allow_exec;
		enum leat_test_outcome outcome = LEAT_TEST_NONE;
		if (names && !is_among(all->v[i], names, asked))
			continue;
		int ok = test(&t, fn, ctx, &outcome);
		leat_trial_options_free(&t.options);
		leat_buf_free(&t.text);
		leat_arena_free(&arena);
		if (ok < 0)
			return 5;
		counts[outcome]++;
	}
	if (counts[LEAT_TEST_PASSED] + counts[LEAT_TEST_FAILED] > 0)
		return counts[LEAT_TEST_FAILED] ? 1 : 0;
	leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no test in %s: a test of NAME.leat is tests/NAME/in and tests/NAME/out",
		  folder);
	return 3;
}

int leat_test(const char *folder, const char *const *names, const char *temp, bool allow_exec, leat_test_fn *fn,
	      void *ctx, struct leat_err *err)
{
	struct leat_tree all = {.n = 0};
	const struct ways where = {temp, allow_exec};
	int status = 2;
	if (list_recipes(folder, &all, err) == 0 && check_names(folder, &all, names, err) == 0)
		status = test_all(folder, &all, names, &where, fn, ctx, err);
	leat_tree_free(&all);
	return status;
}
