/* SPDX-License-Identifier: MIT */
/* grayscale against the formula and known numbers; strip and to-srgb: which metadata stay. */
#include "op_harness.h"

#include "ops/transfer.h"

extern const struct leat_op leat_op_grayscale, leat_op_strip, leat_op_to_srgb;

static double luminance(double r, double g, double b)
{
	return leat_srgb_encode(0.2126 * leat_srgb_decode(r) + 0.7152 * leat_srgb_decode(g) +
				0.0722 * leat_srgb_decode(b));
}

/* Largest distance in levels from the exact, unrounded luminance. */
static double worst(const struct leat_image *in, const struct leat_image *out)
{
	double most = 0, max = in->shape.sample == LEAT_U8 ? 255 : 65535;
	for (uint32_t y = 0; y < in->shape.height; y++)
		for (uint32_t x = 0; x < in->shape.width; x++) {
			double want = max * luminance(op_at(in, x, y, 0) / max, op_at(in, x, y, 1) / max,
						      op_at(in, x, y, 2) / max);
			double d = op_at(out, x, y, 0) - want;
			most = d > most ? d : -d > most ? -d : most;
		}
	return most;
}

static void grayscale_is_the_rounded_luminance(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct leat_image_shape s = op_shape(150, 130, 3, wide ? LEAT_U16 : LEAT_U8);
		struct leat_image *in = op_noise(&s, 7), *out = op_do(&leat_op_grayscale, "", in, 0);
		assert_int_equal(out->shape.channels, 1);
		assert_false(out->shape.alpha);
		assert_true(worst(in, out) < 0.52);
		leat_image_unref(&in);
		leat_image_unref(&out);
	}
}

/* Computed once with NumPy; red 127, green 220 and blue 76 are the usual figures. */
static void grayscale_of_known_colors(void **state)
{
	static const uint8_t rgb[] = {255, 0,   0,   0,   255, 0,   0,   0,  255, 255, 255, 0,   0,  255, 255, 255,
				      0,   255, 10,  20,  30,  200, 100, 50, 1,   2,   3,   123, 45, 67,  250, 240,
				      230, 5,   100, 200, 0,   0,   1,   17, 17,  17,  90,  160, 33, 255, 255, 255};
	static const uint8_t gray[] = {127, 220, 76, 247, 229, 145, 19, 128, 2, 72, 241, 102, 0, 17, 143, 255};
	(void)state;
	struct leat_image_shape s = op_shape(16, 1, 3, LEAT_U8);
	struct leat_image *in = op_image(&s, rgb), *out = op_do(&leat_op_grayscale, "", in, 0);
	for (uint32_t x = 0; x < 16; x++)
		assert_int_equal(out->pixels[x], gray[x]);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void grayscale_keeps_grays(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(256, 256, 3, LEAT_U16);
	struct leat_image *in = op_image(&s, NULL);
	for (uint32_t i = 0; i < 65536; i++)
		for (uint32_t c = 0; c < 3; c++)
			memcpy(in->pixels + i / 256 * in->stride + (i % 256 * 3 + c) * 2, &(uint16_t){(uint16_t)i}, 2);
	struct leat_image *out = op_do(&leat_op_grayscale, "", in, 0);
	for (uint32_t i = 0; i < 65536; i++)
		assert_true(op_at(out, i % 256, i / 256, 0) == i);
	leat_image_unref(&in);
	leat_image_unref(&out);
	s = op_shape(19, 5, 2, LEAT_U8);
	in = op_noise(&s, 3);
	out = op_do(&leat_op_grayscale, "keep-channels=yes", in, 0);
	assert_true(op_same_pixels(in, out));
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void grayscale_keeps_alpha_and_channels(void **state)
{
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct leat_image_shape s = op_shape(33, 70, 4, wide ? LEAT_U16 : LEAT_U8);
		struct leat_image *in = op_noise(&s, 11), *two = op_do(&leat_op_grayscale, "", in, 0);
		struct leat_image *four = op_do(&leat_op_grayscale, "keep-channels=yes", in, 0);
		assert_int_equal(two->shape.channels, 2);
		assert_true(two->shape.alpha && four->shape.alpha && four->shape.channels == 4);
		for (uint32_t y = 0; y < 70; y++)
			for (uint32_t x = 0; x < 33; x++) {
				assert_true(op_at(two, x, y, 1) == op_at(in, x, y, 3));
				assert_true(op_at(four, x, y, 3) == op_at(in, x, y, 3));
				for (unsigned c = 0; c < 3; c++)
					assert_true(op_at(four, x, y, c) == op_at(two, x, y, 0));
			}
		op_same_in_strips(&leat_op_grayscale, "", in);
		op_same_in_strips(&leat_op_grayscale, "keep-channels=yes", in);
		leat_image_unref(&in);
		leat_image_unref(&two);
		leat_image_unref(&four);
	}
}

static struct leat_bytes *blob(const char *text)
{
	struct leat_err err = {0};
	struct leat_bytes *b = leat_bytes_new(strlen(text), &err);
	assert_non_null(b);
	assert_int_equal(leat_bytes_append(b, text, strlen(text), &err), 0);
	return b;
}

/* A small image with one of everything; its profile is no profile. */
static struct leat_image *decorated(unsigned channels)
{
	struct leat_image_shape s = op_shape(9, 6, channels, LEAT_U8);
	struct leat_image *im = op_noise(&s, 5);
	struct leat_err err = {0};
	im->meta->icc = blob("not a profile");
	im->meta->exif = blob("exif");
	im->meta->xmp = blob("xmp");
	im->meta->iptc = blob("iptc");
	im->meta->copyright = leat_strdup("somebody", &err);
	im->meta->density_x = im->meta->density_y = 300;
	im->meta->orientation = 6;
	im->meta->has_srgb = true;
	return im;
}

/* One letter for each thing that is there. */
static const char *present(const struct leat_meta *m, char text[static 8])
{
	snprintf(text, 8, "%s%s%s%s%s%s%s", m->icc ? "i" : "", m->exif ? "e" : "", m->xmp ? "x" : "",
		 m->iptc ? "p" : "", m->copyright ? "c" : "", m->density_x > 0 ? "d" : "", m->has_srgb ? "s" : "");
	return text;
}

static void strip_keeps_what_is_named(void **state)
{
	static const struct {
		const char *params, *stays;
	} cases[] = {{"", "ics"},        {"keep=all", "iexpcds"},    {"keep=none", ""},     {"keep=exif", "e"},
		     {"keep=xmp", "x"},  {"keep=iptc", "p"},         {"keep=density", "d"}, {"keep=copyright", "c"},
		     {"keep=icc", "is"}, {"keep=exif,density", "ed"}};
	char text[8];
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_image *in = decorated(3), *out = op_do(&leat_op_strip, cases[i].params, in, 0);
		assert_string_equal(present(out->meta, text), cases[i].stays);
		assert_string_equal(present(in->meta, text), "iexpcds"); /* shared with other branches */
		assert_int_equal(out->meta->orientation, 6);
		assert_true(op_same_pixels(in, out));
		leat_image_unref(&in);
		leat_image_unref(&out);
	}
}

static void to_srgb_drops_the_description_alone(void **state)
{
	char text[8];
	(void)state;
	struct leat_image *in = decorated(4), *out = op_do(&leat_op_to_srgb, "", in, 0);
	assert_string_equal(present(out->meta, text), "expcd");
	assert_true(op_same_pixels(in, out));
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void grayscale_drops_the_profile(void **state)
{
	(void)state;
	struct leat_image *in = decorated(3), *out = op_do(&leat_op_grayscale, "", in, 0);
	assert_null(out->meta->icc);
	assert_true(out->meta->has_srgb && out->meta->exif);
	leat_image_unref(&out);
	out = op_do(&leat_op_grayscale, "keep-channels=yes", in, 0);
	assert_ptr_equal(out->meta->icc, in->meta->icc);
	leat_image_unref(&in);
	leat_image_unref(&out);
}

static void words_that_exclude_each_other(void **state)
{
	(void)state;
	struct leat_image_shape s = op_shape(4, 4, 3, LEAT_F32);
	struct leat_image *in = op_image(&s, NULL);
	op_refused(&leat_op_strip, "keep=none,icc", in, "'none' stands alone");
	struct leat_image *out = op_do(&leat_op_strip, "", in, 0);
	assert_true(op_same_pixels(in, out));
	leat_image_unref(&in);
	leat_image_unref(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grayscale_is_the_rounded_luminance),
		cmocka_unit_test(grayscale_of_known_colors),
		cmocka_unit_test(grayscale_keeps_grays),
		cmocka_unit_test(grayscale_keeps_alpha_and_channels),
		cmocka_unit_test(strip_keeps_what_is_named),
		cmocka_unit_test(to_srgb_drops_the_description_alone),
		cmocka_unit_test(grayscale_drops_the_profile),
		cmocka_unit_test(words_that_exclude_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
