/* SPDX-License-Identifier: MIT */
/* Steps on images of float samples: the same as in 16 bit but for the rounding, and what only floats can be. */
#include "op_harness.h"

#include "ops/array/normalize.h"

extern const struct leat_op leat_op_negate, leat_op_flatten, leat_op_grayscale, leat_op_stats;

static struct leat_image *stretched(const struct leat_normalize *p, const struct leat_image *im)
{
	struct leat_err err = {0};
	struct leat_image *out = leat_normalize_image(p, im, 1, &err);
	if (!out)
		fail_msg("%s", err.text);
	return out;
}

static void as_in_16_bit(void **state)
{
	const struct leat_normalize cases[] = {
		{.range = {.a = 0, .b = 1, .percent = true}, .clip = true},
		{.range = {.a = 0.02, .b = 0.97, .percent = true}, .clip = true},
		{.range = {.a = 0.02, .b = 0.97, .percent = true}, .per = LEAT_NORMALIZE_CHANNEL, .clip = true},
		{.range = {.a = 0.1, .b = 0.9, .percent = true}, .to = {.a = 0.2, .b = 0.7, .percent = true}},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++)
		for (unsigned channels = 1; channels <= 4; channels++) {
			struct leat_image_shape s = op_shape(40, 30, channels, LEAT_U16);
			struct leat_image *wide = op_noise(&s, i);
			for (uint32_t y = 0; y < s.height; y++) /* not the full range already */
				for (size_t k = 0; k < (size_t)s.width * channels; k++) {
					uint16_t *v = (uint16_t *)(void *)(wide->pixels + y * wide->stride) + k;
					*v = (uint16_t)(10000 + *v / 2);
				}
			struct leat_image *real = op_as_float(wide, 65535);
			struct leat_image *a = stretched(&cases[i], wide), *b = stretched(&cases[i], real);
			op_same_as_float(a, b, 65535, 0.51);
			leat_image_unref(&a);
			leat_image_unref(&b);
			leat_image_unref(&wide);
			leat_image_unref(&real);
		}
}

/* No numbers stay so, infinite ones go to the ends, and neither counts among the percentiles. */
static void odd_numbers(void **state)
{
	const float v[8] = {-3, 5, NAN, INFINITY, -INFINITY, 1, 1, 1};
	const struct leat_normalize clipped = {.range = {.a = 0, .b = 1, .percent = true}, .clip = true};
	const struct leat_normalize open = {.range = {.a = -3, .b = 1}, .to = {.a = 0, .b = 2}};
	const struct leat_normalize middle = {.range = {.a = 0.25, .b = 0.75, .percent = true}};
	struct leat_image_shape s = op_shape(8, 1, 1, LEAT_F32);
	struct leat_image *im = op_image(&s, v);
	(void)state;
	struct leat_image *a = stretched(&clipped, im), *b = stretched(&open, im), *c = stretched(&middle, im);
	assert_float_equal(op_at(a, 0, 0, 0), 0, 0);
	assert_float_equal(op_at(a, 1, 0, 0), 1, 0);
	assert_true(isnan(op_at(a, 2, 0, 0)));
	assert_float_equal(op_at(a, 3, 0, 0), 1, 0);
	assert_float_equal(op_at(a, 4, 0, 0), 0, 0);
	assert_float_equal(op_at(a, 5, 0, 0), 0.5, 1e-7);
	assert_float_equal(op_at(b, 1, 0, 0), 4, 1e-6); /* beyond the end, where nothing is cut */
	assert_float_equal(op_at(b, 5, 0, 0), 2, 1e-6);
	assert_float_equal(op_at(c, 0, 0, 0), -3, 0); /* both ends are 1: nothing to stretch */
	leat_image_unref(&a);
	leat_image_unref(&b);
	leat_image_unref(&c);
	leat_image_unref(&im);
}

/* The step does to floats what it does to 16 bit, with every number of channels. */
static void alike(const struct leat_op *op, const char *text, double most)
{
	for (unsigned channels = 1; channels <= 4; channels++) {
		struct leat_image_shape s = op_shape(33, 21, channels, LEAT_U16);
		struct leat_image *wide = op_noise(&s, channels), *real = op_as_float(wide, 65535);
		struct leat_image *a = op_do(op, text, wide, 7), *b = op_do(op, text, real, 7);
		op_same_as_float(a, b, 65535, most);
		leat_image_unref(&a);
		leat_image_unref(&b);
		leat_image_unref(&wide);
		leat_image_unref(&real);
	}
}

static void point_steps(void **state)
{
	(void)state;
	alike(&leat_op_negate, "", 0.01);
	alike(&leat_op_negate, "alpha=yes", 0.01);
	alike(&leat_op_flatten, "", 1.01); /* and the background was rounded */
	alike(&leat_op_flatten, "background=#103080", 1.01);
	alike(&leat_op_grayscale, "", 0.8); /* 16 bit goes through the same curve, in single precision */
	alike(&leat_op_grayscale, "keep-channels=yes", 0.8);
}

static void beyond_the_range(void **state)
{
	const float rgb[6] = {2, 2, 2, -0.5f, -0.5f, -0.5f}, glass[6] = {0.5f, 2, 0.5f, -1, NAN, NAN};
	struct leat_image_shape s = op_shape(2, 1, 3, LEAT_F32), g = op_shape(3, 1, 2, LEAT_F32);
	struct leat_image *im = op_image(&s, rgb), *over = op_image(&g, glass);
	(void)state;
	struct leat_image *gray = op_do(&leat_op_grayscale, "", im, 0), *back = op_do(&leat_op_negate, "", im, 0);
	assert_float_equal(op_at(gray, 0, 0, 0), 2, 1e-5); /* grays stay what they are, behind both ends as well */
	assert_float_equal(op_at(gray, 1, 0, 0), -0.5, 1e-5);
	assert_float_equal(op_at(back, 0, 0, 0), -1, 0);
	assert_float_equal(op_at(back, 1, 0, 2), 1.5, 0);
	struct leat_image *flat = op_do(&leat_op_flatten, "background=#000000", over, 0);
	assert_float_equal(op_at(flat, 0, 0, 0), 0.5, 0); /* more than opaque is opaque */
	assert_float_equal(op_at(flat, 1, 0, 0), 0, 0);
	assert_float_equal(op_at(flat, 2, 0, 0), 0, 0); /* no number covers nothing */
	leat_image_unref(&gray);
	leat_image_unref(&back);
	leat_image_unref(&flat);
	leat_image_unref(&im);
	leat_image_unref(&over);
}

/* Fields of stats; the caller frees them. */
static struct leat_fields measured(const char *text, struct leat_image *im, uint32_t strip)
{
	struct leat_err err = {0};
	struct leat_fields f = {0};
	void *params = op_params(&leat_op_stats, text);
	struct leat_image *same = op_run(&leat_op_stats, params, im, strip, &f, &err);
	if (!same)
		fail_msg("stats %s: %s", text, err.text);
	leat_image_unref(&same);
	free(params);
	return f;
}

static double number(const struct leat_fields *f, const char *name)
{
	const struct leat_value *v = leat_fields_get(f, name);
	if (!v)
		fail_msg("no field '%s'", name);
	return v->type == LEAT_V_INT ? (double)v->i : v->r;
}

/* Every field of floats is that of the same picture in 8 bit, over 255 where it is a level. */
static void stats_are_those_of_levels(void **state)
{
	static const char *const levels[] = {"min", "max", "mean", "std", "sum", "median", "p07"};
	static const char *const pers[] = {"image", "channel"};
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int per = 0; per < 2; per++) {
			struct leat_image_shape s = op_shape(33, 70, channels, LEAT_U8), f32 = s;
			f32.sample = LEAT_F32;
			struct leat_image *narrow = op_noise(&s, channels), *real = op_image(&f32, NULL);
			for (uint32_t y = 0; y < s.height; y++)
				for (size_t i = 0; i < (size_t)s.width * channels; i++)
					((float *)(void *)(real->pixels + y * real->stride))[i] =
						(float)narrow->pixels[y * narrow->stride + i] / 255;
			char text[160];
			snprintf(text, sizeof text, "per=%s fields=%smin,max,mean,std,sum,median,p07,entropy,saturated",
				 pers[per], per ? "" : "dominant,");
			struct leat_fields a = measured(text, narrow, 0), b = measured(text, real, 5);
			for (unsigned c = 0; c < (per ? channels : 1); c++) {
				char name[24], suffix[16] = "";
				if (per)
					snprintf(suffix, sizeof suffix, "_%u", c);
				for (size_t i = 0; i < LEAT_LEN(levels); i++) {
					snprintf(name, sizeof name, "%s%s", levels[i], suffix);
					assert_float_equal(number(&b, name), number(&a, name) / 255,
							   1e-6 * (1 + fabs(number(&a, name))));
				}
				snprintf(name, sizeof name, "entropy%s", suffix);
				assert_float_equal(number(&b, name), number(&a, name), 0);
				snprintf(name, sizeof name, "saturated%s", suffix);
				assert_float_equal(number(&b, name), number(&a, name), 1e-12);
			}
			if (!per)
				assert_string_equal(leat_fields_get(&b, "dominant")->s,
						    leat_fields_get(&a, "dominant")->s);
			leat_fields_free(&a);
			leat_fields_free(&b);
			leat_image_unref(&narrow);
			leat_image_unref(&real);
		}
}

static void stats_of_missing_numbers(void **state)
{
	const float v[4] = {0.5f, NAN, -3, 4};
	struct leat_image_shape s = op_shape(4, 1, 1, LEAT_F32);
	struct leat_image *im = op_image(&s, v);
	(void)state;
	struct leat_fields a = measured("fields=min,max,mean,saturated", im, 0);
	assert_float_equal(number(&a, "min"), -3, 0);
	assert_float_equal(number(&a, "max"), 4, 0);
	assert_float_equal(number(&a, "mean"), 0.5, 1e-12);
	assert_float_equal(number(&a, "saturated"), 25, 0);
	leat_fields_free(&a);
	a = measured("fields=mean nan=propagate", im, 0);
	assert_true(isnan(number(&a, "mean")));
	leat_fields_free(&a);
	leat_image_unref(&im);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_in_16_bit),
		cmocka_unit_test(odd_numbers),
		cmocka_unit_test(point_steps),
		cmocka_unit_test(beyond_the_range),
		cmocka_unit_test(stats_are_those_of_levels),
		cmocka_unit_test(stats_of_missing_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
