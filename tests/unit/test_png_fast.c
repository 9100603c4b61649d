/* SPDX-License-Identifier: MIT */
/*
 * PNG decoding without libpng held against libpng: pixels of random images of all types, verdicts on damaged files,
 * filters against the loops of the standard. LEAT_PNG_IMAGES=100000 makes more images than the usual 10,000.
 */
#include "codec_kit.h"

#include "base/aside.h"
#include "base/num.h"
#include "formats/endian.h"
#include "formats/png_layout.h"
#include "formats/png_paeth_tail.h"
#include "formats/png_read.h"
#include "formats/png_stream.h"
#include "formats/png_unfilter.h"

#include <zlib.h>

static uint64_t seed = 1;

static uint32_t any(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % below);
}

/* leat_codec_png, by libpng alone. */
static struct leat_codec oracle(void)
{
	struct leat_codec c = leat_codec_png;
	c.dec_open = leat_png_dec_open_libpng;
	return c;
}

/* ---- filters */

/* Memory of exactly n bytes of noise, so that sanitizers see one too far. */
static uint8_t *noise(size_t n)
{
	uint8_t *p = malloc(n ? n : 1);
	assert_non_null(p);
	bool flat = any(4) == 0; /* many equal neighbors: the cases that Paeth decides by order */
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(flat ? any(3) : any(256));
	return p;
}

static void check_filter(unsigned filter, unsigned pixel, size_t n)
{
	uint8_t *from = noise(n + LEAT_PNG_PAD), *above = noise(n), *to = noise(n), *want = noise(n);
	leat_png_unfilter_plain(filter, pixel, &(struct leat_png_row){from, above, want}, n);
	leat_png_unfilter(filter, pixel, &(struct leat_png_row){from, above, to}, n);
	if (memcmp(to, want, n) != 0)
		fail_msg("filter %u, pixels of %u bytes, row of %zu", filter, pixel, n);
	free(from);
	free(above);
	free(to);
	free(want);
}

static void check_paeths(unsigned pixel, size_t n, size_t rows)
{
	size_t stored = n + 1, stride = n + any(20);
	uint8_t *from = noise(stored * rows + LEAT_PNG_PAD), *above = noise(n);
	uint8_t *to = noise(stride * (rows - 1) + n), *want = noise(n), *last = malloc(n ? n : 1);
	memcpy(last, above, n);
	leat_png_unfilter_paeths(pixel, &(struct leat_png_row){from + 1, above, to}, stored, stride, rows, n);
	for (size_t k = 0; k < rows; k++) {
		leat_png_unfilter_plain(LEAT_PNG_PAETH, pixel,
					&(struct leat_png_row){from + k * stored + 1, last, want}, n);
		if (memcmp(to + k * stride, want, n) != 0)
			fail_msg("row %zu of %zu Paeth rows, pixels of %u bytes, rows of %zu", k, rows, pixel, n);
		memcpy(last, want, n);
	}
	free(from);
	free(above);
	free(to);
	free(want);
	free(last);
}

static void test_filters(void **state)
{
	(void)state;
	static const unsigned pixels[] = {1, 2, 3, 4, 6, 8};
	for (size_t i = 0; i < LEAT_LEN(pixels); i++)
		for (size_t w = 1; w <= 90; w++) {
			for (unsigned filter = 0; filter < LEAT_PNG_FILTERS; filter++)
				check_filter(filter, pixels[i], w * pixels[i]);
			for (size_t rows = 1; rows <= 9; rows++)
				check_paeths(pixels[i], w * pixels[i], rows);
		}
}

/* ---- files made here */

struct file {
	uint8_t *d;
	size_t n;
};

static void put_chunk(struct file *f, const char *name, const uint8_t *data, size_t n)
{
	f->d = realloc(f->d, f->n + n + 12);
	assert_non_null(f->d);
	uint8_t *p = f->d + f->n;
	leat_put_be32(p, (uint32_t)n);
	memcpy(p + 4, name, 4);
	if (n)
		memcpy(p + 8, data, n);
	leat_put_be32(p + 8 + n, leat_png_crc(p + 4, n + 4));
	f->n += n + 12;
}

/* What the chunks of the image are to be. */
struct kind {
	uint32_t width, height;
	uint8_t depth, color;
	bool trns;
	unsigned colors; /* of the palette */
};

static struct kind any_kind(uint32_t most)
{
	static const uint8_t kinds[][2] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
					   {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
	const uint8_t *k = kinds[any(LEAT_LEN(kinds))];
	struct kind r = {1 + any(most), 1 + any(most), k[1], k[0], !(k[0] & 4) && any(3) == 0, 0};
	if (r.color == 3)
		r.colors = any(2) ? 1u << r.depth : 1 + any(1u << r.depth);
	return r;
}

static size_t stored_row(const struct kind *k)
{
	static const unsigned samples[] = {1, 0, 3, 1, 2, 0, 4};
	return ((size_t)k->width * samples[k->color] * k->depth + 7) / 8;
}

/* Noise of few or many values, with a filter byte before each row: any such bytes are an image. */
static uint8_t *any_rows(const struct kind *k, size_t n)
{
	uint8_t *p = noise(n);
	uint32_t way = any(8), values = 1 + any(256);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(p[i] % values);
	for (size_t y = 0, row = stored_row(k) + 1; y < k->height; y++)
		p[y * row] = (uint8_t)(way < LEAT_PNG_FILTERS ? way : any(LEAT_PNG_FILTERS));
	return p;
}

static void put_palette(struct file *f, const struct kind *k)
{
	uint8_t *p = noise(3 * 256);
	if (k->color == 3)
		put_chunk(f, "PLTE", p, 3 * (size_t)k->colors);
	for (int i = 0; i < 6 && k->color != 3 && k->depth < 16; i++) /* samples of this depth */
		p[i] = i % 2 ? (uint8_t)(p[i] & ((1u << k->depth) - 1)) : 0;
	if (k->trns)
		put_chunk(f, "tRNS", p, k->color == 0 ? 2 : k->color == 2 ? 6 : 1 + any(k->colors));
	free(p);
}

/* Packed by zlib at any level and strategy, in one chunk or in several, some of them empty. */
static void put_pixels(struct file *f, const uint8_t *raw, size_t n)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, (int)any(10), Z_DEFLATED, 15, 1 + (int)any(9), (int)any(5)), Z_OK);
	uLong most = 2 * (uLong)n + 1000; /* what deflateBound says is too little at times */
	uint8_t *packed = malloc(most);
	z.next_in = (z_const Bytef *)raw;
	z.avail_in = (uInt)n;
	z.next_out = packed;
	z.avail_out = (uInt)most;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t len = z.total_out;
	uint32_t piece = any(3) ? UINT32_MAX : 1 + any(300);
	for (size_t at = 0; at < len;) {
		size_t take = len - at < piece ? len - at : piece;
		if (any(50) == 0)
			take = 0;
		put_chunk(f, "IDAT", packed + at, take);
		at += take;
	}
	(void)deflateEnd(&z); /* only tells of a stream that was not finished */
	free(packed);
}

static struct file any_png(uint32_t most, struct kind *k)
{
	static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	struct file f = {malloc(sizeof signature), sizeof signature};
	memcpy(f.d, signature, sizeof signature);
	*k = any_kind(most);
	uint8_t ihdr[13] = {[8] = k->depth, [9] = k->color};
	leat_put_be32(ihdr, k->width);
	leat_put_be32(ihdr + 4, k->height);
	put_chunk(&f, "IHDR", ihdr, sizeof ihdr);
	put_palette(&f, k);
	size_t n = (stored_row(k) + 1) * k->height;
	uint8_t *raw = any_rows(k, n);
	put_pixels(&f, raw, n);
	put_chunk(&f, "IEND", NULL, 0);
	free(raw);
	return f;
}

/* ---- both ways */

static bool ordinary(struct kit_bytes b)
{
	struct leat_png_header h;
	struct leat_png_layout l;
	struct leat_err err = {0};
	return leat_png_header(b.d, b.n, true, &h, &err) == 0 && leat_png_layout(b.d, b.n, &h, &l);
}

static void same_image(const struct kit_image *a, const struct kit_image *b, const char *what)
{
	if (!leat_image_shape_equal(&a->shape, &b->shape) ||
	    memcmp(a->pixels, b->pixels, leat_image_bytes(&a->shape)) != 0)
		fail_msg("%s: other pixels than libpng's", what);
}

static void same_notices(const struct leat_notices *a, const struct leat_notices *b, const char *what)
{
	bool same = a->n == b->n;
	for (int i = 0; same && i < a->n; i++)
		same = strcmp(a->text[i], b->text[i]) == 0;
	if (!same)
		fail_msg("%s: %d notices (%s), by libpng %d (%s)", what, a->n, a->text[0], b->n, b->text[0]);
}

/* A file that both must accept, with the same pixels and words. */
static void both_accept(struct kit_bytes b, uint32_t strip, const char *what)
{
	struct leat_codec libpng = oracle();
	struct leat_decode_opts o = kit_opts();
	struct kit_image one, two;
	struct leat_err err = {0};
	if (kit_decode(&leat_codec_png, b, &o, strip, &one, &err) < 0 || kit_decode(&libpng, b, &o, 7, &two, &err) < 0)
		fail_msg("%s: %s", what, err.text);
	same_image(&one, &two, what);
	same_notices(&one.notes, &two.notes, what);
	kit_clear(&one);
	kit_clear(&two);
}

static void test_random_images(void **state)
{
	(void)state;
	const char *text = getenv("LEAT_PNG_IMAGES");
	int64_t images = 10000;
	if (text)
		assert_true(leat_parse_int(text, strlen(text), &images));
	for (int64_t i = 0; i < images; i++) {
		struct kind k;
		struct file f = any_png(70, &k);
		struct kit_bytes b = {f.d, f.n};
		char what[96];
		snprintf(what, sizeof what, "image %lld, %ux%u, color type %u, %u bit", (long long)i, k.width, k.height,
			 k.color, k.depth);
		if (!ordinary(b))
			fail_msg("%s: left to libpng", what);
		both_accept(b, 1 + any(80), what);
		free(f.d);
	}
	printf("%lld images are the same by libpng\n", (long long)images);
}

/* Rows longer than a piece of the window, and more of them than fit. */
static void test_large_images(void **state)
{
	(void)state;
	for (int i = 0; i < 12; i++) {
		struct kind k;
		struct file f = any_png(i < 6 ? 1500 : 700, &k);
		both_accept((struct kit_bytes){f.d, f.n}, 1 + any(300), "a large image");
		free(f.d);
	}
}

/* ---- with a second thread */

/* So large that it may be unpacked beside: 3000 x 1000, in chunks of 100,000 bytes. */
static struct file large_png(uint8_t color, uint8_t depth, struct kind *k)
{
	static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	struct file f = {malloc(sizeof signature), sizeof signature};
	memcpy(f.d, signature, sizeof signature);
	*k = (struct kind){.width = 3000, .height = 1000, .color = color, .depth = depth};
	uint8_t ihdr[13] = {[8] = depth, [9] = color};
	leat_put_be32(ihdr, k->width);
	leat_put_be32(ihdr + 4, k->height);
	put_chunk(&f, "IHDR", ihdr, sizeof ihdr);
	size_t n = (stored_row(k) + 1) * k->height;
	uint8_t *raw = any_rows(k, n);
	uLongf len = compressBound(n);
	uint8_t *packed = malloc(len);
	assert_int_equal(compress2(packed, &len, raw, n, 1), Z_OK);
	for (size_t at = 0; at < len; at += 100000)
		put_chunk(&f, "IDAT", packed + at, len - at < 100000 ? len - at : 100000);
	put_chunk(&f, "IEND", NULL, 0);
	free(packed);
	free(raw);
	return f;
}

/* All rows in strips, and how it ended. Where `spare` is given the core comes and goes. */
static int decode_beside(struct kit_bytes b, struct leat_aside *aside, _Atomic uint32_t *spare, uint8_t *to,
			 struct leat_err *err)
{
	struct leat_decode_opts o = kit_opts();
	struct leat_decoder *d = NULL;
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	o.aside = aside;
	int r = leat_codec_png.dec_open(&d, b.d, b.n, &o, &shape, &meta, NULL, err);
	leat_meta_unref(&meta);
	size_t stride = r == 0 ? leat_row_bytes(&shape) : 0;
	for (uint32_t y = 0, n; r == 0 && y < shape.height; y += n) {
		n = 1 + any(40) < shape.height - y ? 1 + any(40) : shape.height - y;
		n = n < shape.height - y ? n : shape.height - y;
		struct leat_rows rows = {to + y * stride, stride, y, y + n};
		if (spare && any(4) == 0)
			atomic_store(spare, any(2));
		r = leat_codec_png.dec_rows(d, &rows, err);
	}
	if (r == 0)
		r = leat_codec_png.dec_finish(d, NULL, err);
	if (d)
		leat_codec_png.dec_close(&d);
	return r;
}

static void same_beside(struct kit_bytes b, struct leat_aside *aside, _Atomic uint32_t *spare, size_t bytes)
{
	struct leat_err err1 = {0}, err2 = {0};
	uint8_t *one = calloc(bytes, 1), *two = calloc(bytes, 1);
	int r1 = decode_beside(b, NULL, NULL, one, &err1), r2 = decode_beside(b, aside, spare, two, &err2);
	assert_int_equal(r1, r2);
	assert_string_equal(err1.text, err2.text);
	if (r1 == 0)
		assert_memory_equal(one, two, bytes);
	free(one);
	free(two);
}

static void test_beside(void **state)
{
	(void)state;
	static const uint8_t kinds[][2] = {{2, 8}, {0, 16}, {6, 16}};
	_Atomic uint32_t spare = 1;
	struct leat_err err = {0};
	struct leat_aside *aside = leat_aside_new(&spare, &err);
	assert_non_null(aside);
	assert_true(leat_aside_spare(aside));
	for (size_t i = 0; i < LEAT_LEN(kinds); i++) {
		struct kind k;
		struct file f = large_png(kinds[i][0], kinds[i][1], &k);
		size_t bytes = (stored_row(&k) + 1) * k.height;
		atomic_store(&spare, 1);
		same_beside((struct kit_bytes){f.d, f.n}, aside, NULL, bytes);
		same_beside((struct kit_bytes){f.d, f.n}, aside, &spare, bytes);
		atomic_store(&spare, 1);
		same_beside((struct kit_bytes){f.d, f.n / 2 + any(1000)}, aside, NULL, bytes);
		f.d[f.n / 3 + any(1000)] ^= 4;
		same_beside((struct kit_bytes){f.d, f.n}, aside, NULL, bytes);
		free(f.d);
	}
	leat_aside_free(&aside);
	assert_null(aside);
}

/* ---- the corpus */

struct tally {
	int seen, ordinary, stricter, laxer;
};

/*
 * Both ways at one file. What may differ: who is stricter, behind the last row; and the one thing that ISA-L lets pass
 * (formats/inflate.h).
 */
static void compare(struct kit_bytes b, struct tally *t, const char *what)
{
	struct leat_codec libpng = oracle();
	struct leat_decode_opts o = kit_opts();
	struct kit_image one, two;
	struct leat_err err1 = {0}, err2 = {0};
	int r1 = kit_decode(&leat_codec_png, b, &o, 16, &one, &err1), r2 = kit_decode(&libpng, b, &o, 16, &two, &err2);
	t->seen++;
	t->ordinary += ordinary(b);
	if (r1 == 0 && r2 == 0) {
		same_image(&one, &two, what);
	} else if (r1 < 0 && r2 < 0) {
		if (err1.cause != err2.cause && err1.cause != LEAT_CAUSE_CORRUPT && err1.cause != LEAT_CAUSE_TRUNCATED)
			fail_msg("%s: %s; by libpng: %s", what, err1.text, err2.text);
	} else if (r1 < 0) {
		t->stricter++;
		if (!strstr(err1.text, "rows)"))
			fail_msg("%s: refused (%s), by libpng accepted", what, err1.text);
	} else {
		t->laxer++;
		if (!strstr(err2.text, "lengths set") && !strstr(err2.text, "distances set") &&
		    !strstr(err2.text, "missing end-of-block"))
			fail_msg("%s: accepted, by libpng refused (%s)", what, err2.text);
	}
	if (r1 == 0)
		kit_clear(&one);
	if (r2 == 0)
		kit_clear(&two);
}

typedef void file_fn(struct kit_bytes b, const char *name, void *ctx);

/* Every PNG of the manifest. */
static void each_png(file_fn *fn, void *ctx)
{
	struct kit_bytes b = kit_file("MANIFEST.tsv");
	assert_non_null(b.d);
	b.d = realloc(b.d, b.n + 1);
	b.d[b.n] = 0;
	for (char *line = (char *)b.d, *end; line && *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = 0;
		char *tab = strchr(line, '\t');
		if (tab)
			*tab = 0;
		struct kit_bytes f = kit_file(line);
		if (f.d && f.n >= 4 && memcmp(f.d, "\x89PNG", 4) == 0)
			fn(f, line, ctx);
		free(f.d);
	}
	free(b.d);
}

static void one_of_corpus(struct kit_bytes b, const char *name, void *ctx)
{
	if (strncmp(name, "cid22", 5) != 0) /* photographs: the others are enough */
		compare(b, ctx, name);
}

static void test_corpus(void **state)
{
	(void)state;
	if (kit_no_corpus())
		return;
	struct tally t = {0};
	each_png(one_of_corpus, &t);
	printf("%d files, %d of them without libpng; %d refused that libpng accepts, %d the other way\n", t.seen,
	       t.ordinary, t.stricter, t.laxer);
	assert_true(t.seen > 300);
	assert_true(t.ordinary > 200);
	assert_int_equal(t.laxer, 0);
}

/* ---- damage */

static void test_cut_anywhere(void **state)
{
	(void)state;
	struct tally t = {0};
	for (int i = 0; i < 30; i++) {
		struct kind k;
		struct file f = any_png(12, &k);
		for (size_t n = 0; n < f.n; n++) {
			uint8_t *cut = malloc(n ? n : 1); /* exactly so long: sanitizers */
			memcpy(cut, f.d, n);
			compare((struct kit_bytes){cut, n}, &t, "a file that is cut");
			free(cut);
		}
		free(f.d);
	}
	assert_int_equal(t.stricter + t.laxer, 0);
	assert_true(t.seen > 3000);
}

/* Makes the CRCs of all chunks right again. */
static void mend(struct file *f)
{
	struct leat_png_chunk c;
	for (size_t pos = 8; leat_png_next(f->d, f->n, &pos, &c) == 1;)
		leat_put_be32(f->d + pos - 4, leat_png_crc(f->d + pos - 8 - c.len, (size_t)c.len + 4));
}

static void flip(struct tally *t, bool mended, int files, int flips)
{
	for (int i = 0; i < files; i++) {
		struct kind k;
		struct file f = any_png(24, &k);
		uint8_t *good = malloc(f.n);
		memcpy(good, f.d, f.n);
		for (int j = 0; j < flips; j++) {
			memcpy(f.d, good, f.n);
			uint32_t first = mended ? 33 : 0; /* behind IHDR */
			for (uint32_t bits = 1 + any(2); bits > 0; bits--)
				f.d[first + any((uint32_t)f.n - first)] ^= (uint8_t)(1u << any(8));
			if (mended)
				mend(&f);
			compare((struct kit_bytes){f.d, f.n}, t, mended ? "damaged behind CRCs" : "damaged");
		}
		free(good);
		free(f.d);
	}
}

static void test_flipped_bits(void **state)
{
	(void)state;
	struct tally t = {0};
	flip(&t, false, 100, 100);
	assert_int_equal(t.stricter + t.laxer, 0);
	t = (struct tally){0};
	flip(&t, true, 100, 150);
	printf("%d damaged with right CRCs: %d refused that libpng accepts, %d the other way\n", t.seen, t.stricter,
	       t.laxer);
}

/* Paeth rows many at a time are what they are one by one; also rows so wide that eight go together. */
static void test_paeth_together(void **state)
{
	enum { MOST = 19, STRIDE = 1280 };
	static uint8_t from[MOST * STRIDE + 64], to[(MOST + 1) * STRIDE + 64], want[(MOST + 1) * STRIDE + 64];
	uint32_t noise = 7;
	(void)state;
	for (size_t i = 0; i < sizeof from; i++)
		from[i] = (uint8_t)((noise = noise * 1664525 + 1013904223) >> 24);
	for (unsigned pixel = 1; pixel <= 4; pixel++)
		for (size_t n = 1020 / pixel * pixel; n < 1060; n += pixel)
			for (size_t rows = 1; rows <= MOST; rows += 3) {
				memset(to, 0x5a, sizeof to);
				memcpy(to, from + 100, STRIDE); /* the row above */
				memcpy(want, to, sizeof want);
				struct leat_png_row r = {.above = to, .from = from, .to = to + STRIDE};
				leat_png_unfilter_paeths(pixel, &r, STRIDE, STRIDE, rows, n);
				for (size_t y = 0; y < rows; y++) {
					struct leat_png_row one = {from + y * STRIDE, want + y * STRIDE,
								   want + (y + 1) * STRIDE};
					leat_png_paeth_tail(pixel, &one, 0, n);
				}
				for (size_t y = 1; y <= rows; y++)
					assert_memory_equal(to + y * STRIDE, want + y * STRIDE, n);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),      cmocka_unit_test(test_random_images),
		cmocka_unit_test(test_large_images), cmocka_unit_test(test_beside),
		cmocka_unit_test(test_corpus),       cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_flipped_bits), cmocka_unit_test(test_paeth_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
