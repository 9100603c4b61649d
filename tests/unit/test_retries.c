/* SPDX-License-Identifier: MIT */
/*
 * retries= for steps that run in worker processes, and on threads: what can pass is tried again after its wait, what
 * cannot is not, the worker does other things meanwhile, and a stop does not wait. This program has a step of its own
 * and offers itself as the worker.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>
#include <leat/worker.h>

#include "base/mem.h"
#include "base/sys.h"
#include "registry/registry.h"
#include "test_ops.h"
#include "treehash.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* test-moody: fails the first `times` times that a worker sees an item, as `kind` says. One worker: it remembers. */
struct moody {
	int64_t kind, times;
};
enum { IO, SLOW, CORRUPT, CRASH };
static const char *const kinds[] = {"io", "slow", "corrupt", "crash", NULL};
static const struct leat_param moody_params[] = {
	LEAT_P_CHOICE(struct moody, kind, "kind", "io", kinds, 0, "how it fails"),
	LEAT_P_INT(struct moody, times, "times", "1", 0, 100, NULL, 0, "how often"),
	LEAT_P_END,
};

enum { TRIES = 1000 };
static unsigned met[100];
static uint64_t tried[TRIES]; /* which item, one after the other */
static size_t n_tried;

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	const struct moody *p = b->params;
	*item = NULL;
	if (n_tried < TRIES)
		tried[n_tried++] = b->view->index;
	if (++met[b->view->index] > p->times)
		return 0;
	if (p->kind == CRASH)
		abort();
	if (p->kind == SLOW)
		for (int64_t end = leat_now_ns() + 700000000;
		     leat_now_ns() < end;) /* it comes back before it is killed */
			;
	return p->kind == SLOW ? 0 : leat_fail(err, p->kind == IO ? LEAT_CAUSE_IO : LEAT_CAUSE_CORRUPT, "not now");
}

TEST_OP_MARK(moody, "moody", "it was")

static const struct leat_op moody = {
	TEST_OP_MEASURES,
	.name = "test-moody",
	.summary = "fail some times",
	.example = "test-moody kind=io times=2",
	.params = moody_params,
	.params_size = sizeof(struct moody),
	.fields = moody_fields,
	.begin = begin,
	.end = moody_end,
};

/* A disk that cannot read just now: in place of the C library's call. */
static atomic_int reads_that_fail;
ssize_t pread(int fd, void *buf, size_t n, off_t at)
{
	if (atomic_load(&reads_that_fail) > 0 && atomic_fetch_sub(&reads_that_fail, 1) > 0) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pread64, fd, buf, n, at);
}

enum { N = 12 };
static char root[64];

static int make_inputs(void **state)
{
	(void)state;
	char target[PATH_MAX], path[128];
	strcpy(root, "/tmp/leat-retries-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof path, "%s/in", root);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_non_null(realpath("testdata/good/tiny.png", target));
	for (int i = 0; i < N; i++) {
		snprintf(path, sizeof path, "%s/in/%d.png", root, i);
		assert_int_equal(symlink(target, path), 0);
	}
	return 0;
}

static int remove_inputs(void **state)
{
	(void)state;
	tree_remove(root);
	return 0;
}

struct seen {
	struct leat_counts counts;
	struct leat_err err;
	char step[64];
	int status;
	int64_t ns;
	uint64_t first; /* the item that ended before all others */
};

static void watch(void *ctx, const struct leat_event *e)
{
	struct seen *s = ctx;
	if (e->type == LEAT_EV_ITEM && s->counts.state[LEAT_DONE] + s->counts.state[LEAT_FAILED] == 0)
		s->first = e->seq;
	s->counts = *e->counts;
	if (e->type != LEAT_EV_ITEM || e->state != LEAT_FAILED)
		return;
	s->err = *e->err;
	snprintf(s->step, sizeof s->step, "%s", e->step ? e->step : "none");
}

struct stopper {
	struct leat_recipe *r;
	pthread_t thread;
	useconds_t after_us;
};

static useconds_t stop_after_us = 700000;

static void *stop_soon(void *arg)
{
	const struct stopper *s = arg;
	usleep(s->after_us);
	leat_stop(s->r, 15);
	return NULL;
}

/* All inputs through `step`, one worker; stopped after a while where `stop` says so. */
static struct seen run_on(const char *on, const char *step, bool stop)
{
	char text[512];
	struct leat_err err = {0};
	struct seen seen = {0};
	snprintf(text, sizeof text,
		 "read %s/in symlinks=follow\ndecode on=%s workers=1 queue=1\n%s\nwrite %s/out/{stem}.png", root, on,
		 step, root);
	struct stopper s = {.r = leat_load_text("retries", text, strlen(text), NULL, &err)};
	assert_non_null(s.r);
	assert_int_equal(leat_plan(s.r, NULL, &err), 0);
	char *plan = leat_describe_plan(s.r, &err);
	assert_null(strstr(plan, "not built"));
	free(plan);
	s.after_us = stop_after_us;
	if (stop)
		assert_int_equal(pthread_create(&s.thread, NULL, stop_soon, &s), 0);
	struct leat_run_options o = {.event = watch, .event_ctx = &seen};
	int64_t from = leat_now_ns();
	seen.status = leat_run(s.r, &o, &err);
	seen.ns = leat_now_ns() - from;
	if (stop)
		pthread_join(s.thread, NULL);
	leat_free(&s.r);
	uint64_t sum = 0;
	for (int i = 0; i < LEAT_N_STATES; i++)
		sum += seen.counts.state[i];
	assert_int_equal(sum, N);
	return seen;
}

static struct seen run(const char *step, bool stop)
{
	return run_on("processes", step, stop);
}

/* Stopped when something has failed: where the first worker is born slowly, later. */
static struct seen stopped_on(const char *on)
{
	struct seen s = {0};
	for (stop_after_us = 700000; stop_after_us < 20000000 && !s.counts.state[LEAT_FAILED]; stop_after_us *= 5) {
		memset(met, 0, sizeof met);
		s = run_on(on, "test-moody kind=io times=1 retries=1 retry-wait=1h", true);
	}
	stop_after_us = 700000;
	return s;
}

static void what_can_pass_is_tried_again(void **state)
{
	(void)state;
	struct seen s = run("test-moody kind=io times=2 retries=2 retry-wait=100ms", false);
	assert_int_equal(s.counts.state[LEAT_DONE], N);
	assert_true(s.ns >= 300000000); /* 100 ms, then 200 */
	assert_true(s.ns < 10000000000); /* the items wait side by side: in a row it would be 3.6 s and more */
}

static void not_more_often_than_written(void **state)
{
	(void)state;
	struct seen s = run("test-moody kind=io times=3 retries=2 retry-wait=1ms", false);
	assert_int_equal(s.counts.state[LEAT_FAILED], N);
	assert_int_equal(s.err.cause, LEAT_CAUSE_IO);
	assert_string_equal(s.step, "test-moody");
}

static void damaged_data_is_not_tried_again(void **state)
{
	(void)state;
	struct seen s = run("test-moody kind=corrupt times=1 retries=5 retry-wait=1ms", false);
	assert_int_equal(s.counts.state[LEAT_FAILED], N);
	assert_int_equal(s.err.cause, LEAT_CAUSE_CORRUPT);
}

/* The pool's own second try is a new worker, which begins to count anew; retries= are for other causes. */
static void a_crash_is_the_pools_own_affair(void **state)
{
	(void)state;
	struct seen s = run("test-moody kind=crash times=1 retries=5 retry-wait=1ms", false);
	assert_int_equal(s.counts.state[LEAT_FAILED], N);
	assert_int_equal(s.err.cause, LEAT_CAUSE_CRASH);
	assert_non_null(strstr(s.err.text, "twice"));
}

static void over_its_time_limit_may_pass(void **state)
{
	(void)state;
	char path[128];
	for (int i = 1; i < N; i++) {
		snprintf(path, sizeof path, "%s/in/%d.png", root, i);
		unlink(path);
	}
	/* The limit is that of the whole segment: whichever step wrote retries= has its way. */
	static const char *const lines[] = {
		"decode workers=1\ntest-moody kind=slow times=1 timeout=500ms retries=1 retry-wait=1ms",
		"decode workers=1 retries=1 retry-wait=1ms\ntest-moody kind=slow times=1 timeout=500ms",
	};
	for (size_t i = 0; i < LEAT_LEN(lines); i++) {
		struct leat_err err = {0};
		struct seen seen = {0};
		char text[512];
		snprintf(text, sizeof text, "read %s/in symlinks=follow\n%s\nwrite %s/out/{stem}.png", root, lines[i],
			 root);
		struct leat_recipe *r = leat_load_text("retries", text, strlen(text), NULL, &err);
		assert_int_equal(leat_plan(r, NULL, &err), 0);
		struct leat_run_options o = {.event = watch, .event_ctx = &seen};
		int status = leat_run(r, &o, &err);
		if (status != 0)
			fail_msg("%s: %s", seen.step, seen.err.text);
		leat_free(&r);
	}
}

static void a_stop_does_not_wait(void **state)
{
	(void)state;
	struct seen s = stopped_on("processes");
	assert_int_equal(s.status, 128 + 15);
	assert_int_equal(s.counts.state[LEAT_DONE], 0);
	assert_true(s.counts.state[LEAT_FAILED] > 0); /* those that waited have failed for the reason they had */
	assert_int_equal(s.err.cause, LEAT_CAUSE_IO);
}

/* While an item waits for its next try, its thread does others. */
static void a_thread_does_not_sleep(void **state)
{
	(void)state;
	memset(met, 0, sizeof met);
	n_tried = 0;
	struct seen s = run_on("threads", "test-moody kind=io times=1 retries=1 retry-wait=300ms", false);
	assert_int_equal(s.counts.state[LEAT_DONE], N);
	assert_int_equal(n_tried, 2 * N);
	assert_true(tried[0] != tried[1]);
}

static void a_thread_is_stopped_at_once(void **state)
{
	(void)state;
	struct seen s = stopped_on("threads");
	assert_int_equal(s.status, 128 + 15);
	assert_int_equal(s.counts.state[LEAT_DONE], 0);
	assert_int_equal(s.err.cause, LEAT_CAUSE_IO);
}

static void watch_broken_disk(void *ctx, const struct leat_event *e)
{
	if (e->type == LEAT_EV_START)
		atomic_store(&reads_that_fail, 2);
	watch(ctx, e);
}

/* The one thread that reads goes on with other files, and those behind it need not wait for its turn. */
static void who_reads_does_not_sleep(void **state)
{
	(void)state;
	char text[512];
	struct leat_err err = {0};
	struct seen s = {0};
	snprintf(text, sizeof text,
		 "job isolate=no\nread %s/in symlinks=follow workers=1 retries=3 retry-wait=500ms | negate | "
		 "write %s/out/{stem}.png",
		 root, root);
	struct leat_recipe *r = leat_load_text("retries", text, strlen(text), NULL, &err);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	struct leat_run_options o = {.event = watch_broken_disk, .event_ctx = &s};
	if (leat_run(r, &o, &err) != 0)
		fail_msg("%s: %s", s.step, s.err.text);
	leat_free(&r);
	assert_int_equal(atomic_load(&reads_that_fail), 0);
	assert_int_equal(s.counts.state[LEAT_DONE], N);
	assert_true(s.first > 1);
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_registry_add(&moody, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
#define T(f) cmocka_unit_test_setup_teardown(f, make_inputs, remove_inputs)
	const struct CMUnitTest tests[] = {
		T(what_can_pass_is_tried_again),    T(not_more_often_than_written),  T(damaged_data_is_not_tried_again),
		T(a_crash_is_the_pools_own_affair), T(over_its_time_limit_may_pass), T(a_stop_does_not_wait),
		T(a_thread_does_not_sleep),         T(a_thread_is_stopped_at_once),  T(who_reads_does_not_sleep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
