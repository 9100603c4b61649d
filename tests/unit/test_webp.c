/* SPDX-License-Identifier: MIT */
/* WebP: the corpus, round trips, metadata, animations, shrinking, limits, damage. */
#include "codec_kit.h"
#include "formats/endian.h"
#include "formats/webp_write.h"

#include <math.h>

static const struct leat_codec *const webp = &leat_codec_webp;

static struct kit_image read_file(const char *name)
{
	char path[200];
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	struct kit_image im;
	struct leat_header h = {0};
	snprintf(path, sizeof path, "image-rs-webp-gif-bmp/webp/%s", name);
	struct kit_bytes b = kit_file(path);
	assert_non_null(b.d);
	if (kit_decode(webp, b, &o, 9, &im, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(webp->probe(b.d, b.n, true, &h, &err), 0);
	assert_true(leat_image_shape_equal(&h.shape, &im.shape));
	free(b.d);
	return im;
}

/* SHA-256 of the pixels as Pillow gives them: RGBA of 16 bit, by 257. */
static void test_corpus(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t w, h;
		uint8_t channels;
		bool animated;
		const char *sha256;
	} files[] = {
		{"extended_images/advertises_rgba_but_frames_are_rgb.webp", 265, 199, 3, true,
		 "a4105f9d4ea0a8048cf4262405118371edb83822cacd99663eff449d3fb5ad48"},
		{"extended_images/anim.webp", 200, 200, 4, true,
		 "22aaa3616c33d16f703cf237df7a0bd606a8d72f569528f29a71565a776654df"},
		{"extended_images/lossy_alpha.webp", 100, 100, 4, false,
		 "6f75d55312f498c4d8c648e4dba5507fa1f103d23b9566cc3fc174e23cda987a"},
		{"lossless_images/2-color.webp", 300, 300, 3, false,
		 "5c20ee63c4e6496f1989db02ed4c5f7b5d4f414f38d8fb71c7ece5c41dbe640d"},
		{"lossless_images/multi-color.webp", 300, 300, 3, false,
		 "75cde1ed3781af84314417cb7f0b696edea7e5e338a0d145fb02805dd20a5a2b"},
		{"lossless_images/simple.webp", 300, 300, 3, false,
		 "a3d4e81588ffd27a3943e0f6fe4df22b01370c679c311f60eeb2c1854e672fcb"},
		{"lossless_images/simple_xmp.webp", 300, 300, 3, false,
		 "a3d4e81588ffd27a3943e0f6fe4df22b01370c679c311f60eeb2c1854e672fcb"},
		{"lossy_images/simple-gray.webp", 100, 100, 3, false,
		 "6bfdd89ce21df476ef810314d6f55fcb2323356f2f6015cf31bce20b36bbde02"},
		{"lossy_images/simple-rgb.webp", 100, 100, 3, false,
		 "5cb1a89f7b7eb775d9cd28c35be9417e6c16fde9dd07987c8c16f82c3080ce08"},
	};
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < LEAT_LEN(files); i++) {
		char hex[SHA256_DIGEST_STRING_LENGTH];
		struct kit_image im = read_file(files[i].name);
		assert_int_equal(im.shape.width, files[i].w);
		assert_int_equal(im.shape.height, files[i].h);
		assert_int_equal(im.shape.channels, files[i].channels);
		assert_int_equal(kit_has_note(&im, "animated webp: first frame only"), files[i].animated);
		kit_digest(&im, hex);
		if (strcmp(hex, files[i].sha256) != 0)
			fail_msg("%s: %s", files[i].name, hex);
		kit_clear(&im);
	}
}

static void test_xmp(void **state)
{
	(void)state;
	if (kit_no_corpus())
		skip();
	struct kit_image im = read_file("lossless_images/simple_xmp.webp");
	assert_non_null(im.meta->xmp);
	assert_memory_equal(im.meta->xmp->data, "<?xpacket", 9);
	kit_clear(&im);
}

static void test_lossless(void **state)
{
	(void)state;
	struct leat_webp_params *p = kit_params(webp);
	p->lossless = true;
	for (uint8_t channels = 1; channels <= 4; channels++) {
		kit_lossless(webp, p, 67, 41, channels, LEAT_U8);
		kit_lossless(webp, p, 1, 1, channels, LEAT_U8);
	}
	p->effort = 0;
	kit_lossless(webp, p, 300, 2, 3, LEAT_U8);
	p->effort = 6;
	kit_lossless(webp, p, 20, 90, 4, LEAT_U8);
	free(p);
}

static double difference(const struct kit_image *a, const struct kit_image *b, unsigned channel)
{
	double sum = 0;
	size_t pixels = (size_t)a->shape.width * a->shape.height;
	unsigned n = a->shape.channels, m = b->shape.channels;
	for (size_t i = 0; i < pixels; i++)
		sum += fabs((double)a->pixels[i * n + channel] - b->pixels[i * m + channel]);
	return sum / (double)pixels;
}

/* Not noise, which no lossy format keeps. */
static struct kit_image smooth(uint32_t w, uint32_t h, uint8_t channels)
{
	struct kit_image im = kit_picture(w, h, channels, LEAT_U8);
	for (uint32_t y = 0, i = 0; y < h; y++)
		for (uint32_t x = 0; x < w; x++)
			for (unsigned c = 0; c < channels; c++)
				im.pixels[i++] = (uint8_t)(c == 3 ? x * x * 31 + y * y * 77
								  : 128 + 100 * sin(x * 0.05 + y * 0.03 + c * 0.2));
	return im;
}

/* Strips of any height give one file; quality does what it says; alpha is exact at 100. */
static void test_lossy(void **state)
{
	(void)state;
	size_t last = 0;
	for (int quality = 10; quality <= 90; quality += 40) {
		struct leat_webp_params *p = kit_params(webp);
		struct kit_image im = smooth(131, 77, 4), back;
		p->quality = quality;
		struct leat_bytes *b = kit_there_and_back(webp, p, &im, &back);
		assert_true(b->len > last);
		last = b->len;
		assert_int_equal(back.shape.channels, 4);
		for (unsigned c = 0; c < 3; c++)
			assert_true(difference(&im, &back, c) < 8 - quality / 15.0);
		assert_true(difference(&im, &back, 3) == 0);
		p->alpha_quality = 10;
		struct leat_bytes *coarse = NULL;
		struct leat_err err = {0};
		assert_int_equal(kit_encode(webp, p, &im, 8, &coarse, &err), 0);
		assert_true(coarse->len < b->len);
		leat_bytes_unref(&coarse);
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
		free(p);
	}
}

/* Alpha that is opaque everywhere costs nothing; some of it in the last strip counts. */
static void test_opaque(void **state)
{
	(void)state;
	struct kit_image im = smooth(40, 70, 4), back;
	for (size_t i = 3; i < leat_image_bytes(&im.shape); i += 4)
		im.pixels[i] = 255;
	struct leat_bytes *b = kit_there_and_back(webp, NULL, &im, &back);
	assert_int_equal(back.shape.channels, 3);
	kit_clear(&back);
	leat_bytes_unref(&b);
	im.pixels[leat_image_bytes(&im.shape) - 1] = 7;
	b = kit_there_and_back(webp, NULL, &im, &back);
	assert_int_equal(back.shape.channels, 4);
	assert_int_equal(back.pixels[3], 255);
	assert_int_equal(back.pixels[leat_image_bytes(&im.shape) - 1], 7);
	kit_clear(&back);
	kit_clear(&im);
	leat_bytes_unref(&b);
}

static void test_takes(void **state)
{
	(void)state;
	struct leat_image_shape in = {.width = 16384, .height = 1, .channels = 3, .sample = LEAT_U8, .pages = 1}, want;
	struct leat_err err = {0};
	void *p = kit_params(webp);
	assert_int_equal(webp->enc_takes(p, &in, &want, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	in.width = 16383;
	in.channels = 2;
	in.alpha = true;
	in.sample = LEAT_U16;
	assert_int_equal(webp->enc_takes(p, &in, &want, NULL), 0);
	assert_true(want.channels == 2 && want.alpha && want.sample == LEAT_U8);
	free(p);
}

static struct leat_bytes *profile(size_t n)
{
	uint8_t d[400] = {0};
	leat_put_be32(d, (uint32_t)n);
	memcpy(d + 16, "RGB ", 4);
	memcpy(d + 36, "acsp", 4);
	return kit_blob(d, n);
}

/* Everything a WebP can hold comes back; blobs of odd length, too. */
static void test_metadata(void **state)
{
	(void)state;
	for (unsigned channels = 3; channels <= 4; channels++) {
		struct kit_image im = smooth(30, 20, (uint8_t)channels), back;
		struct leat_bytes *icc = im.meta->icc = profile(301);
		im.meta->xmp = kit_blob("<x:xmpmeta/>.", 13);
		im.meta->copyright = leat_strdup("me", NULL);
		im.meta->orientation = 6;
		struct leat_bytes *b = kit_there_and_back(webp, NULL, &im, &back);
		assert_int_equal(leat_le32(b->data + 4) + 8, b->len);
		assert_int_equal(back.notes.n, 0);
		assert_int_equal(back.meta->icc->len, 301);
		assert_memory_equal(back.meta->icc->data, icc->data, 301);
		assert_memory_equal(back.meta->xmp->data, "<x:xmpmeta/>.", 13);
		assert_string_equal(back.meta->copyright, "me");
		assert_non_null(back.meta->exif);
		struct leat_header h;
		assert_int_equal(webp->probe(b->data, b->len, true, &h, NULL), 0);
		assert_int_equal(h.orientation, back.meta->orientation);
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
	}
}

static void test_shrink(void **state)
{
	(void)state;
	struct kit_image im = smooth(203, 101, 3), small;
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	assert_int_equal(kit_encode(webp, NULL, &im, 8, &b, &err), 0);
	struct leat_decode_opts o = kit_opts();
	for (int64_t by = 1; by <= 8; by *= 2) {
		o.shrink = by;
		assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &small, &err), 0);
		assert_int_equal(small.shape.width, (203 + by - 1) / by);
		assert_int_equal(small.shape.height, (101 + by - 1) / by);
		unsigned at = small.shape.width * (small.shape.height / 2) * 3 + small.shape.width / 2 * 3;
		assert_true(abs(small.pixels[at] - im.pixels[(203 * 50 + 101) * 3]) < 24);
		kit_clear(&small);
	}
	o.shrink = 0;
	o.target_width = 50;
	o.target_height = 26;
	assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &small, &err), 0);
	assert_int_equal(small.shape.width, 51);
	assert_int_equal(small.shape.full_width, 203);
	assert_int_equal(small.shape.full_height, 101);
	kit_clear(&small);
	o.target_width = 102; /* a half would be 102, but 51 is below 60 */
	o.target_height = 60;
	assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &small, &err), 0);
	assert_int_equal(small.shape.width, 203);
	kit_clear(&small);
	o.shrink = 3;
	assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &small, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_limits(void **state)
{
	(void)state;
	struct kit_image im = smooth(100, 100, 3), back;
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	assert_int_equal(kit_encode(webp, NULL, &im, 8, &b, &err), 0);
	struct leat_decode_opts o = kit_opts();
	o.max_pixels = 9999;
	assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static const char *const kinds[] = {"lossy_images/simple-rgb.webp", "lossless_images/2-color.webp",
				    "extended_images/lossy_alpha.webp", "extended_images/anim.webp"};

static void test_damage(void **state)
{
	(void)state;
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < LEAT_LEN(kinds); i++) {
		char path[200];
		snprintf(path, sizeof path, "image-rs-webp-gif-bmp/webp/%s", kinds[i]);
		struct kit_bytes b = kit_file(path);
		kit_cuts(webp, b, b.n / 150 + 1);
		kit_flips(webp, b, b.n * 8 / 300 + 1);
		free(b.d);
	}
}

/* The container says it is whole, the image in it is not; the first rows are kept on request. */
static void test_keep_damaged(void **state)
{
	(void)state;
	struct kit_image im = smooth(64, 256, 3), back;
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	assert_int_equal(kit_encode(webp, NULL, &im, 8, &b, &err), 0);
	struct leat_decode_opts o = kit_opts();
	struct kit_bytes cut = {b->data, b->len * 2 / 3 & ~(size_t)1};
	o.keep_damaged = true;
	assert_int_equal(kit_decode(webp, cut, &o, 9, &back, &err), 0);
	assert_true(kit_has_note(&back, "damaged: "));
	assert_true(back.pixels[0] != 0);
	assert_int_equal(back.pixels[leat_image_bytes(&back.shape) - 1], 0);
	kit_clear(&back);
	leat_put_le32(b->data + 4, (uint32_t)cut.n - 8);
	leat_put_le32(b->data + 16, (uint32_t)cut.n - 20);
	o.keep_damaged = false;
	assert_int_equal(kit_decode(webp, cut, &o, 9, &back, &err), -1);
	assert_true(err.cause == LEAT_CAUSE_TRUNCATED || err.cause == LEAT_CAUSE_CORRUPT);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_trailing(void **state)
{
	(void)state;
	struct kit_image im = smooth(20, 20, 3), back;
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	assert_int_equal(kit_encode(webp, NULL, &im, 8, &b, &err), 0);
	assert_int_equal(leat_bytes_append(b, "more", 4, &err), 0);
	struct leat_decode_opts o = kit_opts();
	assert_int_equal(kit_decode(webp, kit_view(b), &o, 9, &back, &err), 0);
	assert_true(kit_has_note(&back, "4 bytes after the end of the image ignored"));
	kit_clear(&back);
	kit_clear(&im);
	leat_bytes_unref(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),   cmocka_unit_test(test_xmp),          cmocka_unit_test(test_lossless),
		cmocka_unit_test(test_lossy),    cmocka_unit_test(test_opaque),       cmocka_unit_test(test_takes),
		cmocka_unit_test(test_metadata), cmocka_unit_test(test_shrink),       cmocka_unit_test(test_limits),
		cmocka_unit_test(test_damage),   cmocka_unit_test(test_keep_damaged), cmocka_unit_test(test_trailing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
