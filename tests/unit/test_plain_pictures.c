/* SPDX-License-Identifier: MIT */
/* BMP, QOI and PFM: the corpus, round trips, headers by hand, limits, damage. */
#include "codec_kit.h"
#include "formats/endian.h"

static const struct leat_codec *const bmp = &leat_codec_bmp, *const qoi = &leat_codec_qoi, *const pfm = &leat_codec_pfm;

static int decode(const struct leat_codec *c, const void *d, size_t n, bool keep, struct kit_image *im,
		  struct leat_err *err)
{
	struct leat_decode_opts o = kit_opts();
	o.keep_damaged = keep;
	struct kit_bytes b = {malloc(n ? n : 1), n};
	memcpy(b.d, d, n);
	*err = (struct leat_err){0};
	int r = kit_decode(c, b, &o, 3, im, err);
	free(b.d);
	return r;
}

static void refuse(const struct leat_codec *c, const void *d, size_t n, enum leat_cause cause)
{
	struct kit_image im;
	struct leat_err err;
	assert_int_equal(decode(c, d, n, false, &im, &err), -1);
	if (err.cause != cause)
		fail_msg("%s", err.text);
}

/* --- BMP --- */

static void test_bmp_round_trips(void **state)
{
	(void)state;
	for (uint8_t channels = 1; channels <= 4; channels++) {
		kit_lossless(bmp, NULL, 67, 41, channels, LEAT_U8);
		kit_lossless(bmp, NULL, 1, 1, channels, LEAT_U8);
		kit_lossless(bmp, NULL, 2, 9, channels, LEAT_U8);
	}
}

static void test_bmp_density(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(3, 3, 3, LEAT_U8), back;
	im.meta->density_x = im.meta->density_y = 300;
	struct leat_bytes *b = kit_there_and_back(bmp, NULL, &im, &back);
	assert_true(back.meta->density_x > 299.9 && back.meta->density_x < 300.1);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

/*
 * Most are what Pillow gives; it does not read 2 bits, alpha and odd masks, and rounds 5 and 6 bits down. Files
 * that show the same picture in several ways have the same digest.
 */
static void test_bmp_corpus(void **state)
{
	(void)state;
	static const struct {
		const char *name, *sha256; /* of RGBA, 16 bit; NULL: refused */
	} files[] = {
		{"Core_1_Bit.bmp", "5794995a3ddb6742be1c773a2eb7d7878343acccef2bf98a30f47865b6b11b20"},
		{"Core_4_Bit.bmp", "73b572c42dbca35ce8cfc9f5a0855f3682bd7e00a3c56962e3aa83475a498e5d"},
		{"Core_8_Bit.bmp", "9a2714b13362aabdb8d3ba4430bf6e03b3a2ad3cb41b898a7bde4bf2a738be40"},
		{"Info_1_Bit.bmp", "d7c3f3e585a9c915133bb5c3f7f98a45d47812c5cf2d5c3ad4f2e8725a1fd89b"},
		{"Info_1_Bit_Top_Down.bmp", "d7c3f3e585a9c915133bb5c3f7f98a45d47812c5cf2d5c3ad4f2e8725a1fd89b"},
		{"Info_4_Bit.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_4_Bit_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_8_Bit.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_8_Bit_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_A8_R8_G8_B8.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_A8_R8_G8_B8_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_R8_G8_B8.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_R8_G8_B8_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_X1_R5_G5_B5.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"Info_X1_R5_G5_B5_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_A1_R5_G5_B5.bmp", "a814b6c929247ff3a5932c29c9d983a3b17709c9ba655cc2058dfba5b1e2eddd"},
		{"V3_A1_R5_G5_B5_Top_Down.bmp", "a814b6c929247ff3a5932c29c9d983a3b17709c9ba655cc2058dfba5b1e2eddd"},
		{"V3_A4_R4_G4_B4.bmp", "a814b6c929247ff3a5932c29c9d983a3b17709c9ba655cc2058dfba5b1e2eddd"},
		{"V3_A4_R4_G4_B4_Top_Down.bmp", "a814b6c929247ff3a5932c29c9d983a3b17709c9ba655cc2058dfba5b1e2eddd"},
		{"V3_R5_G6_B5.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_R5_G6_B5_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_X4_R4_G4_B4.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_X4_R4_G4_B4_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_X8_R8_G8_B8.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V3_X8_R8_G8_B8_Top_Down.bmp", "12991083ec96a53b9199274eaf1ea8a1ad1cfd4563d3eef1db295f24c20ae6ab"},
		{"V4_A8_R8_G8_B8.bmp", "03c2ff88f226023e92b0eed52dfe0ec8fac8847fea7eed9c699a9f4c76c52e9c"},
		{"V4_R5_G6_B5.bmp", "83db54192384fc935ab25bcdd2b3591c01de52b6058850bfa9f91f332f3c2d6c"},
		{"V5_A1_R5_G5_B5.bmp", "e32bbc3558806e89f1b61b54449d510ca968fb6de504ce2eaa73e0a7c45a4a2c"},
		{"V5_A8_R8_G8_B8_Rgb.bmp", "642908ea0029c16ad4621d2a754ea40bd08b94b3b130f85a930adfce23e23707"},
		{"imagemagick_invalid_run_length_issue_2321.bmp",
		 "510e3215e63e9883e97118fde972ff105dc408f36872a5fee105b28fb7c0979a"},
		{"lenient/V5_A8_R8_G8_B8_Rgb_BadMask.bmp",
		 "92d5da31392a0aa6f0d95a2431a92a8c0a76c4c403635563dad199ec56a0a462"},
		{"lenient/badpalettesize.bmp", NULL},
		{"lenient/badplanes.bmp", "e610f74adb947bf9c218324e0cb042d6115f19da336a2bce87820d45147cd256"},
		{"lenient/badrle.bmp", NULL},
		{"lenient/pal8oversizepal.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"lenient/rgb16-880.bmp", "e3b45379b2ff733d36526b2e1b2c0b49cfd1ae802a4178b0fa32c8fe8b259471"},
		{"lenient/rle_overflow.bmp", NULL},
		{"lenient/rletopdown.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal2.bmp", "e4efd0486ccb60c5d9d9850d02ebe390a0eb29d35e9280d57abaaad71a372c24"},
		{"pal2color.bmp", "68ff39c8999ca4f4f27321ef2c7f525e554919b674e6b0ae6363c61b689b7514"},
		{"pal4rle.bmp", "22e914df05d9653dff2b603810cd0ad5e45237e820187db3e789322f7e8d9580"},
		{"pal4rlecut.bmp", "df185b02d77af0349a031332de86d5c474e06fa22eea0044d3de303ee0c32355"},
		{"pal4rletrns.bmp", "8f67afa9fcaeac26892f254d5ddffba115745488789278e34a158ee3dbdaeaf2"},
		{"pal8badindex.bmp", "96648ab5585550d3bfe54a878f1065ac641dd29ac230a4d17fcb30dc4495abb3"},
		{"pal8os2-hs.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal8os2-sz.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal8os2sp.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal8rle.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal8v4.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"pal8v5.bmp", "8d824febb62b2f7f9fa44dddd9be77ce2472e62e7df37c6cd2866d1f989e0570"},
		{"rgb16-231.bmp", "19e850f5fb9045b2431e127b545ee0ce08c74b15b1960e6994dff65fe2852cb3"},
		{"rgb16-565.bmp", "2c7dcc05720574c0f3f62e2ca25ad7b78b403d11718528d784c0cb73e346296a"},
		{"rgb16.bmp", "e3606e128f990208676ede7db4008eaebb1f44de805826fda09cb15c2a8b404b"},
		{"rgb24.bmp", "52f9b0c7c0eaa329f0cc6666febf28f9684fad4381748fc94930260c2818b69f"},
		{"rgb24prof.bmp", "52f9b0c7c0eaa329f0cc6666febf28f9684fad4381748fc94930260c2818b69f"},
		{"rgb24rle24.bmp", NULL},
		{"rgb32-111110.bmp", "9340ede5459995d1975f7b75a3d9931b4af38e0457ab7227b316cfd52914e91b"},
		{"rgb32.bmp", "52f9b0c7c0eaa329f0cc6666febf28f9684fad4381748fc94930260c2818b69f"},
		{"rgb32bf.bmp", "52f9b0c7c0eaa329f0cc6666febf28f9684fad4381748fc94930260c2818b69f"},
		{"rgba16-1924.bmp", "6794787d2083780ca949b1f64ae00f6aa8fdbcc09103f48e81ef137cf9903c26"},
		{"rgba32-61754.bmp", "1721cb3e6aa2073ef5b131eba29014a4603ea663ef9a006fb526d386c2aaf8e0"},
		{"rgba32.bmp", "00cd92980e922ed58159d3f130be53a7f977d7b5c094fc705cfe7008ce2b6f3d"},
		{"rgba32abf.bmp", "00cd92980e922ed58159d3f130be53a7f977d7b5c094fc705cfe7008ce2b6f3d"},
	};
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < LEAT_LEN(files); i++)
		kit_expect(bmp, "image-rs-webp-gif-bmp/bmp/images", files[i].name, files[i].sha256);
}

/* A header of 40 bytes for `bits` bits and 2x2 pixels, with a palette of `colors`. */
static size_t small_bmp(uint8_t *d, unsigned bits, unsigned packing, unsigned colors)
{
	memset(d, 0, 200);
	memcpy(d, "BM", 2);
	size_t raster = 54 + 4 * (size_t)colors;
	leat_put_le32(d + 10, (uint32_t)raster);
	leat_put_le32(d + 14, 40);
	leat_put_le32(d + 18, 2);
	leat_put_le32(d + 22, 2);
	leat_put_le16(d + 26, 1);
	leat_put_le16(d + 28, (uint16_t)bits);
	leat_put_le32(d + 30, packing);
	leat_put_le32(d + 46, colors);
	for (unsigned i = 0; i < colors; i++)
		leat_put_le32(d + 54 + 4 * (size_t)i, 0x10203 * (i + 1));
	return raster;
}

static void test_bmp_by_hand(void **state)
{
	(void)state;
	uint8_t d[200];
	struct kit_image im;
	struct leat_err err;
	size_t at = small_bmp(d, 16, 0, 0);
	leat_put_le16(d + at, 0x7c00); /* bottom left: red */
	leat_put_le16(d + at + 6, 0x0010); /* top right: blue 16 of 31 */
	assert_int_equal(decode(bmp, d, at + 8, false, &im, &err), 0);
	assert_int_equal(im.pixels[6], 255);
	assert_int_equal(im.pixels[5], 132);
	kit_clear(&im);
	leat_put_le32(d + 22, (uint32_t)-2); /* top down */
	assert_int_equal(decode(bmp, d, at + 8, false, &im, &err), 0);
	assert_int_equal(im.pixels[0], 255);
	kit_clear(&im);
	at = small_bmp(d, 8, 0, 2);
	d[at] = 1;
	d[at + 4] = 7; /* beyond the palette */
	assert_int_equal(decode(bmp, d, at + 8, false, &im, &err), 0);
	assert_true(kit_has_note(&im, "beyond the palette"));
	static const uint8_t want[] = {0, 0, 0, 1, 2, 3, 2, 4, 6, 1, 2, 3};
	assert_memory_equal(im.pixels, want, sizeof want);
	kit_clear(&im);
	refuse(bmp, d, at + 5, LEAT_CAUSE_TRUNCATED);
	assert_int_equal(decode(bmp, d, at + 6, true, &im, &err), 0); /* without its last padding it is whole */
	assert_int_equal(im.notes.n, 1);
	kit_clear(&im);
	assert_int_equal(decode(bmp, d, at + 5, true, &im, &err), 0);
	assert_true(kit_has_note(&im, "damaged: only 1 of 2 rows"));
	kit_clear(&im);
	leat_put_le16(d + 28, 7);
	refuse(bmp, d, at + 8, LEAT_CAUSE_CORRUPT);
	small_bmp(d, 32, 5, 0);
	refuse(bmp, d, 100, LEAT_CAUSE_UNSUPPORTED);
}

/* Two rows of run-length codes. */
static void test_bmp_runs(void **state)
{
	(void)state;
	static const struct {
		const char *codes;
		size_t n;
		enum leat_cause cause;
		uint8_t want[4]; /* indices from the top left */
	} cases[] = {
		{"\2\1\0\0\2\2\0\1", 8, LEAT_CAUSE_NONE, {2, 2, 1, 1}},
		{"\1\1\1\2\0\0\1\2\0\1", 10, LEAT_CAUSE_NONE, {2, 0, 1, 2}},
		{"\0\2\1\1\1\2\0\1", 8, LEAT_CAUSE_NONE, {0, 2, 0, 0}},
		{"\x9\1\0\0\2\2\0\1", 8, LEAT_CAUSE_NONE, {2, 2, 1, 1}},
		{"\0\1", 2, LEAT_CAUSE_NONE, {0, 0, 0, 0}},
		{"\2\1\0\0\2\2", 6, LEAT_CAUSE_NONE, {2, 2, 1, 1}},
		{"\2\1\0\0\1\2", 6, LEAT_CAUSE_TRUNCATED, {0}},
		{"\2\1\0", 3, LEAT_CAUSE_TRUNCATED, {0}},
		{"\0\2\3\0\1\1", 6, LEAT_CAUSE_CORRUPT, {0}},
		{"\0\3\1\1\1\0\0\1", 8, LEAT_CAUSE_CORRUPT, {0}},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		uint8_t d[200];
		struct kit_image im;
		struct leat_err err;
		size_t at = small_bmp(d, 8, 1, 3);
		memcpy(d + at, cases[i].codes, cases[i].n);
		if (cases[i].cause) {
			refuse(bmp, d, at + cases[i].n, cases[i].cause);
			continue;
		}
		if (decode(bmp, d, at + cases[i].n, false, &im, &err) < 0)
			fail_msg("case %zu: %s", i, err.text);
		for (size_t p = 0; p < 4; p++)
			assert_int_equal(im.pixels[3 * p], cases[i].want[p] + 1);
		kit_clear(&im);
	}
}

/* --- QOI --- */

static void test_qoi_round_trips(void **state)
{
	(void)state;
	for (uint8_t channels = 1; channels <= 4; channels++) {
		kit_lossless(qoi, NULL, 67, 41, channels, LEAT_U8);
		kit_lossless(qoi, NULL, 1, 1, channels, LEAT_U8);
	}
}

/* Every code of the specification, by hand. */
static void test_qoi_codes(void **state)
{
	(void)state;
	static const uint8_t d[] = "qoif\0\0\0\x3\0\0\0\3\4\0"
				   "\xc0" /* run of one: 0 0 0 255 */
				   "\xfe\x0a\x14\x1e" /* RGB 10 20 30 */
				   "\x7d" /* difference 1 1 -1: 11 21 29 */
				   "\xa5\x97" /* green +5, red +5+1, blue +5-1: 17 26 33 */
				   "\xff\1\2\3\4" /* RGBA 1 2 3 4 */
				   "\x09" /* index 9: 10 20 30 255 */
				   "\xc2" /* run of three of it */
				   "\0\0\0\0\0\0\0\1";
	static const uint8_t want[] = {0, 0, 0,  255, 10, 20,  30, 255, 11, 21,  29, 255, 17, 26,  33, 255, 1,  2,
				       3, 4, 10, 20,  30, 255, 10, 20,  30, 255, 10, 20,  30, 255, 10, 20,  30, 255};
	struct kit_image im;
	struct leat_err err;
	if (decode(qoi, d, sizeof d - 1, false, &im, &err) < 0)
		fail_msg("%s", err.text);
	assert_memory_equal(im.pixels, want, sizeof want);
	assert_int_equal(im.notes.n, 0);
	struct leat_bytes *again = NULL;
	assert_int_equal(kit_encode(qoi, NULL, &im, 2, &again, &err), 0);
	assert_int_equal(again->len, sizeof d - 1);
	assert_memory_equal(again->data, d, sizeof d - 1);
	leat_bytes_unref(&again);
	kit_clear(&im);
	for (size_t n = 0; n < sizeof d - 1; n++)
		refuse(qoi, d, n, LEAT_CAUSE_TRUNCATED);
	assert_int_equal(decode(qoi, d, 24, true, &im, &err), 0);
	assert_true(kit_has_note(&im, "damaged: truncated qoi: it ends after 1 of 3 rows"));
	assert_memory_equal(im.pixels, want, 12);
	kit_clear(&im);
	uint8_t bad[sizeof d - 1];
	memcpy(bad, d, sizeof bad);
	bad[28] = 0xc3; /* one too many */
	refuse(qoi, bad, sizeof bad, LEAT_CAUSE_CORRUPT);
	memcpy(bad, d, sizeof bad);
	bad[12] = 5;
	refuse(qoi, bad, sizeof bad, LEAT_CAUSE_CORRUPT);
	memset(bad + 4, 0, 4);
	bad[12] = 4;
	refuse(qoi, bad, sizeof bad, LEAT_CAUSE_CORRUPT);
}

/* --- PFM --- */

static void test_pfm(void **state)
{
	(void)state;
	static const float want[] = {-0.5f, 1e30f, 0.25f, 3.0f};
	struct kit_image im;
	struct leat_err err;
	uint8_t d[64];
	for (int big = 0; big < 2; big++) {
		int n = snprintf((char *)d, sizeof d, "Pf\n2 2\n%s\n", big ? "1.0" : "-1");
		for (int i = 0; i < 4; i++) {
			uint32_t v;
			memcpy(&v, &want[i < 2 ? i + 2 : i - 2], 4); /* the last row comes first */
			(big ? leat_put_be32 : leat_put_le32)(d + n + 4 * (ptrdiff_t)i, v);
		}
		if (decode(pfm, d, (size_t)n + 16, false, &im, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(im.shape.sample, LEAT_F32);
		assert_int_equal(im.shape.channels, 1);
		assert_memory_equal(im.pixels, want, sizeof want);
		struct leat_bytes *again = NULL;
		assert_int_equal(kit_encode(pfm, NULL, &im, 1, &again, &err), 0);
		assert_memory_equal(again->data, "Pf\n2 2\n-1.0\n", 12);
		assert_int_equal(again->len, 12 + 16);
		leat_bytes_unref(&again);
		kit_clear(&im);
		refuse(pfm, d, (size_t)n + 15, LEAT_CAUSE_TRUNCATED);
		assert_int_equal(decode(pfm, d, (size_t)n + 15, true, &im, &err), 0);
		assert_true(((float *)(void *)im.pixels)[0] == 0 && ((float *)(void *)im.pixels)[2] == 0.25f);
		assert_true(kit_has_note(&im, "damaged: only 1 of 2 rows"));
		kit_clear(&im);
	}
	refuse(pfm, "PF\n2 2\n0\n", 9, LEAT_CAUSE_CORRUPT);
	refuse(pfm, "PF\n2 2\nx\n", 9, LEAT_CAUSE_CORRUPT);
	refuse(pfm, "PF\n2 0\n1\n", 9, LEAT_CAUSE_CORRUPT);
	refuse(pfm, "PF\n2 2", 6, LEAT_CAUSE_TRUNCATED);
}

/* Whole numbers become 0 to 1. */
static void test_pfm_from_integers(void **state)
{
	(void)state;
	for (enum leat_sample s = LEAT_U8; s <= LEAT_U16; s++) {
		struct kit_image im = kit_picture(5, 4, 3, s), back;
		struct leat_bytes *b = kit_there_and_back(pfm, NULL, &im, &back);
		for (size_t i = 0; i < 60; i++) {
			float v = s == LEAT_U8 ? (float)im.pixels[i] / 255
					       : (float)((uint16_t *)(void *)im.pixels)[i] / 65535;
			assert_true(((float *)(void *)back.pixels)[i] == v);
		}
		leat_bytes_unref(&b);
		kit_clear(&im);
		kit_clear(&back);
	}
}

static void test_damage(void **state)
{
	(void)state;
	const struct leat_codec *const all[] = {bmp, qoi};
	for (size_t i = 0; i < LEAT_LEN(all); i++)
		for (uint8_t channels = 3; channels <= 4; channels++) {
			struct kit_image im = kit_picture(13, 11, channels, LEAT_U8);
			struct leat_bytes *out = NULL;
			struct leat_err err = {0};
			assert_int_equal(kit_encode(all[i], NULL, &im, 8, &out, &err), 0);
			if (all[i] == bmp && channels == 3)
				out->len -= 1; /* the last padding need not be there */
			struct kit_bytes b = {malloc(out->len), out->len};
			memcpy(b.d, out->data, b.n);
			kit_cuts(all[i], b, 1);
			kit_flips(all[i], b, 5);
			free(b.d);
			leat_bytes_unref(&out);
			kit_clear(&im);
		}
}

static void test_limits(void **state)
{
	(void)state;
	const struct leat_codec *const all[] = {bmp, qoi, pfm};
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct kit_image im = kit_picture(20, 20, 3, LEAT_U8), back;
		struct leat_bytes *b = NULL;
		struct leat_err err = {0};
		struct leat_decode_opts o = kit_opts();
		o.max_pixels = 399;
		assert_int_equal(kit_encode(all[i], NULL, &im, 8, &b, &err), 0);
		assert_int_equal(kit_decode(all[i], kit_view(b), &o, 8, &back, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
		leat_bytes_unref(&b);
		kit_clear(&im);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bmp_round_trips),
		cmocka_unit_test(test_bmp_density),
		cmocka_unit_test(test_bmp_corpus),
		cmocka_unit_test(test_bmp_by_hand),
		cmocka_unit_test(test_bmp_runs),
		cmocka_unit_test(test_qoi_round_trips),
		cmocka_unit_test(test_qoi_codes),
		cmocka_unit_test(test_pfm),
		cmocka_unit_test(test_pfm_from_integers),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
