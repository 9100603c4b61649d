/* SPDX-License-Identifier: MIT */
/*
 * TIFF through libtiff: the corpus, round trips in every packing, metadata, limits, damage. Skips without the module.
 */
#include "codec_kit.h"
#include "formats/tiff_write.h"

static const struct leat_codec *const tiff = &leat_codec_tiff;

static bool absent(void)
{
	struct leat_err err = {0};
	if (tiff->prepare(&err) == 0)
		return false;
	printf("skipped: %s\n", err.text);
	return true;
}

/* What another reader of TIFF makes of these files; NULL: refused. */
static void test_corpus(void **state)
{
	(void)state;
	static const struct {
		const char *name, *sha256; /* of RGBA, 16 bit */
	} files[] = {
		{"32bpp-None-jpeg.tiff", "87b5d8bbe9356f44b6cdfe8efe7b6acceed018880cc6509f484c1b19530bbdde"},
		{"32bpp-None.tiff", "bb378425d142300427b16dc1a81fb9784dee082eadf7f0fcbd01ecb3799bcd6f"},
		{"custom_dir_EXIF_GPS.tiff", "2207cd46753e18ed430bf864ebd277819dbf54dc0fcffed83bf1df3bdd763fb1"},
		{"deflate-last-strip-extra-data.tiff",
		 "f45d49849ad7be5b68fb83242d57337880addcfee5279c23da14726daf5c81cb"},
		{"logluv-3c-16b.tiff", "6186530e872ac29959a0c223aed23944f12c6b609e64a0a8bd1be20b5006a8b2"},
		{"lzw-single-strip.tiff", "fcad27f2db9bce9d561bb61669b1c190c87f73351fcc517140e72b1521238fc2"},
		{"minisblack-1c-16b.tiff", "0bdcba7ed06b12cf16fab958f8211178643f677c3078e489f4805af617e49ae2"},
		{"minisblack-1c-8b.tiff", "1a077cc64599f88ebda23a40027a94ae3df9be364502352191dab28e3d062799"},
		{"minisblack-2c-8b-alpha.tiff", "d8749cde621a10f63ae851334284702ca214ec8f89b5432f104233d8dc70a71d"},
		{"miniswhite-1c-1b.tiff", "665d222cfe7afe798d1ca4249f2e7e90abe5fef371983d8839e97aef81be2ff4"},
		{"ojpeg_chewey_subsamp21_multi_strip.tiff",
		 "26d423f09c007cdae676509545824312117b2cad101981e95b66012c071cef08"},
		{"ojpeg_single_strip_no_rowsperstrip.tiff",
		 "7b1a48965d314fcbedb8ef68129165e5d680de6581f0f917658e76d91cc4011d"},
		{"ojpeg_zackthecat_subsamp22_single_strip.tiff",
		 "7b1a48965d314fcbedb8ef68129165e5d680de6581f0f917658e76d91cc4011d"},
		{"palette-1c-1b.tiff", "665d222cfe7afe798d1ca4249f2e7e90abe5fef371983d8839e97aef81be2ff4"},
		{"palette-1c-4b.tiff", "f444f26b88f675006371426b2ddc8d6547abdad8221b7c95c6ddf300c609aeec"},
		{"palette-1c-8b.tiff", "0f00ca7c90eafe9c19bdf10074f51d0ed055f1710a3aeb5db911de51491b2cd9"},
		{"quad-lzw-compat.tiff", "e6d57335531806b66636b7a8e51e81bbfcfe27c6b762bde003a91fc0d83d1d3d"},
		{"quad-tile.jpg.tiff", "44f5e3139439a46a41b993850d3ff55bf891c6eb8f9cafea12d675f1a6f8076c"},
		{"rgb-3c-16b.tiff", "b519bcaf1df799dda540c5cc5f69c64dbe1dbed887ffd74ece1974ea1e24439e"},
		{"rgb-3c-8b.tiff", "3859ad332091cea8cb1446d7b1bf49e50954504860de644309d9e4fb528dee3c"},
		{"test_ifd_loop_subifd.tif", "2207cd46753e18ed430bf864ebd277819dbf54dc0fcffed83bf1df3bdd763fb1"},
		{"test_ifd_loop_to_first.tif", "61c95d41df2935ebace4c57c36653d40aa8976290f96d41b155f651cf9e29038"},
		{"test_ifd_loop_to_self.tif", "57d4f1358ede7d7cdf3649a7e8190bf4bfb4e001b98ddee99f824bcfa9a1fa2e"},
		{"test_two_ifds.tif", "61c95d41df2935ebace4c57c36653d40aa8976290f96d41b155f651cf9e29038"},
		{"testfax3_bug54_1dnoEOL.tif", NULL},
		{"testfax3_bug_513.tiff", NULL},
		{"testfax4.tiff", "85f3a41a51ded77e488b9e47ff2717dca34cbcdbef7e1d91c00cdd18466d20ca"},
		{"tiff_with_subifd_chain.tif", "12d368b2aafb070fd30b527963c2d8bcae0cb5d29b341c3aa30c481f82371b44"},
		{"webp_lossless_rgba_alpha_fully_opaque.tif",
		 "57d4f1358ede7d7cdf3649a7e8190bf4bfb4e001b98ddee99f824bcfa9a1fa2e"},
	};
	if (kit_no_corpus() || absent())
		skip();
	for (size_t i = 0; i < LEAT_LEN(files); i++)
		kit_expect(tiff, "libtiff", files[i].name, files[i].sha256);
}

static void test_pages(void **state)
{
	(void)state;
	if (kit_no_corpus() || absent())
		skip();
	struct kit_bytes b = kit_file("libtiff/test_two_ifds.tif");
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	struct kit_image im;
	assert_int_equal(kit_decode(tiff, b, &o, 9, &im, &err), 0);
	assert_int_equal(im.shape.pages, 2);
	assert_true(kit_has_note(&im, "2 pages: the first only"));
	kit_clear(&im);
	o.page = 2;
	assert_int_equal(kit_decode(tiff, b, &o, 9, &im, &err), 0);
	assert_int_equal(im.shape.pages, 2);
	assert_int_equal(im.notes.n, 0);
	kit_clear(&im);
	o.page = 3;
	assert_int_equal(kit_decode(tiff, b, &o, 9, &im, &err), -1);
	assert_string_equal(err.text, "extract-page 2: the tiff has 2 pages, the last is 1");
	free(b.d);
}

static const char *const lossless[] = {"deflate", "lzw", "zstd", "none"};

static void test_round_trips(void **state)
{
	(void)state;
	if (absent())
		skip();
	for (size_t k = 0; k < LEAT_LEN(lossless); k++)
		for (uint8_t channels = 1; channels <= 4; channels++)
			for (enum leat_sample s = LEAT_U8; s <= LEAT_U16; s++)
				for (int form = 0; form < 4; form++) {
					void *p = kit_params(tiff);
					kit_set(tiff, p, "compression", lossless[k]);
					kit_set(tiff, p, "predictor", form & 1 ? "no" : "yes");
					kit_set(tiff, p, "bigtiff", form & 1 ? "yes" : "auto");
					if (form & 2)
						kit_set(tiff, p, "tile", "32x16");
					kit_lossless(tiff, p, 67, 41, channels, s);
					free(p);
				}
	kit_lossless(tiff, NULL, 1, 1, 3, LEAT_U8);
	kit_lossless(tiff, NULL, 9000, 20, 4, LEAT_U16); /* several strips */
}

static void test_floats(void **state)
{
	(void)state;
	if (absent())
		skip();
	struct kit_image im = kit_picture(21, 13, 3, LEAT_F32), back;
	float *v = (float *)(void *)im.pixels;
	for (size_t i = 0; i < 21 * 13 * 3; i++)
		v[i] = (float)i * 1.25f - 100;
	for (size_t k = 0; k < LEAT_LEN(lossless); k++) {
		void *p = kit_params(tiff);
		kit_set(tiff, p, "compression", lossless[k]);
		struct leat_bytes *b = kit_there_and_back(tiff, p, &im, &back);
		assert_int_equal(back.shape.sample, LEAT_F32);
		assert_memory_equal(back.pixels, im.pixels, leat_image_bytes(&im.shape));
		leat_bytes_unref(&b);
		kit_clear(&back);
		free(p);
	}
	kit_clear(&im);
}

static void test_jpeg_inside(void **state)
{
	(void)state;
	if (absent())
		skip();
	void *p = kit_params(tiff);
	kit_set(tiff, p, "compression", "jpeg");
	struct leat_image_shape in = {
		.width = 5, .height = 5, .channels = 4, .alpha = true, .sample = LEAT_U16, .pages = 1};
	struct leat_image_shape want;
	assert_int_equal(tiff->enc_takes(p, &in, &want, NULL), 0);
	assert_true(want.channels == 3 && !want.alpha && want.sample == LEAT_U8);
	struct kit_image im = kit_picture(50, 50, 3, LEAT_U8), back;
	memset(im.pixels, 77, leat_image_bytes(&im.shape));
	struct leat_bytes *b = kit_there_and_back(tiff, p, &im, &back);
	for (size_t i = 0; i < 7500; i++)
		assert_true(abs(back.pixels[i] - 77) < 3);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
	free(p);
}

static void test_metadata(void **state)
{
	(void)state;
	if (absent())
		skip();
	struct kit_image im = kit_picture(9, 9, 3, LEAT_U8), back;
	uint8_t icc[200] = {0, 0, 0, 200};
	memcpy(icc + 16, "RGB ", 4);
	memcpy(icc + 36, "acsp", 4);
	im.meta->icc = kit_blob(icc, sizeof icc);
	im.meta->xmp = kit_blob("<x:xmpmeta/>", 12);
	im.meta->iptc = kit_blob("8BIM1234", 8);
	im.meta->copyright = leat_strdup("me", NULL);
	im.meta->orientation = 6;
	im.meta->density_x = im.meta->density_y = 300;
	struct leat_bytes *b = kit_there_and_back(tiff, NULL, &im, &back);
	assert_int_equal(back.meta->icc->len, 200);
	assert_memory_equal(back.meta->icc->data, icc, 200);
	assert_memory_equal(back.meta->xmp->data, "<x:xmpmeta/>", 12);
	assert_memory_equal(back.meta->iptc->data, "8BIM1234", 8);
	assert_string_equal(back.meta->copyright, "me");
	assert_int_equal(back.meta->orientation, 6);
	assert_true(back.meta->density_x == 300 && back.meta->density_y == 300);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

/* Little and big end first; every kind of value, in place and elsewhere; a directory below and one for the place. */
static struct leat_bytes *exif_of(bool little)
{
	static const uint8_t le[] = {
		'I',  'I',  42, 0, 8, 0, 0, 0, /* head */
		4,    0, /* first directory: make, orientation, EXIF, GPS */
		0x0f, 0x01, 2,  0, 6, 0, 0, 0, 62,  0, 0, 0, /* "Leat1" */
		0x12, 0x01, 3,  0, 1, 0, 0, 0, 6,   0, 0, 0, 0x69, 0x87, 4, 0, 1,   0,   0,   0,   68,   0,    0, 0,
		0x25, 0x88, 4,  0, 1, 0, 0, 0, 106, 0, 0, 0, 0,    0,    0, 0, 'L', 'e', 'a', 't', '1',  0, /* 62 */
		2,    0, /* 68: exposure time, ISO */
		0x9a, 0x82, 5,  0, 1, 0, 0, 0, 98,  0, 0, 0, 0x27, 0x88, 3, 0, 1,   0,   0,   0,   0x90, 0x01, 0, 0,
		0,    0,    0,  0, 1, 0, 0, 0, 125, 0, 0, 0, /* 98: 1/125 */
		1,    0, /* 106: latitude's letter */
		1,    0,    2,  0, 2, 0, 0, 0, 'N', 0, 0, 0, 0,    0,    0, 0};
	static const uint8_t be[] = {'M', 'M', 0,    42,   0,   0,  0,    8,    0, 4,   0x01, 0x0f, 0, 2,  0,    0,
				     0,   6,   0,    0,    0,   62, 0x01, 0x12, 0, 3,   0,    0,    0, 1,  0,    6,
				     0,   0,   0x87, 0x69, 0,   4,  0,    0,    0, 1,   0,    0,    0, 68, 0x88, 0x25,
				     0,   4,   0,    0,    0,   1,  0,    0,    0, 106, 0,    0,    0, 0,  'L',  'e',
				     'a', 't', '1',  0,    0,   2,  0x82, 0x9a, 0, 5,   0,    0,    0, 1,  0,    0,
				     0,   98,  0x88, 0x27, 0,   3,  0,    0,    0, 1,   0x01, 0x90, 0, 0,  0,    0,
				     0,   0,   0,    0,    0,   1,  0,    0,    0, 125, 0,    1,    0, 1,  0,    2,
				     0,   0,   0,    2,    'N', 0,  0,    0,    0, 0,   0,    0};
	return little ? kit_blob(le, sizeof le) : kit_blob(be, sizeof be);
}

static bool holds(const struct leat_bytes *b, const void *what, size_t n)
{
	for (size_t i = 0; i + n <= b->len; i++)
		if (memcmp(b->data + i, what, n) == 0)
			return true;
	return false;
}

/* There and back in both byte orders, classic and BigTIFF; what comes back is of the file's byte order. */
static void test_exif(void **state)
{
	(void)state;
	if (absent())
		skip();
	for (int form = 0; form < 4; form++) {
		struct kit_image im = kit_picture(9, 9, 3, LEAT_U8), back;
		void *p = kit_params(tiff);
		kit_set(tiff, p, "bigtiff", form & 1 ? "yes" : "auto");
		im.meta->exif = exif_of(form < 2);
		im.meta->orientation = 3;
		im.meta->copyright = leat_strdup("me", NULL);
		struct leat_bytes *b = kit_there_and_back(tiff, p, &im, &back);
		assert_memory_equal(im.pixels, back.pixels, leat_image_bytes(&im.shape));
		assert_non_null(back.meta->exif);
		assert_int_equal(back.meta->orientation, 3);
		assert_string_equal(back.meta->copyright, "me");
		assert_true(holds(back.meta->exif, "Leat1", 6));
		assert_true(holds(back.meta->exif, "\x01\0\0\0\x7d\0\0\0", 8)); /* 1/125 */
		assert_true(holds(back.meta->exif, "\x27\x88\x03\0\x01\0\0\0\x90\x01", 10)); /* ISO 400 */
		assert_true(holds(back.meta->exif, "\x01\0\x02\0\x02\0\0\0N\0", 10));
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
		free(p);
	}
}

/* Whatever a bit of the structure is, nothing outside is read, and the file stays readable. */
static void test_bent_exif(void **state)
{
	(void)state;
	if (absent())
		skip();
	for (size_t bit = 0; bit < 122 * 8; bit++) {
		struct kit_image im = kit_picture(3, 3, 1, LEAT_U8), back;
		im.meta->exif = exif_of(true);
		im.meta->exif->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		struct leat_bytes *b = kit_there_and_back(tiff, NULL, &im, &back);
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
	}
}

static void test_refused(void **state)
{
	(void)state;
	if (absent())
		skip();
	static const struct leat_image_shape in = {
		.width = 5, .height = 5, .channels = 3, .sample = LEAT_U8, .pages = 1};
	static const char *const tiles[] = {"20x16", "16x8", "32768x16"};
	struct leat_image_shape want;
	for (size_t i = 0; i < LEAT_LEN(tiles); i++) {
		struct leat_err err = {0};
		void *p = kit_params(tiff);
		kit_set(tiff, p, "tile", tiles[i]);
		assert_int_equal(tiff->enc_takes(p, &in, &want, &err), -1);
		assert_non_null(strstr(err.text, "multiples of 16"));
		free(p);
	}
	struct kit_image im = kit_picture(20, 20, 3, LEAT_U8), back;
	struct leat_bytes *b = NULL;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	o.max_pixels = 399;
	assert_int_equal(kit_encode(tiff, NULL, &im, 8, &b, &err), 0);
	assert_int_equal(kit_decode(tiff, kit_view(b), &o, 8, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_damage(void **state)
{
	(void)state;
	if (absent())
		skip();
	static const char *const all[] = {"deflate", "lzw", "zstd", "none", "jpeg"};
	for (size_t k = 0; k < LEAT_LEN(all); k++) {
		struct kit_image im = kit_picture(40, 30, 3, LEAT_U8);
		struct leat_bytes *out = NULL;
		struct leat_err err = {0};
		void *p = kit_params(tiff);
		kit_set(tiff, p, "compression", all[k]);
		if (k & 1)
			kit_set(tiff, p, "tile", "16x16");
		assert_int_equal(kit_encode(tiff, p, &im, 8, &out, &err), 0);
		struct kit_bytes b = {malloc(out->len), out->len};
		memcpy(b.d, out->data, b.n);
		kit_cuts(tiff, b, b.n / 100 + 1);
		kit_flips(tiff, b, b.n * 8 / 200 + 1);
		free(b.d);
		free(p);
		leat_bytes_unref(&out);
		kit_clear(&im);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus), cmocka_unit_test(test_pages),       cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_floats), cmocka_unit_test(test_jpeg_inside), cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_exif),   cmocka_unit_test(test_bent_exif),   cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
