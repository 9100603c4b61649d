/* SPDX-License-Identifier: MIT */
/* PNG: the corpus against stored digests, round trips of every shape, metadata, damage. */
#include "codec_kit.h"

#include "formats/endian.h"
#include "formats/png_chunks.h"
#include "formats/png_write.h"

enum { FIELDS = 16 };

/* Splits a line of tabs in place; the number of fields. */
static int split(char *line, char *f[FIELDS])
{
	int n = 0;
	for (char *p = line; n < FIELDS && p; n++) {
		f[n] = p;
		p = strchr(p, '\t');
		if (p)
			*p++ = 0;
	}
	return n;
}

typedef void row_fn(char *f[FIELDS], void *ctx);

/* Calls fn for each line of a table of the corpus behind its first. */
static void each_row(const char *table, row_fn *fn, void *ctx)
{
	struct kit_bytes b = kit_file(table);
	assert_non_null(b.d);
	b.d = realloc(b.d, b.n + 1);
	b.d[b.n] = 0;
	char *p = strchr((char *)b.d, '\n');
	while (p && *++p) {
		char *end = strchr(p, '\n');
		if (end)
			*end = 0;
		char *f[FIELDS] = {0};
		split(p, f);
		fn(f, ctx);
		p = end;
	}
	free(b.d);
}

static bool in_set(const char *path)
{
	return strncmp(path, "pngsuite/", 9) == 0 || strncmp(path, "libpng-testpngs/", 16) == 0 ||
	       strncmp(path, "go-fuzz-png/", 12) == 0 || strncmp(path, "libjpeg-turbo/", 14) == 0;
}

static void check_probe(struct kit_bytes b, const struct kit_image *im)
{
	struct leat_header h;
	struct leat_err err = {0};
	assert_int_equal(leat_codec_png.probe(b.d, b.n, true, &h, &err), 0);
	assert_true(leat_image_shape_equal(&h.shape, &im->shape));
	assert_string_equal(h.format, "png");
}

struct tally {
	int seen, wrong;
};

static void check_pixels(char *f[FIELDS], void *ctx)
{
	struct tally *t = ctx;
	if (!in_set(f[0]))
		return;
	struct kit_bytes b = kit_file(f[0]);
	struct leat_decode_opts o = kit_opts();
	struct kit_image im;
	struct leat_err err = {0};
	char hex[SHA256_DIGEST_STRING_LENGTH] = "";
	t->seen++;
	if (kit_decode(&leat_codec_png, b, &o, 5, &im, &err) == 0) {
		check_probe(b, &im);
		kit_digest(&im, hex);
		kit_clear(&im);
	}
	if (strcmp(hex, f[6]) != 0) {
		printf("%s (pillow agrees: %s): %s\n", f[0], f[8], err.text[0] ? err.text : "other pixels");
		t->wrong++;
	}
	free(b.d);
}

static void test_corpus_pixels(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	struct tally t = {0};
	each_row("PIXELS.tsv", check_pixels, &t);
	printf("%d PNG files of the corpus, %d differ\n", t.seen, t.wrong);
	assert_true(t.seen > 300);
	assert_int_equal(t.wrong, 0);
}

static void check_refused(char *f[FIELDS], void *ctx)
{
	struct tally *t = ctx;
	bool bad = strncmp(f[4], "invalid", 7) == 0 || strcmp(f[4], "-") == 0 || strcmp(f[4], "limit") == 0;
	if (!in_set(f[0]) || !bad || (strcmp(f[3], "png") != 0 && strcmp(f[3], "other") != 0))
		return;
	struct kit_bytes b = kit_file(f[0]);
	struct leat_decode_opts o = kit_opts();
	struct kit_image im;
	struct leat_err err = {0};
	t->seen++;
	if (kit_decode(&leat_codec_png, b, &o, 64, &im, &err) == 0) {
		printf("%s (%s): accepted\n", f[0], f[4]);
		t->wrong++;
		kit_clear(&im);
	}
	bool clean = err.cause == LEAT_CAUSE_TRUNCATED || err.cause == LEAT_CAUSE_CORRUPT ||
		     err.cause == LEAT_CAUSE_LIMIT || err.cause == LEAT_CAUSE_FORMAT;
	if (!clean || !err.text[0]) {
		printf("%s: cause %d, '%s'\n", f[0], (int)err.cause, err.text);
		t->wrong++;
	}
	free(b.d);
}

static void test_corpus_refused(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	struct tally t = {0};
	each_row("MANIFEST.tsv", check_refused, &t);
	printf("%d damaged PNG files of the corpus, %d wrong\n", t.seen, t.wrong);
	assert_true(t.seen > 200);
	assert_int_equal(t.wrong, 0);
}

static void same_pixels(const struct kit_image *a, const struct kit_image *b)
{
	assert_true(leat_image_shape_equal(&a->shape, &b->shape));
	assert_memory_equal(a->pixels, b->pixels, leat_image_bytes(&a->shape));
}

static struct kit_image decoded(const struct leat_bytes *b)
{
	struct kit_image im;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	if (kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len}, &o, 3, &im, &err) < 0)
		fail_msg("%s", err.text);
	return im;
}

static struct leat_bytes *encoded(const struct kit_image *im, const void *params, uint32_t strip)
{
	struct leat_bytes *b;
	struct leat_err err = {0};
	if (kit_encode(&leat_codec_png, params, im, strip, &b, &err) < 0)
		fail_msg("%s", err.text);
	return b;
}

static void test_round_trips(void **state)
{
	(void)state;
	static const uint32_t sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {37, 21}, {64, 65}};
	for (uint8_t channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++)
			for (size_t i = 0; i < LEAT_LEN(sizes); i++) {
				struct kit_image im =
					kit_picture(sizes[i][0], sizes[i][1], channels, wide ? LEAT_U16 : LEAT_U8);
				struct leat_bytes *b = encoded(&im, NULL, 4), *again = encoded(&im, NULL, 1000);
				struct kit_image back = decoded(b);
				same_pixels(&im, &back);
				assert_int_equal(b->len, again->len); /* the strips do not show */
				assert_memory_equal(b->data, again->data, b->len);
				leat_bytes_unref(&b);
				leat_bytes_unref(&again);
				kit_clear(&im);
				kit_clear(&back);
			}
}

static void test_options(void **state)
{
	(void)state;
	static const char *const options[][2] = {
		{"level", "0"},   {"level", "1"},        {"level", "9"},      {"filter", "none"},   {"filter", "sub"},
		{"filter", "up"}, {"filter", "average"}, {"filter", "paeth"}, {"interlace", "yes"}, {"level", "auto"},
	};
	struct kit_image im = kit_picture(61, 47, 4, LEAT_U16);
	size_t stored = 0, best = 0;
	for (size_t i = 0; i < LEAT_LEN(options); i++) {
		void *p = kit_params(&leat_codec_png);
		kit_set(&leat_codec_png, p, options[i][0], options[i][1]);
		struct leat_bytes *b = encoded(&im, p, 8);
		struct kit_image back = decoded(b);
		same_pixels(&im, &back);
		assert_int_equal(b->data[28], strcmp(options[i][0], "interlace") == 0);
		stored = i == 0 ? b->len : stored;
		best = i == 2 ? b->len : best;
		leat_bytes_unref(&b);
		kit_clear(&back);
		free(p);
	}
	assert_true(best < stored);
	kit_clear(&im);
}

static void test_takes(void **state)
{
	(void)state;
	void *p = kit_params(&leat_codec_png);
	struct leat_image_shape in = {.width = 10,
				      .height = 10,
				      .channels = 4,
				      .alpha = true,
				      .sample = LEAT_F32,
				      .pages = 1},
				want;
	struct leat_err err = {0};
	assert_int_equal(leat_codec_png.enc_takes(p, &in, &want, &err), 0);
	assert_int_equal(want.sample, LEAT_U8);
	assert_int_equal(want.channels, 4);
	in.sample = LEAT_U16;
	assert_int_equal(leat_codec_png.enc_takes(p, &in, &want, &err), 0);
	assert_true(leat_image_shape_equal(&in, &want));
	free(p);
}

/* The least that counts as a profile: header and no tags. */
static struct leat_bytes *profile(const char *space)
{
	uint8_t p[132] = {0};
	leat_put_be32(p, sizeof p);
	memcpy(p + 16, space, 4);
	memcpy(p + 36, "acsp", 4);
	return kit_blob(p, sizeof p);
}

/* Orientation 6 (big-endian), and nothing else. */
static const uint8_t exif6[] = {'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};

static void test_metadata(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(5, 4, 3, LEAT_U8);
	struct leat_meta *m = im.meta;
	m->icc = profile("RGB ");
	m->exif = kit_blob(exif6, sizeof exif6);
	m->xmp = kit_blob("<x:xmpmeta/>", 12);
	m->orientation = 6;
	m->density_x = m->density_y = 300;
	m->has_gamma = m->has_chrm = m->has_cicp = true;
	m->gamma = 0.45455;
	for (int i = 0; i < 8; i++)
		m->chrm[i] = 0.1 * (i + 1);
	memcpy(m->cicp, (uint8_t[]){12, 13, 0, 1}, 4);
	m->copyright = leat_strdup("\xc2\xa9 M\xc3\xbcller", NULL);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_image back = decoded(b);
	struct leat_meta *g = back.meta;
	assert_int_equal(back.notes.n, 0);
	assert_int_equal(g->orientation, 6);
	assert_true(g->density_x > 299.99 && g->density_x < 300.01);
	assert_true(g->has_gamma && g->has_chrm && g->has_cicp && !g->has_srgb);
	assert_true(g->gamma > 0.454549 && g->gamma < 0.454551 && g->chrm[7] > 0.799 && g->chrm[7] < 0.801);
	assert_memory_equal(g->cicp, m->cicp, 4);
	assert_int_equal(g->icc->len, m->icc->len);
	assert_memory_equal(g->icc->data, m->icc->data, m->icc->len);
	assert_int_equal(g->exif->len, sizeof exif6);
	assert_memory_equal(g->xmp->data, "<x:xmpmeta/>", 12);
	assert_string_equal(g->copyright, m->copyright);
	leat_bytes_unref(&b);
	b = encoded(&back, NULL, 4); /* a second generation says the same */
	struct kit_image third = decoded(b);
	assert_true(third.meta->density_x == g->density_x && third.meta->chrm[3] == g->chrm[3]);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
	kit_clear(&third);
}

/* Pixels that were turned must not be turned again by the next reader. */
static void test_orientation_follows(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(5, 4, 3, LEAT_U8);
	im.meta->exif = kit_blob(exif6, sizeof exif6);
	im.meta->orientation = 1;
	im.meta->has_srgb = true;
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_image back = decoded(b);
	assert_int_equal(back.meta->orientation, 1);
	assert_true(back.meta->has_srgb);
	assert_int_equal(im.meta->exif->data[19], 6); /* the shared blob was not touched */
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

static void test_profile_must_fit(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(5, 4, 1, LEAT_U8);
	im.meta->icc = profile("RGB ");
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_image back = decoded(b);
	assert_null(back.meta->icc);
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

/* A file with one chunk put in behind IHDR; broken: with a wrong CRC. */
static struct kit_bytes with_chunk(const struct leat_bytes *b, const char *name, const void *data, uint32_t n,
				   bool broken)
{
	enum { AT = 33 };
	struct kit_bytes f = {malloc(b->len + n + 12), b->len + n + 12};
	memcpy(f.d, b->data, AT);
	leat_put_be32(f.d + AT, n);
	memcpy(f.d + AT + 4, name, 4);
	if (n)
		memcpy(f.d + AT + 8, data, n);
	leat_put_be32(f.d + AT + 8 + n, leat_png_crc(f.d + AT + 4, n + 4) ^ broken);
	memcpy(f.d + AT + 12 + n, b->data + AT, b->len - AT);
	return f;
}

static void test_odd_chunks(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t n;
		bool broken;
		enum leat_cause cause; /* NONE: accepted */
		const char *note;
	} cases[] = {
		{"acTL", 8, false, LEAT_CAUSE_NONE, "first frame only"},
		{"tEXt", 8, true, LEAT_CAUSE_NONE, "tEXt: CRC error"},
		{"iCCP", 8, false, LEAT_CAUSE_NONE, "ICC profile is damaged"},
		{"eXIf", 8, false, LEAT_CAUSE_NONE, "EXIF data are damaged"},
		{"gAMA", 3, false, LEAT_CAUSE_NONE, NULL},
		{"tRNS", 6, true, LEAT_CAUSE_NONE, "tRNS: CRC error"},
		{"sRGB", 1, true, LEAT_CAUSE_NONE, "sRGB: CRC error"},
		{"sRGB", 1, false, LEAT_CAUSE_NONE, NULL},
		{"PLTE", 4, false, LEAT_CAUSE_NONE, "PLTE"},
		{"ABCD", 4, false, LEAT_CAUSE_CORRUPT, NULL},
		{"IHDR", 13, false, LEAT_CAUSE_CORRUPT, NULL},
		{"a1cd", 4, false, LEAT_CAUSE_CORRUPT, NULL},
		{"IEND", 0, false, LEAT_CAUSE_CORRUPT, NULL},
	};
	struct kit_image im = kit_picture(5, 4, 3, LEAT_U8);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	uint8_t zeros[16] = {0};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct kit_bytes f = with_chunk(b, cases[i].name, zeros, cases[i].n, cases[i].broken);
		struct leat_decode_opts o = kit_opts();
		struct leat_err err = {0};
		struct kit_image back;
		int r = kit_decode(&leat_codec_png, f, &o, 4, &back, &err);
		if (err.cause != cases[i].cause)
			fail_msg("%s: %s", cases[i].name, err.text);
		if (r == 0) {
			same_pixels(&im, &back);
			assert_true(!cases[i].note || kit_has_note(&back, cases[i].note));
			assert_int_equal(back.meta->has_srgb, cases[i].name[0] == 's' && !cases[i].broken);
			kit_clear(&back);
		}
		free(f.d);
	}
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_other_forms(void **state)
{
	(void)state;
	static const uint8_t cgbi[] = "\x89PNG\r\n\x1a\n\0\0\0\x04"
				      "CgBI\x50\0\x20\x02\x2b\xd5\xb3\x7f\0\0\0\x0dIHDR";
	static const uint8_t text[] = "\x89PNG\n\x1a\n\0\0\0\x0dIHDR";
	struct leat_err err = {0};
	struct leat_header h;
	assert_int_equal(leat_codec_png.probe(cgbi, sizeof cgbi, true, &h, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	assert_non_null(strstr(err.text, "CgBI"));
	err = (struct leat_err){0};
	assert_true(leat_codec_png.sniff(text, sizeof text));
	assert_int_equal(leat_codec_png.probe(text, sizeof text, true, &h, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CORRUPT);
	assert_false(leat_codec_png.sniff((const uint8_t *)"\x89PN", 3));
	assert_false(leat_codec_png.sniff((const uint8_t *)"P6 1 1 255 abc", 14));
}

static void test_animation(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(5, 4, 3, LEAT_U8), back;
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct kit_bytes f = with_chunk(b, "acTL", "\0\0\0\2\0\0\0\0", 8, false);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	assert_int_equal(kit_decode(&leat_codec_png, f, &o, 4, &back, &err), 0);
	assert_true(kit_has_note(&back, "first frame only"));
	kit_clear(&back);
	free(f.d);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void test_tail_and_limits(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(50, 40, 3, LEAT_U8), back;
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct leat_err err = {0};
	assert_int_equal(leat_bytes_append(b, "tail", 4, &err), 0);
	back = decoded(b);
	assert_true(kit_has_note(&back, "4 bytes after the end"));
	kit_clear(&back);
	struct leat_decode_opts o = kit_opts();
	o.max_pixels = 1999;
	assert_int_equal(kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len}, &o, 4, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	assert_non_null(strstr(err.text, "2 000 pixels"));
	assert_non_null(strstr(err.text, "1 999"));
	o.max_pixels = 2000;
	err = (struct leat_err){0};
	assert_int_equal(kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len}, &o, 4, &back, &err), 0);
	kit_clear(&back);
	struct leat_header h;
	leat_put_be32(b->data + 16, 65536); /* the CRC is wrong now, but the probe does not get there */
	assert_int_equal(leat_codec_png.probe(b->data, b->len, true, &h, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

/* The header may be asked for with any beginning of the file. */
static void test_probe_prefixes(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(50, 40, 3, LEAT_U8);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	bool known = false;
	for (size_t n = 0; n <= b->len; n++) {
		struct leat_err err = {0};
		struct leat_header h;
		uint8_t *d = malloc(n ? n : 1);
		memcpy(d, b->data, n);
		int r = leat_codec_png.probe(d, n, false, &h, &err);
		assert_true(r == 0 || r == 1);
		assert_true(r == 0 || !known); /* once enough, always enough */
		known = r == 0;
		if (known)
			assert_true(leat_image_shape_equal(&h.shape, &im.shape));
		free(d);
	}
	assert_true(known);
	leat_bytes_unref(&b);
	kit_clear(&im);
}

static void damage(uint32_t w, uint32_t h, uint8_t channels, enum leat_sample sample, const char *interlace)
{
	struct kit_image im = kit_picture(w, h, channels, sample);
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "interlace", interlace);
	struct leat_bytes *b = encoded(&im, p, 4);
	kit_cuts(&leat_codec_png, (struct kit_bytes){b->data, b->len}, 1);
	kit_flips(&leat_codec_png, (struct kit_bytes){b->data, b->len}, b->len > 800 ? 7 : 1);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(p);
}

static void test_damage(void **state)
{
	(void)state;
	damage(6, 5, 3, LEAT_U8, "no");
	damage(9, 9, 2, LEAT_U16, "yes");
	damage(40, 30, 1, LEAT_U8, "no");
}

static void test_corpus_damage(void **state)
{
	(void)state;
	static const char *const names[] = {"pngsuite/tp1n3p08.png", "pngsuite/basi3p02.png", "pngsuite/tbwn0g16.png",
					    "pngsuite/f04n0g08.png"};
	if (kit_no_corpus())
		return;
	for (size_t i = 0; i < LEAT_LEN(names); i++) {
		struct kit_bytes b = kit_file(names[i]);
		assert_non_null(b.d);
		kit_cuts(&leat_codec_png, b, 1);
		kit_flips(&leat_codec_png, b, 5);
		free(b.d);
	}
}

/* What is there of a damaged image is kept when asked for, the rest is zero and told. */
static void test_keep_damaged(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(64, 64, 3, LEAT_U8), back;
	void *p = kit_params(&leat_codec_png);
	kit_set(&leat_codec_png, p, "level", "0");
	struct leat_bytes *b = encoded(&im, p, 4);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	o.keep_damaged = true;
	size_t row = leat_row_bytes(&im.shape);
	assert_int_equal(kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len / 2}, &o, 10, &back, &err), 0);
	uint32_t good = 0;
	while (good < 64 && memcmp(back.pixels + good * row, im.pixels + good * row, row) == 0)
		good++;
	assert_in_range(good, 29, 32);
	for (size_t i = good * row; i < 64 * row; i++)
		assert_int_equal(back.pixels[i], 0);
	char told[64];
	snprintf(told, sizeof told, "only %u of 64 rows", good);
	assert_true(kit_has_note(&back, told) && kit_has_note(&back, "truncated"));
	kit_clear(&back);
	/* One wrong bit in stored data breaks only the CRC: all rows are there. */
	b->data[b->len / 2] ^= 1;
	assert_int_equal(kit_decode(&leat_codec_png, (struct kit_bytes){b->data, b->len}, &o, 10, &back, &err), 0);
	assert_true(kit_has_note(&back, "CRC error"));
	kit_clear(&back);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(p);
}

/*
 * The sum over all pixels counts, although libpng has every row before it looks. apart: the sum is in
 * an IDAT of its own.
 */
static void wrong_sum(bool apart)
{
	struct kit_image im = kit_picture(8, 8, 1, LEAT_U8), back;
	struct leat_bytes *b = encoded(&im, NULL, 8);
	size_t iend = b->len - 12, idat = 33;
	uint32_t len = leat_be32(b->data + idat);
	assert_int_equal(idat + 12 + len, iend); /* one IDAT */
	struct kit_bytes f = {calloc(1, b->len + 12), b->len + (apart ? 12 : 0)};
	memcpy(f.d, b->data, b->len);
	f.d[iend - 5] ^= 1; /* last byte of the sum */
	if (apart) {
		memcpy(f.d + iend - 4, "\0\0\0\4", 4);
		memcpy(f.d + iend, "IDAT", 4);
		memcpy(f.d + iend + 4, b->data + iend - 8, 4);
		f.d[iend + 7] ^= 1;
		leat_put_be32(f.d + iend + 8, leat_png_crc(f.d + iend, 8));
		memcpy(f.d + iend + 12, b->data + iend, 12);
		len -= 4;
		leat_put_be32(f.d + idat, len);
	}
	leat_put_be32(f.d + idat + 8 + len, leat_png_crc(f.d + idat + 4, len + 4));
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	assert_int_equal(kit_decode(&leat_codec_png, f, &o, 8, &back, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_CORRUPT);
	assert_non_null(strstr(err.text, "data check"));
	o.keep_damaged = true;
	err = (struct leat_err){0};
	assert_int_equal(kit_decode(&leat_codec_png, f, &o, 8, &back, &err), 0);
	same_pixels(&im, &back);
	kit_clear(&back);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(f.d);
}

static void test_adler(void **state)
{
	(void)state;
	wrong_sum(false);
	wrong_sum(true);
}

/*
 * 3x2 pixels of 8-bit indices 0 1 9 / 2 255 1 with a palette of three colors, the last of them half
 * transparent or none.
 */
static struct kit_bytes palette_file(uint32_t trns)
{
	static const uint8_t head[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\3\0\0\0\2\x08\3\0\0\0";
	static const uint8_t plte[] = {255, 0, 0, 0, 255, 0, 0, 0, 255}, alpha[] = {255, 255, 128, 0};
	static const uint8_t idat[] = {0x78, 1, 1, 8, 0, 0xf7, 0xff, 0, 0, 1, 9, 0, 2, 255, 1, 0, 0, 0, 0};
	uint8_t packed[sizeof idat];
	memcpy(packed, idat, sizeof idat);
	uint32_t a = 1, b = 0;
	for (size_t i = 7; i < 15; i++) {
		a = (a + packed[i]) % 65521;
		b = (b + a) % 65521;
	}
	leat_put_be32(packed + 15, b << 16 | a);
	const struct {
		const char *name;
		const uint8_t *data;
		uint32_t n;
	} chunks[] = {{"PLTE", plte, 9}, {"tRNS", alpha, trns}, {"IDAT", packed, sizeof packed}, {"IEND", alpha, 0}};
	struct kit_bytes f = {calloc(1, 200), 33};
	memcpy(f.d, head, 29);
	leat_put_be32(f.d + 29, leat_png_crc(f.d + 12, 17));
	for (size_t i = 0; i < LEAT_LEN(chunks); i++) {
		if (i == 1 && !trns)
			continue;
		leat_put_be32(f.d + f.n, chunks[i].n);
		memcpy(f.d + f.n + 4, chunks[i].name, 4);
		memcpy(f.d + f.n + 8, chunks[i].data, chunks[i].n);
		leat_put_be32(f.d + f.n + 8 + chunks[i].n, leat_png_crc(f.d + f.n + 4, chunks[i].n + 4));
		f.n += chunks[i].n + 12;
	}
	return f;
}

/* Opaque black, and told. */
static void test_beyond_palette(void **state)
{
	(void)state;
	static const uint8_t rgba[] = {255, 0, 0,   255, 0, 255, 0, 255, 0, 0,   0, 255,
				       0,   0, 255, 128, 0, 0,   0, 255, 0, 255, 0, 255};
	for (unsigned channels = 3; channels <= 4; channels++) {
		struct kit_bytes f = palette_file(channels == 4 ? 3 : 0);
		struct leat_decode_opts o = kit_opts();
		struct leat_err err = {0};
		struct kit_image im;
		if (kit_decode(&leat_codec_png, f, &o, 1, &im, &err) < 0)
			fail_msg("%s", err.text);
		check_probe(f, &im);
		assert_int_equal(im.shape.channels, channels);
		for (size_t i = 0; i < 6 * channels; i++)
			assert_int_equal(im.pixels[i], rgba[i / channels * 4 + i % channels]);
		assert_int_equal(im.notes.n, 1);
		assert_true(kit_has_note(&im, "beyond the palette of 3 colors"));
		kit_clear(&im);
		free(f.d);
	}
}

/* A tRNS chunk longer than the palette does not count. */
static void test_trns_too_long(void **state)
{
	(void)state;
	struct kit_bytes f = palette_file(4);
	struct leat_decode_opts o = kit_opts();
	struct leat_err err = {0};
	struct kit_image im;
	assert_int_equal(kit_decode(&leat_codec_png, f, &o, 1, &im, &err), 0);
	check_probe(f, &im);
	assert_int_equal(im.shape.channels, 3);
	assert_true(kit_has_note(&im, "tRNS"));
	kit_clear(&im);
	free(f.d);
}

/* Decoders and encoders may be given up at any time. */
static void test_given_up(void **state)
{
	(void)state;
	struct kit_image im = kit_picture(20, 20, 3, LEAT_U8);
	struct leat_bytes *b = encoded(&im, NULL, 4);
	struct leat_decoder *d;
	struct leat_encoder *e;
	struct leat_image_shape shape;
	struct leat_meta *meta;
	struct leat_notices notes = {0};
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	void *p = kit_params(&leat_codec_png);
	uint8_t row[60];
	struct leat_rows rows = {row, sizeof row, 0, 1};
	assert_int_equal(leat_codec_png.dec_open(&d, b->data, b->len, &o, &shape, &meta, &notes, &err), 0);
	assert_int_equal(leat_codec_png.dec_rows(d, &rows, &err), 0);
	assert_int_equal(leat_codec_png.dec_rows(d, &rows, &err), -1); /* each row once */
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	leat_codec_png.dec_close(&d);
	leat_meta_unref(&meta);
	err = (struct leat_err){0};
	assert_int_equal(leat_codec_png.enc_open(&e, p, &im.shape, im.meta, &err), 0);
	assert_int_equal(leat_codec_png.enc_rows(e, &rows, &err), 0);
	struct leat_bytes *none = NULL;
	assert_int_equal(leat_codec_png.enc_finish(e, &none, &err), -1); /* rows are missing */
	assert_null(none);
	leat_codec_png.enc_close(&e);
	leat_codec_png.enc_close(&e);
	leat_bytes_unref(&b);
	kit_clear(&im);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus_pixels),
		cmocka_unit_test(test_corpus_refused),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_orientation_follows),
		cmocka_unit_test(test_profile_must_fit),
		cmocka_unit_test(test_odd_chunks),
		cmocka_unit_test(test_other_forms),
		cmocka_unit_test(test_animation),
		cmocka_unit_test(test_tail_and_limits),
		cmocka_unit_test(test_probe_prefixes),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_corpus_damage),
		cmocka_unit_test(test_keep_damaged),
		cmocka_unit_test(test_adler),
		cmocka_unit_test(test_beyond_palette),
		cmocka_unit_test(test_trns_too_long),
		cmocka_unit_test(test_given_up),
	};
	return cmocka_run_group_tests_name("png", tests, NULL, NULL);
}
