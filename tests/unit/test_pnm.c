/* SPDX-License-Identifier: MIT */
/* PNM and PAM: every kind of header and raster, exact scaling, round trips, damage. */
#include "codec_kit.h"

static const struct leat_codec *const pnm = &leat_codec_pnm, *const pam = &leat_codec_pam;

static const struct leat_codec *codec_of(const void *d)
{
	return ((const char *)d)[1] == '7' ? pam : pnm;
}

/* Decodes n bytes given as text; they are copied to memory of their own size. */
static int decode(const char *text, size_t n, const struct leat_decode_opts *opts, struct kit_image *im,
		  struct leat_err *err)
{
	struct leat_decode_opts o = opts ? *opts : kit_opts();
	struct kit_bytes b = {malloc(n ? n : 1), n};
	memcpy(b.d, text, n);
	*err = (struct leat_err){0};
	int r = kit_decode(codec_of(text), b, &o, 2, im, err);
	struct leat_header h;
	struct leat_err perr = {0};
	if (r == 0) {
		assert_int_equal(codec_of(text)->probe(b.d, b.n, true, &h, &perr), 0);
		assert_true(leat_image_shape_equal(&h.shape, &im->shape));
		assert_true(codec_of(text)->sniff(b.d, b.n));
	}
	free(b.d);
	return r;
}

/* Expects a picture of w x h x channels with these samples. */
static void check(const char *text, size_t n, uint32_t w, uint32_t h, uint8_t channels, bool wide,
		  const uint16_t *samples)
{
	struct kit_image im;
	struct leat_err err;
	if (decode(text, n, NULL, &im, &err) < 0)
		fail_msg("%.40s: %s", text, err.text);
	assert_true(im.shape.width == w && im.shape.height == h && im.shape.channels == channels);
	assert_int_equal(im.shape.sample, wide ? LEAT_U16 : LEAT_U8);
	assert_int_equal(im.shape.alpha, channels == 2 || channels == 4);
	for (size_t i = 0; i < (size_t)w * h * channels; i++) {
		unsigned v = wide ? ((uint16_t *)(void *)im.pixels)[i] : im.pixels[i];
		if (v != samples[i])
			fail_msg("%.20s: sample %zu is %u, not %u", text, i, v, samples[i]);
	}
	assert_int_equal(im.notes.n, 0);
	kit_clear(&im);
}
#define CHECK(text, w, h, c, wide, ...) check(text, sizeof text - 1, w, h, c, wide, (const uint16_t[]){__VA_ARGS__})

static void refuse(const char *text, size_t n, enum leat_cause cause)
{
	struct kit_image im;
	struct leat_err err;
	if (decode(text, n, NULL, &im, &err) == 0)
		fail_msg("%.40s: accepted", text);
	if (err.cause != cause)
		fail_msg("%.40s: %s", text, err.text);
}
#define REFUSE(text, cause) refuse(text, sizeof text - 1, LEAT_CAUSE_##cause)

static void test_bitmaps(void **state)
{
	(void)state;
	CHECK("P1\n3 2\n101\n010\n", 3, 2, 1, false, 0, 255, 0, 255, 0, 255);
	CHECK("P1 3 2 1 0 1 0 1 0", 3, 2, 1, false, 0, 255, 0, 255, 0, 255);
	CHECK("P4\n9 2\n\x80\x80\x00\x00", 9, 2, 1, false, 0, 255, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255,
	      255, 255, 255, 255, 255);
}

static void test_graymaps(void **state)
{
	(void)state;
	CHECK("P2\n2 2\n255\n0 128 255 7", 2, 2, 1, false, 0, 128, 255, 7);
	CHECK("P5\n2 2\n255\n\0\x80\xff\x07", 2, 2, 1, false, 0, 128, 255, 7);
	CHECK("P5\n2 1\n65535\n\x12\x34\xff\xff", 2, 1, 1, true, 0x1234, 0xffff);
	CHECK("P2\n2 1\n65535\n4660 65535\n", 2, 1, 1, true, 0x1234, 0xffff);
}

static void test_pixmaps(void **state)
{
	(void)state;
	CHECK("P3 1 2 255 1 2 3 4 5 6", 1, 2, 3, false, 1, 2, 3, 4, 5, 6);
	CHECK("P6 1 2 255 abcdef", 1, 2, 3, false, 'a', 'b', 'c', 'd', 'e', 'f');
	CHECK("P6\n1 1\n65535\nabcdef", 1, 1, 3, true, 0x6162, 0x6364, 0x6566);
}

/* The nearest full value, halves up. */
static void test_maxvals(void **state)
{
	(void)state;
	CHECK("P2 4 1 3 0 1 2 3", 4, 1, 1, false, 0, 85, 170, 255);
	CHECK("P5 3 1 2 \0\1\2", 3, 1, 1, false, 0, 128, 255);
	CHECK("P2 3 1 7 1 3 6", 3, 1, 1, false, 36, 109, 219);
	CHECK("P2 3 1 1023 0 512 1023", 3, 1, 1, true, 0, 32800, 65535);
	CHECK("P5 2 1 256 \0\x80\1\0", 2, 1, 1, true, 32768, 65535);
	for (uint32_t maxval = 1; maxval < 65536; maxval += maxval < 300 ? 1 : 1234) {
		char text[64];
		uint32_t v = maxval * 2 / 3, full = maxval > 255 ? 65535 : 255;
		int n = snprintf(text, sizeof text, "P2 1 1 %u %u", maxval, v);
		uint16_t want = (uint16_t)((double)v * full / maxval + 0.5);
		check(text, (size_t)n, 1, 1, 1, maxval > 255, &want);
	}
}

static void test_comments(void **state)
{
	(void)state;
	CHECK("P5 # a\n#b\n 2#c\n\t1 # 9 9\n255\n\x01\x02", 2, 1, 1, false, 1, 2);
	CHECK("P5\n2 1\n255# the last\n\x01\x02", 2, 1, 1, false, 1, 2);
	CHECK("P5\n2 1\n255\n#\x02", 2, 1, 1, false, '#', 2); /* behind the one blank are pixels */
	CHECK("P2\n2 1\n255\n1 # one\n2", 2, 1, 1, false, 1, 2);
	CHECK("P5\r\n2 1\r\n255\n\x01\x02", 2, 1, 1, false, 1, 2);
}

static void test_pam(void **state)
{
	(void)state;
	CHECK("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n\1\0", 2, 1, 1, false, 255, 0);
	CHECK("P7\n# hello\n\nHEIGHT 1\nWIDTH 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE  GRAYSCALE_ALPHA \nENDHDR\nab", 1, 1, 2,
	      false, 'a', 'b');
	CHECK("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 65535\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefgh", 1, 1, 4, true,
	      0x6162, 0x6364, 0x6566, 0x6768);
	CHECK("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 100\nENDHDR\n\0\x32\x64", 1, 1, 3, false, 0, 128, 255);
	REFUSE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\nabcde", UNSUPPORTED);
	REFUSE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE CMYK\nENDHDR\nabcd", UNSUPPORTED);
	REFUSE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nabcd", UNSUPPORTED);
	REFUSE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\na", CORRUPT);
	REFUSE("P7\nWIDTH 1x\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\na", CORRUPT);
	REFUSE("P7\nCOLOR 1\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\na", CORRUPT);
	REFUSE("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\n", TRUNCATED);
}

static void test_refused(void **state)
{
	(void)state;
	REFUSE("P5\n0 1\n255\n", CORRUPT);
	REFUSE("P5\n1 1\n0\n\0", CORRUPT);
	REFUSE("P5\n1 1\n65536\n\0\0", CORRUPT);
	REFUSE("P5\n99999999999999999999 1\n255\n\0", LIMIT);
	REFUSE("P5\n65536 1\n255\n\0", LIMIT);
	REFUSE("P5\n20000 20000\n255\n\0", LIMIT);
	REFUSE("P5\n-1 1\n255\n\0", CORRUPT);
	REFUSE("P5\n2 2\n255\nabc", TRUNCATED);
	REFUSE("P5\n2 2\n255", TRUNCATED);
	REFUSE("P5\n2 2\n255x....", CORRUPT);
	REFUSE("P5\n2 1\n100\nd\x65", CORRUPT);
	REFUSE("P2\n2 1\n255\n1", TRUNCATED);
	REFUSE("P2\n2 1\n255\n1 256", CORRUPT);
	REFUSE("P2\n2 1\n255\n1 x", CORRUPT);
	REFUSE("P1\n2 1\n12", CORRUPT);
	REFUSE("P8\n2 1\n12", FORMAT);
}

static void test_long_header(void **state)
{
	(void)state;
	enum { N = 100000 };
	char *text = malloc(N);
	memset(text, '#', N);
	memcpy(text, "P5\n", 3);
	memcpy(text + N - 12, "\n1 1\n255\nxx\n", 12);
	refuse(text, N, LEAT_CAUSE_CORRUPT);
	free(text);
}

static void test_more_behind(void **state)
{
	(void)state;
	struct kit_image im;
	struct leat_err err;
	struct leat_decode_opts o = kit_opts();
	static const char two[] = "P5 1 1 255 aP5 1 1 255 b", tail[] = "P5 1 1 255 a tail", text[] = "P2 1 1 255 9 9";
	assert_int_equal(decode(two, sizeof two - 1, NULL, &im, &err), 0);
	assert_true(kit_has_note(&im, "several images"));
	kit_clear(&im);
	assert_int_equal(decode(tail, sizeof tail - 1, &o, &im, &err), 0);
	assert_true(kit_has_note(&im, "4 bytes after"));
	kit_clear(&im);
	assert_int_equal(decode(text, sizeof text - 1, &o, &im, &err), 0);
	assert_true(kit_has_note(&im, "1 byte after"));
	kit_clear(&im);
}

static void test_keep_damaged(void **state)
{
	(void)state;
	struct kit_image im;
	struct leat_err err;
	struct leat_decode_opts o = kit_opts();
	o.keep_damaged = true;
	static const char raw[] = "P5 2 3 255 abcde", plain[] = "P2 2 3 255 1 2 3 4 5", over[] = "P5 2 1 100 d\x65";
	assert_int_equal(decode(raw, sizeof raw - 1, &o, &im, &err), 0);
	assert_memory_equal(im.pixels, "abcd\0\0", 6);
	assert_true(kit_has_note(&im, "only 2 of 3 rows"));
	kit_clear(&im);
	assert_int_equal(decode(plain, sizeof plain - 1, &o, &im, &err), 0);
	assert_memory_equal(im.pixels, "\1\2\3\4\0\0", 6);
	assert_true(kit_has_note(&im, "only 2 of 3 rows"));
	kit_clear(&im);
	assert_int_equal(decode(over, sizeof over - 1, &o, &im, &err), 0);
	assert_memory_equal(im.pixels, "\xff\xff", 2);
	assert_true(kit_has_note(&im, "maxval"));
	kit_clear(&im);
}

static void test_round_trips(void **state)
{
	(void)state;
	for (int which = 0; which < 2; which++)
		for (uint8_t channels = 1; channels <= 4; channels++)
			for (int wide = 0; wide < 2; wide++) {
				const struct leat_codec *c = which ? pam : pnm;
				struct kit_image im = kit_picture(13, 11, channels, wide ? LEAT_U16 : LEAT_U8), back;
				struct leat_image_shape want;
				struct leat_err err = {0};
				struct leat_bytes *b;
				assert_int_equal(c->enc_takes(NULL, &im.shape, &want, &err), 0);
				bool as_is = leat_image_shape_equal(&want, &im.shape);
				assert_int_equal(as_is, which == 1 || channels % 2 == 1);
				if (as_is) {
					struct leat_decode_opts o = kit_opts();
					assert_int_equal(kit_encode(c, NULL, &im, 4, &b, &err), 0);
					assert_int_equal(
						kit_decode(c, (struct kit_bytes){b->data, b->len}, &o, 3, &back, &err),
						0);
					assert_true(leat_image_shape_equal(&im.shape, &back.shape));
					assert_memory_equal(im.pixels, back.pixels, leat_image_bytes(&im.shape));
					kit_cuts(c, (struct kit_bytes){b->data, b->len}, 1);
					kit_flips(c, (struct kit_bytes){b->data, b->len}, 1);
					leat_bytes_unref(&b);
					kit_clear(&back);
				} else {
					assert_int_equal(want.channels, channels - 1);
					assert_int_equal(kit_encode(c, NULL, &im, 4, &b, &err), -1);
					assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
				}
				kit_clear(&im);
			}
}

static void test_damage(void **state)
{
	(void)state;
	char plain[] = "P3\n# x\n2 2\n255\n1 2 3 44 55 66 77 8 9 10 11 128 ", bits[] = "P1\n4 2\n1010\n0101";
	struct kit_bytes b = {(uint8_t *)plain, sizeof plain - 2}; /* to the last digit */
	kit_flips(pnm, b, 1);
	b.n -= 2; /* "1": fewer digits are a number too */
	kit_cuts(pnm, (struct kit_bytes){b.d, b.n - 1}, 1);
	kit_flips(pnm, (struct kit_bytes){(uint8_t *)bits, sizeof bits - 1}, 1);
	kit_cuts(pnm, (struct kit_bytes){(uint8_t *)bits, sizeof bits - 1}, 1);
}

static void test_float_becomes_16_bit(void **state)
{
	(void)state;
	struct leat_image_shape in = {.width = 3,
				      .height = 3,
				      .channels = 4,
				      .alpha = true,
				      .sample = LEAT_F32,
				      .pages = 1},
				want;
	struct leat_err err = {0};
	assert_int_equal(pam->enc_takes(NULL, &in, &want, &err), 0);
	assert_true(want.sample == LEAT_U16 && want.channels == 4);
	assert_int_equal(pnm->enc_takes(NULL, &in, &want, &err), 0);
	assert_true(want.sample == LEAT_U16 && want.channels == 3 && !want.alpha);
}

/* The samples of a raw file with a full maxval are its last bytes. */
static void same_as_tail(const struct kit_image *im, struct kit_bytes b)
{
	size_t n = (size_t)im->shape.width * im->shape.height * im->shape.channels;
	bool wide = im->shape.sample == LEAT_U16;
	const uint8_t *tail = b.d + b.n - leat_image_bytes(&im->shape);
	for (size_t i = 0; i < n; i++) {
		unsigned want = wide ? tail[2 * i] * 256u + tail[2 * i + 1] : tail[i] * 257u;
		assert_int_equal(kit_sample(im, i), want);
	}
}

static void corpus_file(const char *name, uint32_t w, uint32_t h, uint8_t channels, enum leat_sample sample)
{
	struct kit_bytes b = kit_file(name);
	struct kit_image im, back;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	struct leat_bytes *out;
	assert_non_null(b.d);
	if (kit_decode(pnm, b, &o, 5, &im, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	assert_true(im.shape.width == w && im.shape.height == h && im.shape.channels == channels &&
		    im.shape.sample == sample);
	if (b.d[1] != '4')
		same_as_tail(&im, b);
	assert_int_equal(kit_encode(&leat_codec_png, NULL, &im, 16, &out, &err), 0); /* and through another codec */
	assert_int_equal(kit_decode(&leat_codec_png, (struct kit_bytes){out->data, out->len}, &o, 9, &back, &err), 0);
	assert_memory_equal(im.pixels, back.pixels, leat_image_bytes(&im.shape));
	leat_bytes_unref(&out);
	kit_clear(&im);
	kit_clear(&back);
	free(b.d);
}

static void test_corpus(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	corpus_file("libjpeg-turbo/testorig.ppm", 227, 149, 3, LEAT_U8);
	corpus_file("libjpeg-turbo/monkey16.pgm", 149, 227, 1, LEAT_U16);
	corpus_file("libtiff/minisblack-1c-8b.pgm", 157, 151, 1, LEAT_U8);
	corpus_file("libtiff/miniswhite-1c-1b.pbm", 157, 151, 1, LEAT_U8);
	corpus_file("libtiff/rgb-3c-16b.ppm", 157, 151, 3, LEAT_U16);
	corpus_file("libtiff/rgb-3c-8b.ppm", 157, 151, 3, LEAT_U8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bitmaps),
		cmocka_unit_test(test_graymaps),
		cmocka_unit_test(test_pixmaps),
		cmocka_unit_test(test_maxvals),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_pam),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_header),
		cmocka_unit_test(test_more_behind),
		cmocka_unit_test(test_keep_damaged),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_float_becomes_16_bit),
		cmocka_unit_test(test_corpus),
	};
	return cmocka_run_group_tests_name("pnm", tests, NULL, NULL);
}
