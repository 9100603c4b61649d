/* SPDX-License-Identifier: MIT */
/* What plan says about the disk: which files are new, how large they will be, and whether there is room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/sizes.h"
#include "plan_kit.h"

#include <stdio.h>
#include <string.h>

static struct plan_kit kit;
static uint64_t free_bytes;
static struct leat_there standing;

static void stands(void *ctx, const char *path, struct leat_there *s)
{
	(void)ctx, (void)path;
	*s = standing;
}

static bool room(void *ctx, const char *folder, struct leat_room *r)
{
	(void)ctx;
	*r = (struct leat_room){.id = strncmp(folder, "/other", 6) == 0, .free = free_bytes};
	snprintf(r->path, sizeof r->path, "%s", r->id ? "/other" : "/srv");
	return true;
}

static int begin(void **state)
{
	(void)state;
	kit_init(&kit);
	kit.registry = leat_registry_default();
	kit.facts.pool = true;
	kit.facts.room = room;
	kit.facts.output = stands;
	standing = (struct leat_there){.there = false};
	free_bytes = (uint64_t)1 << 40;
	return 0;
}

static int end(void **state)
{
	(void)state;
	kit_free(&kit);
	return 0;
}

static void photos(int n, uint64_t bytes)
{
	for (int i = 0; i < n; i++) {
		char name[32];
		snprintf(name, sizeof name, "a/%d.jpg", i);
		kit_input(&kit, "a/", name);
		kit.entries[i].size = bytes;
		kit.entries[i].mtime_ns = 1000;
	}
	kit_headers(&kit, 2000, 1000);
}

static const struct leat_target *target(const char *recipe)
{
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	if (kit.diags.errors)
		fail_msg("%s", kit_messages(&kit));
	assert_true(kit.plan->n_targets > 0);
	return &kit.plan->targets[0];
}

static void existing_decides(void **state)
{
	(void)state;
	photos(3, 400000);
	const struct leat_target *t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg\n");
	assert_int_equal(t->files, 3);
	assert_int_equal(t->overwritten + t->skipped + t->refused, 0);
	standing = (struct leat_there){.there = true, .size = 10, .mtime_ns = 2000};
	t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg\n");
	assert_int_equal(t->overwritten, 3);
	t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg existing=skip\n");
	assert_int_equal(t->skipped, 3);
	assert_int_equal(t->bytes, 0);
	t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg existing=fail\n");
	assert_int_equal(t->refused, 3);
	t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg existing=update\n");
	assert_int_equal(t->skipped, 3);
	standing.mtime_ns = 999;
	t = target("read a/*\nresize 100x\nwrite o/{stem}.jpg existing=update\n");
	assert_int_equal(t->overwritten, 3);
}

static uint64_t bytes_of(const char *recipe)
{
	const struct leat_target *t = target(recipe);
	assert_int_equal(t->guessed, 3);
	return t->bytes;
}

static void larger_is_larger(void **state)
{
	(void)state;
	photos(3, 400000);
	uint64_t usual = bytes_of("read a/*\nresize 1000x\nencode jpeg quality=80\nwrite o/{stem}.jpg\n");
	uint64_t pixels = 3 * 1000 * 500;
	assert_in_range(usual, pixels / 10, pixels / 2);
	assert_true(bytes_of("read a/*\nresize 1000x\nencode jpeg quality=95\nwrite o/{stem}.jpg\n") > usual);
	assert_true(bytes_of("read a/*\nresize 500x\nencode jpeg quality=80\nwrite o/{stem}.jpg\n") < usual);
	assert_true(bytes_of("read a/*\nresize 1000x\ngrayscale\nencode jpeg quality=80\nwrite o/{stem}.jpg\n") <
		    usual);
	assert_true(bytes_of("read a/*\nresize 1000x\nwrite o/{stem}.png\n") > 3 * usual);
	for (int i = 0; i < 3; i++)
		kit.entries[i].size = 100000; /* the same size, but skies */
	assert_true(bytes_of("read a/*\nresize 1000x\nencode jpeg quality=80\nwrite o/{stem}.jpg\n") < usual);
}

static void exact_where_nothing_is_compressed(void **state)
{
	(void)state;
	photos(3, 400000);
	uint64_t raw = bytes_of("read a/*\nresize 1000x\nwrite o/{stem}.ppm\n");
	assert_int_equal(raw, 3 * 1000 * 500 * 3);
	assert_true(kit.plan->targets[0].at_most);
	assert_int_equal(bytes_of("read a/*\nwrite o/{stem}.jpg\n"), 1200000); /* copied */
}

static void nothing_is_said_without_headers(void **state)
{
	(void)state;
	photos(3, 400000);
	kit.facts.headers = NULL;
	const struct leat_target *t = target("read a/*\nresize 1000x\nwrite o/{stem}.jpg\n");
	assert_int_equal(t->guessed, 0);
	assert_int_equal(kit.plan->n_disks, 0);
}

static void names_that_wait_for_the_run(void **state)
{
	(void)state;
	photos(3, 400000);
	const struct leat_target *t = target("read a/*\ndecode\nstats fields=mean\nwrite o/{stem}-{mean}.jpg\n");
	assert_true(t->unnamed);
	assert_int_equal(t->files, 3);
	assert_int_equal(t->guessed, 3);
}

static void a_disk_that_is_too_small(void **state)
{
	(void)state;
	photos(3, 400000);
	static const char recipe[] = "read a/*\ndecode\nbranch b\nwrite /other/{stem}.png\nend\nwrite o/{stem}.jpg\n";
	target(recipe);
	assert_int_equal(kit.plan->n_disks, 2);
	assert_int_equal(kit.diags.warnings, 0);
	assert_true(kit.plan->disks[0].needs > kit.plan->disks[1].needs);
	free_bytes = kit.plan->disks[1].needs; /* enough for the one, not for the other */
	target(recipe);
	assert_int_equal(kit.diags.warnings, 1);
	assert_non_null(strstr(kit_messages(&kit), "web.leat:4:7: warning[W007]: the outputs need about "));
	assert_non_null(strstr(kit_messages(&kit), " is free in /other\n"));
	/* what is overwritten needs room only for what it grows by */
	standing = (struct leat_there){.there = true, .size = 100000000};
	free_bytes = 1;
	target(recipe);
	assert_int_equal(kit.diags.warnings, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(existing_decides, begin, end),
		cmocka_unit_test_setup_teardown(larger_is_larger, begin, end),
		cmocka_unit_test_setup_teardown(exact_where_nothing_is_compressed, begin, end),
		cmocka_unit_test_setup_teardown(nothing_is_said_without_headers, begin, end),
		cmocka_unit_test_setup_teardown(names_that_wait_for_the_run, begin, end),
		cmocka_unit_test_setup_teardown(a_disk_that_is_too_small, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
