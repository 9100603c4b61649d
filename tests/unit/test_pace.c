/* SPDX-License-Identifier: MIT */
/* Little's law as the run applies it: how many workers a group that waits asks for. */
#include "run/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int want(double rate, uint64_t items, double cpu, double blocked, int now)
{
	struct leat_pace_look l = {.items = items, .cpu = cpu, .blocked = blocked};
	return leat_pace_want(rate, &l, now);
}

static void enough_to_keep_up(void **state)
{
	(void)state;
	/* 100 items a second, 1 ms of a core and 39 ms of waiting each: 100 x 0.040 x 1.25 = 5 */
	assert_int_equal(want(100, 10, 0.01, 0.39, 4), 5);
	assert_int_equal(want(100, 10, 0.01, 0.39, 8), 5); /* fewer, too */
	assert_int_equal(want(101, 10, 0.01, 0.39, 4), 6); /* the next whole one */
}

static void at_most_doubled_and_bounded(void **state)
{
	(void)state;
	assert_int_equal(want(1000, 10, 0.01, 9.99, 2), 4);
	assert_int_equal(want(1000, 10, 0.01, 9.99, 4), 8);
	assert_int_equal(want(1000, 10, 0.01, 9.99, 24), LEAT_IO_MOST);
	assert_int_equal(want(0.001, 10, 0.01, 0.02, 4), 1);
}

static void nothing_is_concluded_from_little(void **state)
{
	(void)state;
	assert_int_equal(want(100, 2, 0.002, 0.8, 4), 4); /* two items */
	assert_int_equal(want(0, 10, 0.01, 0.39, 4), 4); /* nothing was computed yet */
	assert_int_equal(want(100, 10, 0.39, 0.01, 4), 4); /* it computes: more of them would not wait less */
}

static void at_first_who_waits_is_doubled(void **state)
{
	(void)state;
	const struct leat_pace_look none = {0}, waits = {.items = 1, .cpu = 0.001, .blocked = 0.019};
	const struct leat_pace_look computes = {.items = 9, .cpu = 0.002, .blocked = 0.001};
	assert_int_equal(leat_pace_first(&none, 2), 4); /* not a single file has come */
	assert_int_equal(leat_pace_first(&waits, 4), 8);
	assert_int_equal(leat_pace_first(&waits, 12), 16);
	assert_int_equal(leat_pace_first(&waits, 16), 16);
	assert_int_equal(leat_pace_first(&waits, 20), 20);
	assert_int_equal(leat_pace_first(&computes, 2), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_first_who_waits_is_doubled),
		cmocka_unit_test(enough_to_keep_up),
		cmocka_unit_test(at_most_doubled_and_bounded),
		cmocka_unit_test(nothing_is_concluded_from_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
