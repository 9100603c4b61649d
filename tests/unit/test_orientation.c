/* SPDX-License-Identifier: MIT */
/*
 * The eight orientations in every format that can carry one: decoded upright, told as upright, and kept where the
 * recipe says so. The picture is six blocks of their own colors, so that lossy formats can be compared, too.
 */
#include "codec_kit.h"

#include <leat/leat.h>

#include "treehash.h"

#include <sys/stat.h>

enum { BLOCK = 16, ACROSS = 3, DOWN = 2, WIDTH = ACROSS * BLOCK, HEIGHT = DOWN * BLOCK };

static const struct leat_codec *const codecs[] = {&leat_codec_jpeg, &leat_codec_png,  &leat_codec_webp,
						  &leat_codec_tiff, &leat_codec_avif, &leat_codec_jxl};

static bool absent(const struct leat_codec *c)
{
	struct leat_err err = {0};
	if (!c->prepare || c->prepare(&err) == 0)
		return false;
	printf("skipped: %s\n", err.text);
	return true;
}

/* The sample of the stored picture. */
static uint8_t stored(uint32_t x, uint32_t y, unsigned c)
{
	static const uint8_t colors[DOWN * ACROSS][3] = {{220, 30, 30},  {30, 200, 30}, {40, 40, 220},
							 {230, 220, 40}, {20, 20, 20},  {240, 240, 240}};
	return colors[y / BLOCK * ACROSS + x / BLOCK][c];
}

/* The sample of the upright picture: EXIF 2.3, 4.6.4, tag 0x0112. */
static uint8_t upright(unsigned o, uint32_t x, uint32_t y, unsigned c)
{
	const uint32_t w = WIDTH - 1, h = HEIGHT - 1;
	switch (o) {
	case 2:
		return stored(w - x, y, c);
	case 3:
		return stored(w - x, h - y, c);
	case 4:
		return stored(x, h - y, c);
	case 5:
		return stored(y, x, c);
	case 6:
		return stored(y, h - x, c);
	case 7:
		return stored(w - y, h - x, c);
	case 8:
		return stored(w - y, x, c);
	default:
		return stored(x, y, c);
	}
}

static void put_file(const char *path, const struct leat_bytes *b)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(b->data, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

static void make(const struct leat_codec *c, unsigned o, const char *folder)
{
	struct kit_image im = kit_picture(WIDTH, HEIGHT, 3, LEAT_U8);
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	char path[400];
	for (uint32_t i = 0; i < WIDTH * HEIGHT * 3; i++)
		im.pixels[i] = stored(i / 3 % WIDTH, i / 3 / WIDTH, i % 3);
	im.meta->orientation = (uint8_t)o;
	void *p = kit_params(c);
	if (leat_param_find(c->params, "quality"))
		kit_set(c, p, "quality", "98");
	if (kit_encode(c, p, &im, 8, &b, &err) < 0)
		fail_msg("%s: %s", c->name, err.text);
	snprintf(path, sizeof path, "%s/%s-%u.%s", folder, c->name, o, c->suffix);
	put_file(path, b);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(p);
}

static void run(const char *folder, const char *steps)
{
	struct leat_err err = {0};
	char text[900];
	snprintf(text, sizeof text, "job isolate=no\nread %s/in\n%s", folder, steps);
	struct leat_recipe *r = leat_load_text("orientation.leat", text, strlen(text), NULL, &err);
	assert_non_null(r);
	if (leat_plan(r, NULL, &err) != 0)
		fail_msg("%s", leat_diagnostics(r, false));
	assert_int_equal(leat_run(r, NULL, &err), 0);
	leat_free(&r);
}

static struct kit_image load(const struct leat_codec *c, const char *path)
{
	struct kit_image im;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("%s is missing", path);
	uint8_t *d = malloc(1 << 20);
	size_t n = fread(d, 1, 1 << 20, f);
	assert_int_equal(fclose(f), 0);
	if (kit_decode(c, (struct kit_bytes){d, n}, &o, 9, &im, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	free(d);
	return im;
}

static void check(const struct kit_image *im, const struct leat_codec *c, unsigned o)
{
	bool turned = o >= 5;
	assert_int_equal(im->shape.width, turned ? HEIGHT : WIDTH);
	assert_int_equal(im->shape.height, turned ? WIDTH : HEIGHT);
	assert_int_equal(im->meta->orientation, 1);
	for (uint32_t y = 0; y < im->shape.height; y++)
		for (uint32_t x = 0; x < im->shape.width; x++) {
			uint32_t edge_x = x % BLOCK, edge_y = y % BLOCK; /* colors of neighbors flow together there */
			if (edge_x < 4 || edge_x >= BLOCK - 4 || edge_y < 4 || edge_y >= BLOCK - 4)
				continue;
			for (unsigned k = 0; k < 3; k++) {
				int have = im->pixels[(y * im->shape.width + x) * 3 + k], want = upright(o, x, y, k);
				if (abs(have - want) > 14)
					fail_msg("%s, orientation %u, at %u,%u: %d, not %d", c->name, o, x, y, have,
						 want);
			}
		}
}

/* A folder with all formats in all orientations. */
static void fill(char *folder)
{
	char in[300];
	assert_non_null(mkdtemp(folder));
	snprintf(in, sizeof in, "%s/in", folder);
	assert_int_equal(mkdir(in, 0755), 0);
	for (size_t i = 0; i < LEAT_LEN(codecs); i++)
		for (unsigned o = 1; o <= 8 && !absent(codecs[i]); o++)
			make(codecs[i], o, in);
}

/* Upright pixels, in a format of its own and in the same format again, which then says 1. */
static void applied_and_reset(void **state)
{
	(void)state;
	char folder[] = "/tmp/leat-orientation-XXXXXX", steps[700], path[400];
	fill(folder);
	snprintf(steps, sizeof steps, "branch a\nwrite %s/pam/{stem}.pam\nend\nflip\nflip\nwrite %s/same/{name}",
		 folder, folder);
	run(folder, steps);
	for (size_t i = 0; i < LEAT_LEN(codecs); i++)
		for (unsigned o = 1; o <= 8 && !absent(codecs[i]); o++) {
			snprintf(path, sizeof path, "%s/pam/%s-%u.pam", folder, codecs[i]->name, o);
			struct kit_image im = load(&leat_codec_pam, path);
			check(&im, codecs[i], o);
			kit_clear(&im);
			snprintf(path, sizeof path, "%s/same/%s-%u.%s", folder, codecs[i]->name, o, codecs[i]->suffix);
			im = load(codecs[i], path);
			assert_int_equal(im.meta->orientation, 1);
			kit_clear(&im);
		}
	tree_remove(folder);
}

/* With orient=no pixels stay, and every format carries the number on to every other. */
static void carried_on(void **state)
{
	(void)state;
	char folder[] = "/tmp/leat-orientation-XXXXXX", steps[900], path[400];
	fill(folder);
	for (size_t to = 0; to < LEAT_LEN(codecs); to++) {
		if (absent(codecs[to]))
			continue;
		snprintf(steps, sizeof steps, "decode orient=no\nwrite %s/%s/{stem}.%s", folder, codecs[to]->name,
			 codecs[to]->suffix);
		run(folder, steps);
		for (size_t i = 0; i < LEAT_LEN(codecs); i++)
			for (unsigned o = 1; o <= 8 && !absent(codecs[i]); o++) {
				snprintf(path, sizeof path, "%s/%s/%s-%u.%s", folder, codecs[to]->name, codecs[i]->name,
					 o, codecs[to]->suffix);
				struct kit_image im = load(codecs[to], path);
				if (im.meta->orientation != o)
					fail_msg("%s: orientation %u", path, im.meta->orientation);
				assert_int_equal(im.shape.width, WIDTH);
				kit_clear(&im);
			}
	}
	tree_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applied_and_reset),
		cmocka_unit_test(carried_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
