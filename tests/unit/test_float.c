/* SPDX-License-Identifier: MIT */
/* normalize on images of float samples: the same as in 16 bit but for the rounding, and what only floats can be. */
#include "op_harness.h"

#include "ops/array/normalize.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(as_in_16_bit), cmocka_unit_test(odd_numbers)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
