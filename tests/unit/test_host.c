/* SPDX-License-Identifier: MIT */
/*
 * A host that knows nothing of workers: libleat decodes in processes of leat-worker. With a wrong path there is
 * a clear end, and without
 * any the inputs are decoded in the host itself; the bytes are the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/step.h>
#include <leat/worker.h>

#include "treehash.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* leat-worker stands two folders above this program, in the build folder. */
static const char *worker(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 32);
	assert_true(n > 0);
	path[n] = 0;
	for (int i = 0; i < 3; i++)
		*strrchr(path, '/') = 0;
	strcat(path, "/leat-worker");
	return path;
}

static char *run(int want, struct leat_err *err)
{
	char out[] = "/tmp/leat-host-XXXXXX", text[512];
	assert_non_null(mkdtemp(out));
	snprintf(text, sizeof text, "read testdata/good | resize 30x30 | write %s/{reldir}/{stem}-{ext}.png", out);
	struct leat_recipe *r = leat_load_text("host", text, strlen(text), NULL, err);
	assert_non_null(r);
	assert_int_equal(leat_plan(r, NULL, err), 0);
	char *plan = leat_describe_plan(r, err);
	int status = leat_run(r, NULL, err);
	if (status != want)
		fail_msg("status %d: %s\n%s", status, err->text, plan);
	free(plan);
	leat_free(&r);
	char *hash = tree_hash(out);
	tree_remove(out);
	return hash;
}

static void the_worker_of_the_library_serves(void **state)
{
	(void)state;
	struct leat_err err = {0};
	leat_use_worker("");
	char *here = run(0, &err);
	leat_use_worker(worker());
	char *there = run(0, &err);
	assert_string_equal(here, there);
	free(here);
	free(there);
}

static void a_wrong_worker_is_told(void **state)
{
	(void)state;
	struct leat_err err = {0};
	leat_use_worker("/no/such/leat-worker");
	free(run(5, &err));
	assert_non_null(strstr(err.text, "leat-worker"));
}

/* Starting the host again would be a surprise to it: there is nothing to run on=processes with. */
static void no_worker_no_processes(void **state)
{
	(void)state;
	static const char text[] = "read testdata/good | resize 30x30 | write /nowhere/{stem}-{ext}.png";
	static const char wants[] = "read testdata/good | decode on=processes | write /nowhere/{stem}-{ext}.png";
	struct leat_err err = {0};
	leat_use_worker("");
	struct leat_recipe *r = leat_load_text("host", text, strlen(text), NULL, &err);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	char *plan = leat_describe_plan(r, &err);
	assert_non_null(strstr(plan, "not isolated: files are decoded in this process: this program wants no worker"));
	free(plan);
	leat_free(&r);
	r = leat_load_text("host", wants, strlen(wants), NULL, &err);
	assert_int_equal(leat_check(r), 1);
	char *said = leat_diagnostics(r, false);
	assert_non_null(strstr(said, "error[E061]: 'decode' cannot run on=processes here"));
	assert_non_null(strstr(said, "help: this program wants no worker processes"));
	free(said);
	leat_free(&r);
}

static int own(const struct leat_own_call *c, const struct leat_own_rows *in, const struct leat_own_rows *out,
	       struct leat_err *err)
{
	(void)c, (void)in, (void)out, (void)err;
	return 0;
}

/* A step of its own in a host that is nobody's worker runs in the host, and plan says what would change that. */
static void own_steps_stay_here(void **state)
{
	(void)state;
	static const struct leat_own_step step = {
		.size = sizeof step, .name = "own-look", .summary = "look", .version = 1, .look = own};
	static const char text[] = "read testdata/good\nbranch a\n  own-look\n  write /nowhere/{stem}-{ext}.png\nend\n";
	struct leat_err err = {0};
	assert_int_equal(leat_own_add(&step, &err), 0);
	leat_use_worker(NULL);
	struct leat_recipe *r = leat_load_text("host", text, strlen(text), NULL, &err);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	char *plan = leat_describe_plan(r, &err);
	assert_non_null(
		strstr(plan, "worker processes do not know 'own-look': the program has to call leat_worker_hook"));
	free(plan);
	leat_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worker_of_the_library_serves),
		cmocka_unit_test(a_wrong_worker_is_told),
		cmocka_unit_test(no_worker_no_processes),
		cmocka_unit_test(own_steps_stay_here),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
