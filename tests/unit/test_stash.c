/* SPDX-License-Identifier: MIT */
/* What threads keep for use again: whose it is, how much of it, and that all of it is destroyed once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fiber.h"
#include "base/stash.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int alive;

static void destroy(void *object)
{
	free(object);
	atomic_fetch_sub(&alive, 1);
}

static const struct leat_stash_kind two = {.destroy = destroy, .most = 2};
static const struct leat_stash_kind many = {.destroy = destroy, .most = 1000};

static int *make(int value)
{
	int *p = malloc(sizeof *p);
	assert_non_null(p);
	*p = value;
	atomic_fetch_add(&alive, 1);
	return p;
}

static void expect(const struct leat_stash_kind *kind, int value)
{
	int *p = leat_stash_take(kind);
	assert_non_null(p);
	assert_int_equal(*p, value);
	destroy(p);
}

static void test_last_put_first_taken(void **state)
{
	(void)state;
	assert_null(leat_stash_take(&two));
	leat_stash_put(&two, make(1));
	leat_stash_put(&many, make(2));
	leat_stash_put(&two, make(3));
	expect(&two, 3);
	expect(&two, 1);
	assert_null(leat_stash_take(&two));
	expect(&many, 2);
	leat_stash_put(&two, NULL);
	assert_null(leat_stash_take(&two));
	assert_int_equal(alive, 0);
}

static void test_bounded(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		leat_stash_put(&two, make(i));
	assert_int_equal(alive, 2);
	for (int i = 0; i < 2 * LEAT_STASH_ROOM; i++)
		leat_stash_put(&many, make(i));
	assert_int_equal(alive, LEAT_STASH_ROOM);
	expect(&two, 1); /* what is kept stays, what is too much goes */
	expect(&two, 0);
	expect(&many, LEAT_STASH_ROOM - 3);
	leat_stash_clear();
	assert_int_equal(alive, 0);
	assert_null(leat_stash_take(&many));
}

static void *user(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++) {
		int *p = leat_stash_take(&two), *q = leat_stash_take(&two);
		if ((p != NULL) != (i > 0) || (q != NULL) != (i > 0) || (p && *p + *q != 3))
			return "another object than the two of this thread";
		leat_stash_put(&two, p ? p : make(1));
		leat_stash_put(&two, q ? q : make(2));
	}
	return NULL;
}

static void test_threads_end(void **state)
{
	(void)state;
	pthread_t t[8];
	leat_stash_put(&two, make(7));
	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&t[i], NULL, user, NULL), 0);
	for (int i = 0; i < 8; i++) {
		void *fault = NULL;
		assert_int_equal(pthread_join(t[i], &fault), 0);
		assert_null(fault);
	}
	assert_int_equal(alive, 1); /* theirs are gone with them, that of this thread is not */
	expect(&two, 7);
}

/* A destructor of another key may come after the stash is cleared, and use it again. */
static pthread_key_t later;

static void put_late(void *object)
{
	leat_stash_put(&two, object);
}

static void *late_user(void *arg)
{
	(void)arg;
	leat_stash_put(&two, make(1));
	return pthread_setspecific(later, make(2)) == 0 ? NULL : "no room for a key";
}

static void test_put_while_thread_ends(void **state)
{
	(void)state;
	pthread_t t;
	void *fault = NULL;
	assert_int_equal(pthread_key_create(&later, put_late), 0);
	assert_int_equal(pthread_create(&t, NULL, late_user, NULL), 0);
	assert_int_equal(pthread_join(t, &fault), 0);
	assert_null(fault);
	assert_int_equal(alive, 0);
	assert_int_equal(pthread_key_delete(later), 0);
}

struct turn {
	struct leat_fiber *fiber;
	int *got;
};

static void taker(void *arg)
{
	struct turn *t = arg;
	t->fiber = leat_fiber_self();
	t->got = leat_stash_take(&two);
	leat_fiber_yield();
	leat_stash_put(&two, t->got);
}

static void nobody(void *ctx)
{
	(void)ctx;
}

static void test_fibers_share_none(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct turn turns[2] = {0};
	struct leat_fibers *s = leat_fibers_new(2, (struct leat_waker){.wake = nobody}, &err);
	assert_non_null(s);
	leat_stash_put(&two, make(5));
	for (int i = 0; i < 2; i++)
		assert_int_equal(leat_fiber_start(s, taker, &turns[i], &err), 0);
	assert_non_null(turns[0].got);
	assert_null(turns[1].got); /* the only one is in use */
	for (int i = 0; i < 2; i++)
		leat_fiber_resume(turns[i].fiber);
	assert_int_equal(leat_fibers_alive(s), 0);
	leat_fibers_free(&s);
	expect(&two, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_put_first_taken), cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_threads_end),          cmocka_unit_test(test_put_while_thread_ends),
		cmocka_unit_test(test_fibers_share_none),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	leat_stash_put(&two, make(9)); /* for the leak sanitizer: nobody takes it before the program ends */
	return failed;
}
