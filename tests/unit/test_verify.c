/* SPDX-License-Identifier: MIT */
/* What is encoded is decoded again and compared before anybody gets it: good encoders pass, faulty ones are found. */
#include "codec_kit.h"

#include "rows/chain.h"
#include "rows/verify.h"

static struct leat_image *picture(uint8_t channels, enum leat_sample sample)
{
	struct leat_image_shape s = {.width = 37, .height = 45, .channels = channels, .sample = sample, .pages = 1};
	struct leat_err err = {0};
	s.alpha = channels % 2 == 0;
	struct kit_image from = kit_picture(s.width, s.height, channels, sample);
	struct leat_image *im = leat_image_new(&s, NULL, &err);
	for (uint32_t y = 0; y < s.height; y++)
		memcpy(im->pixels + y * im->stride, from.pixels + y * leat_row_bytes(&s), leat_row_bytes(&s));
	kit_clear(&from);
	return im;
}

/* Encodes with verification; NULL with *err where it found a fault. */
static struct leat_bytes *verified(const struct leat_codec *codec, struct leat_image *im, uint32_t strip,
				   struct leat_err *err)
{
	struct leat_chain_opts o = {.strip_rows = strip, .team = 1};
	struct leat_chain *c = leat_chain_new(&o, err);
	void *params = kit_params(codec);
	assert_int_equal(leat_chain_image(c, im, err), 0);
	int at, n = leat_chain_encode(c, 0, codec, params, err);
	assert_true(n > 0);
	leat_chain_verify(c, n);
	assert_int_equal(leat_chain_run(c, NULL, err), 0);
	const struct leat_err *e = leat_chain_error(c, n, &at);
	struct leat_bytes *b = e ? NULL : leat_chain_take_bytes(c, n);
	if (e)
		*err = *e;
	leat_chain_free(&c);
	free(params);
	return b;
}

static void test_good(void **state)
{
	(void)state;
	static const struct leat_codec *const codecs[] = {&leat_codec_png, &leat_codec_pam, &leat_codec_pnm,
							  &leat_codec_jpeg};
	for (size_t i = 0; i < LEAT_LEN(codecs); i++)
		for (uint8_t channels = 1; channels <= 4; channels++)
			for (int wide = 0; wide < 2; wide++) {
				bool plain = channels % 2 && !(codecs[i] == &leat_codec_jpeg && wide);
				if (i > 1 && !plain)
					continue;
				struct leat_image *im = picture(channels, wide ? LEAT_U16 : LEAT_U8);
				struct leat_err err = {0};
				struct leat_bytes *b = verified(codecs[i], im, wide ? 7 : 0, &err);
				if (!b)
					fail_msg("%s: %s", codecs[i]->name, err.text);
				leat_bytes_unref(&b);
				leat_image_unref(&im);
			}
}

/* PNG, but with one wrong bit in one pixel: a fault that no check sum finds. */
static int wrong_rows(struct leat_encoder *e, const struct leat_rows *in, struct leat_err *err)
{
	enum { AT = 20 };
	if (in->y0 <= AT && AT < in->y1)
		leat_row(in, AT)[30] ^= 1;
	int r = leat_codec_png.enc_rows(e, in, err);
	if (in->y0 <= AT && AT < in->y1)
		leat_row(in, AT)[30] ^= 1;
	return r;
}

/* PNG, but the end is missing. */
static int short_finish(struct leat_encoder *e, struct leat_bytes **out, struct leat_err *err)
{
	int r = leat_codec_png.enc_finish(e, out, err);
	if (r == 0)
		(*out)->len -= 30;
	return r;
}

static void test_faults_are_found(void **state)
{
	(void)state;
	struct leat_codec wrong = leat_codec_png, cut = leat_codec_png;
	wrong.enc_rows = wrong_rows;
	cut.enc_finish = short_finish;
	struct leat_image *im = picture(3, LEAT_U8);
	struct leat_err err = {0};
	assert_null(verified(&wrong, im, 8, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	assert_non_null(strstr(err.text, "other pixels"));
	err = (struct leat_err){0};
	assert_null(verified(&cut, im, 8, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	assert_non_null(strstr(err.text, "did not pass the check"));
	leat_image_unref(&im);
}

static void test_digest(void **state)
{
	(void)state;
	struct leat_image *im = picture(3, LEAT_U8);
	size_t bytes = leat_row_bytes(&im->shape);
	struct leat_rows all = {im->pixels, im->stride, 0, 45};
	struct leat_rows one = {im->pixels, im->stride, 0, 13},
			 two = {im->pixels + 13 * im->stride, im->stride, 13, 45};
	uint64_t whole = leat_rows_digest(0, &all, bytes);
	assert_true(whole == leat_rows_digest(leat_rows_digest(0, &one, bytes), &two, bytes));
	for (size_t i = 0; i < bytes; i++) {
		im->pixels[44 * im->stride + i] ^= 0x80;
		assert_true(whole != leat_rows_digest(0, &all, bytes));
		im->pixels[44 * im->stride + i] ^= 0x80;
	}
	im->pixels[bytes] ^= 1; /* behind the row: no part of it */
	assert_true(whole == leat_rows_digest(0, &all, bytes));
	leat_image_unref(&im);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_faults_are_found),
		cmocka_unit_test(test_digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
