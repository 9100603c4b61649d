/* SPDX-License-Identifier: MIT */
/*
 * The decoder for fractions of a JPEG against libjpeg-turbo, pixel for pixel: all subsamplings, restart intervals,
 * tables and sizes, the corpus, and damage: it may give up, but what it gives is what libjpeg gives without a
 * warning.
 */
#include "codec_kit.h"

#include "formats/jpeg_small.h"

#include <jpeglib.h>

#include <dirent.h>

struct judge { /* libjpeg with its warnings counted and its errors as a jump */
	struct jpeg_error_mgr mgr;
	jmp_buf jmp;
	int warnings;
};

_Noreturn static void on_error(j_common_ptr c)
{
	longjmp(((struct judge *)c->err)->jmp, 1);
}

static void on_message(j_common_ptr c, int level)
{
	((struct judge *)c->err)->warnings += level < 0;
}

static uint64_t seed = 1;

static uint32_t dice(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

struct wish {
	uint32_t width, height;
	int components, across, down, quality, restart;
	bool optimize, rgb;
	unsigned rough; /* 0 smooth, to 255 noise */
};

static void paint(const struct wish *w, uint32_t y, uint8_t *row)
{
	for (uint32_t x = 0; x < w->width; x++)
		for (int k = 0; k < w->components; k++) {
			uint32_t v = (x * (2 + (uint32_t)k) + y * 3) / 4 % 256;
			row[x * (uint32_t)w->components + (uint32_t)k] =
				(uint8_t)(w->rough && dice(4) == 0 ? dice(w->rough) : v);
		}
}

static struct kit_bytes encode(const struct wish *w)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr mgr;
	unsigned char *d = NULL;
	unsigned long n = 0;
	c.err = jpeg_std_error(&mgr);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &d, &n);
	c.image_width = w->width;
	c.image_height = w->height;
	c.input_components = w->components;
	c.in_color_space = w->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
	jpeg_set_defaults(&c);
	if (w->rgb)
		jpeg_set_colorspace(&c, JCS_RGB);
	jpeg_set_quality(&c, w->quality, TRUE);
	c.comp_info[0].h_samp_factor = w->across;
	c.comp_info[0].v_samp_factor = w->down;
	c.restart_interval = (unsigned)w->restart;
	c.optimize_coding = w->optimize;
	jpeg_start_compress(&c, TRUE);
	uint8_t *row = malloc((size_t)w->width * 4);
	for (uint32_t y = 0; y < w->height; y++) {
		paint(w, y, row);
		JSAMPROW r = row;
		(void)jpeg_write_scanlines(&c, &r, 1);
	}
	free(row);
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	struct kit_bytes b = {malloc(n), n}; /* of exactly its size, so that sanitizers see a byte too far */
	memcpy(b.d, d, n);
	free(d);
	return b;
}

static void open_at(struct jpeg_decompress_struct *c, struct kit_bytes b, unsigned by)
{
	jpeg_create_decompress(c);
	jpeg_mem_src(c, b.d, b.n);
	(void)jpeg_read_header(c, TRUE);
	c->out_color_space = c->num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
	c->scale_num = 1;
	c->scale_denom = by;
	jpeg_calc_output_dimensions(c);
}

/* What libjpeg makes of it, or NULL: an error. Packed rows. */
static uint8_t *wanted(struct kit_bytes b, unsigned by, int *warnings)
{
	struct jpeg_decompress_struct c;
	struct judge j = {.warnings = 0};
	uint8_t *volatile px = NULL;
	c.err = jpeg_std_error(&j.mgr);
	j.mgr.error_exit = on_error;
	j.mgr.emit_message = on_message;
	if (setjmp(j.jmp)) {
		jpeg_destroy_decompress(&c);
		free(px);
		return NULL;
	}
	open_at(&c, b, by);
	j.warnings = 0; /* of the header: the same for both */
	if (c.num_components == 4)
		longjmp(j.jmp, 1);
	(void)jpeg_start_decompress(&c);
	size_t stride = (size_t)c.output_width * (size_t)c.output_components;
	px = malloc(stride * c.output_height);
	while (c.output_scanline < c.output_height) {
		JSAMPROW row = px + c.output_scanline * stride;
		(void)jpeg_read_scanlines(&c, &row, 1);
	}
	(void)jpeg_finish_decompress(&c);
	jpeg_destroy_decompress(&c);
	*warnings = j.warnings;
	return px;
}

struct outcome {
	bool taken; /* by the decoder here */
	bool whole; /* all rows, and a good end */
	uint32_t rows; /* that it gave */
	size_t stride;
	uint8_t *px;
};

static void rows_of(struct outcome *o, struct leat_jpeg_small *s, uint32_t height)
{
	uint32_t step = 1 + dice(5);
	bool ok = true;
	o->px = malloc(o->stride * height);
	while (ok && o->rows < height) {
		uint32_t to = o->rows + step < height ? o->rows + step : height;
		struct leat_rows rows = {o->px + o->rows * o->stride, o->stride, o->rows, to};
		ok = leat_jpeg_small_rows(s, &rows);
		o->rows = ok ? to : o->rows;
	}
	o->whole = ok && leat_jpeg_small_ends_well(s);
}

static struct outcome got(struct kit_bytes b, unsigned by)
{
	struct jpeg_decompress_struct c;
	struct judge j = {.warnings = 0};
	struct outcome o = {0};
	struct leat_err err = {0};
	c.err = jpeg_std_error(&j.mgr);
	j.mgr.error_exit = on_error;
	j.mgr.emit_message = on_message;
	if (!setjmp(j.jmp)) {
		struct leat_jpeg_small *s = NULL;
		open_at(&c, b, by);
		assert_int_equal(leat_jpeg_small_open(&s, &c, b.d + b.n, &err), 0);
		o.taken = s != NULL;
		o.stride = (size_t)c.output_width * (c.num_components == 1 ? 1 : 3);
		if (s)
			rows_of(&o, s, c.output_height);
		leat_jpeg_small_close(&s);
	}
	jpeg_destroy_decompress(&c);
	return o;
}

/* 1: taken to its end; 0: given up or never begun. What was given must be right. */
static int compare(struct kit_bytes b, unsigned by)
{
	struct outcome o = got(b, by);
	int warnings = 0;
	uint8_t *want = o.taken ? wanted(b, by, &warnings) : NULL;
	bool whole = o.whole;
	if (whole) {
		assert_non_null(want);
		assert_int_equal(warnings, 0);
	}
	if (want && o.rows && memcmp(want, o.px, o.rows * o.stride) != 0)
		fail_msg("1/%u: other pixels", by);
	free(o.px);
	free(want);
	return whole;
}

static struct wish random_wish(void)
{
	static const int shapes[][2] = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}, {1, 4}, {2, 4}};
	unsigned shape = dice(8);
	struct wish w = {.width = 1 + dice(130), .height = 1 + dice(90), .quality = 1 + (int)dice(100)};
	w.components = dice(4) ? 3 : 1;
	w.across = shapes[shape][0];
	w.down = shapes[shape][1];
	w.restart = dice(3) ? 0 : 1 + (int)dice(9);
	w.optimize = dice(2);
	w.rgb = w.components == 3 && dice(8) == 0;
	w.rough = dice(3) ? dice(256) : 0;
	return w;
}

static const unsigned fractions[] = {8, 4, 2};

static void same_pixels(void **unused)
{
	(void)unused;
	int taken[3] = {0};
	for (int i = 0; i < 1500; i++) {
		struct wish w = random_wish();
		struct kit_bytes b = encode(&w);
		for (size_t k = 0; k < 3; k++)
			taken[k] += compare(b, fractions[k]);
		free(b.d);
	}
	assert_true(taken[0] > 1200 && taken[1] > 500 && taken[2] > 300);
}

/* The ordinary ones, large enough for several windows, must not be left to libjpeg. */
static void ordinary_ones_are_taken(void **unused)
{
	static const int shapes[][2] = {{1, 1}, {2, 1}, {2, 2}};
	(void)unused;
	for (int i = 0; i < 3; i++)
		for (int restart = 0; restart < 20; restart += 19) {
			struct wish w = {700, 500, 3, shapes[i][0], shapes[i][1], 85, restart, i == 1, false, 200};
			struct kit_bytes b = encode(&w);
			assert_int_equal(compare(b, 8), 1);
			assert_int_equal(compare(b, 4), i != 1);
			free(b.d);
		}
}

static void damage(void **unused)
{
	(void)unused;
	int whole = 0;
	for (int i = 0; i < 3000; i++) {
		struct wish w = random_wish();
		struct kit_bytes b = encode(&w);
		if (dice(3) == 0)
			b.n = dice((uint32_t)b.n);
		else
			for (uint32_t flips = 1 + dice(3); flips; flips--)
				b.d[b.n / 4 + dice((uint32_t)(b.n - b.n / 4))] ^= (uint8_t)(1u << dice(8));
		struct kit_bytes exact = {malloc(b.n ? b.n : 1), b.n};
		memcpy(exact.d, b.d, b.n);
		whole += compare(exact, fractions[i % 3]);
		free(b.d);
		free(exact.d);
	}
	assert_true(whole > 50 && whole < 1500); /* both happen */
}

/* A stray byte before the end, and no end at all. */
static void what_follows(void **unused)
{
	(void)unused;
	struct wish w = {64, 64, 3, 2, 2, 80, 0, false, false, 100};
	struct kit_bytes b = encode(&w);
	assert_int_equal(compare(b, 8), 1);
	b.n -= 2;
	assert_int_equal(compare(b, 8), 0);
	b.d[b.n] = 0x12;
	b.n += 2;
	assert_int_equal(compare(b, 8), 0);
	free(b.d);
}

/* Through the codec: where ours gives up, rows, verdict and words are those of libjpeg. */
static void handed_over(void **unused)
{
	(void)unused;
	struct wish w = {1003, 805, 3, 2, 2, 85, 0, false, false, 120};
	struct kit_bytes b = encode(&w);
	struct leat_decode_opts o = kit_opts();
	struct kit_image im, cut;
	struct leat_err err = {0};
	int warnings;
	uint8_t *want = wanted(b, 8, &warnings);
	o.shrink = 8;
	assert_int_equal(kit_decode(&leat_codec_jpeg, b, &o, 7, &im, &err), 0);
	assert_int_equal(im.shape.width, 126);
	assert_memory_equal(im.pixels, want, leat_image_bytes(&im.shape));
	struct kit_bytes half = {b.d, b.n / 2};
	assert_int_equal(kit_decode(&leat_codec_jpeg, half, &o, 7, &cut, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	assert_non_null(strstr(err.text, "rows)"));
	o.keep_damaged = true;
	err = (struct leat_err){0};
	assert_int_equal(kit_decode(&leat_codec_jpeg, half, &o, 7, &cut, &err), 0);
	assert_memory_equal(cut.pixels, im.pixels, leat_row_bytes(&im.shape) * 40);
	assert_int_equal(cut.pixels[leat_image_bytes(&im.shape) - 1], 0);
	assert_int_equal(cut.notes.n, 1);
	kit_clear(&cut);
	struct kit_bytes open_end = {b.d, b.n - 2};
	o.keep_damaged = false;
	assert_int_equal(kit_decode(&leat_codec_jpeg, open_end, &o, 64, &cut, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_TRUNCATED);
	kit_clear(&im);
	free(want);
	free(b.d);
}

static int compare_folder(const char *name, int *seen)
{
	char path[700];
	int taken = 0;
	snprintf(path, sizeof path, "%.300s/%.300s", kit_corpus(), name);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%.300s/%.255s", name, e->d_name);
		struct kit_bytes b = {0};
		if (e->d_type == DT_REG)
			b = kit_file(path);
		if (b.d && b.n > 3 && memcmp(b.d, "\xff\xd8\xff", 3) == 0)
			for (size_t k = 0; k < 3; k++, (*seen)++)
				taken += compare(b, fractions[k]);
		else
			taken += e->d_type == DT_DIR ? compare_folder(path, seen) : 0; /* no links: no circles */
		free(b.d);
	}
	if (d)
		closedir(d);
	return taken;
}

static void corpus(void **unused)
{
	(void)unused;
	int seen = 0;
	if (kit_no_corpus())
		return;
	int taken = compare_folder(".", &seen);
	printf("corpus: %d of %d decoded here, the others by libjpeg\n", taken, seen);
	assert_true(taken > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_pixels), cmocka_unit_test(ordinary_ones_are_taken),
		cmocka_unit_test(damage),      cmocka_unit_test(what_follows),
		cmocka_unit_test(handed_over), cmocka_unit_test(corpus),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
