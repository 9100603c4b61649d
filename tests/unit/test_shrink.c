/* SPDX-License-Identifier: MIT */
/*
 * decode shrink=: what the recipe sees (sizes, fields) is what it sees without; the picture is nearly the same, and
 * exactly the same where somebody wants every pixel.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>

#include "treehash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[] = "/tmp/leat-shrink-XXXXXX";

struct picture {
	int w, h;
	uint8_t *px; /* RGB */
};

static struct picture load(const char *name)
{
	char path[512];
	struct picture p = {0};
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("%s was not written", path);
	assert_int_equal(fscanf(f, "P6 %d %d 255", &p.w, &p.h), 2);
	(void)fgetc(f);
	size_t n = (size_t)p.w * (size_t)p.h * 3;
	p.px = malloc(n);
	assert_non_null(p.px);
	assert_int_equal(fread(p.px, 1, n, f), n);
	fclose(f);
	return p;
}

/* Smooth color with some edges. */
static void save(const char *name, int w, int h)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fprintf(f, "P6\n%d %d\n255\n", w, h);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int edge = (x / 60 + y / 50) % 2 ? 40 : 0;
			fputc(x * 200 / w + edge, f);
			fputc(y * 200 / h + edge, f);
			fputc((x + y) * 100 / (w + h) + edge, f);
		}
	fclose(f);
}

/* The recipe, %s in it being the folder. */
static int run(const char *recipe)
{
	char text[2048];
	struct leat_err err = {0};
	snprintf(text, sizeof text, recipe, dir, dir, dir);
	struct leat_recipe *r = leat_load_text("<test>", text, strlen(text), NULL, &err);
	if (!r)
		fail_msg("%s", err.text);
	int ok = leat_plan(r, NULL, &err);
	if (ok == 0)
		ok = leat_run(r, NULL, &err);
	leat_free(&r);
	return ok;
}

/* Mean difference of two pictures of the same size. */
static double difference(const char *a, const char *b)
{
	struct picture p = load(a), q = load(b);
	double sum = 0;
	assert_int_equal(p.w, q.w);
	assert_int_equal(p.h, q.h);
	for (int i = 0; i < p.w * p.h * 3; i++)
		sum += abs(p.px[i] - q.px[i]);
	double mean = sum / (p.w * p.h * 3);
	free(p.px);
	free(q.px);
	return mean;
}

static void make_inputs(void)
{
	save("odd.ppm", 1001, 669);
	save("even.ppm", 1040, 672);
	assert_int_equal(run("read %s/*.ppm | encode jpeg quality=95 subsampling=4:4:4 | write %s/{stem}.jpg"), 0);
}

/* An EXIF segment with nothing but an orientation, put into the file. */
static void turn(const char *from, const char *to, int orientation)
{
	static const uint8_t exif[] = {0xff, 0xe1, 0, 34,   'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
				       0,    1,    1, 0x12, 0,   3,   0,   0,   0, 1, 0,   0,   0, 0,  0, 0, 0, 0};
	char path[512];
	snprintf(path, sizeof path, "%s/%s", dir, from);
	FILE *in = fopen(path, "rb");
	snprintf(path, sizeof path, "%s/%s", dir, to);
	FILE *out = fopen(path, "wb");
	assert_true(in && out);
	for (int i = 0, c; (c = fgetc(in)) != EOF; i++) {
		fputc(c, out);
		for (size_t k = 0; i == 1 && k < sizeof exif; k++)
			fputc(k == 29 ? orientation : exif[k], out);
	}
	fclose(in);
	fclose(out);
}

static void same_sizes_and_nearly_the_same_pixels(void **unused)
{
	static const char *const sizes[] = {"100x100", "99x", "10%%", "120x120 fit=cover", "333x", "70x50 fit=fill"};
	static const char *const shrinks[] = {"auto", "fast"};
	(void)unused;
	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 2; k++) {
			char recipe[512];
			snprintf(
				recipe, sizeof recipe,
				"read %%s/*.jpg | decode shrink=%s | resize %s | encode pnm | write %%s/got/{stem}.ppm",
				shrinks[k], sizes[i]);
			assert_int_equal(run(recipe), 0);
			snprintf(
				recipe, sizeof recipe,
				"read %%s/*.jpg | decode shrink=1 | resize %s | encode pnm | write %%s/want/{stem}.ppm",
				sizes[i]);
			assert_int_equal(run(recipe), 0);
			double limit = k == 0 ? 0.6 : 2.5;
			assert_true(difference("got/odd.ppm", "want/odd.ppm") < limit);
			assert_true(difference("got/even.ppm", "want/even.ppm") < limit);
		}
	/* It did something, else this test shows nothing. */
	assert_int_equal(run("read %s/odd.jpg | resize 50x50 | encode pnm | write %s/got/odd.ppm"), 0);
	assert_int_equal(run("read %s/odd.jpg | decode shrink=1 | resize 50x50 | encode pnm | write %s/want/odd.ppm"),
			 0);
	assert_true(difference("got/odd.ppm", "want/odd.ppm") > 0);
}

static void every_orientation(void **unused)
{
	(void)unused;
	for (int o = 1; o <= 8; o++) {
		turn("odd.jpg", "turned/odd.jpg", o);
		turn("even.jpg", "turned/even.jpg", o);
		assert_int_equal(run("read %s/turned/*.jpg | resize 90x90 | encode pnm | write %s/got/{stem}.ppm"), 0);
		assert_int_equal(run("read %s/turned/*.jpg | decode shrink=1 | resize 90x90 | encode pnm | "
				     "write %s/want/{stem}.ppm"),
				 0);
		assert_true(difference("got/odd.ppm", "want/odd.ppm") < 0.6);
		assert_true(difference("got/even.ppm", "want/even.ppm") < 0.6);
	}
}

static void fields_tell_the_file(void **unused)
{
	(void)unused;
	assert_int_equal(run("read %s/odd.jpg | decode | keep width=1001 height=669 | resize 10x10 | encode pnm | "
			     "write %s/fields/{stem}-{width}x{height}.ppm"),
			 0);
	struct picture p = load("fields/odd-10x7.ppm");
	assert_int_equal(p.w, 10);
	assert_int_equal(p.h, 7);
	free(p.px);
	/* A fraction by its number is a size that the recipe sees. */
	assert_int_equal(run("read %s/odd.jpg | decode shrink=4 | keep width=251 height=168 | encode pnm | "
			     "write %s/fields/{stem}-{width}.ppm"),
			 0);
	p = load("fields/odd-251.ppm");
	assert_int_equal(p.w, 251);
	free(p.px);
}

/* Steps that want every pixel get every pixel, and so does a resize beside them. */
static void who_looks_gets_all(void **unused)
{
	static const char *const before[] = {"stats", "blur 1", "negate"};
	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		char recipe[512];
		snprintf(recipe, sizeof recipe,
			 "read %%s/odd.jpg | %s | resize 60x60 | encode pnm | write %%s/got/{stem}.ppm", before[i]);
		assert_int_equal(run(recipe), 0);
		snprintf(recipe, sizeof recipe,
			 "read %%s/odd.jpg | decode shrink=1 | %s | resize 60x60 | encode pnm | write "
			 "%%s/want/{stem}.ppm",
			 before[i]);
		assert_int_equal(run(recipe), 0);
		assert_true(difference("got/odd.ppm", "want/odd.ppm") == 0);
	}
	assert_int_equal(
		run("read %s/odd.jpg | decode\nbranch a\nresize 60x60 | encode pnm | write %s/got/odd.ppm\nend\n"
		    "encode pnm | write %s/whole.pnm"),
		0);
	assert_int_equal(run("read %s/odd.jpg | decode shrink=1 | resize 60x60 | encode pnm | write %s/want/odd.ppm"),
			 0);
	assert_true(difference("got/odd.ppm", "want/odd.ppm") == 0);
	assert_int_equal(run("read %s/odd.jpg | resize 60x60 kernel=nearest | encode pnm | write %s/got/odd.ppm"), 0);
	assert_int_equal(run("read %s/odd.jpg | decode shrink=1 | resize 60x60 kernel=nearest | encode pnm | "
			     "write %s/want/odd.ppm"),
			 0);
	assert_true(difference("got/odd.ppm", "want/odd.ppm") == 0);
}

static int begin(void **unused)
{
	(void)unused;
	char path[512];
	assert_non_null(mkdtemp(dir));
	make_inputs();
	snprintf(path, sizeof path, "mkdir %s/turned", dir);
	return system(path);
}

static int end(void **unused)
{
	(void)unused;
	tree_remove(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_sizes_and_nearly_the_same_pixels),
		cmocka_unit_test(every_orientation),
		cmocka_unit_test(fields_tell_the_file),
		cmocka_unit_test(who_looks_gets_all),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
