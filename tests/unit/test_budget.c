/* SPDX-License-Identifier: MIT */
/* The byte budget: order of grants, the bound, given-up turns, giving back in parts, aborting in every wait. */
#include <setjmp.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <pthread.h>

#include "flow/budget.h"

static struct leat_budget *budget(uint64_t limit)
{
	struct leat_budget *b = leat_budget_new(limit, NULL);
	assert_non_null(b);
	return b;
}

static void test_pools(void **state)
{
	(void)state;
	struct leat_budget *b = budget(1003);
	assert_int_equal(leat_budget_pool_size(b, LEAT_READ_AHEAD), 250);
	assert_int_equal(leat_budget_pool_size(b, LEAT_ACTIVE), 753);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 753, NULL), 0); /* all of it is fine */
	assert_int_equal(leat_budget_reserve(b, LEAT_READ_AHEAD, 0, 50, NULL), 0);
	assert_int_equal(leat_budget_peak(b), 803);
	leat_budget_release(b, LEAT_ACTIVE, 753);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 1, 1, NULL), 0);
	assert_int_equal(leat_budget_peak(b), 803);
	leat_budget_free(&b);
	assert_null(b);
	leat_budget_free(&b);
}

static void test_never_fits(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct leat_err err = {0};
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 6144, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_MEMORY);
	assert_string_equal(err.text, "needs 6 KiB, but the memory budget allows 2.9 KiB for one item");
	err = (struct leat_err){0};
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 2, 3001, &err),
			 -1); /* ahead of its turn: told at once, too */
	assert_string_equal(err.text, "needs 3 001, but the memory budget allows 3 000 for one item");
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 1, 10, NULL), 0);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 3, 10, NULL), 0);
	leat_budget_free(&b);
}

static void test_asked_twice(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct leat_err err = {0};
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 10, NULL), 0);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 10, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	leat_budget_free(&b);
}

/* --- waiting --- */

struct asker {
	pthread_t thread;
	struct leat_budget *b;
	uint64_t seq, bytes;
	struct leat_err err;
	int result;
	_Atomic int back;
};

static void *ask(void *arg)
{
	struct asker *a = arg;
	a->result = leat_budget_reserve(a->b, LEAT_ACTIVE, a->seq, a->bytes, &a->err);
	a->back = 1;
	return NULL;
}

static void start(struct asker *a, struct leat_budget *b, uint64_t seq, uint64_t bytes)
{
	*a = (struct asker){.b = b, .seq = seq, .bytes = bytes, .result = 99};
	assert_int_equal(pthread_create(&a->thread, NULL, ask, a), 0);
}

static void must_wait(struct asker *a)
{
	usleep(20000);
	assert_int_equal(a->back, 0);
}

static int finish(struct asker *a)
{
	pthread_join(a->thread, NULL);
	return a->result;
}

/* A small item does not slip past a large one whose turn it is. */
static void test_order(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct asker large, small;
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 2000, NULL), 0);
	start(&small, b, 2, 1);
	start(&large, b, 1, 1500);
	must_wait(&small);
	must_wait(&large);
	leat_budget_release(b, LEAT_ACTIVE, 2000);
	assert_int_equal(finish(&large), 0);
	assert_int_equal(finish(&small), 0);
	assert_int_equal(leat_budget_peak(b), 2000);
	leat_budget_free(&b);
}

/* Part of a grant comes back when less is needed: the next one enters. */
static void test_shrink(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct asker a;
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 3000, NULL), 0);
	start(&a, b, 1, 1000);
	must_wait(&a);
	leat_budget_release(b, LEAT_ACTIVE, 999);
	must_wait(&a);
	leat_budget_release(b, LEAT_ACTIVE, 1);
	assert_int_equal(finish(&a), 0);
	leat_budget_release(b, LEAT_ACTIVE, 3500); /* too much: no wrap below zero */
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 2, 3000, NULL), 0);
	start(&a, b, 3, 1);
	must_wait(&a);
	leat_budget_release(b, LEAT_ACTIVE, 1);
	assert_int_equal(finish(&a), 0);
	leat_budget_free(&b);
}

/* Turns given up early, late, twice, in any order, in long runs. */
static void test_skip(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 50; seed++) {
		enum { N = 400 };
		struct leat_budget *b = budget(4000);
		uint64_t order[N];
		unsigned x = seed * 2654435761u + 1;
		for (int i = 0; i < N; i++)
			order[i] = (uint64_t)i;
		for (int i = N - 1; i > 0; i--) {
			x = x * 1103515245u + 12345u;
			int k = (int)((x >> 8) % (unsigned)(i + 1));
			uint64_t o = order[i];
			order[i] = order[k];
			order[k] = o;
		}
		struct asker a;
		uint64_t keep = order[0];
		start(&a, b, keep, 7);
		for (int i = 1; i < N; i++) {
			leat_budget_skip(b, LEAT_ACTIVE, order[i]);
			if (i % 3 == 0)
				leat_budget_skip(b, LEAT_ACTIVE, order[i]); /* harmless */
		}
		assert_int_equal(finish(&a), 0);
		assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, N, 7, NULL), 0);
		leat_budget_free(&b);
	}
}

/* A million up-to-date items behind a slow one: no time, no memory to speak of. */
static void test_skip_many(void **state)
{
	(void)state;
	enum { N = 1000000 };
	struct leat_budget *b = budget(4000);
	for (uint64_t i = 1; i < N; i++)
		leat_budget_skip(b, LEAT_ACTIVE, i);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 7, NULL), 0);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, N, 7, NULL), 0);
	leat_budget_free(&b);
}

static void test_cancel_every_wait(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct asker turn, room;
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 3000, NULL), 0);
	start(&room, b, 1, 10);
	start(&turn, b, 5, 10);
	must_wait(&room);
	must_wait(&turn);
	leat_budget_abort(b);
	assert_int_equal(finish(&room), 1);
	assert_int_equal(finish(&turn), 1);
	assert_int_equal(turn.err.cause, LEAT_CAUSE_NONE);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 6, 10, NULL), 1);
	assert_int_equal(leat_budget_reserve(b, LEAT_READ_AHEAD, 0, 5000, NULL), 1);
	leat_budget_free(&b);
}

/* --- many at once: never over the limit, never out of order --- */

enum { CROWD = 6, ITEMS = 3000 };

struct crowd {
	struct leat_budget *b;
	_Atomic uint64_t next, in_use, over;
};

static void *work(void *arg)
{
	struct crowd *c = arg;
	for (uint64_t seq; (seq = c->next++) < ITEMS;) {
		uint64_t bytes = 1 + seq * 7919 % 1500;
		if (seq % 5 == 0) {
			leat_budget_skip(c->b, LEAT_ACTIVE, seq);
			continue;
		}
		if (leat_budget_reserve(c->b, LEAT_ACTIVE, seq, bytes, NULL) != 0)
			c->over += 1000000;
		if (atomic_fetch_add(&c->in_use, bytes) + bytes > 3000)
			c->over++;
		c->in_use -= bytes;
		leat_budget_release(c->b, LEAT_ACTIVE, bytes);
	}
	return NULL;
}

static void test_crowd(void **state)
{
	(void)state;
	struct crowd c = {.b = budget(4000)};
	pthread_t t[CROWD];
	for (int i = 0; i < CROWD; i++)
		pthread_create(&t[i], NULL, work, &c);
	for (int i = 0; i < CROWD; i++)
		pthread_join(t[i], NULL);
	assert_int_equal(c.over, 0);
	assert_true(leat_budget_peak(c.b) <= 3000);
	leat_budget_free(&c.b);
}

/* Its turn was given up: nobody waits for it meanwhile; once it asks, nobody overtakes it. */
static void test_no_turn(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct asker late, next;
	leat_budget_skip(b, LEAT_ACTIVE, 0);
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 1, 2000, NULL), 0);
	start(&late, b, LEAT_NO_TURN, 1500);
	must_wait(&late);
	start(&next, b, 2, 500);
	must_wait(&next);
	must_wait(&late);
	leat_budget_release(b, LEAT_ACTIVE, 1000);
	assert_int_equal(finish(&late), 0);
	assert_int_equal(finish(&next), 0);
	assert_int_equal(leat_budget_used(b), 3000);
	leat_budget_free(&b);
}

struct told {
	struct leat_budget_wait wait;
	int granted; /* -1: not yet */
};

static void tell(struct leat_budget_wait *w, bool granted)
{
	((struct told *)w)->granted = granted;
}

static void test_no_turn_asked(void **state)
{
	(void)state;
	struct leat_budget *b = budget(4000);
	struct told next = {.wait.fn = tell, .granted = -1}, late = next;
	assert_int_equal(leat_budget_reserve(b, LEAT_ACTIVE, 0, 3000, NULL), 0);
	assert_int_equal(leat_budget_ask(b, LEAT_ACTIVE, 1, 500, &next.wait, NULL), 1);
	assert_int_equal(leat_budget_ask(b, LEAT_ACTIVE, LEAT_NO_TURN, 1500, &late.wait, NULL), 1);
	leat_budget_release(b, LEAT_ACTIVE, 1000);
	assert_int_equal(next.granted, -1); /* there is room for it, but not for who comes before it */
	leat_budget_release(b, LEAT_ACTIVE, 1000);
	assert_int_equal(late.granted, 1);
	assert_int_equal(next.granted, 1);
	assert_int_equal(leat_budget_ask(b, LEAT_ACTIVE, LEAT_NO_TURN, 1, &late.wait, NULL), 1);
	leat_budget_abort(b);
	assert_int_equal(late.granted, 0);
	leat_budget_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pools),         cmocka_unit_test(test_never_fits),
		cmocka_unit_test(test_asked_twice),   cmocka_unit_test(test_order),
		cmocka_unit_test(test_shrink),        cmocka_unit_test(test_skip),
		cmocka_unit_test(test_skip_many),     cmocka_unit_test(test_cancel_every_wait),
		cmocka_unit_test(test_crowd),         cmocka_unit_test(test_no_turn),
		cmocka_unit_test(test_no_turn_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
