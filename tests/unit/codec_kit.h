/* SPDX-License-Identifier: MIT */
/* What the tests of codecs share: whole decodes and encodes in strips, files of the corpus, pixel digests, damage. */
#ifndef LEAT_TESTS_CODEC_KIT_H
#define LEAT_TESTS_CODEC_KIT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "core/codec.h"
#include "core/paramvalue.h"
#include "formats/limits.h"

#include <sha256.h>
#include <stdio.h>

extern const struct leat_codec leat_codec_jpeg, leat_codec_png, leat_codec_pnm, leat_codec_pam, leat_codec_webp;
extern const struct leat_codec leat_codec_pfm, leat_codec_bmp, leat_codec_qoi, leat_codec_tiff, leat_codec_gif;
extern const struct leat_codec leat_codec_avif, leat_codec_jxl;

struct kit_bytes {
	uint8_t *d;
	size_t n;
};

struct kit_image {
	struct leat_image_shape shape;
	uint8_t *pixels; /* packed rows */
	struct leat_meta *meta;
	struct leat_notices notes;
};

/* A copy of n bytes. */
static inline struct leat_bytes *kit_blob(const void *d, size_t n)
{
	struct leat_err err = {0};
	struct leat_bytes *b = leat_bytes_new(n, &err);
	assert_int_equal(leat_bytes_append(b, d, n, &err), 0);
	return b;
}

static inline const char *kit_corpus(void)
{
	const char *c = getenv("LEAT_CORPUS");
	return c ? c : "../shared/corpus";
}

/*
 * The file below the corpus, in memory of exactly its size so that sanitizers see a byte too far. d
 * is NULL when it is not there.
 */
static inline struct kit_bytes kit_file(const char *name)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", kit_corpus(), name);
	FILE *f = fopen(path, "rb");
	struct kit_bytes b = {0};
	if (!f)
		return b;
	fseek(f, 0, SEEK_END);
	b.n = (size_t)ftell(f);
	rewind(f);
	b.d = malloc(b.n ? b.n : 1);
	assert_int_equal(fread(b.d, 1, b.n, f), b.n);
	fclose(f);
	return b;
}

/* True, and said, when there is no corpus. */
static inline bool kit_no_corpus(void)
{
	struct kit_bytes b = kit_file("MANIFEST.tsv");
	free(b.d);
	if (!b.d)
		printf("skipped: no corpus at %s (LEAT_CORPUS)\n", kit_corpus());
	return !b.d;
}

static inline struct leat_decode_opts kit_opts(void)
{
	return (struct leat_decode_opts){.max_pixels = 268000000, .orient = true};
}

static inline void kit_clear(struct kit_image *im)
{
	free(im->pixels);
	leat_meta_unref(&im->meta);
	*im = (struct kit_image){0};
}

/* Decodes in strips of `strip` rows. 0, or -1 with everything released. */
static inline int kit_decode(const struct leat_codec *c, struct kit_bytes b, const struct leat_decode_opts *o,
			     uint32_t strip, struct kit_image *im, struct leat_err *err)
{
	struct leat_decoder *d = NULL;
	*im = (struct kit_image){0};
	if (c->dec_open(&d, b.d, b.n, o, &im->shape, &im->meta, &im->notes, err) < 0) {
		assert_null(d);
		assert_null(im->meta);
		return -1;
	}
	size_t stride = leat_row_bytes(&im->shape);
	im->pixels = malloc(leat_image_bytes(&im->shape));
	assert_non_null(im->pixels);
	memset(im->pixels, 0xa5, leat_image_bytes(&im->shape)); /* what is not written shows */
	int r = 0;
	for (uint32_t y = 0; r == 0 && y < im->shape.height; y += strip) {
		uint32_t left = im->shape.height - y;
		struct leat_rows rows = {im->pixels + y * stride, stride, y, y + (left < strip ? left : strip)};
		r = c->dec_rows(d, &rows, err);
	}
	if (r == 0)
		r = c->dec_finish(d, &im->notes, err);
	c->dec_close(&d);
	assert_null(d);
	if (r < 0)
		kit_clear(im);
	return r;
}

/* The defaults of a codec's table in memory of their size, to be freed. */
static inline void *kit_params(const struct leat_codec *c)
{
	struct leat_arena a = {0};
	void *p = calloc(1, c->params_size ? c->params_size : 1);
	for (const struct leat_param *row = c->params; row && row->name; row++) {
		struct leat_value_error e = {0};
		if (row->dflt)
			assert_int_equal(leat_param_parse(row, row->dflt, p, &a, &e), 0);
	}
	leat_arena_free(&a); /* numbers, words and switches only: nothing of it is kept */
	return p;
}

static inline void kit_set(const struct leat_codec *c, void *params, const char *name, const char *value)
{
	struct leat_arena a = {0};
	struct leat_value_error e = {0};
	const struct leat_param *row = leat_param_find(c->params, name);
	assert_non_null(row);
	assert_int_equal(leat_param_parse(row, value, params, &a, &e), 0);
	leat_arena_free(&a);
}

/* Encodes in strips of `strip` rows; params NULL: defaults. */
static inline int kit_encode(const struct leat_codec *c, const void *params, const struct kit_image *im, uint32_t strip,
			     struct leat_bytes **out, struct leat_err *err)
{
	void *own = params ? NULL : kit_params(c);
	struct leat_encoder *e = NULL;
	size_t stride = leat_row_bytes(&im->shape);
	*out = NULL;
	int r = c->enc_open(&e, params ? params : own, &im->shape, im->meta, err);
	if (r < 0)
		assert_null(e);
	for (uint32_t y = 0; r == 0 && y < im->shape.height; y += strip) {
		uint32_t left = im->shape.height - y;
		struct leat_rows rows = {im->pixels + y * stride, stride, y, y + (left < strip ? left : strip)};
		r = c->enc_rows(e, &rows, err);
	}
	if (r == 0)
		r = c->enc_finish(e, out, err);
	c->enc_close(&e);
	assert_null(e);
	free(own);
	return r;
}

/* An image of pseudo-random but smooth content, the same for the same shape. */
static inline struct kit_image kit_picture(uint32_t w, uint32_t h, uint8_t channels, enum leat_sample sample)
{
	struct kit_image im = {.shape = {.width = w,
					 .height = h,
					 .channels = channels,
					 .alpha = channels == 2 || channels == 4,
					 .sample = sample,
					 .pages = 1}};
	struct leat_err err = {0};
	im.meta = leat_meta_new(&err);
	im.pixels = malloc(leat_image_bytes(&im.shape));
	uint32_t noise = 12345;
	size_t i = 0;
	for (uint32_t y = 0; y < h; y++)
		for (uint32_t x = 0; x < w; x++)
			for (unsigned c = 0; c < channels; c++, i++) {
				noise = noise * 1664525 + 1013904223;
				uint32_t v = (x * 700 + y * 300 + c * 9000 + (noise >> 22)) & 0xffff;
				if (sample == LEAT_U16)
					((uint16_t *)(void *)im.pixels)[i] = (uint16_t)v;
				else
					im.pixels[i] = (uint8_t)(v >> 8);
			}
	return im;
}

/* One sample as 16 bit. */
static inline uint16_t kit_sample(const struct kit_image *im, size_t i)
{
	return im->shape.sample == LEAT_U16 ? ((const uint16_t *)(const void *)im->pixels)[i]
					    : (uint16_t)(im->pixels[i] * 257);
}

/* The bytes of `b` as the kit's; they stay b's. */
static inline struct kit_bytes kit_view(const struct leat_bytes *b)
{
	return (struct kit_bytes){b->data, b->len};
}

/*
 * Encodes `im` in strips of two heights, which must give the same bytes, and decodes them: strictly, and by the probe.
 * The bytes, and in *back what came out.
 */
static inline struct leat_bytes *kit_there_and_back(const struct leat_codec *c, const void *params,
						    const struct kit_image *im, struct kit_image *back)
{
	struct leat_err err = {0};
	struct leat_bytes *a = NULL, *b = NULL;
	struct leat_decode_opts o = kit_opts();
	struct leat_header h = {0};
	if (kit_encode(c, params, im, 7, &a, &err) < 0 || kit_encode(c, params, im, im->shape.height, &b, &err) < 0)
		fail_msg("%s: %s", c->name, err.text);
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
	leat_bytes_unref(&b);
	assert_true(c->sniff(a->data, a->len));
	if (kit_decode(c, kit_view(a), &o, 5, back, &err) < 0)
		fail_msg("%s: %s", c->name, err.text);
	if (c->probe) {
		assert_int_equal(c->probe(a->data, a->len, true, &h, &err), 0);
		assert_true(leat_image_shape_equal(&h.shape, &back->shape));
	}
	return a;
}

/* As above, and every sample is what it was. */
static inline void kit_lossless(const struct leat_codec *c, const void *params, uint32_t w, uint32_t h,
				uint8_t channels, enum leat_sample sample)
{
	struct kit_image im = kit_picture(w, h, channels, sample), back;
	struct leat_bytes *b = kit_there_and_back(c, params, &im, &back);
	assert_int_equal(back.shape.width, w);
	assert_int_equal(back.shape.height, h);
	assert_int_equal(back.shape.sample, sample);
	size_t pixels = (size_t)w * h;
	unsigned had = channels, has = back.shape.channels, colors = had - im.shape.alpha;
	assert_int_equal(back.shape.alpha, im.shape.alpha);
	for (size_t p = 0; p < pixels; p++)
		for (unsigned i = 0; i < has; i++) {
			bool alpha = back.shape.alpha && i == has - 1;
			unsigned k = alpha ? had - 1 : colors == 1 ? 0 : i;
			if (kit_sample(&back, p * has + i) != kit_sample(&im, p * had + k))
				fail_msg("%s of %ux%ux%u: pixel %zu, channel %u", c->name, w, h, channels, p, i);
		}
	leat_bytes_unref(&b);
	kit_clear(&im);
	kit_clear(&back);
}

/* SHA-256 in hex over the pixels as RGBA, 16 bit, high byte first. */
static inline void kit_digest(const struct kit_image *im, char hex[SHA256_DIGEST_STRING_LENGTH])
{
	SHA256_CTX ctx;
	SHA256Init(&ctx);
	unsigned n = im->shape.channels, colors = n - im->shape.alpha;
	for (size_t p = 0; p < (size_t)im->shape.width * im->shape.height; p++) {
		uint8_t px[8];
		for (unsigned c = 0; c < 4; c++) {
			uint16_t v = UINT16_MAX;
			if (c < 3)
				v = kit_sample(im, p * n + (colors == 1 ? 0 : c));
			else if (im->shape.alpha)
				v = kit_sample(im, p * n + n - 1);
			px[2 * c] = (uint8_t)(v >> 8);
			px[2 * c + 1] = (uint8_t)v;
		}
		SHA256Update(&ctx, px, sizeof px);
	}
	SHA256End(&ctx, hex);
}

/* A file of the corpus gives samples of this digest; NULL: it is refused. */
static inline void kit_expect(const struct leat_codec *codec, const char *folder, const char *name, const char *sha256)
{
	char path[200], hex[SHA256_DIGEST_STRING_LENGTH];
	struct kit_image im;
	struct leat_err err = {0};
	struct leat_decode_opts o = kit_opts();
	snprintf(path, sizeof path, "%s/%s", folder, name);
	struct kit_bytes b = kit_file(path);
	int r = kit_decode(codec, b, &o, 7, &im, &err);
	free(b.d);
	if (r != (sha256 ? 0 : -1))
		fail_msg("%s: %s", name, r < 0 ? err.text : "it was decoded");
	if (r < 0)
		return;
	kit_digest(&im, hex);
	if (strcmp(hex, sha256) != 0)
		fail_msg("%s: %s", name, hex);
	kit_clear(&im);
}

static inline bool kit_has_note(const struct kit_image *im, const char *part)
{
	for (int i = 0; i < im->notes.n; i++)
		if (strstr(im->notes.text[i], part))
			return true;
	return false;
}

/* Cuts the file at every length (in steps) and asks for a clean failure each time. */
static inline void kit_cuts(const struct leat_codec *c, struct kit_bytes b, size_t step)
{
	struct leat_decode_opts o = kit_opts();
	for (size_t n = 0; n < b.n; n += step) {
		struct kit_bytes cut = {malloc(n ? n : 1), n};
		memcpy(cut.d, b.d, n);
		struct leat_err err = {0};
		struct kit_image im;
		struct leat_header h;
		if (kit_decode(c, cut, &o, 7, &im, &err) == 0)
			fail_msg("%s of %zu bytes, cut to %zu, was accepted", c->name, b.n, n);
		if (err.cause != LEAT_CAUSE_TRUNCATED && err.cause != LEAT_CAUSE_FORMAT)
			fail_msg("%s cut to %zu of %zu: %s", c->name, n, b.n, err.text);
		struct leat_err perr = {0};
		if (c->probe)
			(void)c->probe(cut.d, cut.n, false, &h, &perr); /* any answer, within bounds */
		free(cut.d);
	}
}

/*
 * Changes one bit after the other (in steps): any answer is right that probe, strict and lenient
 * decoding agree upon.
 */
static inline void kit_flips(const struct leat_codec *c, struct kit_bytes b, size_t step)
{
	for (size_t bit = 0; bit < b.n * 8; bit += step) {
		b.d[bit / 8] ^= (uint8_t)(1 << bit % 8);
		struct leat_decode_opts o = kit_opts();
		o.max_pixels = 1 << 20;
		struct leat_err err = {0}, perr = {0};
		struct kit_image strict, kept;
		struct leat_header h = {0};
		int p = c->probe ? c->probe(b.d, b.n, true, &h, &perr) : 0;
		assert_int_not_equal(p, 1);
		int r = kit_decode(c, b, &o, 5, &strict, &err);
		assert_true(r == 0 ||
			    (err.cause != LEAT_CAUSE_NONE && err.cause != LEAT_CAUSE_INTERNAL && err.text[0]));
		if (r == 0) {
			assert_int_equal(p, 0);
			if (c->probe)
				assert_true(leat_image_shape_equal(&h.shape, &strict.shape));
			kit_clear(&strict);
		}
		o.keep_damaged = true;
		struct leat_err kerr = {0};
		if (kit_decode(c, b, &o, 64, &kept, &kerr) == 0)
			kit_clear(&kept);
		else
			assert_int_not_equal(r, 0); /* what is whole can be kept */
		b.d[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

#endif
