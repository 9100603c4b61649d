/* SPDX-License-Identifier: MIT */
/*
 * PNG decoding without libpng against libpng: where both accept a file, pixels must be the same; what libpng refuses,
 * the other way must refuse. The first byte says what the rest is: a file; a file whose CRCs are made right; or a
 * shape and deflate data, around which a file with right sums is built, so that the unpacking itself is reached.
 */
#include "base/mem.h"
#include "formats/endian.h"
#include "formats/png_chunks.h"
#include "formats/png_read.h"

#include <stdio.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

extern const struct leat_codec leat_codec_png;

enum { MOST_PIXELS = 1 << 16, MOST_RAW = 1 << 17 };

struct file {
	uint8_t *d;
	size_t n;
};

struct outcome {
	int r;
	struct leat_err err;
	struct leat_image_shape shape;
	uint8_t *pixels;
};

static void *need(void *p)
{
	if (!p)
		abort();
	return p;
}

static void decode(struct file f, bool by_libpng, uint32_t strip, struct outcome *o)
{
	const struct leat_decode_opts opts = {.max_pixels = MOST_PIXELS};
	struct leat_decoder *d = NULL;
	struct leat_meta *meta = NULL;
	*o = (struct outcome){0};
	o->r = (by_libpng ? leat_png_dec_open_libpng : leat_png_dec_open)(&d, f.d, f.n, &opts, &o->shape, &meta, NULL,
									  &o->err);
	leat_meta_unref(&meta);
	if (o->r < 0)
		return;
	size_t stride = leat_row_bytes(&o->shape);
	o->pixels = need(calloc(stride, o->shape.height));
	for (uint32_t y = 0; o->r == 0 && y < o->shape.height; y += strip) {
		uint32_t left = o->shape.height - y;
		struct leat_rows rows = {o->pixels + y * stride, stride, y, y + (left < strip ? left : strip)};
		o->r = leat_png_dec_rows(d, &rows, &o->err);
	}
	if (o->r == 0)
		o->r = leat_png_dec_finish(d, NULL, &o->err);
	leat_png_dec_close(&d);
}

static void differ(const struct outcome *one, const struct outcome *two)
{
	fprintf(stderr, "without libpng: %d %s\nby libpng:      %d %s\n", one->r, one->err.text, two->r, two->err.text);
	abort();
}

/* What ISA-L does not look at: formats/inflate.h. */
static bool may_be_laxer(const char *libpng)
{
	return strstr(libpng, "lengths set") || strstr(libpng, "distances set") || strstr(libpng, "end-of-block");
}

/* Only what is behind the last row may be refused here alone: formats/png_fast.h. */
static bool may_be_stricter(const struct outcome *o)
{
	char end[48];
	snprintf(end, sizeof end, "(after %u of %u rows)", o->shape.height, o->shape.height);
	return strstr(o->err.text, end);
}

static void compare(struct file f, uint32_t strip)
{
	struct outcome one, two;
	decode(f, false, strip, &one);
	decode(f, true, 16, &two);
	if (one.r == 0 && two.r == 0) {
		if (!leat_image_shape_equal(&one.shape, &two.shape) ||
		    memcmp(one.pixels, two.pixels, leat_image_bytes(&one.shape)) != 0)
			differ(&one, &two);
	} else if (one.r == 0 && !may_be_laxer(two.err.text)) {
		differ(&one, &two);
	} else if (two.r == 0 && !may_be_stricter(&one)) {
		differ(&one, &two);
	}
	free(one.pixels);
	free(two.pixels);
}

static void mend(struct file f)
{
	struct leat_png_chunk c;
	for (size_t pos = 8; leat_png_next(f.d, f.n, &pos, &c) == 1;)
		leat_put_be32(f.d + pos - 4, leat_png_crc(f.d + pos - 8 - c.len, (size_t)c.len + 4));
}

static void put_chunk(struct file *f, const char *name, const uint8_t *data, size_t n)
{
	uint8_t *p = f->d + f->n;
	leat_put_be32(p, (uint32_t)n);
	memcpy(p + 4, name, 4);
	if (n)
		memcpy(p + 8, data, n);
	leat_put_be32(p + 8 + n, leat_png_crc(p + 4, n + 4));
	f->n += n + 12;
}

/* The sum of what the deflate data unpack to. */
static uint32_t sum_of(const uint8_t *d, size_t n)
{
	static uint8_t out[MOST_RAW];
	z_stream z = {.next_in = (z_const Bytef *)d, .avail_in = (uInt)n, .next_out = out, .avail_out = sizeof out};
	if (inflateInit2(&z, -15) != Z_OK)
		abort();
	(void)inflate(&z, Z_FINISH); /* damage is what is looked for */
	(void)inflateEnd(&z);
	return (uint32_t)adler32(1, out, (uInt)(sizeof out - z.avail_out));
}

/* Color and depth, width, height, bytes of a chunk, deflate data. */
static struct file build(const uint8_t *d, size_t n)
{
	static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, palette[9] = {1, 2, 3};
	static const uint8_t kinds[][2] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
					   {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
	const uint8_t *kind = kinds[d[0] % LEAT_LEN(kinds)];
	uint8_t ihdr[13] = {[3] = d[1] | 1, [7] = d[2] | 1, [8] = kind[0 + 1], [9] = kind[0]};
	size_t piece = (size_t)d[3] + 1;
	d += 4, n -= 4;
	uint8_t *packed = need(malloc(n + 6));
	packed[0] = 0x78, packed[1] = 0x01;
	memcpy(packed + 2, d, n);
	leat_put_be32(packed + 2 + n, sum_of(d, n));
	struct file f = {need(malloc(200 + 13 * (n + 6))), sizeof signature};
	memcpy(f.d, signature, sizeof signature);
	put_chunk(&f, "IHDR", ihdr, sizeof ihdr);
	if (kind[0] == 3)
		put_chunk(&f, "PLTE", palette, kind[1] == 1 ? 6 : 9);
	for (size_t at = 0; at < n + 6; at += piece)
		put_chunk(&f, "IDAT", packed + at, n + 6 - at < piece ? n + 6 - at : piece);
	put_chunk(&f, "IEND", NULL, 0);
	free(packed);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 6)
		return 0;
	uint32_t strip = 1 + data[0] / 4u;
	struct file f;
	if (data[0] % 4 >= 2) {
		f = build(data + 1, n - 1);
	} else {
		f = (struct file){need(malloc(n - 1)), n - 1};
		memcpy(f.d, data + 1, n - 1);
		if (data[0] % 4)
			mend(f);
	}
	compare(f, strip);
	free(f.d);
	return 0;
}
