/* SPDX-License-Identifier: MIT */
/* AVIF and JPEG XL: round trips, metadata, limits, damage. What is not installed is skipped. */
#include "codec_kit.h"
#include "formats/avif_calls.h"

#include <dlfcn.h>

static const struct leat_codec *const both[] = {&leat_codec_avif, &leat_codec_jxl};
static const struct leat_codec *const limited[] = {&leat_codec_avif, &leat_codec_jxl, &leat_codec_webp};

static bool absent(const struct leat_codec *c)
{
	struct leat_err err = {0};
	if (!c->prepare || c->prepare(&err) == 0)
		return false;
	printf("skipped: %s\n", err.text);
	return true;
}

static void test_lossless(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++) {
		if (absent(both[k]))
			continue;
		void *p = kit_params(both[k]);
		kit_set(both[k], p, "lossless", "yes");
		for (uint8_t channels = 1; channels <= 4; channels++)
			for (enum leat_sample s = LEAT_U8; s <= (both[k] == &leat_codec_jxl ? LEAT_U16 : LEAT_U8); s++)
				kit_lossless(both[k], p, 67, 41, channels, s);
		kit_lossless(both[k], p, 1, 1, 3, LEAT_U8);
		free(p);
	}
}

/* The largest difference of any sample, and their mean. */
static double mean_difference(const struct kit_image *a, const struct kit_image *b)
{
	assert_true(leat_image_shape_equal(&a->shape, &b->shape));
	double sum = 0;
	size_t n = leat_image_bytes(&a->shape);
	for (size_t i = 0; i < n; i++)
		sum += abs(a->pixels[i] - b->pixels[i]);
	return sum / (double)n;
}

/* Better quality is nearer and larger; gray, color and alpha come back in their kinds. */
static void test_lossy(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++) {
		if (absent(both[k]))
			continue;
		for (uint8_t channels = 1; channels <= 4; channels++) {
			static const char *const qualities[] = {"30", "60", "95"};
			struct kit_image im = kit_picture(96, 64, channels, LEAT_U8), back;
			double last = 256;
			size_t bytes = 0;
			for (size_t q = 0; q < LEAT_LEN(qualities); q++) {
				void *p = kit_params(both[k]);
				kit_set(both[k], p, "quality", qualities[q]);
				struct leat_bytes *b = kit_there_and_back(both[k], p, &im, &back);
				double now = mean_difference(&im, &back);
				assert_true(now < last);
				assert_true(b->len > bytes);
				last = now;
				bytes = b->len;
				for (size_t i = channels - 1u; im.shape.alpha && i < 96 * 64 * channels; i += channels)
					assert_true(both[k] == &leat_codec_jxl || back.pixels[i] == im.pixels[i]);
				leat_bytes_unref(&b);
				kit_clear(&back);
				free(p);
			}
			assert_true(last < 6);
			kit_clear(&im);
		}
	}
}

static void test_floats(void **state)
{
	(void)state;
	if (absent(&leat_codec_jxl))
		skip();
	struct kit_image im = kit_picture(21, 13, 3, LEAT_F32), back;
	float *v = (float *)(void *)im.pixels;
	for (size_t i = 0; i < 21 * 13 * 3; i++)
		v[i] = (float)i / 700 - 0.1f;
	void *p = kit_params(&leat_codec_jxl);
	kit_set(&leat_codec_jxl, p, "lossless", "yes");
	struct leat_bytes *b = kit_there_and_back(&leat_codec_jxl, p, &im, &back);
	assert_int_equal(back.shape.sample, LEAT_F32);
	assert_memory_equal(back.pixels, im.pixels, leat_image_bytes(&im.shape));
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
	free(p);
}

static void test_depth_of_avif(void **state)
{
	(void)state;
	struct leat_image_shape in = {.width = 5, .height = 5, .channels = 2, .alpha = true, .sample = LEAT_U16};
	struct leat_image_shape want;
	if (absent(&leat_codec_avif))
		skip();
	void *p = kit_params(&leat_codec_avif);
	assert_int_equal(leat_codec_avif.enc_takes(p, &in, &want, NULL), 0);
	assert_int_equal(want.sample, LEAT_U16);
	assert_int_equal(want.channels, 2);
	in.sample = LEAT_F32;
	assert_int_equal(leat_codec_avif.enc_takes(p, &in, &want, NULL), 0);
	assert_int_equal(want.sample, LEAT_U16);
	kit_set(&leat_codec_avif, p, "lossless", "yes"); /* which 16 bit would not be */
	assert_int_equal(leat_codec_avif.enc_takes(p, &in, &want, NULL), 0);
	assert_int_equal(want.sample, LEAT_U8);
	in.width = 70000;
	assert_int_equal(leat_codec_avif.enc_takes(p, &in, &want, NULL), -1);
	free(p);
}

/* 16 bit is written with 12: more of it comes back than 8 bit could hold. */
static void test_deep_avif(void **state)
{
	(void)state;
	if (absent(&leat_codec_avif))
		skip();
	for (uint8_t channels = 1; channels <= 4; channels++) {
		struct kit_image im = kit_picture(64, 48, channels, LEAT_U16), back;
		uint16_t *v = (uint16_t *)(void *)im.pixels;
		size_t n = (size_t)64 * 48 * channels, far = 0;
		for (size_t i = 0; i < n; i++) /* a slow ramp: 8 bit would show 12 steps */
			v[i] = (uint16_t)(20000 + i / channels);
		void *p = kit_params(&leat_codec_avif);
		kit_set(&leat_codec_avif, p, "quality", "100");
		kit_set(&leat_codec_avif, p, "subsampling", "4:4:4");
		struct leat_bytes *b = kit_there_and_back(&leat_codec_avif, p, &im, &back);
		assert_int_equal(back.shape.sample, LEAT_U16);
		for (size_t i = 0; i < n; i++)
			far += abs((int)((uint16_t *)(void *)back.pixels)[i] - v[i]) > 48; /* of 128 in 8 bit */
		assert_true(far == 0);
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
		free(p);
	}
}

/* EXIF with orientation `o` and nothing else. */
static struct leat_bytes *exif_of(uint8_t o)
{
	const uint8_t d[] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, o, 0, 0, 0, 0, 0, 0, 0};
	return kit_blob(d, sizeof d);
}

/* The orientation that counts is the image's, whatever its EXIF said when it came. */
static void test_metadata(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++) {
		if (absent(both[k]))
			continue;
		for (uint8_t o = 1; o <= 8; o++) {
			struct kit_image im = kit_picture(9, 7, 3, LEAT_U8), back;
			im.meta->exif = exif_of(3);
			im.meta->orientation = o;
			im.meta->xmp = kit_blob("<x:xmpmeta/>", 12);
			im.meta->copyright = leat_strdup("me", NULL);
			struct leat_bytes *b = kit_there_and_back(both[k], NULL, &im, &back);
			assert_int_equal(back.meta->orientation, o);
			assert_int_equal(back.shape.width, 9);
			assert_non_null(back.meta->exif);
			assert_int_equal(back.meta->xmp->len, 12);
			assert_memory_equal(back.meta->xmp->data, "<x:xmpmeta/>", 12);
			assert_string_equal(back.meta->copyright, "me");
			leat_bytes_unref(&b);
			kit_clear(&im);
			kit_clear(&back);
		}
	}
}

/* Without a description the samples are sRGB, and stay so. */
static void test_plain_colors(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++)
		for (uint8_t channels = 1; channels <= 3 && !absent(both[k]); channels += 2) {
			struct kit_image im = kit_picture(9, 7, channels, LEAT_U8), back;
			struct leat_bytes *b = kit_there_and_back(both[k], NULL, &im, &back);
			assert_null(back.meta->icc);
			assert_false(back.meta->has_cicp);
			leat_bytes_unref(&b);
			kit_clear(&im);
			kit_clear(&back);
		}
}

static void test_max_bytes(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(limited); k++) {
		if (absent(limited[k]))
			continue;
		struct kit_image im = kit_picture(120, 90, 3, LEAT_U8);
		struct leat_bytes *full = NULL, *less = NULL;
		struct leat_err err = {0};
		void *p = kit_params(limited[k]);
		assert_int_equal(kit_encode(limited[k], p, &im, 9, &full, &err), 0);
		char size[32];
		size_t most = full->len * 3 / 4;
		snprintf(size, sizeof size, "%zuB", most);
		kit_set(limited[k], p, "max-bytes", size);
		if (kit_encode(limited[k], p, &im, 9, &less, &err) < 0)
			fail_msg("%s: %s", limited[k]->name, err.text);
		assert_true(less->len <= most && less->len > most / 2);
		kit_set(limited[k], p, "max-bytes", "20B");
		leat_bytes_unref(&less);
		assert_int_equal(kit_encode(limited[k], p, &im, 9, &less, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
		kit_set(limited[k], p, "lossless", "yes");
		err = (struct leat_err){0};
		struct leat_image_shape want;
		assert_int_equal(limited[k]->enc_takes(p, &im.shape, &want, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
		leat_bytes_unref(&full);
		kit_clear(&im);
		free(p);
	}
}

static void test_limit(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++) {
		if (absent(both[k]))
			continue;
		struct kit_image im = kit_picture(20, 20, 3, LEAT_U8), back;
		struct leat_bytes *b = NULL;
		struct leat_err err = {0};
		struct leat_decode_opts o = kit_opts();
		o.max_pixels = 399;
		assert_int_equal(kit_encode(both[k], NULL, &im, 8, &b, &err), 0);
		assert_int_equal(kit_decode(both[k], kit_view(b), &o, 8, &back, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
		leat_bytes_unref(&b);
		kit_clear(&im);
	}
}

/* libavif and libjxl have no check sums: a changed bit may give another picture, but never nothing and no reason. */
static void test_damage(void **state)
{
	(void)state;
	for (size_t k = 0; k < LEAT_LEN(both); k++) {
		if (absent(both[k]))
			continue;
		struct kit_image im = kit_picture(40, 30, 4, LEAT_U8);
		struct leat_bytes *out = NULL;
		struct leat_err err = {0};
		im.meta->xmp = kit_blob("<x:xmpmeta/>", 12);
		assert_int_equal(kit_encode(both[k], NULL, &im, 8, &out, &err), 0);
		struct kit_bytes b = {malloc(out->len), out->len};
		memcpy(b.d, out->data, b.n);
		kit_cuts(both[k], b, b.n / 60 + 1);
		kit_flips(both[k], b, b.n * 8 / 120 + 1);
		free(b.d);
		leat_bytes_unref(&out);
		kit_clear(&im);
	}
}

/* Three gray images in one file, as an animation has them; NULL where this libavif cannot. */
static struct leat_bytes *three_images(const uint8_t levels[3])
{
	void *library = dlopen("libavif.so.15", RTLD_NOW), *found[2] = {0};
	__typeof__(avifEncoderAddImage) *add;
	__typeof__(avifEncoderFinish) *finish;
	if (library) {
		found[0] = dlsym(library, "avifEncoderAddImage");
		found[1] = dlsym(library, "avifEncoderFinish");
	}
	memcpy(&add, &found[0], sizeof add); /* ISO C knows no other way from one kind of pointer to the other */
	memcpy(&finish, &found[1], sizeof finish);
	const struct leat_avif_calls *c = leat_avif_calls(NULL);
	if (!c || !add || !finish)
		return NULL;
	avifEncoder *e = c->avifEncoderCreate();
	avifRWData out = AVIF_DATA_EMPTY;
	for (int i = 0; i < 3; i++) {
		avifImage *im = c->avifImageCreate(24, 10, 8, AVIF_PIXEL_FORMAT_YUV400);
		assert_int_equal(c->avifImageAllocatePlanes(im, AVIF_PLANES_YUV), AVIF_RESULT_OK);
		for (uint32_t y = 0; y < 10; y++)
			memset(im->yuvPlanes[0] + y * im->yuvRowBytes[0], levels[i], 24);
		assert_int_equal(add(e, im, 1, AVIF_ADD_IMAGE_FLAG_NONE), AVIF_RESULT_OK);
		c->avifImageDestroy(im);
	}
	assert_int_equal(finish(e, &out), AVIF_RESULT_OK);
	struct leat_bytes *b = kit_blob(out.data, out.size);
	c->avifRWDataFree(&out);
	c->avifEncoderDestroy(e);
	return b;
}

static void test_images_of_avif(void **state)
{
	static const uint8_t levels[3] = {40, 120, 200};
	struct leat_bytes *b = absent(&leat_codec_avif) ? NULL : three_images(levels);
	struct leat_decode_opts o = kit_opts();
	struct kit_image im = {0};
	struct leat_err err = {0};
	(void)state;
	if (!b)
		skip();
	assert_int_equal(kit_decode(&leat_codec_avif, kit_view(b), &o, 7, &im, &err), 0);
	assert_int_equal(im.shape.height, 10);
	assert_true(kit_has_note(&im, "3 images: the first only"));
	kit_clear(&im);
	o.all = true;
	assert_int_equal(kit_decode(&leat_codec_avif, kit_view(b), &o, 7, &im, &err), 0);
	assert_int_equal(im.shape.pages, 3);
	assert_int_equal(im.shape.page_height, 10);
	assert_int_equal(im.shape.height, 30);
	assert_false(kit_has_note(&im, "first only"));
	for (size_t i = 0; i < (size_t)3 * 10 * 24; i++)
		assert_in_range(im.pixels[i], levels[i / 240] - 3, levels[i / 240] + 3);
	kit_clear(&im);
	o.max_pixels = 24 * 29;
	assert_int_equal(kit_decode(&leat_codec_avif, kit_view(b), &o, 7, &im, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	kit_clear(&im);
	leat_bytes_unref(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lossless),       cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_floats),         cmocka_unit_test(test_depth_of_avif),
		cmocka_unit_test(test_deep_avif),      cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_plain_colors),   cmocka_unit_test(test_max_bytes),
		cmocka_unit_test(test_limit),          cmocka_unit_test(test_damage),
		cmocka_unit_test(test_images_of_avif),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
