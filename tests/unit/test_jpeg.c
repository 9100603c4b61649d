/* SPDX-License-Identifier: MIT */
/* JPEG: the corpus, round trips, metadata, CMYK, shrinking, limits, damage. */
#include "codec_kit.h"

#include "formats/endian.h"
#include "formats/exif.h"
#include "formats/jpeg_write.h"

#include <jpeglib.h>
#include <lcms2.h>
#include <math.h>

static const struct leat_codec *const jpeg = &leat_codec_jpeg;

static struct kit_image decoded(struct kit_bytes b, const struct leat_decode_opts *opts)
{
	struct kit_image im;
	struct leat_err err = {0};
	struct leat_decode_opts o = opts ? *opts : kit_opts();
	if (kit_decode(jpeg, b, &o, 5, &im, &err) < 0)
		fail_msg("%s", err.text);
	return im;
}

static struct leat_bytes *encoded(const struct kit_image *im, const void *params, uint32_t strip)
{
	struct leat_bytes *b;
	struct leat_err err = {0};
	if (kit_encode(jpeg, params, im, strip, &b, &err) < 0)
		fail_msg("%s", err.text);
	return b;
}

static struct kit_bytes view(const struct leat_bytes *b)
{
	return (struct kit_bytes){b->data, b->len};
}

static double difference(const struct kit_image *a, const struct kit_image *b)
{
	size_t n = leat_image_bytes(&a->shape);
	assert_int_equal(n, leat_image_bytes(&b->shape));
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += abs(a->pixels[i] - b->pixels[i]);
	return sum / (double)n;
}

static void check_probe(struct kit_bytes b, const struct kit_image *im)
{
	struct leat_header h;
	struct leat_err err = {0};
	assert_int_equal(jpeg->probe(b.d, b.n, true, &h, &err), 0);
	assert_true(leat_image_shape_equal(&h.shape, &im->shape));
}

static void test_corpus(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t w, h;
	} files[] = {
		{"libjpeg-turbo/testimgari.jpg", 227, 149},
		{"libjpeg-turbo/testimgint.jpg", 227, 149},
		{"libjpeg-turbo/testorig.jpg", 227, 149},
		{"image-rs-webp-gif-bmp/jpg/portrait_2.jpg", 113, 150},
		{"image-rs-webp-gif-bmp/jpg/progressive/3.jpg", 650, 470},
		{"image-rs-webp-gif-bmp/jpg/progressive/cat.jpg", 320, 240},
		{"image-rs-webp-gif-bmp/jpg/progressive/test.jpg", 32, 23},
	};
	if (kit_no_corpus())
		return;
	struct kit_bytes ppm = kit_file("libjpeg-turbo/testorig.ppm");
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	struct kit_image original;
	assert_int_equal(kit_decode(&leat_codec_pnm, ppm, &o, 5, &original, &err), 0);
	for (size_t i = 0; i < LEAT_LEN(files); i++) {
		struct kit_bytes b = kit_file(files[i].name);
		struct kit_image im = decoded(b, NULL);
		assert_true(jpeg->sniff(b.d, b.n));
		check_probe(b, &im);
		assert_true(im.shape.width == files[i].w && im.shape.height == files[i].h);
		if (i < 3) /* the same picture, as it was before */
			assert_true(difference(&im, &original) < 6);
		kit_clear(&im);
		free(b.d);
	}
	kit_clear(&original);
	free(ppm.d);
}

static void test_corpus_refused(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	struct kit_bytes b = kit_file("libjpeg-turbo/monkey12.jpg");
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	struct kit_image im;
	assert_int_equal(kit_decode(jpeg, b, &o, 5, &im, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	assert_non_null(strstr(err.text, "12 bits"));
	free(b.d);
}

static void test_orientations(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	for (int wide = 0; wide < 2; wide++)
		for (int i = 0; i <= 8; i++) {
			char name[64];
			snprintf(name, sizeof name, "exif-orientation/%s_%d.jpg", wide ? "Landscape" : "Portrait", i);
			struct kit_bytes b = kit_file(name);
			struct leat_decode_opts o = kit_opts();
			o.shrink = 8;
			struct kit_image im = decoded(b, &o);
			assert_int_equal(im.meta->orientation, i ? i : 1);
			bool turned = i > 4;
			assert_int_equal(im.shape.width > im.shape.height, wide != turned);
			kit_clear(&im);
			free(b.d);
		}
}

static void test_corpus_metadata(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	struct kit_bytes b = kit_file("image-rs-webp-gif-bmp/jpg/exif-xmp-metadata.jpg");
	struct kit_image im = decoded(b, NULL);
	assert_true(im.meta->density_x == 300);
	assert_non_null(im.meta->xmp);
	assert_int_equal(im.meta->xmp->data[0], '<');
	kit_clear(&im);
	free(b.d);
	b = kit_file("image-rs-webp-gif-bmp/jpg/iptc.jpg");
	im = decoded(b, NULL);
	assert_non_null(im.meta->iptc);
	assert_memory_equal(im.meta->iptc->data, "8BIM", 4);
	kit_clear(&im);
	free(b.d);
}

/* Without noise, so that what is lost by JPEG is little. */
static struct kit_image smooth(uint32_t w, uint32_t h, uint8_t channels)
{
	struct kit_image im = kit_picture(w, h, channels, LEAT_U8);
	for (uint32_t y = 0, i = 0; y < h; y++)
		for (uint32_t x = 0; x < w; x++)
			for (uint32_t c = 0; c < channels; c++, i++)
				im.pixels[i] = (uint8_t)((x * 255 / w + y * 255 / h + c * 40) / 3 + 20);
	return im;
}

static void test_round_trips(void **state)
{
	(void)state;
	static const uint32_t sizes[][2] = {{1, 1}, {3, 40}, {40, 3}, {67, 45}, {64, 64}};
	for (uint8_t channels = 1; channels <= 3; channels += 2)
		for (size_t i = 0; i < LEAT_LEN(sizes); i++) {
			struct kit_image im = smooth(sizes[i][0], sizes[i][1], channels);
			struct leat_bytes *b = encoded(&im, NULL, 4), *again = encoded(&im, NULL, 1000);
			struct kit_image back = decoded(view(b), NULL);
			assert_true(leat_image_shape_equal(&im.shape, &back.shape));
			assert_true(difference(&im, &back) < 3);
			assert_int_equal(b->len, again->len); /* the strips do not show */
			assert_memory_equal(b->data, again->data, b->len);
			leat_bytes_unref(&b);
			leat_bytes_unref(&again);
			kit_clear(&im);
			kit_clear(&back);
		}
}

/* Is there a marker, and how often? */
static int markers(const struct leat_bytes *b, int first, int last)
{
	int n = 0;
	for (size_t i = 0; i + 1 < b->len; i++)
		n += b->data[i] == 0xff && b->data[i + 1] >= first && b->data[i + 1] <= last;
	return n;
}

static struct leat_bytes *encoded_with(const struct kit_image *im, const char *name, const char *value)
{
	void *p = kit_params(jpeg);
	if (name)
		kit_set(jpeg, p, name, value);
	struct leat_bytes *b = encoded(im, p, 8);
	free(p);
	return b;
}

static void test_options(void **state)
{
	(void)state;
	struct kit_image im = smooth(96, 64, 3);
	struct leat_bytes *plain = encoded_with(&im, NULL, NULL);
	struct leat_bytes *best = encoded_with(&im, "quality", "100"), *worst = encoded_with(&im, "quality", "1");
	assert_true(worst->len < plain->len && plain->len < best->len);
	struct leat_bytes *full = encoded_with(&im, "subsampling", "4:4:4"),
			  *half = encoded_with(&im, "subsampling", "4:2:2");
	assert_true(plain->len < half->len && half->len < full->len);
	struct leat_bytes *progressive = encoded_with(&im, "progressive", "yes");
	assert_int_equal(markers(progressive, 0xc2, 0xc2), 1);
	assert_int_equal(markers(plain, 0xc0, 0xc0), 1);
	struct leat_bytes *restart = encoded_with(&im, "restart", "6");
	assert_int_equal(markers(plain, 0xd0, 0xd7), 0);
	assert_int_equal(markers(restart, 0xd0, 0xd7), 3); /* 24 MCUs */
	struct leat_bytes *all[] = {plain, best, worst, full, half, progressive, restart};
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct kit_image back = decoded(view(all[i]), NULL);
		assert_true(difference(&im, &back) < (i == 2 ? 20 : 3));
		assert_int_equal(markers(all[i], 0xfe, 0xfe), 0); /* no comment */
		kit_clear(&back);
		leat_bytes_unref(&all[i]);
	}
	kit_clear(&im);
}

/* The best quality that fits: one more does not; what fits at once is as without a limit. */
static void test_max_bytes(void **state)
{
	(void)state;
	struct kit_image im = smooth(200, 150, 3);
	struct leat_bytes *plain = encoded_with(&im, NULL, NULL);
	struct leat_bytes *roomy = encoded_with(&im, "max-bytes", "1MB");
	assert_int_equal(roomy->len, plain->len);
	assert_memory_equal(roomy->data, plain->data, plain->len);
	char text[32];
	snprintf(text, sizeof text, "%zuB", plain->len * 3 / 4);
	struct leat_bytes *tight = encoded_with(&im, "max-bytes", text);
	assert_true(tight->len <= plain->len * 3 / 4);
	for (int quality = 79;; quality--) {
		snprintf(text, sizeof text, "%d", quality);
		struct leat_bytes *b = encoded_with(&im, "quality", text);
		bool same = b->len == tight->len && memcmp(b->data, tight->data, b->len) == 0;
		assert_true(same || b->len > plain->len * 3 / 4);
		leat_bytes_unref(&b);
		if (same)
			break;
	}
	void *p = kit_params(jpeg);
	struct leat_err err = {0};
	((struct leat_jpeg_params *)p)->max_bytes = 100;
	struct leat_encoder *e = NULL;
	struct leat_bytes *out = NULL;
	struct leat_rows rows = {im.pixels, leat_row_bytes(&im.shape), 0, im.shape.height};
	assert_int_equal(jpeg->enc_open(&e, p, &im.shape, im.meta, &err), 0);
	assert_int_equal(jpeg->enc_rows(e, &rows, &err), 0);
	assert_int_equal(jpeg->enc_finish(e, &out, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	assert_null(out);
	jpeg->enc_close(&e);
	free(p);
	leat_bytes_unref(&plain);
	leat_bytes_unref(&roomy);
	leat_bytes_unref(&tight);
	kit_clear(&im);
}

static void test_takes(void **state)
{
	(void)state;
	void *p = kit_params(jpeg);
	struct leat_image_shape in = {.width = 10,
				      .height = 10,
				      .channels = 4,
				      .alpha = true,
				      .sample = LEAT_U16,
				      .pages = 1},
				want;
	struct leat_err err = {0};
	assert_int_equal(jpeg->enc_takes(p, &in, &want, &err), 0);
	assert_true(want.channels == 3 && !want.alpha && want.sample == LEAT_U8);
	in.channels = 2;
	assert_int_equal(jpeg->enc_takes(p, &in, &want, &err), 0);
	assert_true(want.channels == 1 && !want.alpha);
	in.width = 65501;
	assert_int_equal(jpeg->enc_takes(p, &in, &want, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	free(p);
}

static struct leat_bytes *profile(size_t n, const char *space)
{
	uint8_t *p = calloc(1, n);
	leat_put_be32(p, (uint32_t)n);
	memcpy(p + 16, space, 4);
	memcpy(p + 36, "acsp", 4);
	for (size_t i = 132; i < n; i++)
		p[i] = (uint8_t)(i * 7);
	struct leat_bytes *b = kit_blob(p, n);
	free(p);
	return b;
}

static const uint8_t exif6[] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};

static void test_metadata(void **state)
{
	(void)state;
	struct kit_image im = smooth(20, 10, 3);
	struct leat_meta *m = im.meta;
	m->icc = profile(150000, "RGB ");
	m->exif = kit_blob(exif6, sizeof exif6);
	m->xmp = kit_blob("<x:xmpmeta/>", 12);
	m->iptc = profile(70000, "8BIM");
	m->orientation = 3;
	m->density_x = 300;
	m->density_y = 72;
	m->copyright = leat_strdup("\xc2\xa9 M\xc3\xbcller", NULL);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_image back = decoded(view(b), NULL);
	struct leat_meta *g = back.meta;
	assert_int_equal(back.notes.n, 0);
	assert_int_equal(g->orientation, 3);
	assert_true(g->density_x == 300 && g->density_y == 72);
	assert_true(g->icc && g->icc->len == m->icc->len && memcmp(g->icc->data, m->icc->data, m->icc->len) == 0);
	assert_true(g->iptc && g->iptc->len == m->iptc->len && memcmp(g->iptc->data, m->iptc->data, m->iptc->len) == 0);
	assert_memory_equal(g->xmp->data, "<x:xmpmeta/>", 12);
	assert_string_equal(g->copyright, m->copyright); /* put into the EXIF data, which had none */
	struct leat_bytes *second = encoded(&back, NULL, 4);
	struct kit_image third = decoded(view(second), NULL);
	assert_int_equal(third.meta->exif->len, g->exif->len);
	assert_memory_equal(third.meta->exif->data, g->exif->data, g->exif->len);
	leat_bytes_unref(&b);
	leat_bytes_unref(&second);
	kit_clear(&im);
	kit_clear(&back);
	kit_clear(&third);
}

/* Entries stand in the order of their tags, also where one is added between others. */
static void test_exif_order(void **state)
{
	(void)state;
	static const uint8_t two[] = {'I', 'I', '*',  0,    8, 0, 0, 0, 2, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0,
				      0,   0,   0x69, 0x87, 4, 0, 1, 0, 0, 0, 0,    0,    0, 0, 9, 9, 9, 9, 1};
	struct leat_meta *m = leat_meta_new(NULL);
	struct leat_bytes *out;
	struct leat_err err = {0};
	m->exif = kit_blob(two, sizeof two);
	m->orientation = 2;
	m->copyright = leat_strdup("somebody", NULL);
	assert_int_equal(leat_exif_for_output(m, &out, &err), 0);
	const uint8_t *d = out->data, *dir = d + leat_le32(d + 4);
	assert_memory_equal(d + 8, two + 8, 10); /* what was there stays in its place */
	assert_int_equal(leat_le16(dir), 3);
	assert_int_equal(leat_le16(dir + 2), 0x0112);
	assert_int_equal(leat_le16(dir + 14), 0x8298);
	assert_int_equal(leat_le16(dir + 26), 0x8769);
	assert_int_equal(leat_le32(dir + 38), 0x09090909); /* the next directory */
	assert_int_equal(leat_exif_orientation(d, out->len), 2);
	char *text = leat_exif_copyright(d, out->len, &err);
	assert_string_equal(text, "somebody");
	free(text);
	leat_bytes_unref(&out);
	leat_meta_unref(&m);
}

static void test_copyright_texts(void **state)
{
	(void)state;
	static const struct {
		const char *raw;
		uint8_t n;
		const char *want;
	} cases[] = {
		{"ab\0cd", 6, "ab, cd"},
		{" \0editor", 9, "editor"},
		{"a\xe9 ", 4, "a\xc3\xa9"},
		{"\0\0\0\0\0", 5, NULL},
		{"x\x1b[1mred", 9, "x [1mred"},
		{"\xc3\xa9"
		 "ab",
		 5,
		 "\xc3\xa9"
		 "ab"},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		uint8_t d[64] = {'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x98, 0x82, 2, 0, cases[i].n, 0, 0, 0, 26};
		struct leat_err err = {0};
		if (cases[i].n > 4)
			memcpy(d + 26, cases[i].raw, cases[i].n);
		else
			memcpy(d + 18, cases[i].raw, cases[i].n);
		char *text = leat_exif_copyright(d, 26 + (size_t)cases[i].n, &err);
		if (cases[i].want)
			assert_string_equal(text, cases[i].want);
		else
			assert_null(text);
		free(text);
		assert_null(leat_exif_copyright(d, 21, &err)); /* the directory is cut */
	}
}

static void test_copyright_alone(void **state)
{
	(void)state;
	struct kit_image im = smooth(20, 10, 1);
	im.meta->copyright = leat_strdup("me", NULL);
	im.meta->icc = profile(200, "RGB "); /* not for gray */
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_image back = decoded(view(b), NULL);
	assert_string_equal(back.meta->copyright, "me");
	assert_int_equal(back.meta->orientation, 1);
	assert_null(back.meta->icc);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

static void test_metadata_too_long(void **state)
{
	(void)state;
	struct kit_image im = smooth(20, 10, 1);
	struct leat_bytes *b;
	struct leat_err err = {0};
	im.meta->xmp = profile(70000, "abcd");
	assert_int_equal(kit_encode(jpeg, NULL, &im, 4, &b, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	assert_non_null(strstr(err.text, "strip"));
	kit_clear(&im);
}

static void test_shrink(void **state)
{
	(void)state;
	struct kit_image im = smooth(100, 61, 3);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	static const struct {
		int64_t shrink;
		uint32_t tw, th, w, h;
	} cases[] = {
		{0, 0, 0, 100, 61}, {1, 10, 10, 100, 61}, {2, 0, 0, 50, 31},   {4, 0, 0, 25, 16},  {8, 0, 0, 13, 8},
		{0, 13, 0, 13, 8},  {0, 14, 0, 25, 16},   {0, 25, 16, 25, 16}, {0, 0, 17, 50, 31}, {0, 51, 0, 100, 61},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_decode_opts o = kit_opts();
		o.shrink = cases[i].shrink;
		o.target_width = cases[i].tw;
		o.target_height = cases[i].th;
		struct kit_image back = decoded(view(b), &o);
		assert_int_equal(back.shape.width, cases[i].w);
		assert_int_equal(back.shape.height, cases[i].h);
		kit_clear(&back);
	}
	leat_bytes_unref(&b);
	kit_clear(&im);
}

/* A file made by libjpeg directly: `fill` sets it up behind the defaults. */
static struct kit_bytes made(uint32_t w, uint32_t h, int components, J_COLOR_SPACE space, const uint8_t *pixel,
			     void (*fill)(struct jpeg_compress_struct *))
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	unsigned char *out = NULL;
	unsigned long size = 0;
	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &out, &size);
	c.image_width = w;
	c.image_height = h;
	c.input_components = components;
	c.in_color_space = space;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, 100, TRUE);
	fill(&c);
	jpeg_start_compress(&c, TRUE);
	uint8_t *row = malloc((size_t)w * (size_t)components);
	for (size_t i = 0; i < (size_t)w * (size_t)components; i++)
		row[i] = pixel[i % (size_t)components];
	for (uint32_t y = 0; y < h; y++)
		jpeg_write_scanlines(&c, &row, 1);
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	free(row);
	return (struct kit_bytes){out, size};
}

static void adobe(struct jpeg_compress_struct *c)
{
	c->write_Adobe_marker = TRUE;
}

static void no_adobe(struct jpeg_compress_struct *c)
{
	c->write_Adobe_marker = FALSE;
}

static void ycck(struct jpeg_compress_struct *c)
{
	jpeg_set_colorspace(c, JCS_YCCK);
}

static void check_cmyk(const uint8_t inks[4], void (*fill)(struct jpeg_compress_struct *), const int rgb[3])
{
	struct kit_bytes b = made(20, 9, 4, JCS_CMYK, inks, fill);
	struct kit_image im = decoded(b, NULL);
	check_probe(b, &im);
	assert_int_equal(im.shape.channels, 3);
	for (int i = 0; i < 3; i++)
		assert_in_range(im.pixels[150 + i], rgb[i] - 2, rgb[i] + 2);
	assert_true(kit_has_note(&im, "CMYK"));
	kit_clear(&im);
	free(b.d);
}

static void test_cmyk(void **state)
{
	(void)state;
	const uint8_t inks[4] = {200, 100, 50, 128}; /* Adobe: 255 is no ink */
	const int light[3] = {100, 50, 25}, dark[3] = {27, 77, 102};
	check_cmyk(inks, adobe, light);
	check_cmyk(inks, ycck, light);
	check_cmyk(inks, no_adobe, dark);
}

static cmsInt32Number ink_to_lab(const cmsUInt16Number in[], cmsUInt16Number out[], void *cargo)
{
	(void)cargo;
	double paper = 1 - in[3] / 65535.0, light = paper * (1 - (in[0] + in[1] + in[2]) / 65535.0 / 3);
	cmsCIELab lab = {100 * light, 60 * paper * (in[1] - (double)in[0]) / 65535,
			 60 * paper * (in[2] - (double)in[1]) / 65535};
	cmsFloat2LabEncoded(out, &lab);
	return TRUE;
}

/* A profile of a printing press that nobody has. */
static struct leat_bytes *press(void)
{
	struct leat_err err = {0};
	cmsHPROFILE p = cmsCreateProfilePlaceholder(NULL);
	cmsPipeline *lut = cmsPipelineAlloc(NULL, 4, 3);
	cmsStage *clut = cmsStageAllocCLut16bit(NULL, 7, 4, 3, NULL);
	cmsUInt32Number n = 0;
	assert_true(cmsStageSampleCLut16bit(clut, ink_to_lab, NULL, 0));
	cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(NULL, 4, NULL));
	cmsPipelineInsertStage(lut, cmsAT_END, clut);
	cmsPipelineInsertStage(lut, cmsAT_END, cmsStageAllocToneCurves(NULL, 3, NULL));
	cmsSetProfileVersion(p, 4.3);
	cmsSetDeviceClass(p, cmsSigOutputClass);
	cmsSetColorSpace(p, cmsSigCmykData);
	cmsSetPCS(p, cmsSigLabData);
	cmsWriteTag(p, cmsSigMediaWhitePointTag, cmsD50_XYZ());
	assert_true(cmsWriteTag(p, cmsSigAToB0Tag, lut));
	cmsPipelineFree(lut);
	assert_true(cmsSaveProfileToMem(p, NULL, &n));
	struct leat_bytes *b = leat_bytes_new(n, &err);
	assert_true(cmsSaveProfileToMem(p, b->data, &n));
	b->len = n;
	cmsCloseProfile(p);
	return b;
}

/* The file with the profile in one segment behind its first two bytes. */
static struct kit_bytes with_profile(struct kit_bytes b, const struct leat_bytes *icc)
{
	enum { HEAD = 2 + 2 + 12 + 2 };
	struct kit_bytes out = {malloc(b.n + HEAD + icc->len), b.n + HEAD + icc->len};
	size_t len = HEAD - 2 + icc->len;
	assert_true(len < 65536);
	const uint8_t head[HEAD] = {
		0xff, 0xe2, (uint8_t)(len >> 8), (uint8_t)len, 'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', 0,
		1,    1};
	memcpy(out.d, b.d, 2);
	memcpy(out.d + 2, head, HEAD);
	memcpy(out.d + 2 + HEAD, icc->data, icc->len);
	memcpy(out.d + 2 + HEAD + icc->len, b.d + 2, b.n - 2);
	free(b.d);
	return out;
}

/* What lcms2 makes of these inks, 255 is no ink. */
static void by_lcms2(const struct leat_bytes *icc, const uint8_t inks[4], double rgb[3])
{
	cmsHPROFILE from = cmsOpenProfileFromMem(icc->data, (cmsUInt32Number)icc->len), to = cmsCreate_sRGBProfile();
	cmsHTRANSFORM t = cmsCreateTransform(from, TYPE_CMYK_DBL, to, TYPE_RGB_DBL, INTENT_PERCEPTUAL,
					     cmsFLAGS_NOOPTIMIZE | cmsFLAGS_BLACKPOINTCOMPENSATION);
	double v[4];
	for (int i = 0; i < 4; i++)
		v[i] = 100 - inks[i] * 100 / 255.0;
	cmsDoTransform(t, v, rgb, 1);
	for (int i = 0; i < 3; i++)
		rgb[i] = 255 * (rgb[i] < 0 ? 0 : rgb[i] > 1 ? 1 : rgb[i]);
	cmsDeleteTransform(t);
	cmsCloseProfile(from);
	cmsCloseProfile(to);
}

/* The image's own profile decides; it is gone then. Within a level of lcms2's float, and what JPEG loses. */
static void test_cmyk_profile(void **state)
{
	(void)state;
	static const uint8_t inks[][4] = {
		{200, 100, 50, 128}, {255, 255, 255, 255}, {10, 240, 128, 255}, {90, 90, 90, 20}};
	void (*const fills[])(struct jpeg_compress_struct *) = {adobe, ycck};
	struct leat_bytes *icc = press();
	for (size_t k = 0; k < LEAT_LEN(fills); k++)
		for (size_t i = 0; i < LEAT_LEN(inks); i++) {
			double want[3];
			by_lcms2(icc, inks[i], want);
			struct kit_bytes b = with_profile(made(20, 9, 4, JCS_CMYK, inks[i], fills[k]), icc);
			struct kit_image im = decoded(b, NULL);
			check_probe(b, &im);
			for (int c = 0; c < 3; c++)
				if (fabs(im.pixels[150 + c] - want[c]) > (k ? 3 : 1.5))
					fail_msg("inks %zu, color %d: %d, not %g", i, c, im.pixels[150 + c], want[c]);
			assert_null(im.meta->icc);
			assert_true(kit_has_note(&im, "CMYK converted to sRGB by its profile"));
			kit_clear(&im);
			free(b.d);
		}
	icc->data[16] = 'X'; /* no profile of CMYK any more */
	struct kit_bytes b = with_profile(made(20, 9, 4, JCS_CMYK, inks[0], adobe), icc);
	struct kit_image im = decoded(b, NULL);
	assert_in_range(im.pixels[150], 98, 102);
	assert_true(kit_has_note(&im, "its profile cannot be used"));
	kit_clear(&im);
	free(b.d);
	leat_bytes_unref(&icc);
}

static void separate_scans(struct jpeg_compress_struct *c)
{
	static const jpeg_scan_info scans[] = {{1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
	c->scan_info = scans;
	c->num_scans = 3;
}

static size_t last_marker(struct kit_bytes b, int marker)
{
	for (size_t i = b.n - 1; i-- > 0;)
		if (b.d[i] == 0xff && b.d[i + 1] == marker)
			return i;
	return 0;
}

static void test_scan_limit(void **state)
{
	(void)state;
	const uint8_t pixel[3] = {10, 20, 30};
	struct kit_bytes b = made(16, 16, 3, JCS_RGB, pixel, separate_scans);
	struct leat_header h;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	struct kit_image im = decoded(b, NULL);
	kit_clear(&im);
	assert_int_equal(jpeg->probe(b.d, b.n, true, &h, &err), 0);
	assert_true(h.whole); /* several scans: decoded whole */
	size_t sos = last_marker(b, 0xda), scan = b.n - 2 - sos;
	for (int times = 497; times <= 498; times++) { /* 3 + 497 = 500 scans are the most */
		struct kit_bytes many = {malloc(b.n + scan * (size_t)times), b.n + scan * (size_t)times};
		memcpy(many.d, b.d, b.n - 2);
		for (int i = 0; i < times; i++)
			memcpy(many.d + b.n - 2 + scan * (size_t)i, b.d + sos, scan);
		memcpy(many.d + many.n - 2, "\xff\xd9", 2);
		err = (struct leat_err){0};
		int r = kit_decode(jpeg, many, &o, 5, &im, &err);
		assert_int_equal(r, times == 497 ? 0 : -1);
		assert_int_equal(err.cause, times == 497 ? LEAT_CAUSE_NONE : LEAT_CAUSE_LIMIT);
		if (r == 0)
			kit_clear(&im);
		free(many.d);
	}
	free(b.d);
}

static void test_pixel_limit(void **state)
{
	(void)state;
	struct kit_image im = smooth(50, 40, 3), back;
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	o.max_pixels = 1999;
	assert_int_equal(kit_decode(jpeg, view(b), &o, 4, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	assert_non_null(strstr(err.text, "2 000 pixels"));
	assert_non_null(strstr(err.text, "1 999"));
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_keep_damaged(void **state)
{
	(void)state;
	struct kit_image im = smooth(64, 64, 3), back;
	struct leat_bytes *b = encoded_with(&im, "quality", "100");
	struct kit_image whole = decoded(view(b), NULL);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	o.keep_damaged = true;
	assert_int_equal(kit_decode(jpeg, (struct kit_bytes){b->data, b->len * 3 / 4}, &o, 10, &back, &err), 0);
	size_t row = leat_row_bytes(&im.shape);
	assert_memory_equal(back.pixels, whole.pixels, 15 * row); /* the first row of MCUs but for its last row */
	for (size_t i = 0; i < row; i++)
		assert_int_equal(back.pixels[63 * row + i], 0);
	assert_true(kit_has_note(&back, "of 64 rows are there"));
	kit_clear(&back);
	/* Only the end marker is missing: all rows are there. */
	assert_int_equal(kit_decode(jpeg, (struct kit_bytes){b->data, b->len - 2}, &o, 10, &back, &err), 0);
	assert_true(difference(&back, &whole) == 0);
	assert_true(kit_has_note(&back, "ends early"));
	kit_clear(&back);
	kit_clear(&whole);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_damage(void **state)
{
	(void)state;
	static const char *const options[][2] = {{"quality", "50"}, {"progressive", "yes"}, {"restart", "2"}};
	struct kit_image im = kit_picture(33, 20, 3, LEAT_U8);
	for (size_t i = 0; i < LEAT_LEN(options); i++) {
		struct leat_bytes *b = encoded_with(&im, options[i][0], options[i][1]);
		kit_cuts(jpeg, view(b), 1);
		kit_flips(jpeg, view(b), 3);
		leat_bytes_unref(&b);
	}
	kit_clear(&im);
	if (kit_no_corpus())
		return;
	struct kit_bytes b = kit_file("libjpeg-turbo/testimgari.jpg");
	kit_cuts(jpeg, b, 11);
	kit_flips(jpeg, b, 301);
	free(b.d);
}

/* Pixels that end before their time, in a file that goes on properly, are no less missing. */
static void test_short_scan(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(64, 64, 3, LEAT_U8), back;
	struct leat_bytes *b = encoded(&im, NULL, 8);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	memcpy(b->data + b->len * 2 / 3, "\x11\xff\xd9", 3);
	struct kit_bytes cut = {b->data, b->len * 2 / 3 + 3};
	assert_int_equal(kit_decode(jpeg, cut, &o, 8, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	assert_non_null(strstr(err.text, "premature end"));
	o.keep_damaged = true;
	assert_int_equal(kit_decode(jpeg, cut, &o, 8, &back, &err), 0);
	assert_int_equal(back.pixels[leat_image_bytes(&back.shape) - 1], 0);
	kit_clear(&back);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_probe_prefixes(void **state)
{
	(void)state;
	struct kit_image im = smooth(50, 40, 3);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	bool known = false;
	for (size_t n = 0; n <= b->len; n++) {
		struct leat_err err = {0};
		struct leat_header h;
		uint8_t *d = malloc(n ? n : 1);
		memcpy(d, b->data, n);
		int r = jpeg->probe(d, n, false, &h, &err);
		assert_true(r == 0 || (r == 1 && !known));
		known = r == 0;
		free(d);
	}
	assert_true(known);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_given_up(void **state)
{
	(void)state;
	struct kit_image im = smooth(20, 40, 3);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct leat_decoder *d;
	struct leat_encoder *e;
	struct leat_image_shape shape;
	struct leat_meta *meta;
	struct leat_notices notes = {0};
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	void *p = kit_params(jpeg);
	uint8_t row[60];
	struct leat_rows rows = {row, sizeof row, 0, 1};
	assert_int_equal(jpeg->dec_open(&d, b->data, b->len, &o, &shape, &meta, &notes, &err), 0);
	assert_int_equal(jpeg->dec_rows(d, &rows, &err), 0);
	assert_int_equal(jpeg->dec_finish(d, &notes, &err), 0); /* the reader needed no more */
	jpeg->dec_close(&d);
	leat_meta_unref(&meta);
	assert_int_equal(jpeg->enc_open(&e, p, &im.shape, NULL, &err), 0);
	assert_int_equal(jpeg->enc_rows(e, &rows, &err), 0);
	struct leat_bytes *none = NULL;
	assert_int_equal(jpeg->enc_finish(e, &none, &err), -1);
	assert_null(none);
	jpeg->enc_close(&e);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),          cmocka_unit_test(test_corpus_refused),
		cmocka_unit_test(test_orientations),    cmocka_unit_test(test_corpus_metadata),
		cmocka_unit_test(test_round_trips),     cmocka_unit_test(test_options),
		cmocka_unit_test(test_max_bytes),       cmocka_unit_test(test_takes),
		cmocka_unit_test(test_metadata),        cmocka_unit_test(test_copyright_texts),
		cmocka_unit_test(test_copyright_alone), cmocka_unit_test(test_metadata_too_long),
		cmocka_unit_test(test_shrink),          cmocka_unit_test(test_cmyk),
		cmocka_unit_test(test_cmyk_profile),    cmocka_unit_test(test_scan_limit),
		cmocka_unit_test(test_pixel_limit),     cmocka_unit_test(test_keep_damaged),
		cmocka_unit_test(test_damage),          cmocka_unit_test(test_short_scan),
		cmocka_unit_test(test_exif_order),      cmocka_unit_test(test_probe_prefixes),
		cmocka_unit_test(test_given_up),
	};
	return cmocka_run_group_tests_name("jpeg", tests, NULL, NULL);
}
