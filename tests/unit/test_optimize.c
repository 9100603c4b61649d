/* SPDX-License-Identifier: MIT */
/*
 * png-optimize: every pixel stays, no file grows, the smallest form is found, the chunks that must stay do.
 */
#include "codec_kit.h"

#include "formats/endian.h"
#include "formats/png_filtering.h"
#include "formats/png_form.h"
#include "formats/png_frame.h"
#include "formats/png_repack.h"

static const struct leat_repack usual = {.effort = 2, .reduce = true, .verify = true};

static struct leat_bytes *repacked(const struct leat_repack *how, struct leat_bytes *in)
{
	struct leat_bytes *out = NULL;
	struct leat_err err = {0};
	if (leat_png_repack(how, in, &out, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(out->len <= in->len);
	return out;
}

static struct kit_image decoded(const struct leat_bytes *b)
{
	struct kit_image im;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	if (kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len}, &o, 100, &im, &err) < 0)
		fail_msg("%s", err.text);
	return im;
}

static struct leat_bytes *encoded(const struct kit_image *im)
{
	struct leat_bytes *b;
	struct leat_err err = {0};
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "level", "1");
	if (kit_encode(&leat_codec_png, p, im, 100, &b, &err) < 0)
		fail_msg("%s", err.text);
	free(p);
	return b;
}

/* By digest, which does not care how samples are stored. */
static void same_picture(const struct leat_bytes *a, const struct leat_bytes *b)
{
	struct kit_image x = decoded(a), y = decoded(b);
	char one[SHA256_DIGEST_STRING_LENGTH], other[SHA256_DIGEST_STRING_LENGTH];
	assert_int_equal(x.shape.width, y.shape.width);
	assert_int_equal(x.shape.height, y.shape.height);
	kit_digest(&x, one);
	kit_digest(&y, other);
	assert_string_equal(one, other);
	kit_clear(&x);
	kit_clear(&y);
}

/* Color type and depth of a file. */
static void assert_form(const struct leat_bytes *b, int color, int depth)
{
	if (b->data[25] != color || b->data[24] != depth)
		fail_msg("color type %d of %d bits, not %d of %d", b->data[25], b->data[24], color, depth);
}

static bool has_chunk(const struct leat_bytes *b, const char *name)
{
	struct leat_png_chunk c;
	size_t pos = 8;
	while (leat_png_next(b->data, b->len, &pos, &c) == 1)
		if (memcmp(c.data - 4, name, 4) == 0)
			return true;
	return false;
}

/* ---- forms ---- */

enum look { COLORS, GRAYS, TWO, FOUR_GRAYS, PALETTE, CLEAR, GLASS, HALF_GLASS, WIDE, LOOKS };

static uint32_t mixed(uint32_t x, uint32_t y)
{
	uint32_t v = x * 2654435761u ^ y * 40503u;
	return (v ^ v >> 15) * 2246822519u;
}

static void paint(uint8_t px[4], enum look look, uint32_t x, uint32_t y)
{
	uint32_t v = mixed(x, y);
	uint8_t gray = (uint8_t)(v >> 8);
	memcpy(px, (uint8_t[]){(uint8_t)v, gray, (uint8_t)(v >> 16), 255}, 4);
	if (look == GRAYS || look == TWO || look == FOUR_GRAYS) {
		gray = look == TWO ? (v >> 9 & 1) * 255 : look == FOUR_GRAYS ? (v >> 9 & 3) * 85 : gray;
		memset(px, gray, 3);
	}
	if (look == PALETTE)
		memcpy(px, (uint8_t[]){(uint8_t)(v % 11 * 20), 7, (uint8_t)(v % 11), 255}, 4);
	if (look == CLEAR && v % 5 == 0)
		memcpy(px, (uint8_t[]){1, 2, 3, 0}, 4);
	if (look == CLEAR && v % 5 && px[0] == 1)
		px[0] = 9;
	if (look == GLASS)
		px[3] = (uint8_t)(v >> 24);
	if (look == HALF_GLASS)
		memcpy(px, (uint8_t[]){(uint8_t)(v % 3), 0, 0, (uint8_t)(v % 3 * 100)}, 4);
}

static struct kit_image picture(enum look look, uint32_t w, uint32_t h, bool wide)
{
	struct kit_image im = kit_picture(w, h, 4, wide ? LEAT_U16 : LEAT_U8);
	for (uint32_t y = 0; y < h; y++)
		for (uint32_t x = 0; x < w; x++) {
			uint8_t px[4];
			paint(px, look, x, y);
			for (size_t c = 0; c < 4; c++) {
				size_t i = ((size_t)y * w + x) * 4 + c;
				if (wide)
					((uint16_t *)(void *)im.pixels)[i] =
						(uint16_t)(px[c] * 257 + (look == WIDE && c < 3 ? x % 7 : 0));
				else
					im.pixels[i] = px[c];
			}
		}
	return im;
}

static void test_smallest_form(void **state)
{
	(void)state;
	static const struct {
		enum look look;
		bool wide;
		int color, depth;
	} cases[] = {
		{COLORS, false, LEAT_PNG_RGB, 8},      {COLORS, true, LEAT_PNG_RGB, 8},
		{GRAYS, false, LEAT_PNG_GRAY, 8},      {GRAYS, true, LEAT_PNG_GRAY, 8},
		{TWO, false, LEAT_PNG_GRAY, 1},        {FOUR_GRAYS, true, LEAT_PNG_GRAY, 2},
		{PALETTE, false, LEAT_PNG_PALETTE, 4}, {PALETTE, true, LEAT_PNG_PALETTE, 4},
		{CLEAR, false, LEAT_PNG_RGB, 8},       {CLEAR, true, LEAT_PNG_RGB, 8},
		{GLASS, false, LEAT_PNG_RGBA, 8},      {HALF_GLASS, false, LEAT_PNG_PALETTE, 2},
		{WIDE, true, LEAT_PNG_RGB, 16},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct kit_image im = picture(cases[i].look, 120, 90, cases[i].wide);
		struct leat_bytes *in = encoded(&im), *out = repacked(&usual, in);
		assert_form(out, cases[i].color, cases[i].depth);
		same_picture(in, out);
		assert_int_equal(has_chunk(out, "tRNS"), cases[i].look == CLEAR || cases[i].look == HALF_GLASS);
		leat_bytes_unref(&in);
		leat_bytes_unref(&out);
		kit_clear(&im);
	}
}

/* A transparent color that something opaque has, too, cannot stand for transparency. */
static void test_color_taken(void **state)
{
	(void)state;
	struct kit_image im = picture(CLEAR, 120, 90, false);
	memcpy(im.pixels + (size_t)4 * 5000, (uint8_t[]){1, 2, 3, 255}, 4);
	struct leat_bytes *in = encoded(&im), *out = repacked(&usual, in);
	assert_form(out, LEAT_PNG_RGBA, 8);
	same_picture(in, out);
	leat_bytes_unref(&in);
	leat_bytes_unref(&out);
	kit_clear(&im);
}

static void test_all_sizes(void **state)
{
	(void)state;
	struct leat_repack how = usual;
	for (uint32_t n = 1; n <= 70; n++)
		for (int look = 0; look < LOOKS; look++) {
			struct kit_image im = picture((enum look)look, n, 1 + n * 5 % 17, (n + (uint32_t)look) % 2);
			struct leat_bytes *in = encoded(&im);
			how.effort = (int)(n % 3);
			struct leat_bytes *out = repacked(&how, in);
			same_picture(in, out);
			leat_bytes_unref(&in);
			leat_bytes_unref(&out);
			kit_clear(&im);
		}
}

/* The whole range is there; the most effort finds the smallest; a second time nothing is found. */
static void test_efforts(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(200, 160, 3, LEAT_U8);
	struct leat_bytes *in = encoded(&im);
	size_t least = SIZE_MAX, last = 0;
	for (int effort = 0; effort <= LEAT_REPACK_MOST; effort++) {
		struct leat_repack how = usual;
		how.effort = effort;
		struct leat_bytes *out = repacked(&how, in), *again = repacked(&how, out);
		same_picture(in, out);
		assert_int_equal(again->len, out->len);
		least = out->len < least ? out->len : least;
		last = out->len;
		leat_bytes_unref(&out);
		leat_bytes_unref(&again);
	}
	assert_int_equal(last, least);
	leat_bytes_unref(&in);
	kit_clear(&im);
}

static void test_reduce_no(void **state)
{
	(void)state;
	static const enum look looks[] = {TWO, PALETTE, CLEAR};
	struct leat_repack how = usual;
	how.reduce = false;
	for (size_t i = 0; i < LEAT_LEN(looks); i++) {
		struct kit_image im = picture(looks[i], 50, 40, false);
		struct leat_bytes *in = encoded(&im), *out = repacked(&how, in);
		assert_form(out, LEAT_PNG_RGBA, 8);
		same_picture(in, out);
		/* A reduced file keeps its form, too. */
		struct leat_bytes *small = repacked(&usual, in), *again = repacked(&how, small);
		assert_form(again, small->data[25], small->data[24]);
		same_picture(in, again);
		leat_bytes_unref(&small);
		leat_bytes_unref(&again);
		leat_bytes_unref(&in);
		leat_bytes_unref(&out);
		kit_clear(&im);
	}
}

/* ---- chunks ---- */

static void put(struct leat_bytes *b, const char *name, const void *data, size_t n)
{
	struct leat_err err = {0};
	assert_int_equal(leat_png_put_chunk(b, name, data, n, &err), 0);
}

/* A gray picture stored as RGB, with chunks of all sorts before and behind its pixels. */
static struct leat_bytes *decorated(const char *more, const void *data, size_t n)
{
	static const uint8_t turned[] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
					 3,   0,   0, 0,   1, 0, 6, 0, 0, 0, 0, 0,    0};
	struct kit_image im = picture(GRAYS, 60, 50, false);
	struct leat_bytes *plain = encoded(&im), *b = kit_blob(plain->data, 33);
	put(b, "gAMA", "\0\0\xb1\x8f", 4);
	put(b, "pHYs", "\0\0\x0b\x12\0\0\x0b\x12\1", 9);
	put(b, "eXIf", turned, sizeof turned);
	put(b, "tEXt", "Copyright\0me", 12);
	put(b, "tEXt", "Software\0that", 13);
	if (more)
		put(b, more, data, n);
	struct leat_err err = {0};
	assert_int_equal(leat_bytes_append(b, plain->data + 33, plain->len - 33 - 12, &err), 0);
	put(b, "tIME", "\x07\xe0\1\1\1\1\1", 7);
	put(b, "prVt", "abc", 3);
	put(b, "prVT", "abc", 3);
	put(b, "IEND", "", 0);
	leat_bytes_unref(&plain);
	kit_clear(&im);
	return b;
}

static void test_strip(void **state)
{
	(void)state;
	static const char *const look[] = {"gAMA", "pHYs", "eXIf"}, *const rest[] = {"tIME", "prVt"};
	for (int strip = LEAT_STRIP_SAFE; strip <= LEAT_STRIP_NONE; strip++) {
		struct leat_repack how = usual;
		how.strip = (enum leat_png_strip)strip;
		struct leat_bytes *in = decorated(NULL, NULL, 0), *out = repacked(&how, in);
		for (size_t i = 0; i < LEAT_LEN(look); i++)
			assert_int_equal(has_chunk(out, look[i]), strip != LEAT_STRIP_ALL);
		for (size_t i = 0; i < LEAT_LEN(rest); i++)
			assert_int_equal(has_chunk(out, rest[i]), strip == LEAT_STRIP_NONE);
		assert_false(has_chunk(out, "prVT")); /* unknown, and not safe to copy */
		assert_int_equal(has_chunk(out, "tEXt"), strip != LEAT_STRIP_ALL);
		assert_form(out, LEAT_PNG_GRAY, 8);
		same_picture(in, out);
		leat_bytes_unref(&in);
		leat_bytes_unref(&out);
	}
}

/* A chunk that speaks of RGB and stays keeps the pixels RGB; one that goes does not. */
static void test_bound_form(void **state)
{
	(void)state;
	struct leat_bytes *in = decorated("sBIT", "\5\6\5\1", 4);
	struct leat_repack how = usual;
	struct leat_bytes *out = repacked(&how, in);
	assert_form(out, LEAT_PNG_GRAY, 8);
	leat_bytes_unref(&out);
	how.strip = LEAT_STRIP_NONE;
	out = repacked(&how, in);
	assert_form(out, LEAT_PNG_RGBA, 8);
	assert_true(has_chunk(out, "sBIT"));
	leat_bytes_unref(&out);
	leat_bytes_unref(&in);
	in = decorated("cICP", "\1\15\0\1", 4);
	out = repacked(&usual, in);
	assert_int_equal(out->data[25] & 2, 2); /* RGB or palette */
	assert_true(has_chunk(out, "cICP"));
	same_picture(in, out);
	leat_bytes_unref(&out);
	leat_bytes_unref(&in);
}

/* What is as small as it gets comes back as it is; so does what would lose frames. */
static void test_left_alone(void **state)
{
	(void)state;
	struct kit_image im = picture(PALETTE, 30, 30, false);
	struct leat_bytes *in = encoded(&im), *once = repacked(&usual, in), *twice = repacked(&usual, once);
	assert_ptr_equal(once, twice);
	leat_bytes_unref(&twice);
	leat_bytes_unref(&once);
	leat_bytes_unref(&in);
	in = decorated("acTL", "\0\0\0\2\0\0\0\0", 8);
	once = repacked(&usual, in);
	assert_ptr_equal(once, in);
	leat_bytes_unref(&once);
	leat_bytes_unref(&in);
	kit_clear(&im);
}

static void test_damage(void **state)
{
	(void)state;
	struct kit_image im = picture(COLORS, 20, 20, false);
	struct leat_bytes *in = encoded(&im);
	for (size_t n = 0; n < in->len; n += n < 60 ? 1 : 37) {
		struct leat_bytes *cut = kit_blob(in->data, n), *out = NULL;
		struct leat_err err = {0};
		assert_int_equal(leat_png_repack(&usual, cut, &out, &err), -1);
		assert_null(out);
		assert_true(err.text[0] != 0);
		leat_bytes_unref(&cut);
	}
	leat_bytes_unref(&in);
	kit_clear(&im);
}

/* Every file of the suite that a strict decoder takes: all color types and depths, palettes, tRNS, interlaced. */
static void test_corpus(void **state)
{
	(void)state;
	struct kit_bytes list = kit_file("MANIFEST.tsv");
	if (kit_no_corpus())
		return;
	int seen = 0;
	list.d = realloc(list.d, list.n + 1);
	list.d[list.n] = 0;
	for (char *p = (char *)list.d, *end; *p; p = end) {
		end = p + strcspn(p, "\n");
		end += *end == '\n';
		char name[256];
		snprintf(name, sizeof name, "%.*s", (int)strcspn(p, "\t\n"), p);
		if (strncmp(name, "pngsuite/", 9) != 0 || !strstr(name, ".png"))
			continue;
		struct kit_bytes f = kit_file(name);
		struct leat_bytes *in = kit_blob(f.d, f.n), *out = NULL;
		struct leat_repack how = {
			.effort = seen % 3, .strip = LEAT_STRIP_NONE, .reduce = seen % 2, .verify = true};
		struct leat_err err = {0};
		if (leat_png_repack(&how, in, &out, &err) == 0) {
			assert_true(out->len <= in->len);
			same_picture(in, out);
			seen++;
		}
		leat_bytes_unref(&in);
		leat_bytes_unref(&out);
		free(f.d);
	}
	free(list.d);
	assert_true(seen > 150);
}

/* Each way makes rows that the specification's filters undo; that is for the encoder's tests. Here: the ranking. */
static void test_ranking(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_stored_rows r;
	assert_int_equal(leat_stored_new(&r, 300, 300, 3, &err), 0);
	for (uint32_t y = 0; y < r.height; y++) /* every row much like the one above it */
		for (size_t i = 0; i < r.n; i++)
			r.first[y * r.stride + i] =
				(uint8_t)((mixed((uint32_t)i, 1) >> 8) + (mixed((uint32_t)i, y) >> 9 & 1));
	struct leat_filter_room *room = leat_filter_room_new(r.n, &err);
	enum leat_filtering ways[] = {LEAT_FILTERING_NONE, LEAT_FILTERING_SUB, LEAT_FILTERING_UP};
	assert_int_equal(leat_filtering_rank(ways, 3, &r, room, &err), 0);
	assert_int_equal(ways[0], LEAT_FILTERING_UP);
	leat_filter_room_free(&room);
	free(r.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest_form), cmocka_unit_test(test_color_taken),
		cmocka_unit_test(test_all_sizes),     cmocka_unit_test(test_efforts),
		cmocka_unit_test(test_reduce_no),     cmocka_unit_test(test_strip),
		cmocka_unit_test(test_bound_form),    cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_damage),        cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_ranking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
