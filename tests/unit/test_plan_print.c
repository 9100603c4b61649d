/* SPDX-License-Identifier: MIT */
/*
 * What `leat plan` shows, character for character: tests/golden/print/NAME.leat gives NAME.out. UPDATE=1 rewrites
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_kit.h"

#include <stdio.h>

#define FOLDER "tests/golden/print/"

static struct plan_kit kit;

static char *read_file(const char *name, const char *suffix)
{
	char path[256];
	struct leat_buf b = {0};
	struct leat_err err = {0};
	snprintf(path, sizeof path, FOLDER "%s%s", name, suffix);
	leat_buf_adds(&b, "");
	FILE *f = fopen(path, "rb");
	char part[4096];
	for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
		leat_buf_add(&b, part, n);
	if (f)
		fclose(f);
	return leat_buf_detach(&b, &err);
}

static void update(const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof path, FOLDER "%s.out", name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void prints(const char *name)
{
	char *recipe = read_file(name, ".leat"), *want = read_file(name, ".out");
	struct leat_buf out = {0};
	kit_plan(&kit, recipe);
	assert_non_null(kit.plan);
	if (kit.diags.errors)
		fail_msg("%s", kit_messages(&kit));
	leat_plan_print(kit.plan, &kit.facts, &out);
	assert_false(out.failed);
	if (getenv("UPDATE"))
		update(name, out.data);
	else if (strcmp(out.data, want) != 0)
		fail_msg("%s:\n--- expected\n%s--- got\n%s", name, want, out.data);
	leat_buf_free(&out);
	free(recipe);
	free(want);
	kit_free(&kit);
}

static void there(void *ctx, const char *path, struct leat_there *s)
{
	(void)ctx;
	s->there = strstr(path, "cat") != NULL;
	s->size = 1000;
}

/* Two disks, and one of them is small. */
static bool room(void *ctx, const char *folder, struct leat_room *r)
{
	(void)ctx;
	bool wide = strstr(folder, "/wide") != NULL;
	*r = (struct leat_room){.id = wide ? 2 : 1, .free = wide ? (uint64_t)1 << 20 : (uint64_t)1 << 40};
	snprintf(r->path, sizeof r->path, "%s", wide ? "/srv/site/out/wide" : "/srv");
	return true;
}

static void thumbnails(void **state)
{
	(void)state;
	kit_init(&kit);
	kit_input(&kit, "photos/", "photos/2023/cat.jpg");
	kit_input(&kit, "photos/", "photos/2023/\x1b[31mdog.jpg");
	for (int i = 0; i < 9; i++) {
		char name[64];
		snprintf(name, sizeof name, "photos/2024/%d.jpg", i);
		kit_input(&kit, "photos/", name);
	}
	kit_headers(&kit, 6000, 4000);
	kit.listing.ignored = 1204;
	kit.listing.refused = 1;
	kit.facts.output = there;
	kit.facts.room = room;
	static struct leat_matched matched = {.pattern = "/srv/site/photos/**/*.jpg", .n = 11};
	kit.listing.matched = &matched;
	kit.listing.n_matched = 1;
	kit.listing.left = 89;
	prints("thumbnails");
}

static void one_large_image(void **state)
{
	(void)state;
	kit_init(&kit);
	kit_input(&kit, "", "scan.tif");
	kit_headers(&kit, 20000, 30000);
	kit.facts.memory = (uint64_t)2 << 30;
	prints("one-large-image");
}

static void not_listed(void **state)
{
	(void)state;
	kit_init(&kit);
	prints("not-listed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thumbnails),
		cmocka_unit_test(one_large_image),
		cmocka_unit_test(not_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
