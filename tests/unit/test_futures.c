/* SPDX-License-Identifier: MIT */
/*
 * <leat/executor.h>: the same promises for every kind of executor, and what happens when a function fails, hangs or
 * dies.
 */
#include <leat/executor.h>
#include <leat/worker.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gate_kit.h"

static const int64_t second = 1000000000;
static const char *const kinds[] = {"inline", "threads", "openmp"};

/* ---- functions ---- */

static int twice(const struct leat_call *c, void *arg, struct leat_err *err)
{
	int *n = arg;
	(void)c, (void)err;
	*n *= 2;
	return 0;
}

static int refuse(const struct leat_call *c, void *arg, struct leat_err *err)
{
	(void)c;
	err->cause = LEAT_CAUSE_CORRUPT;
	err->sys = 5;
	snprintf(err->text, sizeof err->text, "number %d is bad", *(int *)arg);
	return -1;
}

static int silent(const struct leat_call *c, void *arg, struct leat_err *err)
{
	(void)c, (void)arg, (void)err;
	return -1;
}

struct order {
	atomic_int next;
	int seen[64];
};
struct place {
	struct order *order;
	int index;
};
static int note(const struct leat_call *c, void *arg, struct leat_err *err)
{
	struct place *p = arg;
	(void)c, (void)err;
	p->order->seen[atomic_fetch_add(&p->order->next, 1)] = p->index;
	return 0;
}

static int sum_bytes(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	uint64_t sum = 0;
	(void)c;
	for (size_t i = 0; i < n; i++)
		sum += ((const uint8_t *)in)[i];
	return leat_reply_add(out, &sum, sizeof sum, err);
}

/* The first byte says how it ends. */
static int misbehave(const struct leat_call *c, const void *in, size_t n, struct leat_reply *out, struct leat_err *err)
{
	(void)n, (void)out;
	switch (*(const char *)in) {
	case 's':
		__builtin_trap();
	case 'e':
		_exit(7);
	case 'l':
		for (volatile int i = 0; !c->stopping(c); i++)
			;
		break;
	case 'f':
		err->cause = LEAT_CAUSE_CORRUPT;
		strcpy(err->text, "said no");
		return -1;
	default:
		break;
	}
	return 0;
}

/* ---- helpers ---- */

static struct leat_executor *open_kind(const char *kind, int workers)
{
	struct leat_err err = {0};
	struct leat_executor_options o = {.workers = workers};
	struct leat_executor *ex = leat_executor_open(kind, &o, &err);
	if (!ex)
		fail_msg("%s: %s", kind, err.text);
	return ex;
}

static struct leat_future *submit(struct leat_executor *ex, leat_function *fn, void *arg)
{
	struct leat_err err = {0};
	struct leat_future *f = leat_submit(ex, fn, arg, &err);
	if (!f)
		fail_msg("%s", err.text);
	return f;
}

static struct leat_future *call(struct leat_executor *ex, const char *name, const void *in, size_t n)
{
	struct leat_err err = {0};
	struct leat_future *f = leat_submit_named(ex, name, in, n, 64, &err);
	if (!f)
		fail_msg("%s", err.text);
	return f;
}

/* ---- tests ---- */

static void results_and_errors_on_every_kind(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct leat_executor *ex = open_kind(kinds[k], 2);
		int n[100];
		struct leat_future *f[100], *bad, *mute;
		for (int i = 0; i < 100; i++)
			n[i] = i, f[i] = submit(ex, twice, &n[i]);
		int seven = 7;
		bad = submit(ex, refuse, &seven);
		mute = submit(ex, silent, NULL);
		for (int i = 0; i < 100; i++) {
			struct leat_err err = {0};
			assert_int_equal(leat_future_result(f[i], 10 * second, &err), 0);
			assert_int_equal(n[i], 2 * i);
			leat_future_free(&f[i]);
		}
		struct leat_err err = {0}, none = {0};
		struct leat_failure why;
		assert_int_equal(leat_future_result(bad, -1, &err), -1);
		assert_string_equal(err.text, "number 7 is bad");
		assert_true(leat_future_error(bad, &why));
		assert_string_equal(why.stage, kinds[k]);
		assert_int_equal(why.cause, LEAT_CAUSE_CORRUPT);
		assert_int_equal(why.sys, 5);
		assert_int_equal(why.signal, 0);
		assert_int_equal(why.exit_status, -1);
		assert_int_equal(leat_future_result(mute, -1, &none), -1);
		assert_string_equal(none.text, "failed without saying why");
		leat_future_free(&bad);
		leat_future_free(&mute);
		struct leat_executor_numbers m;
		leat_executor_measured(ex, &m);
		assert_int_equal(m.tasks, 102);
		leat_executor_close(&ex);
		assert_null(ex);
	}
}

static void one_worker_keeps_the_order(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct leat_executor *ex = open_kind(kinds[k], 1);
		struct order order = {0};
		struct place p[64];
		struct leat_future *f[64];
		for (int i = 0; i < 64; i++) {
			p[i] = (struct place){&order, i};
			f[i] = submit(ex, note, &p[i]);
		}
		leat_executor_shutdown(ex, true, false);
		for (int i = 0; i < 64; i++) {
			assert_int_equal(order.seen[i], i);
			leat_future_free(&f[i]);
		}
		leat_executor_close(&ex);
	}
}

static void cancel_takes_back_what_has_not_begun(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 1);
	struct gate g = {0};
	struct leat_future *first = submit(ex, pass, &g), *f[5];
	int n[5] = {1, 1, 1, 1, 1};
	entered(&g);
	for (int i = 0; i < 5; i++)
		f[i] = submit(ex, twice, &n[i]);
	assert_false(leat_future_cancel(first));
	assert_true(leat_future_running(first));
	for (int i = 0; i < 4; i++) {
		struct leat_err err = {0};
		assert_true(leat_future_cancel(f[i]));
		assert_false(leat_future_cancel(f[i]));
		assert_true(leat_future_cancelled(f[i]));
		assert_int_equal(leat_future_result(f[i], 0, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_CANCELLED);
	}
	struct leat_err err = {0};
	assert_int_equal(leat_future_result(f[4], 0, &err), 1);
	atomic_store(&g.open, true);
	assert_int_equal(leat_future_result(f[4], -1, &err), 0);
	assert_int_equal(leat_future_result(first, -1, &err), 0);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(n[i], i < 4 ? 1 : 2);
		leat_future_free(&f[i]);
	}
	leat_future_free(&first);
	leat_executor_close(&ex);
}

struct calls {
	int order[8];
	int n;
};
struct called {
	struct calls *calls;
	int index;
};
static void append(struct leat_future *f, void *ctx)
{
	struct called *c = ctx;
	assert_true(leat_future_done(f));
	c->calls->order[c->calls->n++] = c->index;
}

static void callbacks_come_in_order_and_late_ones_at_once(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 1);
	struct gate g = {0};
	struct calls calls = {0};
	struct called c[4] = {{&calls, 0}, {&calls, 1}, {&calls, 2}, {&calls, 3}};
	struct leat_err err = {0};
	struct leat_future *f = submit(ex, pass, &g);
	for (int i = 0; i < 3; i++)
		assert_int_equal(leat_future_add_callback(f, append, &c[i], &err), 0);
	atomic_store(&g.open, true);
	leat_executor_shutdown(ex, true, false);
	assert_int_equal(calls.n, 3);
	assert_int_equal(leat_future_add_callback(f, append, &c[3], &err), 0);
	assert_int_equal(calls.n, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(calls.order[i], i);
	leat_future_free(&f);
	leat_executor_close(&ex);
}

static void waits(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 3);
	struct gate slow = {0};
	struct leat_err err = {0};
	int one = 1, other = 1;
	struct leat_future *f[3] = {submit(ex, pass, &slow), submit(ex, twice, &one), submit(ex, refuse, &other)};
	assert_true(leat_wait(f, 3, LEAT_WAIT_FIRST, -1, &err) >= 1);
	assert_true(leat_wait(f, 3, LEAT_WAIT_FIRST_ERROR, -1, &err) >= 1);
	assert_true(leat_future_done(f[2]));
	assert_int_equal(leat_wait(f, 3, LEAT_WAIT_ALL, second / 50, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TIMEOUT);
	struct leat_completion *c = leat_as_completed(f, 3, &err);
	size_t left;
	struct leat_future *a = leat_completion_next(c, -1, &left), *b = leat_completion_next(c, -1, &left);
	assert_true((a == f[1] && b == f[2]) || (a == f[2] && b == f[1]));
	assert_int_equal(left, 1);
	assert_null(leat_completion_next(c, 1000, &left));
	assert_int_equal(left, 1);
	atomic_store(&slow.open, true);
	assert_ptr_equal(leat_completion_next(c, -1, &left), f[0]);
	assert_null(leat_completion_next(c, -1, &left));
	assert_int_equal(left, 0);
	leat_completion_free(&c);
	struct leat_err fine = {0};
	assert_int_equal(leat_wait(f, 3, LEAT_WAIT_ALL, -1, &fine), 3);
	for (int i = 0; i < 3; i++)
		leat_future_free(&f[i]);
	leat_executor_close(&ex);
}

static void maps(void **state)
{
	(void)state;
	for (int unordered = 0; unordered < 2; unordered++)
		for (size_t chunk = 1; chunk < 20; chunk += 6) {
			struct leat_executor *ex = open_kind("threads", 3);
			int n[101];
			void *args[101];
			bool seen[101] = {false};
			for (int i = 0; i < 101; i++)
				n[i] = i, args[i] = &n[i];
			struct leat_map_options o = {.unordered = unordered, .chunk = chunk, .window = 25};
			struct leat_err err = {0};
			struct leat_mapping *m = leat_map(ex, twice, args, 101, &o, &err);
			assert_non_null(m);
			size_t at, count = 0;
			while (leat_map_next(m, -1, &at, &err) == 0) {
				assert_false(seen[at]);
				assert_true(unordered || at == count);
				assert_int_equal(n[at], 2 * at);
				seen[at] = true;
				count++;
			}
			assert_int_equal(count, 101);
			leat_map_free(&m);
			leat_executor_close(&ex);
		}
}

static void a_failing_argument_fails_alone(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 2);
	int n[10];
	void *args[10];
	for (int i = 0; i < 10; i++)
		n[i] = i, args[i] = &n[i];
	struct leat_map_options o = {.chunk = 4};
	struct leat_err err = {0};
	struct leat_mapping *m = leat_map(ex, refuse, args, 10, &o, &err);
	for (size_t i = 0; i < 10; i++) {
		struct leat_err own = {0};
		char text[40];
		size_t at;
		assert_int_equal(leat_map_next(m, -1, &at, &own), -1);
		assert_int_equal(at, i);
		snprintf(text, sizeof text, "number %zu is bad", i);
		assert_string_equal(own.text, text);
	}
	size_t at;
	assert_int_equal(leat_map_next(m, -1, &at, &err), 1);
	leat_map_free(&m);
	/* Freed in the middle: what has not begun is cancelled, nothing is left behind. */
	m = leat_map(ex, twice, args, 10, NULL, &err);
	assert_int_equal(leat_map_next(m, -1, &at, &err), 0);
	leat_map_free(&m);
	leat_executor_close(&ex);
}

static void shutdown_takes_nothing_more(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 1);
	struct gate g = {0};
	struct leat_err err = {0};
	int one = 1;
	struct leat_future *running = submit(ex, pass, &g), *queued = submit(ex, twice, &one);
	entered(&g);
	leat_executor_shutdown(ex, false, true);
	assert_true(leat_future_cancelled(queued));
	assert_false(leat_future_done(running));
	assert_null(leat_submit(ex, twice, &one, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_CANCELLED);
	atomic_store(&g.open, true);
	leat_executor_shutdown(ex, true, true);
	assert_true(leat_future_done(running));
	assert_false(leat_future_cancelled(running));
	assert_int_equal(one, 1);
	leat_future_free(&running);
	leat_future_free(&queued);
	leat_executor_close(&ex);
}

static void threads_are_asked_not_ended(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 1);
	struct gate g = {0};
	struct leat_err err = {0};
	struct leat_future *running = submit(ex, pass, &g);
	entered(&g);
	assert_int_equal(leat_executor_terminate(ex, &err), -1);
	assert_non_null(strstr(err.text, "cannot be ended from outside"));
	assert_int_equal(leat_future_result(running, 10 * second, &err), 0); /* it saw that it should stop */
	leat_future_free(&running);
	leat_executor_close(&ex);
}

static void crews_grow_and_shrink(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("threads", 1);
	struct leat_err err = {0};
	struct gate g[4] = {0};
	struct leat_future *f[4];
	for (int i = 0; i < 4; i++)
		f[i] = submit(ex, pass, &g[i]);
	assert_int_equal(leat_executor_set_workers(ex, 4, &err), 0);
	for (int i = 0; i < 4; i++)
		entered(&g[i]); /* all four at once */
	assert_int_equal(leat_executor_set_workers(ex, 1, &err), 0);
	for (int i = 0; i < 4; i++)
		atomic_store(&g[i].open, true);
	assert_int_equal(leat_wait(f, 4, LEAT_WAIT_ALL, 10 * second, &err), 4);
	for (int round = 0; round < 20; round++) {
		int n = 1;
		struct leat_future *t = submit(ex, twice, &n);
		assert_int_equal(leat_future_result(t, 10 * second, &err), 0);
		leat_future_free(&t);
		assert_int_equal(leat_executor_set_workers(ex, 1 + round % 5, &err), 0);
	}
	assert_int_equal(leat_executor_set_workers(ex, 0, &err), -1);
	for (int i = 0; i < 4; i++)
		leat_future_free(&f[i]);
	leat_executor_close(&ex);
	struct leat_err fixed = {0};
	ex = open_kind("openmp", 2);
	assert_int_equal(leat_executor_set_workers(ex, 3, &fixed), -1);
	leat_executor_close(&ex);
}

static void names_run_on_every_kind(void **state)
{
	static const char *const all[] = {"inline", "threads", "openmp", "processes"};
	uint8_t in[1000];
	uint64_t want = 0;
	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		want += in[i] = (uint8_t)(i * 7);
	for (size_t k = 0; k < 4; k++) {
		struct leat_executor *ex = open_kind(all[k], 2);
		struct leat_future *f[50];
		for (int i = 0; i < 50; i++)
			f[i] = call(ex, "sum", in, sizeof in);
		for (int i = 0; i < 50; i++) {
			struct leat_err err = {0};
			size_t n;
			if (leat_future_result(f[i], 30 * second, &err) != 0)
				fail_msg("%s: %s", all[k], err.text);
			const void *out = leat_future_bytes(f[i], &n);
			assert_int_equal(n, sizeof want);
			assert_memory_equal(out, &want, n);
			leat_future_free(&f[i]);
		}
		leat_executor_close(&ex);
	}
}

/* Neither the input nor the result has another place than the caller's. */
static void lent_memory_is_used_where_it_is(void **state)
{
	static const char *const all[] = {"inline", "threads", "openmp", "processes"};
	static uint8_t in[300000];
	uint64_t want = 0;
	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		want += in[i] = (uint8_t)(i * 11);
	for (size_t k = 0; k < 4; k++) {
		struct leat_executor *ex = open_kind(all[k], 2);
		struct leat_err err = {0};
		uint64_t out[10] = {0};
		struct leat_future *f[10];
		for (int i = 0; i < 10; i++) {
			struct leat_lent l = {.in = in, .n = sizeof in, .out = &out[i], .most_out = sizeof out[i]};
			f[i] = leat_submit_lent(ex, "sum", &l, &err);
			assert_non_null(f[i]);
		}
		for (int i = 0; i < 10; i++) {
			size_t n;
			assert_int_equal(leat_future_result(f[i], 30 * second, &err), 0);
			assert_ptr_equal(leat_future_bytes(f[i], &n), &out[i]);
			assert_int_equal(n, sizeof want);
			assert_true(out[i] == want);
			leat_future_free(&f[i]);
		}
		struct leat_lent small = {.in = in, .n = 10, .out = out, .most_out = 4};
		f[0] = leat_submit_lent(ex, "sum", &small, &err);
		assert_int_equal(leat_future_result(f[0], 30 * second, &err), -1);
		leat_future_free(&f[0]);
		leat_executor_close(&ex);
	}
}

/* In order, each with its own result or its own error, however many go together. */
static void named_maps_on_every_kind(void **state)
{
	static const char *const all[] = {"inline", "threads", "openmp", "processes"};
	static const size_t chunks[] = {0, 1, 7, 5000};
	enum { N = 1000 };
	static struct leat_named_input in[N];
	static uint8_t bytes[N];
	(void)state;
	for (int i = 0; i < N; i++) {
		bytes[i] = i % 100 == 42 ? 'f' : 'a';
		in[i] = (struct leat_named_input){.data = bytes, .n = (size_t)i};
	}
	for (size_t k = 0; k < 16; k++) {
		struct leat_executor *ex = open_kind(all[k / 4], 2);
		struct leat_map_options o = {.chunk = chunks[k % 4]};
		struct leat_err err = {0};
		struct leat_named_mapping *m = leat_map_named(ex, "sum", in, N, 8, &o, &err);
		uint64_t sum = 0;
		size_t index, n;
		const void *out;
		assert_non_null(m);
		for (size_t i = 0; i < N; sum += bytes[i++]) {
			assert_int_equal(leat_map_named_next(m, 30 * second, &index, &out, &n, &err), 0);
			assert_int_equal(index, i);
			assert_int_equal(n, sizeof sum);
			assert_memory_equal(out, &sum, sizeof sum);
		}
		assert_int_equal(leat_map_named_next(m, 0, &index, &out, &n, &err), 1);
		leat_map_named_free(&m);
		for (int i = 0; i < N; i++)
			in[i] = (struct leat_named_input){.data = &bytes[i], .n = 1};
		m = leat_map_named(ex, "misbehave", in, N, 0, &o, &err);
		for (size_t i = 0; i < N; i++) {
			struct leat_err own = {0};
			int got = leat_map_named_next(m, 30 * second, &index, &out, &n, &own);
			assert_int_equal(got, bytes[i] == 'f' ? -1 : 0);
			assert_int_equal(own.cause, bytes[i] == 'f' ? LEAT_CAUSE_CORRUPT : LEAT_CAUSE_NONE);
			assert_string_equal(own.text, bytes[i] == 'f' ? "said no" : "");
			if (i == N / 2)
				break; /* and the others are taken back */
		}
		leat_map_named_free(&m);
		leat_executor_close(&ex);
		for (int i = 0; i < N; i++)
			in[i] = (struct leat_named_input){.data = bytes, .n = (size_t)i};
	}
}

static void a_dead_worker_fails_its_own_task_only(void **state)
{
	(void)state;
	struct leat_executor_options o = {.workers = 2, .timeout_ns = second / 2};
	struct leat_err err = {0};
	struct leat_executor *ex = leat_executor_open("processes", &o, &err);
	assert_non_null(ex);
	struct leat_future *good[20], *segv, *left, *loop, *no;
	for (int i = 0; i < 10; i++)
		good[i] = call(ex, "sum", "ab", 2);
	segv = call(ex, "misbehave", "s", 1);
	left = call(ex, "misbehave", "e", 1);
	loop = call(ex, "misbehave", "l", 1);
	no = call(ex, "misbehave", "f", 1);
	for (int i = 10; i < 20; i++)
		good[i] = call(ex, "sum", "ab", 2);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(leat_future_result(good[i], 30 * second, &err), 0);
		leat_future_free(&good[i]);
	}
	struct leat_failure why = {0};
	struct leat_err e1 = {0}, e2 = {0}, e3 = {0}, e4 = {0};
	assert_int_equal(leat_future_result(segv, 30 * second, &e1), -1);
	assert_true(leat_future_error(segv, &why));
	assert_int_equal(why.cause, LEAT_CAUSE_CRASH);
	assert_int_equal(why.signal, SIGILL);
	assert_int_equal(leat_future_result(left, 30 * second, &e2), -1);
	assert_true(leat_future_error(left, &why));
	assert_int_equal(why.exit_status, 7);
	assert_int_equal(leat_future_result(loop, 30 * second, &e3), 0); /* it looked, and stopped */
	assert_int_equal(leat_future_result(no, 30 * second, &e4), -1);
	assert_string_equal(e4.text, "said no");
	leat_future_free(&segv);
	leat_future_free(&left);
	leat_future_free(&loop);
	leat_future_free(&no);
	leat_executor_close(&ex);
}

static void processes_can_be_ended(void **state)
{
	(void)state;
	struct leat_executor *ex = open_kind("processes", 1);
	struct leat_err err = {0};
	struct leat_future *loop = call(ex, "misbehave", "l", 1), *queued[40];
	for (int i = 0; i < 40; i++)
		queued[i] = call(ex, "sum", "ab", 2);
	while (!leat_future_running(loop))
		usleep(1000);
	assert_int_equal(leat_executor_terminate(ex, &err), 0);
	assert_true(leat_future_cancelled(loop));
	for (int i = 0; i < 40; i++) {
		assert_true(leat_future_cancelled(queued[i]));
		leat_future_free(&queued[i]);
	}
	leat_future_free(&loop);
	leat_executor_close(&ex);
}

static void what_cannot_be_is_said(void **state)
{
	(void)state;
	struct leat_err a = {0}, b = {0}, c = {0}, d = {0};
	assert_null(leat_executor_open("fibers", NULL, &a));
	assert_non_null(strstr(a.text, "no executor 'fibers'"));
	struct leat_executor *ex = open_kind("processes", 1);
	assert_null(leat_submit(ex, twice, NULL, &b));
	assert_non_null(strstr(b.text, "register it by name"));
	assert_null(leat_submit_named(ex, "nosuch", "", 0, 0, &c));
	assert_non_null(strstr(c.text, "no function 'nosuch'"));
	leat_executor_close(&ex);
	assert_int_equal(leat_register_function("sum", sum_bytes, &d), -1);
	assert_non_null(strstr(d.text, "already"));
	d = (struct leat_err){0};
	assert_int_equal(leat_register_function("leat many", sum_bytes, &d), -1);
	ex = open_kind("inline", 1);
	struct leat_err e = {0};
	struct leat_future *f = leat_submit_named(ex, "sum", "ab", 2, 3, &e); /* 8 bytes come back */
	assert_int_equal(leat_future_result(f, -1, &e), -1);
	assert_int_equal(e.cause, LEAT_CAUSE_LIMIT);
	leat_future_free(&f);
	leat_executor_close(&ex);
}

int main(int argc, char **argv)
{
	struct leat_err err = {0};
	if (leat_register_function("sum", sum_bytes, &err) < 0 ||
	    leat_register_function("misbehave", misbehave, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	int worker = leat_worker_hook(argc, argv);
	if (worker >= 0)
		return worker;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_and_errors_on_every_kind),
		cmocka_unit_test(one_worker_keeps_the_order),
		cmocka_unit_test(cancel_takes_back_what_has_not_begun),
		cmocka_unit_test(callbacks_come_in_order_and_late_ones_at_once),
		cmocka_unit_test(waits),
		cmocka_unit_test(maps),
		cmocka_unit_test(a_failing_argument_fails_alone),
		cmocka_unit_test(shutdown_takes_nothing_more),
		cmocka_unit_test(threads_are_asked_not_ended),
		cmocka_unit_test(crews_grow_and_shrink),
		cmocka_unit_test(names_run_on_every_kind),
		cmocka_unit_test(lent_memory_is_used_where_it_is),
		cmocka_unit_test(named_maps_on_every_kind),
		cmocka_unit_test(a_dead_worker_fails_its_own_task_only),
		cmocka_unit_test(processes_can_be_ended),
		cmocka_unit_test(what_cannot_be_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
