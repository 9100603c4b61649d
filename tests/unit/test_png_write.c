/* SPDX-License-Identifier: MIT */
/*
 * Writing PNG: what comes out is read back by libpng alone, pixel for pixel, for every shape, depth, level and filter;
 * the filters against a plain reading of the specification; joined deflate streams.
 */
#include "codec_kit.h"

#include "formats/endian.h"
#include "formats/packer.h"
#include "formats/png_filter.h"
#include "formats/png_idat.h"
#include "formats/png_join.h"

#include <png.h>
#include <zlib.h>

/* ---- random numbers: the same ones every time ---- */

static uint32_t noise = 1;

static uint32_t next_random(void)
{
	noise ^= noise << 13;
	noise ^= noise >> 17;
	return noise ^= noise << 5;
}

enum kind { RANDOM, SMOOTH, FLAT, TEXT, KINDS };

static uint32_t sample(enum kind kind, uint32_t x, uint32_t y, unsigned c)
{
	switch (kind) {
	case RANDOM:
		return next_random() & 0xffff;
	case SMOOTH:
		return (x * 900 + y * 500 + c * 7000 + (next_random() & 1023)) & 0xffff;
	case FLAT:
		return 0x8180 + c;
	default:
		return (x / 3 + y / 5) % 3 ? 0xffff : x % 7 * 4000;
	}
}

static void fill(struct kit_image *im, enum kind kind)
{
	size_t i = 0;
	for (uint32_t y = 0; y < im->shape.height; y++)
		for (uint32_t x = 0; x < im->shape.width; x++)
			for (unsigned c = 0; c < im->shape.channels; c++, i++) {
				uint32_t v = sample(kind, x, y, c);
				if (im->shape.sample == LEAT_U16)
					((uint16_t *)(void *)im->pixels)[i] = (uint16_t)v;
				else
					im->pixels[i] = (uint8_t)(v >> 8);
			}
}

/* ---- reading back ---- */

struct reading {
	const uint8_t *d;
	size_t n, at;
};

static void read_some(png_structp png, png_bytep to, size_t n)
{
	struct reading *r = png_get_io_ptr(png);
	if (n > r->n - r->at)
		png_error(png, "the end");
	memcpy(to, r->d + r->at, n);
	r->at += n;
}

static void complain(png_structp png, png_const_charp text)
{
	(void)png;
	fail_msg("libpng: %s", text);
}

/* All pixels by libpng, which also holds every check sum; samples in host order. */
static void same_by_libpng(const struct leat_bytes *b, const struct kit_image *im)
{
	struct reading r = {b->data, b->len, 0};
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, complain, complain);
	png_infop info = png_create_info_struct(png);
	size_t row = leat_row_bytes(&im->shape);
	uint8_t *pixels = malloc(row * im->shape.height);
	png_bytep *rows = calloc(im->shape.height, sizeof *rows);
	png_set_read_fn(png, &r, read_some);
	png_read_info(png, info);
	assert_int_equal(png_get_image_width(png, info), im->shape.width);
	assert_int_equal(png_get_image_height(png, info), im->shape.height);
	assert_int_equal(png_get_channels(png, info), im->shape.channels);
	assert_int_equal(png_get_bit_depth(png, info), im->shape.sample == LEAT_U16 ? 16 : 8);
	if (im->shape.sample == LEAT_U16)
		png_set_swap(png);
	(void)png_set_interlace_handling(png);
	png_read_update_info(png, info);
	assert_int_equal(png_get_rowbytes(png, info), row);
	for (uint32_t y = 0; y < im->shape.height; y++)
		rows[y] = pixels + y * row;
	png_read_image(png, rows);
	png_read_end(png, NULL);
	assert_int_equal(r.at, b->len);
	assert_memory_equal(pixels, im->pixels, row * im->shape.height);
	png_destroy_read_struct(&png, &info, NULL);
	free(rows);
	free(pixels);
}

static struct leat_bytes *encoded(const struct kit_image *im, const void *params, uint32_t strip)
{
	struct leat_bytes *b;
	struct leat_err err = {0};
	if (kit_encode(&leat_codec_png, params, im, strip, &b, &err) < 0)
		fail_msg("%s", err.text);
	return b;
}

static void round_trip(const struct kit_image *im, const void *params)
{
	struct leat_bytes *b = encoded(im, params, 3), *again = encoded(im, params, 1000);
	same_by_libpng(b, im);
	assert_int_equal(b->len, again->len);
	assert_memory_equal(b->data, again->data, b->len);
	leat_bytes_unref(&b);
	leat_bytes_unref(&again);
}

/* ---- tests ---- */

static void test_all_sizes(void **state)
{
	(void)state;
	void *plain = kit_params(&leat_codec_png), *passes = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, passes, "interlace", "yes");
	kit_set(&leat_codec_png, plain, "level", "1");
	kit_set(&leat_codec_png, passes, "level", "1");
	for (uint32_t n = 1; n <= 70; n++)
		for (uint8_t channels = 1; channels <= 4; channels++)
			for (int wide = 0; wide < 2; wide++) {
				struct kit_image im =
					kit_picture(n, 1 + n * 7 % 13, channels, wide ? LEAT_U16 : LEAT_U8);
				fill(&im, (enum kind)(n % KINDS));
				round_trip(&im, n % 3 ? plain : passes);
				kit_clear(&im);
			}
	free(plain);
	free(passes);
}

static void test_all_passes(void **state)
{
	(void)state;
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "interlace", "yes");
	for (uint32_t w = 1; w <= 9; w++)
		for (uint32_t h = 1; h <= 9; h++) {
			struct kit_image im = kit_picture(w, h, 3, LEAT_U8);
			round_trip(&im, p);
			kit_clear(&im);
		}
	free(p);
}

static void test_all_options(void **state)
{
	(void)state;
	static const char *const levels[] = {"auto", "0", "1", "2", "3",  "4",  "5",
					     "6",    "7", "8", "9", "10", "11", "12"};
	static const char *const filters[] = {"adaptive", "none", "sub", "up", "average", "paeth"};
	for (size_t l = 0; l < LEAT_LEN(levels); l++)
		for (size_t f = 0; f < LEAT_LEN(filters); f++) {
			void *p = kit_params(&leat_codec_png);
			struct kit_image im =
				kit_picture(45, 33, (uint8_t)(1 + (l + f) % 4), l % 2 ? LEAT_U16 : LEAT_U8);
			fill(&im, (enum kind)(f % KINDS));
			kit_set(&leat_codec_png, p, "level", levels[l]);
			kit_set(&leat_codec_png, p, "filter", filters[f]);
			round_trip(&im, p);
			kit_clear(&im);
			free(p);
		}
}

static size_t size_of(const struct kit_image *im, const char *level, bool resized)
{
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "level", level);
	leat_codec_png.enc_hint(p, resized);
	struct leat_bytes *b = encoded(im, p, 100);
	size_t n = b->len;
	leat_bytes_unref(&b);
	free(p);
	return n;
}

/* What the help says of level=auto. */
static void test_auto_level(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(200, 150, 3, LEAT_U8);
	fill(&im, SMOOTH);
	assert_int_equal(size_of(&im, "auto", false), size_of(&im, "6", false));
	assert_int_equal(size_of(&im, "auto", true), size_of(&im, "4", false));
	assert_int_not_equal(size_of(&im, "4", true), size_of(&im, "6", true));
	assert_true(size_of(&im, "12", true) <= size_of(&im, "6", true));
	assert_true(size_of(&im, "0", true) > leat_image_bytes(&im.shape));
	kit_clear(&im);
}

/* 16 bit: noise in the lower half is packed by level 1, a plain surface as ever. */
static void test_auto_level_16(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(300, 200, 1, LEAT_U16);
	uint16_t *px = (uint16_t *)(void *)im.pixels;
	uint32_t seed = 1;
	for (size_t i = 0; i < 300 * 200; i++) {
		seed = seed * 1664525u + 1013904223u;
		px[i] = (uint16_t)((i % 300 + i / 300) * 100 + (seed >> 20) % 2048);
	}
	size_t one = size_of(&im, "1", false), six = size_of(&im, "6", false);
	assert_true(one < six);
	assert_int_equal(size_of(&im, "auto", false), one);
	assert_int_equal(size_of(&im, "auto", true), one);
	for (size_t i = 0; i < 300 * 200; i++)
		px[i] = (uint16_t)(i % 300 / 7 * 100);
	assert_true(size_of(&im, "6", false) < size_of(&im, "1", false));
	assert_int_equal(size_of(&im, "auto", false), size_of(&im, "6", false));
	kit_clear(&im);
}

/* The specification read word for word. */
static uint8_t predicted(int f, int a, int b, int c)
{
	int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
	int paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
	const int all[] = {0, a, b, (a + b) / 2, paeth};
	return (uint8_t)all[f];
}

static void check_filters(const uint8_t *row, const uint8_t *above, size_t n, unsigned bpp)
{
	struct leat_png_pair p = {row, above, n, bpp};
	uint64_t sums[LEAT_PNG_FILTERS], least = UINT64_MAX;
	int best = 0;
	leat_png_sums(&p, sums);
	for (int f = 0; f < LEAT_PNG_FILTERS; f++) {
		uint8_t to[512 + LEAT_PNG_BEHIND];
		uint64_t sum = 0;
		leat_png_filter((enum leat_png_filter)f, &p, to);
		for (size_t i = 0; i < n; i++) {
			uint8_t want = (uint8_t)(row[i] - predicted(f, *(row + i - bpp), above[i], *(above + i - bpp)));
			assert_int_equal(to[i], want);
			sum += want < 128 ? want : 256u - want;
		}
		assert_int_equal(sum, sums[f]);
		best = sum < least ? f : best;
		least = sum < least ? sum : least;
	}
	assert_int_equal(leat_png_least_sum(&p), best);
}

static void test_filters(void **state)
{
	(void)state;
	enum { BEFORE = LEAT_PNG_BEFORE, ROOM = 512 };
	static uint8_t lines[2][BEFORE + ROOM + LEAT_PNG_BEHIND];
	for (int round = 0; round < 400; round++) {
		size_t n = 1 + next_random() % ROOM;
		uint32_t mask = round % 3 == 0 ? 0xff : round % 3 == 1 ? 3 : 0x81;
		for (int l = 0; l < 2; l++)
			for (size_t i = 0; i < ROOM + LEAT_PNG_BEHIND; i++)
				lines[l][BEFORE + i] = (uint8_t)(next_random() & mask);
		check_filters(lines[0] + BEFORE, lines[1] + BEFORE, n, 1 + next_random() % 8);
	}
}

/* Streams of all sorts, joined, are one stream that zlib reads to its end. */
static void join_and_read(int level, size_t part, enum kind kind)
{
	enum { PARTS = 5 };
	struct leat_err err = {0};
	struct libdeflate_compressor *c = leat_packer_take(level, &err);
	uint8_t *data = malloc(part * PARTS), *stream = malloc(part * PARTS * 2 + 1000), *back = malloc(part * PARTS);
	size_t n = 0;
	for (size_t i = 0; i < part * PARTS; i++)
		data[i] = (uint8_t)(sample(kind, (uint32_t)i % 100, (uint32_t)i / 100, 0) >> 8);
	for (size_t i = 0; i < PARTS; i++) {
		size_t one = libdeflate_deflate_compress(c, data + i * part, part, stream + n, part * 2 + 100);
		assert_true(one > 0);
		if (i + 1 < PARTS)
			assert_int_equal(leat_join_open(stream + n, &one, &err), 0);
		n += one;
	}
	z_stream z = {.next_in = stream, .avail_in = (uInt)n, .next_out = back, .avail_out = (uInt)(part * PARTS)};
	assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.avail_in, 0);
	assert_int_equal(z.total_out, part * PARTS);
	assert_memory_equal(back, data, part * PARTS);
	inflateEnd(&z);
	leat_packer_give(level, &c);
	free(data);
	free(stream);
	free(back);
}

static void test_join(void **state)
{
	(void)state;
	static const int levels[] = {0, 1, 4, 6, 12};
	for (size_t l = 0; l < LEAT_LEN(levels); l++)
		for (size_t part = 1; part < 100; part += 3)
			join_and_read(levels[l], part, (enum kind)(part % KINDS));
	for (int kind = 0; kind < KINDS; kind++)
		join_and_read(6, 400000, (enum kind)kind);
}

static void test_join_refuses(void **state)
{
	(void)state;
	uint8_t bad[][16] = {{0xff, 0xff, 0xff}, {1, 5, 0, 0xfa, 0xff, 'a'}, {0}};
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_err err = {0};
		size_t n = 6;
		assert_int_equal(leat_join_open(bad[i], &n, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	}
}

/* Larger than what is packed in one go: several IDAT chunks, as many as the size says, whatever the strips. */
static void test_bands(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(3000, 4000, 3, LEAT_U8);
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "level", "1");
	for (size_t i = 0; i < leat_image_bytes(&im.shape); i++)
		im.pixels[i] = (uint8_t)(i % 9000 / 31 + i / 90000);
	struct leat_bytes *b = encoded(&im, p, 64), *again = encoded(&im, p, 1001);
	assert_true(leat_image_bytes(&im.shape) > LEAT_IDAT_WHOLE);
	same_by_libpng(b, &im);
	assert_int_equal(b->len, again->len);
	assert_memory_equal(b->data, again->data, b->len);
	size_t at = 33, chunks = 0;
	for (; memcmp(b->data + at + 4, "IDAT", 4) == 0; at += leat_be32(b->data + at) + 12)
		chunks++;
	size_t rows = LEAT_IDAT_BAND / 9001;
	assert_int_equal(chunks, (4000 + rows - 1) / rows);
	leat_bytes_unref(&b);
	leat_bytes_unref(&again);
	kit_clear(&im);
	free(p);
}

/* What is reserved is what is taken: filter buffer, compressor, and the image where it is interlaced. */
static void test_cost(void **state)
{
	(void)state;
	void *p = kit_params(&leat_codec_png);
	struct leat_image_shape small = {
		.width = 32, .height = 32, .channels = 4, .alpha = true, .sample = LEAT_U8, .pages = 1};
	struct leat_image_shape photo = {.width = 6000, .height = 4000, .channels = 3, .sample = LEAT_U8, .pages = 1};
	assert_in_range(leat_codec_png.enc_cost(p, &small), 4096, 2 << 20);
	assert_in_range(leat_codec_png.enc_cost(p, &photo), 2 * LEAT_IDAT_BAND, 3 * LEAT_IDAT_BAND);
	kit_set(&leat_codec_png, p, "interlace", "yes");
	assert_true(leat_codec_png.enc_cost(p, &photo) > leat_image_bytes(&photo));
	kit_set(&leat_codec_png, p, "level", "12");
	assert_true(leat_codec_png.enc_cost(p, &small) > 8 << 20);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),    cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_all_passes), cmocka_unit_test(test_all_options),
		cmocka_unit_test(test_auto_level), cmocka_unit_test(test_auto_level_16),
		cmocka_unit_test(test_join),       cmocka_unit_test(test_join_refuses),
		cmocka_unit_test(test_bands),      cmocka_unit_test(test_cost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
