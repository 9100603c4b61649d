/* SPDX-License-Identifier: MIT */
/* quantize, and PNG with a palette: how many colors are left, how near they are, and that the same comes out always. */
#include "op_harness.h"

#include "codec_kit.h"

extern const struct leat_op leat_op_quantize;

/* A smooth picture: hues over the width, light over the height; alpha falls from left to right. */
static struct leat_image *picture(unsigned channels)
{
	struct leat_image_shape s = op_shape(160, 120, channels, LEAT_U8);
	struct leat_image *im = op_noise(&s, 1);
	for (uint32_t y = 0; y < s.height; y++) {
		uint8_t *px = im->pixels + y * im->stride;
		for (uint32_t x = 0; x < s.width; x++, px += channels) {
			unsigned v[3] = {x * 255 / 159, y * 255 / 119, (x + y) * 255 / 278};
			for (unsigned c = 0; c < channels; c++)
				px[c] = (uint8_t)v[c % 3];
			if (s.alpha)
				px[channels - 1] = (uint8_t)(255 - x);
		}
	}
	return im;
}

static unsigned count_colors(const struct leat_image *im)
{
	uint32_t seen[2048];
	unsigned n = 0;
	for (uint32_t y = 0; y < im->shape.height; y++)
		for (uint32_t x = 0; x < im->shape.width; x++) {
			uint32_t v = 0;
			memcpy(&v, im->pixels + y * im->stride + x * im->shape.channels, im->shape.channels);
			unsigned i = 0;
			while (i < n && seen[i] != v)
				i++;
			if (i == n && n < LEAT_LEN(seen))
				seen[n++] = v;
		}
	return n;
}

/* Mean squared error, or with `block` of the means of blocks of so many pixels a side. */
static double off(const struct leat_image *a, const struct leat_image *b, uint32_t block)
{
	double sum = 0, n = 0;
	for (uint32_t y = 0; y + block <= a->shape.height; y += block)
		for (uint32_t x = 0; x + block <= a->shape.width; x += block)
			for (unsigned c = 0; c < a->shape.channels; c++, n++) {
				double d = 0;
				for (uint32_t i = 0; i < block * block; i++)
					d += op_at(a, x + i % block, y + i / block, c) -
					     op_at(b, x + i % block, y + i / block, c);
				sum += d / (block * block) * d / (block * block);
			}
	return sum / n;
}

static void fewer_and_nearer(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++) {
		static const unsigned counts[] = {2, 8, 32, 256};
		struct leat_image *in = picture(channels);
		double last = 1e9;
		for (size_t i = 0; i < LEAT_LEN(counts); i++) {
			char text[64];
			snprintf(text, sizeof text, "%u dither=0%%", counts[i]);
			struct leat_image *out = op_do(&leat_op_quantize, text, in, 0);
			assert_in_range(count_colors(out), 2, counts[i]);
			double now = off(in, out, 1);
			assert_true(now < last || now == 0);
			last = now;
			leat_image_unref(&out);
		}
		/* 256 of them: about 6 levels apart along three axes; a grid of 6x6x6 would be off by 210 */
		assert_true(last < (channels < 3 ? 15 : 60));
		leat_image_unref(&in);
	}
}

static void few_colors_stay_as_they_are(void **state)
{
	(void)state;
	struct leat_image *in = picture(4);
	for (uint32_t y = 0; y < 120; y++)
		for (uint32_t x = 0; x < 160; x++) {
			uint8_t *px = in->pixels + y * in->stride + (size_t)4 * x;
			px[0] = (uint8_t)(x / 20 * 31);
			px[1] = (uint8_t)(y / 30 * 77);
			px[2] = 200;
			px[3] = x < 80 ? 255 : 9;
		}
	struct leat_image *out = op_do(&leat_op_quantize, "32", in, 0);
	assert_int_equal(count_colors(in), 32);
	assert_true(op_same_pixels(in, out));
	leat_image_unref(&out);
	out = op_do(&leat_op_quantize, "31", in, 0);
	assert_false(op_same_pixels(in, out));
	leat_image_unref(&in);
	leat_image_unref(&out);
}

/* Dithering is further off at each pixel, and nearer in the mean of a few. */
static void dithering(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 3; channels += 2) {
		struct leat_image *in = picture(channels);
		struct leat_image *plain = op_do(&leat_op_quantize, "6 dither=0%", in, 0);
		struct leat_image *half = op_do(&leat_op_quantize, "6 dither=50%", in, 0);
		struct leat_image *full = op_do(&leat_op_quantize, "6", in, 0);
		assert_true(off(in, full, 1) > off(in, half, 1) && off(in, half, 1) > off(in, plain, 1));
		assert_true(off(in, full, 8) < off(in, half, 8) && off(in, half, 8) < off(in, plain, 8));
		leat_image_unref(&in);
		leat_image_unref(&plain);
		leat_image_unref(&half);
		leat_image_unref(&full);
	}
}

static void strips_make_no_difference(void **state)
{
	(void)state;
	struct leat_image *in = picture(4);
	op_same_in_strips(&leat_op_quantize, "17", in);
	leat_image_unref(&in);
}

static void refused(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(5, 5, 3, LEAT_U16);
	struct leat_image *deep = op_noise(&s, 1), *in = picture(3);
	op_refused(&leat_op_quantize, "8", deep, "convert depth=8");
	op_refused(&leat_op_quantize, "8 dither=120%", in, "from 0% to 100%");
	leat_image_unref(&deep);
	leat_image_unref(&in);
}

/* The encoder's part: what has few colors becomes a palette, of as few bits as they need; RGBA stays RGBA. */
static void palettes(void **state)
{
	(void)state;
	static const struct {
		unsigned colors;
		uint8_t bits;
	} cases[] = {{2, 1}, {4, 2}, {5, 4}, {16, 4}, {17, 8}, {256, 8}};
	for (size_t i = 0; i < LEAT_LEN(cases); i++)
		for (uint8_t channels = 3; channels <= 4; channels++) {
			struct kit_image im = kit_picture(37, 29, channels, LEAT_U8), back;
			for (size_t k = 0; k < 37 * 29; k++) {
				unsigned v = (unsigned)(k % cases[i].colors);
				im.pixels[k * channels] = (uint8_t)v;
				im.pixels[k * channels + 1] = (uint8_t)(v * 7);
				im.pixels[k * channels + 2] = 3;
				if (channels == 4)
					im.pixels[k * channels + 3] = i == 2 ? 255 : (uint8_t)(v & 1 ? 255 : v);
			}
			void *p = kit_params(&leat_codec_png);
			kit_set(&leat_codec_png, p, "colors", "256");
			struct leat_bytes *b = kit_there_and_back(&leat_codec_png, p, &im, &back);
			assert_true(leat_image_shape_equal(&im.shape, &back.shape));
			assert_memory_equal(im.pixels, back.pixels, leat_image_bytes(&im.shape));
			assert_int_equal(b->data[24], cases[i].bits);
			assert_int_equal(b->data[25], 3); /* color type: palette */
			leat_bytes_unref(&b);
			kit_clear(&im);
			kit_clear(&back);
			free(p);
		}
}

static void encoder_refuses(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(37, 29, 3, LEAT_U8);
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	struct leat_image_shape want;
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "colors", "16");
	assert_int_equal(kit_encode(&leat_codec_png, p, &im, 9, &b, &err), -1); /* nobody has reduced it */
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	kit_set(&leat_codec_png, p, "interlace", "yes");
	err = (struct leat_err){0};
	assert_int_equal(leat_codec_png.enc_takes(p, &im.shape, &want, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
	kit_clear(&im);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fewer_and_nearer), cmocka_unit_test(few_colors_stay_as_they_are),
		cmocka_unit_test(dithering),        cmocka_unit_test(strips_make_no_difference),
		cmocka_unit_test(refused),          cmocka_unit_test(palettes),
		cmocka_unit_test(encoder_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
