/* SPDX-License-Identifier: MIT */
/* A short storm over the executors and runs; `make stress-exec` is the long one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leat/worker.h>

#include "stress_kit.h"

static void all_adds_up(void **state)
{
	const struct stress s = {.seconds = 4, .seed = 1, .actors = 3, .runners = 1, .hang_s = 120};
	(void)state;
	assert_int_equal(stress_run(&s), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(all_adds_up)};
	stress_register();
	int status = leat_worker_hook(argc, argv);
	return status >= 0 ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
