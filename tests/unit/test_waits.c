/* SPDX-License-Identifier: MIT */
/*
 * <leat/executor.h>: every way to wait for a future or for room, while it is cancelled in every way. One worker is
 * busy; behind it a task is queued; a thread waits; then the end comes from outside.
 */
#include <leat/executor.h>
#include <leat/worker.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gate_kit.h"

static int count(const struct leat_call *c, void *arg, struct leat_err *err)
{
	(void)c, (void)err;
	atomic_fetch_add((atomic_int *)arg, 1);
	return 0;
}

/* A worker's: until it is killed. */
static int hang(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	(void)c, (void)in, (void)n, (void)out, (void)err;
	for (;;)
		usleep(1000);
	return 0;
}

static int echo(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	(void)c;
	return leat_reply_add(out, in, n, err);
}

/* ---- who waits ---- */

struct scene {
	struct leat_executor *ex;
	struct gate gate;
	atomic_int ran;
	struct leat_future *busy, *next, *queued;
	struct leat_future *late; /* what a submitter that waited for room got */
	bool there; /* in worker processes */
	void *(*wait)(void *scene);
	atomic_bool waiting;
	struct leat_err err; /* what the waiter was told */
};

static struct leat_future *send(struct scene *s, leat_function *fn, const char *name, void *arg, struct leat_err *err)
{
	return s->there ? leat_submit_named(s->ex, name, "x", 1, 8, err) : leat_submit(s->ex, fn, arg, err);
}

static void *in_result(void *arg)
{
	struct scene *s = arg;
	atomic_store(&s->waiting, true);
	(void)leat_future_result(s->queued, -1, &s->err);
	return NULL;
}

static void *in_wait_all(void *arg)
{
	struct scene *s = arg;
	atomic_store(&s->waiting, true);
	(void)leat_wait(&s->queued, 1, LEAT_WAIT_ALL, -1, &s->err);
	return NULL;
}

static void *in_wait_for_an_error(void *arg)
{
	struct scene *s = arg;
	struct leat_future *both[] = {s->busy, s->queued};
	atomic_store(&s->waiting, true);
	(void)leat_wait(both, 2, LEAT_WAIT_FIRST_ERROR, -1, &s->err);
	return NULL;
}

static void *in_completion(void *arg)
{
	struct scene *s = arg;
	size_t left;
	struct leat_completion *c = leat_as_completed(&s->queued, 1, &s->err);
	atomic_store(&s->waiting, true);
	(void)leat_completion_next(c, -1, &left);
	leat_completion_free(&c);
	return NULL;
}

/* The queue has room for one, and that is taken. */
static void *in_submit(void *arg)
{
	struct scene *s = arg;
	atomic_store(&s->waiting, true);
	s->late = send(s, count, "echo", &s->ran, &s->err);
	return NULL;
}

static void *in_shutdown(void *arg)
{
	struct scene *s = arg;
	atomic_store(&s->waiting, true);
	leat_executor_shutdown(s->ex, true, false);
	return NULL;
}

/* ---- how it ends ---- */

enum end { CANCEL, SHUTDOWN, TERMINATE };

/* A worker process may have the next task before it is done with one: `queued` comes behind that. */
static void set(struct scene *s, const char *kind)
{
	struct leat_err err = {0};
	s->there = strcmp(kind, "processes") == 0;
	struct leat_executor_options o = {.workers = 1, .queue = s->there ? 2 : 1};
	s->ex = leat_executor_open(kind, &o, &err);
	if (!s->ex)
		fail_msg("%s", err.text);
	s->busy = send(s, pass, "hang", &s->gate, &err);
	if (!s->there)
		entered(&s->gate);
	while (!leat_future_running(s->busy))
		usleep(200);
	s->next = s->there ? send(s, NULL, "hang", NULL, &err) : NULL;
	s->queued = send(s, count, "echo", &s->ran, &err);
	assert_non_null(s->queued);
}

static void end_it(struct scene *s, enum end how)
{
	struct leat_err err = {0};
	if (how == CANCEL)
		assert_true(leat_future_cancel(s->queued));
	else if (how == SHUTDOWN)
		leat_executor_shutdown(s->ex, false, true);
	else
		assert_int_equal(leat_executor_terminate(s->ex, &err), s->there ? 0 : -1);
}

/* The waiter must come back although the busy one is still busy (but where it was told to stop). */
static void ends(const char *kind, void *(*wait)(void *), enum end how)
{
	struct scene s = {.wait = wait};
	pthread_t waiter;
	set(&s, kind);
	assert_int_equal(pthread_create(&waiter, NULL, wait, &s), 0);
	while (!atomic_load(&s.waiting))
		usleep(100);
	usleep(2000); /* most likely it waits by now; if not, it must come back all the same */
	end_it(&s, how);
	if (wait == in_shutdown && how != TERMINATE)
		atomic_store(&s.gate.open, true);
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += 30;
	if (pthread_timedjoin_np(waiter, NULL, &t))
		fail_msg("%s: it waits for ever", kind);
	if (how != TERMINATE && wait != in_shutdown)
		assert_false(leat_future_done(s.busy));
	assert_true(leat_future_cancelled(s.queued));
	atomic_store(&s.gate.open, true);
	struct leat_err err = {0};
	if (s.there)
		(void)leat_executor_terminate(s.ex, &err);
	leat_executor_close(&s.ex);
	assert_int_equal(atomic_load(&s.ran), 0);
	if (s.late)
		assert_true(leat_future_cancelled(s.late));
	if (wait == in_result)
		assert_int_equal(s.err.cause, LEAT_CAUSE_CANCELLED);
	leat_future_free(&s.busy);
	leat_future_free(&s.next);
	leat_future_free(&s.queued);
	leat_future_free(&s.late);
}

static void waits_for_a_future_end_with_it(void **state)
{
	static void *(*const waits[])(void *) = {in_result, in_wait_all, in_wait_for_an_error, in_completion};
	(void)state;
	for (size_t w = 0; w < sizeof waits / sizeof *waits; w++)
		for (enum end how = CANCEL; how <= TERMINATE; how++)
			ends("threads", waits[w], how);
}

static void waits_for_room_end_with_the_executor(void **state)
{
	(void)state;
	ends("threads", in_submit, SHUTDOWN);
	ends("threads", in_submit, TERMINATE);
	ends("threads", in_shutdown, TERMINATE);
	ends("threads", in_shutdown, SHUTDOWN);
}

static void the_same_where_workers_are_processes(void **state)
{
	static void *(*const waits[])(void *) = {in_result, in_wait_all, in_completion, in_submit};
	(void)state;
	for (size_t w = 0; w < sizeof waits / sizeof *waits; w++)
		for (enum end how = waits[w] == in_submit ? SHUTDOWN : CANCEL; how <= TERMINATE; how++)
			ends("processes", waits[w], how);
	ends("processes", in_shutdown, TERMINATE);
}

/* A future outlives its executor, and whoever is told of an end sees all of it. */
static void futures_outlive_their_executor(void **state)
{
	struct leat_err err = {0};
	size_t n;
	(void)state;
	struct leat_executor *ex = leat_executor_open("processes", NULL, &err);
	if (!ex)
		fail_msg("%s", err.text);
	struct leat_future *f = leat_submit_named(ex, "echo", "kept", 5, 8, &err);
	leat_executor_close(&ex);
	assert_true(leat_future_done(f));
	assert_int_equal(leat_future_result(f, 0, &err), 0);
	assert_string_equal(leat_future_bytes(f, &n), "kept");
	assert_int_equal(n, 5);
	leat_future_free(&f);
}

static void the_event_loop_is_not_for_functions(void **state)
{
	struct leat_err err = {0};
	(void)state;
	assert_null(leat_executor_open("async", NULL, &err));
	assert_non_null(strstr(err.text, "on=async is for leat's own reading and writing"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_a_future_end_with_it),
		cmocka_unit_test(waits_for_room_end_with_the_executor),
		cmocka_unit_test(the_same_where_workers_are_processes),
		cmocka_unit_test(futures_outlive_their_executor),
		cmocka_unit_test(the_event_loop_is_not_for_functions),
	};
	struct leat_err err = {0};
	if (leat_register_function("hang", hang, &err) < 0 || leat_register_function("echo", echo, &err) < 0)
		return 2;
	int status = leat_worker_hook(argc, argv);
	return status >= 0 ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
