/* SPDX-License-Identifier: MIT */
/* crop, flip, flop, orient, rotate, flatten and convert: known pixels, every depth and channel count, strips. */
#include "op_harness.h"

#include <math.h>

extern const struct leat_op leat_op_crop, leat_op_flip, leat_op_flop, leat_op_orient, leat_op_rotate, leat_op_flatten,
	leat_op_convert;

static const enum leat_sample samples[] = {LEAT_U8, LEAT_U16, LEAT_F32};

/* Pixel (x, y) of a is pixel (u, v) of b, in every channel. */
static bool same_pixel(const struct leat_image *a, uint32_t x, uint32_t y, const struct leat_image *b, uint32_t u,
		       uint32_t v)
{
	size_t px = leat_row_bytes(&a->shape) / a->shape.width;
	return memcmp(a->pixels + y * a->stride + x * px, b->pixels + v * b->stride + u * px, px) == 0;
}

/* --- the eight turns --- */

/* The letter F as each orientation stores it: turned upright, all of them are the first. */
static const struct {
	uint32_t w, h;
	const char *pixels;
} letters[9] = {
	[1] = {3, 4,
	       "###"
	       "#.."
	       "##."
	       "#.."},
	[2] = {3, 4,
	       "###"
	       "..#"
	       ".##"
	       "..#"},
	[3] = {3, 4,
	       "..#"
	       ".##"
	       "..#"
	       "###"},
	[4] = {3, 4,
	       "#.."
	       "##."
	       "#.."
	       "###"},
	[5] = {4, 3,
	       "####"
	       "#.#."
	       "#..."},
	[6] = {4, 3,
	       "#..."
	       "#.#."
	       "####"},
	[7] = {4, 3,
	       "...#"
	       ".#.#"
	       "####"},
	[8] = {4, 3,
	       "####"
	       ".#.#"
	       "...#"},
};

static struct leat_image *letter(int orientation)
{
	struct leat_image_shape s = op_shape(letters[orientation].w, letters[orientation].h, 1, LEAT_U8);
	return op_image(&s, letters[orientation].pixels);
}

static void test_orient(void **state)
{
	struct leat_image *upright = letter(1);
	(void)state;
	for (int o = 0; o <= 9; o++) {
		struct leat_image *im = letter(o < 1 || o > 8 ? 1 : o);
		im->meta->orientation = (uint8_t)o;
		im->meta->density_x = 300;
		im->meta->density_y = 150;
		struct leat_image *out = op_do(&leat_op_orient, "", im, 1);
		if (!op_same_pixels(out, upright))
			fail_msg("orientation %d is not upright", o);
		if (o >= 1 && o <= 8)
			assert_int_equal(out->meta->orientation, 1);
		bool swapped = o >= 5 && o <= 8;
		assert_true(out->meta->density_x == (swapped ? 150 : 300));
		assert_true(out->meta->density_y == (swapped ? 300 : 150));
		assert_int_equal(im->meta->orientation, o); /* shared metadata stays */
		leat_image_unref(&out);
		leat_image_unref(&im);
	}
	leat_image_unref(&upright);
}

/* Every depth and channel count: pixels move whole. */
static void test_turns_of_all_kinds(void **state)
{
	static const struct {
		const struct leat_op *op;
		const char *text;
		bool swap;
		int x, y; /* +1: output (0, 0) is from the start of that input axis, -1: from its end */
	} t[] = {
		{&leat_op_flip, "", false, 1, -1},       {&leat_op_flop, "", false, -1, 1},
		{&leat_op_rotate, "0", false, 1, 1},     {&leat_op_rotate, "90", true, 1, -1},
		{&leat_op_rotate, "180", false, -1, -1}, {&leat_op_rotate, "270", true, -1, 1},
		{&leat_op_rotate, "-90", true, -1, 1},   {&leat_op_rotate, "450", true, 1, -1},
		{&leat_op_rotate, "720", false, 1, 1},   {&leat_op_rotate, "-1e-20", false, 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(t); i++) {
		for (unsigned kind = 0; kind < 12; kind++) {
			struct leat_image_shape s = op_shape(67, 41, kind % 4 + 1, samples[kind / 4]);
			struct leat_image *im = op_noise(&s, i), *out = op_do(t[i].op, t[i].text, im, 5);
			assert_int_equal(out->shape.width, t[i].swap ? s.height : s.width);
			assert_int_equal(out->shape.height, t[i].swap ? s.width : s.height);
			for (uint32_t y = 0; y < out->shape.height; y++) {
				for (uint32_t x = 0; x < out->shape.width; x++) {
					uint32_t u = t[i].swap ? y : x, v = t[i].swap ? x : y;
					u = t[i].x < 0 ? s.width - 1 - u : u;
					v = t[i].y < 0 ? s.height - 1 - v : v;
					if (!same_pixel(out, x, y, im, u, v))
						fail_msg("%s %s: pixel %u,%u", t[i].op->name, t[i].text, x, y);
				}
			}
			leat_image_unref(&out);
			op_same_in_strips(t[i].op, t[i].text, im);
			leat_image_unref(&im);
		}
	}
}

/* flop says that it may work in place: it must. */
static void test_flop_in_place(void **state)
{
	(void)state;
	for (uint32_t width = 1; width < 9; width++) {
		struct leat_image_shape s = op_shape(width, 3, 3, LEAT_U8);
		struct leat_image *im = op_noise(&s, width), *want = op_do(&leat_op_flop, "", im, 0);
		struct leat_shape sh = {.kind = LEAT_IMAGE, .image = s};
		struct leat_op_begin b = {.in = &sh, .out = &sh};
		struct leat_rows r = {im->pixels, im->stride, 0, 3};
		void *item = NULL;
		assert_true(leat_op_flop.point);
		assert_int_equal(leat_op_flop.begin(&b, &item, NULL), 0);
		assert_int_equal(leat_op_flop.rows(item, &r, &r, 0, 3, NULL, NULL), 0);
		assert_int_equal(leat_op_flop.end(item, NULL, NULL), 0);
		assert_true(op_same_pixels(im, want));
		leat_image_unref(&want);
		leat_image_unref(&im);
	}
}

/* --- the orientation in the EXIF block --- */

static struct leat_bytes *blob(const void *data, size_t n)
{
	struct leat_bytes *b = leat_bytes_new(n, NULL);
	assert_non_null(b);
	assert_int_equal(leat_bytes_append(b, data, n, NULL), 0);
	return b;
}

/* A TIFF structure with two entries, the second the orientation 6 of this type. */
static size_t exif_block(uint8_t *d, bool big, uint16_t type)
{
	const uint32_t ifd = 10;
	memcpy(d, big ? "MM\0*\0\0\0\x0a" : "II*\0\x0a\0\0\0", 8);
	memset(d + 8, 0, 34);
	uint16_t words[] = {2, 0x0110, 2, 0x0112, type};
	size_t at[] = {ifd, ifd + 2, ifd + 4, ifd + 14, ifd + 16};
	for (size_t i = 0; i < LEAT_LEN(words); i++) {
		d[at[i] + (big ? 0 : 1)] = (uint8_t)(words[i] >> 8);
		d[at[i] + (big ? 1 : 0)] = (uint8_t)words[i];
	}
	d[ifd + 6 + (big ? 3 : 0)] = 1; /* counts of both */
	d[ifd + 18 + (big ? 3 : 0)] = 1;
	d[ifd + 22 + (!big ? 0u : type == 3 ? 1u : 3u)] = 6;
	return 42;
}

static void orient_with(const uint8_t *exif, size_t n, const uint8_t *want)
{
	struct leat_image *im = letter(6);
	im->meta->orientation = 6;
	im->meta->exif = blob(exif, n);
	struct leat_image *out = op_do(&leat_op_orient, "", im, 0);
	assert_int_equal(out->meta->exif->len, n);
	assert_memory_equal(out->meta->exif->data, want, n);
	assert_memory_equal(im->meta->exif->data, exif, n);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

static void test_exif_is_reset(void **state)
{
	uint8_t d[64], want[64], wild[64];
	uint64_t seed = 1;
	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		bool big = kind & 1;
		uint16_t type = kind & 2 ? 4 : 3;
		size_t n = exif_block(d, big, type);
		memcpy(want, d, n);
		want[10 + 22 + (!big ? 0u : type == 3 ? 1u : 3u)] = 1;
		orient_with(d, n, want);
		for (size_t cut = 1; cut < n; cut++) /* the entry ends at 36 */
			orient_with(d, cut, cut >= 36 ? want : d);
		exif_block(wild, big, 5); /* a type that cannot be */
		orient_with(wild, n, wild);
	}
	for (int i = 0; i < 2000; i++) { /* rubbish: nothing but the value may change, and no byte outside is read */
		struct leat_image *im = letter(6);
		size_t n = exif_block(d, i & 1, 3);
		d[op_random(&seed) % n] = (uint8_t)op_random(&seed);
		d[8 + op_random(&seed) % 4] = (uint8_t)op_random(&seed);
		im->meta->orientation = 6;
		im->meta->exif = blob(d, n);
		struct leat_image *out = op_do(&leat_op_orient, "", im, 0);
		assert_int_equal(out->meta->exif->len, n);
		leat_image_unref(&out);
		leat_image_unref(&im);
	}
}

/* --- crop --- */

static void expect_crop(const char *text, uint32_t left, uint32_t top, uint32_t width, uint32_t height)
{
	for (unsigned kind = 0; kind < 12; kind++) {
		struct leat_image_shape s = op_shape(90, 70, kind % 4 + 1, samples[kind / 4]);
		struct leat_image *im = op_noise(&s, kind), *out = op_do(&leat_op_crop, text, im, 3);
		if (out->shape.width != width || out->shape.height != height)
			fail_msg("crop %s: %ux%u", text, out->shape.width, out->shape.height);
		for (uint32_t y = 0; y < height; y++)
			for (uint32_t x = 0; x < width; x++)
				if (!same_pixel(out, x, y, im, x + left, y + top))
					fail_msg("crop %s: pixel %u,%u", text, x, y);
		leat_image_unref(&out);
		op_same_in_strips(&leat_op_crop, text, im);
		leat_image_unref(&im);
	}
}

static void test_crop(void **state)
{
	(void)state;
	expect_crop("20x10", 35, 30, 20, 10);
	expect_crop("21x11", 35, 30, 21, 11); /* odd room: the center goes right and down, as sharp's */
	expect_crop("20x10 left=0", 0, 0, 20, 10);
	expect_crop("20x10 top=60", 0, 60, 20, 10);
	expect_crop("20x10 left=7 top=9", 7, 9, 20, 10);
	expect_crop("20x10 gravity=north", 35, 0, 20, 10);
	expect_crop("20x10 gravity=northeast", 70, 0, 20, 10);
	expect_crop("20x10 gravity=east", 70, 30, 20, 10);
	expect_crop("20x10 gravity=southeast", 70, 60, 20, 10);
	expect_crop("20x10 gravity=south", 35, 60, 20, 10);
	expect_crop("20x10 gravity=southwest", 0, 60, 20, 10);
	expect_crop("20x10 gravity=west", 0, 30, 20, 10);
	expect_crop("20x10 gravity=northwest", 0, 0, 20, 10);
	expect_crop("20x", 35, 0, 20, 70);
	expect_crop("x10 left=80 top=3", 80, 3, 10, 10);
	expect_crop("90x70", 0, 0, 90, 70);
	expect_crop("200x10 partial=clip", 0, 30, 90, 10);
	expect_crop("20x10 left=80 top=65 partial=clip", 80, 65, 10, 5);
}

static void test_crop_refused(void **state)
{
	struct leat_image_shape s = op_shape(90, 70, 3, LEAT_U8);
	struct leat_image *im = op_image(&s, NULL);
	(void)state;
	op_refused(&leat_op_crop, "91x10", im, "91x10 at 0,30 does not lie within the image of 90x70");
	op_refused(&leat_op_crop, "20x10 left=71", im, "20x10 at 71,0 does not lie within the image of 90x70");
	op_refused(&leat_op_crop, "20x10 left=90 partial=clip", im, "90,0, outside the image of 90x70");
	op_refused(&leat_op_crop, "20x top=70 partial=clip", im, "0,70, outside the image of 90x70");
	op_refused(&leat_op_crop, "20x10 left=1 gravity=east", im, "'left' and 'gravity' exclude each other");
	op_refused(&leat_op_crop, "20x10 top=1 gravity=east", im, "'top' and 'gravity' exclude each other");
	op_refused(&leat_op_crop, "20x10 gravity=entropy", im, "not built yet");
	leat_image_unref(&im);
}

/* --- rotate by other angles --- */

static double kernel_at(const char *k, double x)
{
	x = fabs(x);
	if (strcmp(k, "linear") == 0)
		return x < 1 ? 1 - x : 0;
	return x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

/* Channel c at input position (u, v), which are in pixel centers; background (premultiplied, 0..1) outside. */
static double sample(const struct leat_image *im, const char *k, double u, double v, unsigned c,
		     const double *background)
{
	double max = im->shape.sample == LEAT_U8 ? 255 : 65535, sum = 0;
	unsigned last = im->shape.channels - 1u;
	for (int64_t y = (int64_t)floor(v) - 2; y <= (int64_t)floor(v) + 3; y++) {
		for (int64_t x = (int64_t)floor(u) - 2; x <= (int64_t)floor(u) + 3; x++) {
			double value = background[c];
			if (x >= 0 && y >= 0 && x < im->shape.width && y < im->shape.height) {
				value = op_at(im, (uint32_t)x, (uint32_t)y, c) / max;
				if (im->shape.alpha && c < last)
					value *= op_at(im, (uint32_t)x, (uint32_t)y, last) / max;
			}
			sum += value * kernel_at(k, (double)x - u) * kernel_at(k, (double)y - v);
		}
	}
	return sum;
}

static void rotate_case(double angle, const char *kernel, unsigned channels, enum leat_sample s, uint32_t w, uint32_t h)
{
	double max = s == LEAT_U8 ? 255 : 65535, r = angle * M_PI / 180, co = cos(r), si = sin(r);
	struct leat_image_shape shape = op_shape(w, h, channels, s);
	struct leat_image *im = op_noise(&shape, (uint64_t)w * h + channels);
	char text[80];
	snprintf(text, sizeof text, "%g kernel=%s", angle, kernel);
	struct leat_image *out = op_do(&leat_op_rotate, text, im, 4);
	uint32_t ow = out->shape.width, oh = out->shape.height;
	assert_true(fabs(ow - (w * fabs(co) + h * fabs(si))) <= 0.5001 || ow == 1);
	assert_true(fabs(oh - (w * fabs(si) + h * fabs(co))) <= 0.5001 || oh == 1);
	bool alpha = shape.alpha;
	const double background[4] = {!alpha, !alpha, !alpha, 0};
	for (uint32_t y = 0; y < oh; y++) {
		for (uint32_t x = 0; x < ow; x++) {
			double dx = x + 0.5 - ow / 2.0, dy = y + 0.5 - oh / 2.0;
			double u = dx * co + dy * si + w / 2.0 - 0.5, v = -dx * si + dy * co + h / 2.0 - 0.5;
			double a = alpha ? sample(im, kernel, u, v, channels - 1, background) : 1;
			for (unsigned c = 0; c < channels; c++) {
				bool color = !alpha || c + 1 < channels;
				double want = color ? sample(im, kernel, u, v, c, background) / a : a;
				double got = op_at(out, x, y, c);
				want = want > 1 ? max : want > 0 ? floor(want * max + 0.5) : 0;
				if (alpha && op_at(out, x, y, channels - 1) == 0)
					want = 0;
				if (color && alpha && a < 0.1)
					want = got; /* a quotient of two small numbers */
				if (fabs(got - want) > 1)
					fail_msg("rotate %s, %u channels: %g, not %g at %u,%u", text, channels, got,
						 want, x, y);
			}
		}
	}
	leat_image_unref(&out);
	leat_image_unref(&im);
}

static void test_rotate(void **state)
{
	static const double angles[] = {1, 30, 45, 89.5, 91, 123.4, 200, -33, 359};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(angles); i++) {
		for (unsigned kind = 0; kind < 16; kind++) {
			enum leat_sample s = kind & 4 ? LEAT_U16 : LEAT_U8;
			rotate_case(angles[i], kind & 8 ? "linear" : "cubic", kind % 4 + 1, s, 31, 22);
		}
		rotate_case(angles[i], "cubic", 3, LEAT_U8, 1, 1);
		rotate_case(angles[i], "cubic", 1, LEAT_U8, 40, 1);
	}
}

static void test_rotate_nearest_and_background(void **state)
{
	struct leat_image_shape s = op_shape(20, 20, 3, LEAT_U8);
	struct leat_image *im = op_image(&s, NULL);
	(void)state;
	struct leat_image *out = op_do(&leat_op_rotate, "45 kernel=nearest background=#102030", im, 0);
	assert_int_equal(out->shape.width, 28);
	unsigned black = 0;
	for (uint32_t y = 0; y < 28; y++) {
		for (uint32_t x = 0; x < 28; x++) {
			double v = op_at(out, x, y, 0);
			assert_true(v == 0 || (v == 16 && op_at(out, x, y, 1) == 32 && op_at(out, x, y, 2) == 48));
			black += v == 0;
		}
	}
	assert_in_range(black, 380, 420); /* the area stays */
	leat_image_unref(&out);
	leat_image_unref(&im);
}

/* Float samples: the same as in 16 bit, but for its rounding. */
static void test_rotate_float(void **state)
{
	static const char *const texts[] = {"30", "-7 kernel=linear", "100 kernel=nearest background=#336699", "90"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++)
		for (unsigned channels = 1; channels <= 4; channels++) {
			struct leat_image_shape s = op_shape(37, 23, channels, LEAT_U16);
			struct leat_image *wide = op_noise(&s, i), *real = op_as_float(wide, 65535);
			struct leat_image *a = op_do(&leat_op_rotate, texts[i], wide, 6);
			struct leat_image *b = op_do(&leat_op_rotate, texts[i], real, 6);
			op_same_as_float(a, b, 65535, 1.01);
			leat_image_unref(&a);
			leat_image_unref(&b);
			leat_image_unref(&wide);
			leat_image_unref(&real);
		}
}

/* A half transparent background of the image's own color changes alpha, never color. */
static void test_rotate_alpha(void **state)
{
	static const uint8_t px[4] = {200, 100, 50, 255};
	struct leat_image_shape s = op_shape(25, 17, 4, LEAT_U8);
	struct leat_image *im = op_image(&s, NULL);
	(void)state;
	for (uint32_t i = 0; i < 25 * 17; i++)
		memcpy(im->pixels + i / 25 * im->stride + i % 25 * 4, px, 4);
	struct leat_image *out = op_do(&leat_op_rotate, "20 background=#c8643280", im, 0);
	for (uint32_t y = 0; y < out->shape.height; y++) {
		for (uint32_t x = 0; x < out->shape.width; x++) {
			assert_true(memcmp(out->pixels + y * out->stride + x * 4, px, 3) == 0);
			assert_in_range((uintmax_t)op_at(out, x, y, 3), 110, 255);
		}
	}
	assert_true(op_at(out, 0, 0, 3) == 128);
	assert_true(op_at(out, out->shape.width / 2, out->shape.height / 2, 3) == 255);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

static void test_rotate_strips(void **state)
{
	static const char *const texts[] = {"33", "-100.5 kernel=linear background=#0f08", "2 kernel=nearest"};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(texts); i++) {
		for (unsigned kind = 0; kind < 8; kind++) {
			struct leat_image_shape s = op_shape(83, 59, kind % 4 + 1, kind < 4 ? LEAT_U8 : LEAT_U16);
			struct leat_image *im = op_noise(&s, i);
			op_same_in_strips(&leat_op_rotate, texts[i], im);
			leat_image_unref(&im);
		}
	}
}

/* --- flatten, convert --- */

static void flatten_case(unsigned channels, enum leat_sample s)
{
	static const double background[3] = {16, 32, 48};
	struct leat_image_shape shape = op_shape(300, 7, channels, s);
	struct leat_image *im = op_noise(&shape, channels);
	double max = s == LEAT_U8 ? 255 : 65535;
	bool gray = channels <= 2;
	struct leat_image *out = op_do(&leat_op_flatten, gray ? "background=#202020" : "background=#102030", im, 2);
	assert_false(out->shape.alpha);
	assert_int_equal(out->shape.channels, gray ? 1 : 3);
	for (uint32_t y = 0; y < 7; y++) {
		for (uint32_t x = 0; x < 300; x++) {
			double a = shape.alpha ? op_at(im, x, y, channels - 1) / max : 1;
			for (unsigned c = 0; c < out->shape.channels; c++) {
				double bg = (gray ? 32 : background[c]) * (max / 255);
				double want = floor(op_at(im, x, y, c) * a + bg * (1 - a) + 0.5 + 1e-9);
				assert_true(op_at(out, x, y, c) == want);
			}
		}
	}
	leat_image_unref(&out);
	op_same_in_strips(&leat_op_flatten, "", im);
	leat_image_unref(&im);
}

static void test_flatten(void **state)
{
	struct leat_image_shape s = op_shape(2, 1, 2, LEAT_F32);
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++) {
		flatten_case(channels, LEAT_U8);
		flatten_case(channels, LEAT_U16);
	}
	struct leat_image *im = op_image(&s, NULL);
	op_refused(&leat_op_flatten, "background=#ffffff80", im, "must be opaque");
	leat_image_unref(&im);
}

static void test_convert(void **state)
{
	struct leat_image_shape s = op_shape(256, 256, 1, LEAT_U16);
	struct leat_image *wide = op_image(&s, NULL);
	(void)state;
	for (uint32_t v = 0; v < 65536; v++)
		memcpy(wide->pixels + v / 256 * wide->stride + v % 256 * 2, &(uint16_t){(uint16_t)v}, 2);
	struct leat_image *narrow = op_do(&leat_op_convert, "depth=8", wide, 9);
	for (uint32_t v = 0; v < 65536; v++)
		assert_true(op_at(narrow, v % 256, v / 256, 0) == floor(v / 257.0 + 0.5));
	struct leat_image *back = op_do(&leat_op_convert, "depth=16", narrow, 9);
	for (uint32_t v = 0; v < 65536; v++)
		assert_true(op_at(back, v % 256, v / 256, 0) == 257 * op_at(narrow, v % 256, v / 256, 0));
	struct leat_image *same = op_do(&leat_op_convert, "depth=16", wide, 9);
	assert_true(op_same_pixels(same, wide));
	op_same_in_strips(&leat_op_convert, "depth=8", wide);
	leat_image_unref(&same);
	leat_image_unref(&back);
	leat_image_unref(&narrow);
	leat_image_unref(&wide);
}

/* Up and down again is what it was; float is clamped, and no number is black. */
static void test_convert_float(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++) {
			struct leat_image_shape s = op_shape(70, 9, channels, wide ? LEAT_U16 : LEAT_U8);
			struct leat_image *im = op_noise(&s, channels),
					  *up = op_do(&leat_op_convert, "depth=float", im, 4);
			assert_int_equal(up->shape.sample, LEAT_F32);
			assert_true(op_at(up, 3, 4, 0) == (float)op_at(im, 3, 4, 0) / (wide ? 65535.0f : 255.0f));
			struct leat_image *down = op_do(&leat_op_convert, wide ? "depth=16" : "depth=8", up, 4);
			assert_true(op_same_pixels(im, down));
			leat_image_unref(&down);
			leat_image_unref(&up);
			leat_image_unref(&im);
		}
	static const float odd[] = {-1, 2, NAN, 0.5f};
	struct leat_image_shape s = op_shape(4, 1, 1, LEAT_F32);
	struct leat_image *im = op_image(&s, odd), *out = op_do(&leat_op_convert, "depth=8", im, 0);
	static const uint8_t want[] = {0, 255, 0, 128};
	assert_memory_equal(out->pixels, want, 4);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

/* A level and a half, dithered: half of the places round up; levels that fit stay, alpha is only rounded. */
static void test_convert_dither(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(64, 64, 2, LEAT_U16);
	struct leat_image *im = op_image(&s, NULL);
	for (uint32_t y = 0; y < 64; y++)
		for (uint32_t x = 0; x < 64; x++) {
			uint16_t px[2] = {(uint16_t)(x < 32 ? 257 * 7 : 257 * 7 + 128), 257 * 9 + 100};
			memcpy(im->pixels + y * im->stride + x * 4, px, 4);
		}
	struct leat_image *out = op_do(&leat_op_convert, "depth=8 dither=yes", im, 5);
	unsigned up = 0;
	for (uint32_t y = 0; y < 64; y++)
		for (uint32_t x = 0; x < 64; x++) {
			double v = op_at(out, x, y, 0);
			assert_true(v == 7 || (x >= 32 && v == 8));
			assert_true(op_at(out, x, y, 1) == 9);
			up += v == 8;
		}
	assert_in_range(up, 64 * 32 / 2 - 32, 64 * 32 / 2 + 32);
	op_same_in_strips(&leat_op_convert, "depth=8 dither=yes", im);
	leat_image_unref(&out);
	leat_image_unref(&im);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orient),         cmocka_unit_test(test_turns_of_all_kinds),
		cmocka_unit_test(test_flop_in_place),  cmocka_unit_test(test_exif_is_reset),
		cmocka_unit_test(test_crop),           cmocka_unit_test(test_crop_refused),
		cmocka_unit_test(test_rotate),         cmocka_unit_test(test_rotate_nearest_and_background),
		cmocka_unit_test(test_rotate_float),   cmocka_unit_test(test_rotate_alpha),
		cmocka_unit_test(test_rotate_strips),  cmocka_unit_test(test_flatten),
		cmocka_unit_test(test_convert),        cmocka_unit_test(test_convert_float),
		cmocka_unit_test(test_convert_dither),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
