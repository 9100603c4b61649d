/* SPDX-License-Identifier: MIT */
/* GIF: the corpus, codes by hand, damage. */
#include "codec_kit.h"

static const struct leat_codec *const gif = &leat_codec_gif;

static int decode(const void *d, size_t n, bool keep, struct kit_image *im, struct leat_err *err)
{
	struct leat_decode_opts o = kit_opts();
	o.keep_damaged = keep;
	struct kit_bytes b = {malloc(n ? n : 1), n};
	memcpy(b.d, d, n);
	*err = (struct leat_err){0};
	int r = kit_decode(gif, b, &o, 3, im, err);
	free(b.d);
	return r;
}

/*
 * What Pillow gives, with what is transparent set to zero; but where a frame without transparency is smaller than the
 * canvas, Pillow paints the rest, which here is transparent, as browsers show it.
 */
static void test_corpus(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool animated;
		const char *sha256; /* of RGBA, 16 bit */
	} files[] = {
		{"anim/any-disposal.gif", true, "cd7b52287ae6f457dc45413955a2e238cab7ae586fde55198fb05576a5648d68"},
		{"anim/border_touching_layers.gif", true,
		 "ef57be3953f0ca23ea4952220993e34a5867f5824fb4aa911221e38c1162cbea"},
		{"anim/interlaced.gif", false, "eb127bca077d8bb91c8b901f9b4901b559859bcee8fc48e5d5678f46b0bb99bf"},
		{"anim/issue_1455_undersized.gif", true,
		 "8b62772870043c4bf46c44f4f581d2d9ec609e16ca6572814d6bce65aa9ffe76"},
		{"anim/large-gif-anim-combine.gif", true,
		 "c834b5acfe641a08c392af64370911e1e8751550b1e8021629163098452d1d03"},
		{"anim/large-gif-anim-full-frame-replace.gif", true,
		 "cb04617ede81562e1e39f292d710d131a2d3baf6b90fba4b6b15efe03f8f045d"},
		{"anim/mixed-disposal.gif", true, "cd7b52287ae6f457dc45413955a2e238cab7ae586fde55198fb05576a5648d68"},
		{"anim/oob.gif", false, "0f395e3264c812e5b052ef203def22b0f56df997b2baa5fec4ce79c519f830e9"},
		{"simple/alpha_gif_a.gif", false, "3a2c5dd52bad466aa503b0031354f2bce2d6339fe6fe9362bd8c80b1fa927a75"},
		{"simple/issue_1455_oversized.gif", false,
		 "bc851349e8c936fb6d7ff1c11c7305c33a9055a006dfcdef7fad027a2690d490"},
		{"simple/sample_1.gif", false, "89f7ba49a6f9e05439030a4c56f20390475d0f4b2cc5c37edea238825a81292b"},
	};
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < LEAT_LEN(files); i++) {
		char path[200], hex[SHA256_DIGEST_STRING_LENGTH];
		struct kit_image im;
		struct leat_err err = {0};
		struct leat_decode_opts o = kit_opts();
		snprintf(path, sizeof path, "image-rs-webp-gif-bmp/gif/%s", files[i].name);
		struct kit_bytes b = kit_file(path);
		if (kit_decode(gif, b, &o, 7, &im, &err) < 0)
			fail_msg("%s: %s", files[i].name, err.text);
		kit_digest(&im, hex);
		if (strcmp(hex, files[i].sha256) != 0)
			fail_msg("%s: %s", files[i].name, hex);
		assert_int_equal(kit_has_note(&im, "animated gif: first frame only"), files[i].animated);
		kit_clear(&im);
		if (b.n < 2000) {
			kit_cuts(gif, b, b.n / 100 + 1);
			kit_flips(gif, b, b.n * 8 / 300 + 1);
		}
		free(b.d);
	}
}

/* 3x2 pixels, four colors: clear, 1 0 3 2 2 0, end, in codes of 3 bits that grow to 4. */
static const uint8_t tiny[] = {'G', 'I', 'F', '8', '9', 'a', 3, 0,    2,    0,    0x81, 0, 0,   0, 0,
			       0,   255, 0,   0,   0,   255, 0, 0,    0,    255,  0x2c, 0, 0,   0, 0,
			       3,   0,   2,   0,   0,   2,   4, 0x0c, 0x26, 0x02, 0x05, 0, 0x3b};

static void test_by_hand(void **state)
{
	(void)state;
	struct kit_image im;
	struct leat_err err;
	for (size_t n = 0; n < sizeof tiny; n++) {
		assert_int_equal(decode(tiny, n, false, &im, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	}
	if (decode(tiny, sizeof tiny, false, &im, &err) < 0)
		fail_msg("%s", err.text);
	static const uint8_t want[] = {255, 0, 0, 0, 0, 0, 0, 0, 255, 0, 255, 0, 0, 255, 0, 0, 0, 0};
	assert_memory_equal(im.pixels, want, sizeof want);
	kit_clear(&im);
	assert_int_equal(decode(tiny, sizeof tiny - 3, true, &im, &err), 0);
	assert_true(kit_has_note(&im, "damaged: truncated gif"));
	kit_clear(&im);
	uint8_t d[sizeof tiny];
	memcpy(d, tiny, sizeof d);
	d[sizeof d - 1] = 0x77;
	assert_int_equal(decode(d, sizeof d, false, &im, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CORRUPT);
	memcpy(d, tiny, sizeof d);
	d[35] = 12; /* codes of 12 bits to begin with */
	assert_int_equal(decode(d, sizeof d, false, &im, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
