/* SPDX-License-Identifier: MIT */
/*
 * The first real batch: Kodak's photographs to 256 px, through the whole program, against Pillow's Lanczos reduction
 * (tests/reference/kodak.tsv): block means within 1.0, sample pixels within 4 levels.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <leat/leat.h>

#include "treehash.h"

#include <png.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char out[] = "/tmp/leat-kodak-XXXXXX";

static const char *corpus(void)
{
	const char *c = getenv("LEAT_CORPUS");
	return c ? c : "../shared/corpus";
}

/* An independent decoder: libpng's simplified API is good enough to look at our own output. */
static uint8_t *load(const char *name, int *w, int *h)
{
	char path[512];
	png_image im = {.version = PNG_IMAGE_VERSION};
	snprintf(path, sizeof path, "%s/%s", out, name);
	assert_true(png_image_begin_read_from_file(&im, path));
	im.format = PNG_FORMAT_RGB;
	uint8_t *px = malloc(PNG_IMAGE_SIZE(im));
	assert_non_null(px);
	assert_true(png_image_finish_read(&im, NULL, px, 0, NULL));
	*w = (int)im.width;
	*h = (int)im.height;
	return px;
}

static double block_mean(const uint8_t *px, int w, int h, int bx, int by, int c)
{
	double sum = 0;
	int n = 0;
	for (int y = by * h / 16; y < (by + 1) * h / 16; y++)
		for (int x = bx * w / 16; x < (bx + 1) * w / 16; x++, n++)
			sum += px[(y * w + x) * 3 + c];
	return sum / n;
}

static void check_means(const char *name, char *text, const uint8_t *px, int w, int h)
{
	char *save = NULL, *t = strtok_r(text, " ", &save);
	for (int i = 0; i < 16 * 16 * 3; i++, t = strtok_r(NULL, " ", &save)) {
		assert_non_null(t);
		double got = block_mean(px, w, h, i / 3 % 16, i / 48, i % 3), want = atoi(t) / 10.0;
		if (fabs(got - want) > 1.0)
			fail_msg("%s: block %d: mean %.2f, not %.1f", name, i / 3, got, want);
	}
}

static void check_samples(const char *name, char *text, const uint8_t *px, int w)
{
	int n = 0;
	char *save = NULL;
	for (char *t = strtok_r(text, " \n", &save); t; t = strtok_r(NULL, " \n", &save), n++) {
		int x, y, c[3];
		assert_int_equal(sscanf(t, "%d,%d,%d,%d,%d", &x, &y, &c[0], &c[1], &c[2]), 5);
		for (int k = 0; k < 3; k++)
			if (abs(px[(y * w + x) * 3 + k] - c[k]) > 4)
				fail_msg("%s: pixel %d,%d: %d, not %d", name, x, y, px[(y * w + x) * 3 + k], c[k]);
	}
	assert_int_equal(n, 64);
}

static void run_batch(void)
{
	char text[1024];
	struct leat_err err = {0};
	snprintf(text, sizeof text, "read %s/kodak/*.png | resize 256x256 | write %s/{stem}.png", corpus(), out);
	struct leat_recipe *r = leat_load_text("<command line>", text, strlen(text), NULL, &err);
	assert_non_null(r);
	assert_int_equal(leat_plan(r, NULL, &err), 0);
	assert_int_equal(leat_run(r, NULL, &err), 0);
	leat_free(&r);
	assert_int_equal(tree_count(out), 24);
}

static void like_pillow(void **unused)
{
	(void)unused;
	FILE *f = fopen("tests/reference/kodak.tsv", "r");
	assert_non_null(f);
	assert_non_null(mkdtemp(out));
	run_batch();
	static char line[65536];
	int n = 0;
	for (; fgets(line, sizeof line, f); n++) {
		int w, h;
		char *save = NULL, *name = strtok_r(line, "\t", &save);
		uint8_t *px = load(name, &w, &h);
		assert_int_equal(w, atoi(strtok_r(NULL, "\t", &save)));
		assert_int_equal(h, atoi(strtok_r(NULL, "\t", &save)));
		check_means(name, strtok_r(NULL, "\t", &save), px, w, h);
		check_samples(name, strtok_r(NULL, "\t", &save), px, w);
		free(px);
	}
	assert_int_equal(n, 24);
	fclose(f);
	tree_remove(out);
}

int main(void)
{
	char probe[512];
	snprintf(probe, sizeof probe, "%s/kodak/ORIGIN.md", corpus());
	FILE *f = fopen(probe, "r");
	if (!f) {
		puts("1..1\nok 1 like_pillow # skip no corpus");
		return 0;
	}
	fclose(f);
	const struct CMUnitTest tests[] = {cmocka_unit_test(like_pillow)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
