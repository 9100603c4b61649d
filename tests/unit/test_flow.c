/* SPDX-License-Identifier: MIT */
/* The bounded queue: order, both bounds, closing and aborting in every wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "flow/queue.h"

static struct leat_queue *queue(uint64_t items, uint64_t bytes)
{
	struct leat_err err = {0};
	struct leat_queue *q = leat_queue_new(&(struct leat_lane){.items = items, .bytes = bytes}, 1, false, &err);
	assert_non_null(q);
	return q;
}

static void empty_and_free(struct leat_queue *q)
{
	leat_queue_abort(q);
	while (leat_queue_drain(q))
		;
	leat_queue_free(&q);
	assert_null(q);
	leat_queue_free(&q);
}

static void test_order(void **state)
{
	(void)state;
	struct leat_task t[5] = {{.seq = 0}, {.seq = 1}, {.seq = 2}, {.seq = 3}, {.seq = 4}};
	struct leat_queue *q = queue(5, 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(leat_queue_push(q, &t[i]), 0);
	for (int i = 0; i < 3; i++)
		assert_ptr_equal(leat_queue_pop(q), &t[i]);
	assert_int_equal(leat_queue_push(q, &t[0]), 0);
	leat_queue_close(q);
	assert_ptr_equal(leat_queue_pop(q), &t[3]);
	assert_ptr_equal(leat_queue_pop(q), &t[4]);
	assert_ptr_equal(leat_queue_pop(q), &t[0]);
	assert_null(leat_queue_pop(q));
	assert_int_equal(leat_queue_peak(q), 5);
	empty_and_free(q);
	assert_null(leat_queue_new(&(struct leat_lane){.items = 0}, 1, false, NULL));
}

static void test_lanes(void **state)
{
	(void)state;
	const struct leat_lane lanes[3] = {{.items = 2}, {.items = 1}, {.items = 4}};
	struct leat_task t[6] = {{.lane = 0}, {.lane = 2}, {.lane = 1}, {.lane = 0}, {.lane = 2}, {.lane = 1}};
	struct leat_queue *q = leat_queue_new(lanes, 3, false, NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(leat_queue_try_push(q, &t[i]), 0);
	assert_int_equal(leat_queue_try_push(q, &t[5]), 1); /* its lane alone is full */
	static const int order[] = {1, 4, 2, 0, 3};
	for (int i = 0; i < 5; i++)
		assert_ptr_equal(leat_queue_pop(q), &t[order[i]]);
	empty_and_free(q);
}

static void test_exchange(void **state)
{
	(void)state;
	const struct leat_lane lanes[2] = {{.items = 2}, {.items = 1, .in_order = true}};
	struct leat_task t[4] = {{.lane = 1}, {.lane = 1}, {.lane = 1, .bytes = 1000}, {.lane = 0}}, *instead;
	struct leat_queue *q = leat_queue_new(lanes, 2, true, NULL);
	assert_int_equal(leat_queue_exchange(q, &t[0], &instead), 0);
	assert_null(instead);
	for (int i = 1; i < 3; i++) { /* full: what came first comes out, in order, large ones too */
		assert_int_equal(leat_queue_exchange(q, &t[i], &instead), 0);
		assert_ptr_equal(instead, &t[i - 1]);
	}
	assert_int_equal(leat_queue_exchange(q, &t[3], &instead), 0);
	assert_null(instead);
	leat_queue_close(q);
	assert_int_equal(leat_queue_exchange(q, &t[0], &instead), -1);
	assert_null(instead);
	empty_and_free(q);
}

static void test_largest_first(void **state)
{
	(void)state;
	struct leat_task t[6] = {{.bytes = 10}, {.bytes = 15}, {.bytes = 40},
				 {.bytes = 90}, {.bytes = 12}, {.bytes = 40}};
	struct leat_queue *q = leat_queue_new(&(struct leat_lane){.items = 100}, 1, true, NULL);
	for (int i = 0; i < 6; i++)
		assert_int_equal(leat_queue_push(q, &t[i]), 0);
	static const int order[] = {3, 2, 5, 0, 1, 4}; /* 15 and 12 are not much larger than 10 */
	for (int i = 0; i < 6; i++)
		assert_ptr_equal(leat_queue_pop(q), &t[order[i]]);
	/* However many larger ones come, the small one is not passed over for ever. */
	struct leat_task small = {.bytes = 1}, large[40];
	int before = 0;
	assert_int_equal(leat_queue_push(q, &small), 0);
	for (int i = 0; i < 40; i++) {
		large[i] = (struct leat_task){.bytes = 100};
		assert_int_equal(leat_queue_push(q, &large[i]), 0);
	}
	while (leat_queue_pop(q) != &small)
		before++;
	assert_int_equal(before, 16);
	empty_and_free(q);
}

static void test_pop_unless(void **state)
{
	(void)state;
	struct leat_task t = {0};
	atomic_bool leave = true;
	struct leat_queue *q = queue(2, 0);
	assert_int_equal(leat_queue_push(q, &t), 0);
	assert_null(leat_queue_pop_unless(q, &leave));
	leave = false;
	assert_ptr_equal(leat_queue_pop_unless(q, &leave), &t);
	empty_and_free(q);
}

static void test_item_bound(void **state)
{
	(void)state;
	struct leat_task t[3] = {{0}};
	struct leat_queue *q = queue(2, 0);
	assert_int_equal(leat_queue_try_push(q, &t[0]), 0);
	assert_int_equal(leat_queue_try_push(q, &t[1]), 0);
	assert_int_equal(leat_queue_try_push(q, &t[2]), 1);
	assert_ptr_equal(leat_queue_pop(q), &t[0]);
	assert_int_equal(leat_queue_try_push(q, &t[2]), 0);
	empty_and_free(q);
}

static void test_bytes_bound(void **state)
{
	(void)state;
	struct leat_task t[4] = {{.bytes = 60}, {.bytes = 40}, {.bytes = 1}, {.bytes = SIZE_MAX}};
	struct leat_queue *q = queue(100, 100);
	assert_int_equal(leat_queue_try_push(q, &t[0]), 0);
	assert_int_equal(leat_queue_try_push(q, &t[3]), 1); /* sizes near the end of the number range do not wrap */
	assert_int_equal(leat_queue_try_push(q, &t[1]), 0);
	assert_int_equal(leat_queue_try_push(q, &t[2]), 1);
	assert_ptr_equal(leat_queue_pop(q), &t[0]);
	assert_int_equal(leat_queue_try_push(q, &t[2]), 0);
	empty_and_free(q);
}

static void test_one_oversized_entry(void **state)
{
	(void)state;
	struct leat_task big = {.bytes = 1000}, small = {.bytes = 1}, none = {.bytes = 0};
	struct leat_queue *q = queue(100, 100);
	assert_int_equal(leat_queue_try_push(q, &big), 0);
	assert_int_equal(leat_queue_try_push(q, &small), 1);
	assert_int_equal(leat_queue_try_push(q, &none), 1);
	assert_ptr_equal(leat_queue_pop(q), &big);
	assert_int_equal(leat_queue_try_push(q, &small), 0);
	assert_int_equal(leat_queue_try_push(q, &big), 1);
	empty_and_free(q);
}

static void test_close_and_abort(void **state)
{
	(void)state;
	struct leat_task t[2] = {{0}};
	struct leat_queue *q = queue(2, 0);
	assert_int_equal(leat_queue_push(q, &t[0]), 0);
	assert_null(leat_queue_drain(q)); /* only after abort */
	leat_queue_close(q);
	assert_int_equal(leat_queue_push(q, &t[1]), -1);
	assert_int_equal(leat_queue_try_push(q, &t[1]), -1);
	leat_queue_abort(q);
	assert_null(leat_queue_pop(q));
	assert_ptr_equal(leat_queue_drain(q), &t[0]);
	assert_null(leat_queue_drain(q));
	empty_and_free(q);
}

/* --- waiting --- */

struct waiter {
	pthread_t thread;
	struct leat_queue *q;
	struct leat_task *push; /* NULL: pops */
	struct leat_task *popped;
	int result;
	_Atomic int back;
};

static void *wait_there(void *arg)
{
	struct waiter *w = arg;
	if (w->push)
		w->result = leat_queue_push(w->q, w->push);
	else
		w->popped = leat_queue_pop(w->q);
	w->back = 1;
	return NULL;
}

static void start(struct waiter *w, struct leat_queue *q, struct leat_task *push)
{
	*w = (struct waiter){.q = q, .push = push, .result = 99};
	assert_int_equal(pthread_create(&w->thread, NULL, wait_there, w), 0);
}

static void must_wait(struct waiter *w)
{
	usleep(20000);
	assert_int_equal(w->back, 0);
}

static void test_wait(void **state)
{
	(void)state;
	struct leat_task t[2] = {{0}};
	struct leat_queue *q = queue(1, 0);
	struct waiter w;
	start(&w, q, NULL);
	must_wait(&w);
	assert_int_equal(leat_queue_push(q, &t[0]), 0);
	pthread_join(w.thread, NULL);
	assert_ptr_equal(w.popped, &t[0]);

	assert_int_equal(leat_queue_push(q, &t[0]), 0);
	start(&w, q, &t[1]);
	must_wait(&w);
	assert_ptr_equal(leat_queue_pop(q), &t[0]);
	pthread_join(w.thread, NULL);
	assert_int_equal(w.result, 0);
	assert_ptr_equal(leat_queue_pop(q), &t[1]);
	empty_and_free(q);
}

/* One large entry leaves: all small ones that now fit come in, not just one. */
static void test_room_for_several(void **state)
{
	(void)state;
	struct leat_task big = {.bytes = 100}, small[3] = {{.bytes = 30}, {.bytes = 30}, {.bytes = 30}};
	struct leat_queue *q = queue(10, 100);
	struct waiter w[3];
	assert_int_equal(leat_queue_push(q, &big), 0);
	for (int i = 0; i < 3; i++)
		start(&w[i], q, &small[i]);
	must_wait(&w[2]);
	assert_ptr_equal(leat_queue_pop(q), &big);
	for (int i = 0; i < 3; i++)
		pthread_join(w[i].thread, NULL);
	assert_int_equal(leat_queue_peak(q), 3);
	empty_and_free(q);
}

static void end_waits(void (*stop)(struct leat_queue *))
{
	struct leat_task t[3] = {{0}};
	struct waiter w[2];
	struct leat_queue *q = queue(1, 0);
	start(&w[0], q, NULL);
	start(&w[1], q, NULL);
	must_wait(&w[0]);
	must_wait(&w[1]);
	stop(q);
	for (int i = 0; i < 2; i++) {
		pthread_join(w[i].thread, NULL);
		assert_null(w[i].popped);
	}
	empty_and_free(q);

	q = queue(1, 0);
	assert_int_equal(leat_queue_push(q, &t[0]), 0);
	start(&w[0], q, &t[1]);
	start(&w[1], q, &t[2]);
	must_wait(&w[0]);
	must_wait(&w[1]);
	stop(q);
	for (int i = 0; i < 2; i++) {
		pthread_join(w[i].thread, NULL);
		assert_int_equal(w[i].result, -1);
	}
	empty_and_free(q);
}

static void test_cancel_every_wait(void **state)
{
	(void)state;
	end_waits(leat_queue_abort);
	end_waits(leat_queue_close);
}

/* --- many at once --- */

enum { CROWD = 4, EACH = 3000 };

struct crowd {
	struct leat_queue *q;
	struct leat_task *tasks;
	_Atomic int next, popped, refused;
	_Atomic uint64_t sum;
	int stop_after; /* abort after so many pops; 0 never */
};

static void *produce(void *arg)
{
	struct crowd *c = arg;
	for (int i; (i = c->next++) < CROWD * EACH;)
		c->refused += leat_queue_push(c->q, &c->tasks[i]) != 0;
	return NULL;
}

static void *consume(void *arg)
{
	struct crowd *c = arg;
	for (struct leat_task *t; (t = leat_queue_pop(c->q));) {
		c->sum += t->seq;
		if (++c->popped == c->stop_after)
			leat_queue_abort(c->q);
	}
	return NULL;
}

static void run_crowd(struct crowd *c, uint64_t items, uint64_t bytes)
{
	pthread_t in[CROWD], out[CROWD];
	c->q = queue(items, bytes);
	c->tasks = calloc(CROWD * EACH, sizeof *c->tasks);
	for (int i = 0; i < CROWD * EACH; i++)
		c->tasks[i] = (struct leat_task){.seq = (uint64_t)i, .bytes = (size_t)(i * 7919 % 100)};
	for (int i = 0; i < CROWD; i++) {
		pthread_create(&in[i], NULL, produce, c);
		pthread_create(&out[i], NULL, consume, c);
	}
	for (int i = 0; i < CROWD; i++)
		pthread_join(in[i], NULL);
	leat_queue_close(c->q);
	for (int i = 0; i < CROWD; i++)
		pthread_join(out[i], NULL);
}

static void test_crowd(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct crowd c = {0};
		run_crowd(&c, i == 0 ? 1 : 16, i == 2 ? 150 : 0);
		assert_int_equal(c.popped, CROWD * EACH);
		assert_int_equal(c.refused, 0);
		assert_int_equal(c.sum, (uint64_t)CROWD * EACH * (CROWD * EACH - 1) / 2);
		assert_true(leat_queue_peak(c.q) <= 16);
		leat_queue_free(&c.q);
		free(c.tasks);
	}
}

/* Everything pushed is popped, refused, or left to drain(); never twice, never lost. */
static void test_abrupt_end(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct crowd c = {.stop_after = 1 + i * 300};
		int left = 0;
		run_crowd(&c, 8, 0);
		while (leat_queue_drain(c.q))
			left++;
		assert_int_equal(c.popped + c.refused + left, CROWD * EACH);
		assert_true(left <= 8);
		leat_queue_free(&c.q);
		free(c.tasks);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_exchange),
		cmocka_unit_test(test_largest_first),
		cmocka_unit_test(test_pop_unless),
		cmocka_unit_test(test_item_bound),
		cmocka_unit_test(test_bytes_bound),
		cmocka_unit_test(test_one_oversized_entry),
		cmocka_unit_test(test_close_and_abort),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_room_for_several),
		cmocka_unit_test(test_cancel_every_wait),
		cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_abrupt_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
