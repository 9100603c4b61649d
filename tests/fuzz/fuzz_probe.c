/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target over every image codec: header probe against decoder, strict against lenient, decoder against encoder.
 *
 *	clang -fsanitize=fuzzer,address,undefined -Isrc -Iinclude tests/fuzz/fuzz_probe.c \
 *	      src/base/X.c src/core/X.c src/formats/X.c (all of each) -lpng16 -lz -ljpeg -lwebp -lm
 */
#include "base/mem.h"
#include "core/codec.h"
#include "formats/endian.h"
#include "formats/jpeg_write.h"
#include "formats/png_chunks.h"
#include "formats/png_write.h"
#include "formats/webp_write.h"

#include <stdio.h>

extern const struct leat_codec leat_codec_jpeg, leat_codec_png, leat_codec_pnm, leat_codec_pam, leat_codec_webp;
extern const struct leat_codec leat_codec_pfm, leat_codec_bmp, leat_codec_qoi, leat_codec_gif;

enum { MOST_PIXELS = 1 << 16 };

struct picture {
	struct leat_image_shape shape;
	uint8_t *pixels;
	struct leat_meta *meta;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_probe: %s\n", what);
	abort();
}

static void clear(struct picture *p)
{
	free(p->pixels);
	leat_meta_unref(&p->meta);
	p->pixels = NULL;
}

static struct leat_rows strip_of(const struct picture *p, uint32_t y, uint32_t rows)
{
	size_t stride = leat_row_bytes(&p->shape);
	uint32_t left = p->shape.height - y;
	return (struct leat_rows){p->pixels + y * stride, stride, y, y + (left < rows ? left : rows)};
}

/* In strips of `rows` rows. */
static int decode(const struct leat_codec *c, const uint8_t *d, size_t n, bool keep, int shrink, uint32_t rows,
		  struct picture *p, struct leat_err *err)
{
	struct leat_decode_opts o = {.max_pixels = MOST_PIXELS, .keep_damaged = keep, .shrink = shrink};
	struct leat_decoder *dec = NULL;
	struct leat_notices notes = {0};
	*p = (struct picture){0};
	if (c->dec_open(&dec, d, n, &o, &p->shape, &p->meta, &notes, err) < 0) {
		demand(!dec && !p->meta, "a failed open left something");
		demand(err->cause && err->text[0] && err->cause != LEAT_CAUSE_INTERNAL, "a failure without a cause");
		return -1;
	}
	p->pixels = malloc(leat_image_bytes(&p->shape));
	demand(p->pixels != NULL, "no memory");
	int r = 0;
	for (uint32_t y = 0; r == 0 && y < p->shape.height; y += rows) {
		struct leat_rows strip = strip_of(p, y, rows);
		r = c->dec_rows(dec, &strip, err);
	}
	if (r == 0)
		r = c->dec_finish(dec, &notes, err);
	c->dec_close(&dec);
	demand(r == 0 || (err->cause && err->cause != LEAT_CAUSE_INTERNAL), "a failure without a cause");
	if (r < 0)
		clear(p);
	return r;
}

static struct leat_bytes *encode(const struct leat_codec *c, const void *params, const struct picture *p,
				 struct leat_err *err)
{
	struct leat_image_shape want;
	struct leat_encoder *e = NULL;
	struct leat_bytes *out = NULL;
	if (c->enc_takes(params, &p->shape, &want, err) < 0 || !leat_image_shape_equal(&want, &p->shape))
		return NULL;
	if (c->enc_open(&e, params, &p->shape, p->meta, err) < 0)
		return NULL;
	int r = 0;
	for (uint32_t y = 0; r == 0 && y < p->shape.height; y += 3) {
		struct leat_rows strip = strip_of(p, y, 3);
		r = c->enc_rows(e, &strip, err);
	}
	if (r == 0)
		r = c->enc_finish(e, &out, err);
	demand(r == 0 && out, "an encoder failed");
	c->enc_close(&e);
	return out;
}

/* What a beginning says must be what the whole says. */
static void check_prefixes(const struct leat_codec *c, const uint8_t *data, size_t n, int whole,
			   const struct leat_header *h)
{
	const size_t lengths[] = {0, 16, 33, 64, n / 2, n};
	for (size_t i = 0; i < LEAT_LEN(lengths); i++) {
		size_t len = lengths[i] < n ? lengths[i] : n;
		uint8_t *d = malloc(len ? len : 1);
		struct leat_header part = {0};
		struct leat_err err = {0};
		demand(d != NULL, "no memory");
		if (len)
			memcpy(d, data, len);
		int r = c->probe(d, len, false, &part, &err);
		demand(r >= 0 || err.cause, "a refused header without a cause");
		demand(r >= 0 || whole < 0, "a beginning is refused, the whole is not");
		if (r == 0 && whole == 0)
			demand(leat_image_shape_equal(&part.shape, &h->shape),
			       "a beginning has another shape than the whole");
		free(d);
	}
}

/* Lossless formats give back the same pixels; JPEG only the same shape. */
static void check_encoders(struct picture *p)
{
	static const struct leat_png_params png = {.level = 2, .interlace = true};
	static const struct leat_jpeg_params jpeg = {.quality = 80};
	static const struct leat_webp_params webp = {.quality = 50, .lossless = true, .effort = 1};
	const struct {
		const struct leat_codec *codec;
		const void *params;
		bool widens; /* gray becomes color, alpha that is opaque goes */
	} all[] = {{&leat_codec_png, &png, false}, {&leat_codec_jpeg, &jpeg, false}, {&leat_codec_pnm, NULL, false},
		   {&leat_codec_pam, NULL, false}, {&leat_codec_webp, &webp, true},  {&leat_codec_bmp, NULL, true},
		   {&leat_codec_qoi, NULL, true},  {&leat_codec_pfm, NULL, true}};
	for (size_t i = 0; i < LEAT_LEN(all); i++) {
		struct leat_err err = {0};
		struct picture back;
		struct leat_bytes *b = encode(all[i].codec, all[i].params, p, &err);
		if (!b)
			continue;
		if (decode(all[i].codec, b->data, b->len, false, 1, 5, &back, &err) < 0)
			demand(false, err.text);
		bool same = leat_image_shape_equal(&back.shape, &p->shape);
		demand(same || (all[i].widens && back.shape.width == p->shape.width &&
				back.shape.height == p->shape.height),
		       "another shape after encoding");
		demand(!same || i == 1 || memcmp(back.pixels, p->pixels, leat_image_bytes(&p->shape)) == 0,
		       "other pixels after encoding");
		clear(&back);
		leat_bytes_unref(&b);
	}
}

static void check_codec(const struct leat_codec *c, const uint8_t *data, size_t n)
{
	struct leat_header h = {0};
	struct leat_err perr = {0}, err = {0}, kerr = {0}, serr = {0};
	struct picture strict, kept, small;
	int probed = c->probe(data, n, true, &h, &perr);
	demand(probed <= 0, "the whole file is not enough for its header");
	check_prefixes(c, data, n, probed, &h);
	int r = decode(c, data, n, false, 1, 7, &strict, &err);
	int k = decode(c, data, n, true, 1, 64, &kept, &kerr);
	demand(r < 0 || probed == 0, "decoded without a header");
	demand(r < 0 || k == 0, "what is whole could not be kept");
	if (k == 0)
		demand(leat_image_shape_equal(&h.shape, &kept.shape), "the decoder has another shape than the probe");
	if (r == 0) {
		demand(memcmp(strict.pixels, kept.pixels, leat_image_bytes(&strict.shape)) == 0, "kept pixels differ");
		if ((uint64_t)strict.shape.width * strict.shape.height < 4096)
			check_encoders(&strict);
		clear(&strict);
	}
	if (k == 0)
		clear(&kept);
	if ((c == &leat_codec_jpeg || c == &leat_codec_webp) && decode(c, data, n, true, 4, 3, &small, &serr) == 0)
		clear(&small);
}

/*
 * The same PNG with right CRCs and an IEND, which the fuzzer would hardly find by itself; the caller frees
 * it. NULL when there is nothing to mend.
 */
static uint8_t *mended_png(const uint8_t *data, size_t n, size_t *out_n)
{
	static const uint8_t iend[] = {0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
	struct leat_png_chunk c;
	uint8_t *d = malloc(n + sizeof iend);
	size_t pos = 8;
	demand(d != NULL, "no memory");
	memcpy(d, data, n);
	while (leat_png_next(d, n, &pos, &c) == 1)
		leat_put_be32(d + pos - 4, leat_png_crc(c.data - 4, (size_t)c.len + 4));
	if (pos > n)
		pos = n;
	memcpy(d + pos, iend, sizeof iend);
	*out_n = pos + sizeof iend;
	if (*out_n == n && memcmp(d, data, n) == 0) {
		free(d);
		return NULL;
	}
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t mended_n = 0;
	uint8_t *mended = leat_codec_png.sniff(data, n) && n >= 8 ? mended_png(data, n, &mended_n) : NULL;
	if (mended)
		check_codec(&leat_codec_png, mended, mended_n);
	free(mended);
	static const struct leat_codec *const all[] = {&leat_codec_jpeg, &leat_codec_png,  &leat_codec_pnm,
						       &leat_codec_pam,  &leat_codec_webp, &leat_codec_pfm,
						       &leat_codec_bmp,  &leat_codec_qoi,  &leat_codec_gif};
	for (size_t i = 0; i < LEAT_LEN(all); i++)
		if (all[i]->sniff(data, n))
			check_codec(all[i], data, n);
	return 0;
}
