/* SPDX-License-Identifier: MIT */
/* negate: every sample, alpha only when asked; strips of any height give the same bytes. */
#include "op_harness.h"

extern const struct leat_op leat_op_negate;

static void check(const struct leat_image *in, const struct leat_image *out, unsigned colors)
{
	double max = in->shape.sample == LEAT_U8 ? 255 : 65535;
	for (uint32_t y = 0; y < in->shape.height; y++)
		for (uint32_t x = 0; x < in->shape.width; x++)
			for (unsigned c = 0; c < in->shape.channels; c++) {
				double v = op_at(in, x, y, c);
				assert_true(op_at(out, x, y, c) == (c < colors ? max - v : v));
			}
}

static void every_sample_is_turned(void **state)
{
	static const uint32_t strips[] = {1, 7, 64, 0};
	(void)state;
	for (uint8_t channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++)
			for (int i = 0; i < 8; i++) {
				struct leat_image_shape s = op_shape(37, 70, channels, wide ? LEAT_U16 : LEAT_U8);
				struct leat_image *in = op_noise(&s, channels);
				bool alpha = i >= 4;
				struct leat_image *out =
					op_do(&leat_op_negate, alpha ? "alpha=yes" : "", in, strips[i % 4]);
				check(in, out, alpha || channels % 2 ? channels : channels - 1u);
				leat_image_unref(&in);
				leat_image_unref(&out);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_sample_is_turned)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
