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

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
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

/* ---- a host with OpenBLAS of its own */

struct host_blas {
	int (*get)(void);
	void (*set)(int n);
};

/* Of the kind whose number of threads is one for the process; false: there is none here. */
static bool load_host_blas(struct host_blas *b)
{
	void *lib = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
	int (*parallel)(void) = NULL;
	void *at = lib ? dlsym(lib, "openblas_get_parallel") : NULL;
	memcpy(&parallel, &at, sizeof at);
	if (!parallel || parallel() != 1)
		return false;
	at = dlsym(lib, "openblas_get_num_threads");
	memcpy(&b->get, &at, sizeof at);
	at = dlsym(lib, "openblas_set_num_threads");
	memcpy(&b->set, &at, sizeof at);
	return b->get && b->set;
}

/* 48 matrices of 192 x 192, as .npy. */
static void make_matrices(const char *folder)
{
	enum { N = 192 };
	static double a[N * N];
	char head[128];
	memset(head, ' ', sizeof head);
	memcpy(head, "\x93NUMPY\1\0\x76\0", 10);
	int n = snprintf(head + 10, sizeof head - 10, "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }",
			 N, N);
	head[10 + n] = ' ';
	head[sizeof head - 1] = '\n';
	for (int i = 0; i < N * N; i++)
		a[i] = i % (N + 1) == 0 ? N : (double)(i % 7);
	for (int i = 0; i < 48; i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%s/%02d.npy", folder, i);
		FILE *f = fopen(path, "wb");
		assert_non_null(f);
		assert_int_equal(fwrite(head, sizeof head, 1, f), 1);
		assert_int_equal(fwrite(a, sizeof a, 1, f), 1);
		assert_int_equal(fclose(f), 0);
	}
}

struct watch {
	struct host_blas *b;
	atomic_bool over;
	int looks, others;
};

static void *look_at_threads(void *arg)
{
	struct watch *w = arg;
	while (!atomic_load(&w->over)) {
		w->others += w->b->get() != 3;
		w->looks++;
		usleep(200);
	}
	return NULL;
}

/* Its number of threads is its own, at every moment, and plan tells that the steps go by it. */
static void the_hosts_blas_is_the_hosts(void **state)
{
	(void)state;
	struct host_blas b;
	struct watch w = {.b = &b};
	if (!load_host_blas(&b)) {
		print_message("skipped: no OpenBLAS with threads of its own here\n");
		skip();
	}
	char in[] = "/tmp/leat-host-XXXXXX", text[512];
	struct leat_err err = {0};
	pthread_t thread;
	b.set(3);
	assert_non_null(mkdtemp(in));
	make_matrices(in);
	snprintf(text, sizeof text, "read %s/*.npy | inv | write %s/out/{stem}.npy", in, in);
	leat_use_worker("");
	struct leat_recipe *r = leat_load_text("host", text, strlen(text), NULL, &err);
	assert_non_null(r);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	char *plan = leat_describe_plan(r, &err);
	if (!strstr(plan, "BLAS with 3 threads, as this program has set, one item at a time"))
		fail_msg("%s", plan);
	free(plan);
	assert_int_equal(pthread_create(&thread, NULL, look_at_threads, &w), 0);
	assert_int_equal(leat_run(r, NULL, &err), 0);
	atomic_store(&w.over, true);
	pthread_join(thread, NULL);
	assert_true(w.looks > 0);
	assert_int_equal(w.others, 0);
	assert_int_equal(b.get(), 3);
	leat_free(&r);
	tree_remove(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worker_of_the_library_serves), cmocka_unit_test(a_wrong_worker_is_told),
		cmocka_unit_test(no_worker_no_processes),           cmocka_unit_test(own_steps_stay_here),
		cmocka_unit_test(the_hosts_blas_is_the_hosts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
