/* SPDX-License-Identifier: MIT */
/* The parts of `leat test`: options, trees, images. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char folder[] = "/tmp/leat-test-trials-XXXXXX";

static const char *path(const char *rel)
{
	static char text[4][256];
	static int next;
	char *p = text[next++ % 4];
	snprintf(p, sizeof text[0], "%s/%s", folder, rel);
	return p;
}

static void put(const char *rel, const char *text, size_t n)
{
	FILE *f = fopen(path(rel), "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static int begin(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	return mkdtemp(folder) && mkdir(path("a"), 0777) == 0 && mkdir(path("b"), 0777) == 0 ? 0 : -1;
}

static int end(void **state)
{
	struct stat st;
	(void)state;
	leat_tree_remove(folder);
	return stat(folder, &st) < 0 ? 0 : -1;
}

static const char *refused(const char *text)
{
	static struct leat_err err;
	struct leat_trial_options o;
	err = (struct leat_err){0};
	put("options", text, strlen(text));
	assert_int_equal(leat_trial_options_read(path("options"), &o, &err), -1);
	leat_trial_options_free(&o);
	return err.text + strlen(folder) + 1;
}

static void options(void **state)
{
	static const char text[] = "# a comment\n\n  max-diff=2.5 \r\nset=a=b c\nset=x=\nignore=*.csv\nstatus=1";
	struct leat_trial_options o;
	struct leat_err err = {0};
	(void)state;
	assert_int_equal(leat_trial_options_read(path("options"), &o, &err), 0); /* none: the defaults */
	assert_true(o.max_diff == 0 && o.status == 0 && !o.set[0] && !o.ignore[0]);
	leat_trial_options_free(&o);
	put("options", text, sizeof text - 1);
	assert_int_equal(leat_trial_options_read(path("options"), &o, &err), 0);
	assert_true(o.max_diff == 2.5);
	assert_int_equal(o.status, 1);
	assert_string_equal(o.set[0], "a=b c");
	assert_string_equal(o.set[1], "x=");
	assert_null(o.set[2]);
	assert_true(leat_glob_match(o.ignore[0], "log.csv", 7));
	leat_trial_options_free(&o);
	assert_string_equal(refused("max-diff=2\nmaxdiff=3\n"),
			    "options:2: unknown option; a test knows: max-diff, ignore, set, status");
	assert_non_null(strstr(refused("max-diff"), "options:1: write KEY=VALUE"));
	assert_non_null(strstr(refused("max-diff=-1"), "options:1: a number"));
	assert_non_null(strstr(refused("status=1000"), "options:1: a number"));
	assert_non_null(strstr(refused("ignore=[a"), "options:1: "));
}

static void trees(void **state)
{
	struct leat_buf out = {0};
	struct leat_err err = {0};
	uint64_t files = 0;
	struct leat_trial_options o;
	(void)state;
	assert_int_equal(leat_trial_options_read(path("options"), &o, &err), 0);
	assert_int_equal(mkdir(path("a/sub"), 0777), 0);
	assert_int_equal(mkdir(path("b/sub"), 0777), 0);
	put("a/same", "xy", 2);
	put("b/same", "xy", 2);
	put("a/sub/other", "xy", 2);
	put("b/sub/other", "xz", 2);
	put("a/longer", "xy", 2);
	put("b/longer", "xyz", 3);
	put("a/lost", "", 0);
	put("b/more\n", "", 0);
	assert_int_equal(leat_trees_compare(path("a"), path("b"), &o, &files, &out, &err), 0);
	assert_int_equal(files, 3);
	assert_string_equal(out.data, "longer: 3 bytes instead of 2\nlost: was not written\n"
				      "more\\x0A: was written, but is not expected\nsub/other: the bytes differ\n");
	leat_buf_free(&out);
	files = 0;
	assert_int_equal(leat_trees_compare(path("a"), path("a"), &o, &files, &out, &err), 0);
	assert_int_equal(files, 4);
	assert_null(out.data);
	/* a folder that is not there is an empty one */
	assert_int_equal(leat_trees_compare(path("no"), path("no"), &o, &files, &out, &err), 0);
	assert_null(out.data);
	leat_trial_options_free(&o);
}

static struct leat_buf pgm(const char *samples)
{
	struct leat_buf b = {0};
	leat_buf_addf(&b, "P5\n%zu 1\n255\n%s", strlen(samples), samples);
	return b;
}

static const char *unlike(struct leat_buf a, struct leat_buf b, double max_diff)
{
	static struct leat_buf out;
	leat_buf_free(&out);
	bool same = leat_images_alike(&a, &b, max_diff, &out);
	leat_buf_free(&a);
	leat_buf_free(&b);
	assert_true(same == !out.data);
	return same ? "" : out.data;
}

static void images(void **state)
{
	struct leat_buf text = {0};
	(void)state;
	leat_buf_adds(&text, "no image at all, whatever is in it");
	assert_string_equal(unlike(pgm("AAAA"), pgm("AACA"), 2), "");
	assert_string_equal(unlike(pgm("AAAA"), pgm("ABEA"), 2),
			    "1 sample differs by more than max-diff, the most by 4 at 2,0");
	assert_string_equal(unlike(pgm("AAAA"), pgm("AAA"), 2), "3x1 with 1 channels instead of 4x1 with 1");
	assert_non_null(strstr(unlike(pgm("AAAA"), text, 2), "the result cannot be decoded"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(options, begin, end),
		cmocka_unit_test_setup_teardown(trees, begin, end),
		cmocka_unit_test_setup_teardown(images, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
