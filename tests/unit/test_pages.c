/* SPDX-License-Identifier: MIT */
/* Images of several pages: every step does to each what it does to it alone; TIFF reads and writes them. */
#include "op_harness.h"

#include "codec_kit.h"
#include "rows/chain.h"

extern const struct leat_op leat_op_blur, leat_op_crop, leat_op_rotate, leat_op_resize, leat_op_flip, leat_op_negate,
	leat_op_flatten, leat_op_extract_page, leat_op_stats;

enum { PAGES = 3 };

static struct leat_image *noise_of_pages(uint32_t width, uint32_t height, unsigned channels)
{
	struct leat_image_shape s = op_shape(width, height * PAGES, channels, LEAT_U8);
	s.pages = PAGES;
	s.page_height = height;
	return op_noise(&s, width);
}

static struct leat_image *page_of(const struct leat_image *im, uint32_t i)
{
	struct leat_image_shape s = leat_page_shape(&im->shape);
	struct leat_image *page = op_image(&s, NULL);
	for (uint32_t y = 0; y < s.height; y++)
		memcpy(page->pixels + y * page->stride, im->pixels + (i * s.height + y) * im->stride,
		       leat_row_bytes(&s));
	return page;
}

/* The op over the image in a chain, in strips of that many rows or by a team; fields of measures into f (or NULL). */
static struct leat_image *through(const struct leat_op *op, const char *text, struct leat_image *im, uint32_t strip,
				  int team, struct leat_fields *f, struct leat_err *err)
{
	struct leat_chain_opts o = {.strip_rows = strip, .team = team};
	struct leat_chain *c = leat_chain_new(&o, err);
	struct leat_fields none = {0};
	struct leat_view view = {.fields = &none, .branch = ""};
	struct leat_notices notes = {0};
	struct leat_image *out = NULL;
	void *params = op_params(op, text), *state = NULL;
	struct leat_op_open open = {.params = params};
	if (op->open)
		assert_int_equal(op->open(&open, &state, err), 0);
	assert_int_equal(leat_chain_image(c, im, err), 0);
	int n = leat_chain_op(c, 0, op, params, state, &view, err), k = n < 0 ? -1 : leat_chain_keep(c, n, err);
	if (k >= 0 && leat_chain_run(c, &notes, err) == 0 && leat_chain_end(c, n, f, err) == 0)
		out = leat_chain_take_image(c, k);
	leat_chain_free(&c);
	if (op->close)
		op->close(state);
	free(params);
	return out;
}

static void each_page_by_itself(const struct leat_op *op, const char *text, uint32_t strip, int team)
{
	struct leat_err err = {0};
	struct leat_image *im = noise_of_pages(41, 37, op == &leat_op_flatten ? 4 : 3);
	struct leat_image *all = through(op, text, im, strip, team, NULL, &err);
	if (!all)
		fail_msg("%s %s: %s", op->name, text, err.text);
	assert_int_equal(all->shape.pages, PAGES);
	assert_int_equal(all->shape.page_height * PAGES, all->shape.height);
	for (uint32_t i = 0; i < PAGES; i++) {
		struct leat_image *alone = page_of(im, i), *page = page_of(all, i);
		struct leat_image *want = through(op, text, alone, 0, 1, NULL, &err);
		if (!op_same_pixels(page, want))
			fail_msg("%s %s: page %u is another one (strips of %u, team of %d)", op->name, text, i, strip,
				 team);
		leat_image_unref(&alone);
		leat_image_unref(&page);
		leat_image_unref(&want);
	}
	leat_image_unref(&all);
	leat_image_unref(&im);
}

static void steps(void **state)
{
	static const struct {
		const struct leat_op *op;
		const char *text;
	} rows[] = {{&leat_op_blur, "2"},
		    {&leat_op_crop, "20x11"},
		    {&leat_op_rotate, "90"},
		    {&leat_op_rotate, "30"},
		    {&leat_op_flip, ""},
		    {&leat_op_resize, "17x9 fit=fill"},
		    {&leat_op_resize, "80x90 fit=fill enlarge=yes"},
		    {&leat_op_negate, ""},
		    {&leat_op_flatten, ""}};
	static const uint32_t strips[] = {0, 1, 7, 40, UINT32_MAX};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		for (size_t k = 0; k < LEAT_LEN(strips); k++)
			for (int team = 1; team <= 2; team++)
				each_page_by_itself(rows[i].op, rows[i].text, strips[k], team);
}

static void one_is_picked(void **state)
{
	struct leat_err err = {0};
	(void)state;
	struct leat_image *im = noise_of_pages(13, 9, 1);
	for (uint32_t i = 0; i < PAGES; i++) {
		char text[8];
		snprintf(text, sizeof text, "%u", i);
		struct leat_image *got = through(&leat_op_extract_page, text, im, 4, 1, NULL, &err);
		struct leat_image *want = page_of(im, i);
		assert_non_null(got);
		assert_true(op_same_pixels(got, want));
		leat_image_unref(&got);
		leat_image_unref(&want);
	}
	assert_null(through(&leat_op_extract_page, "3", im, 4, 1, NULL, &err));
	assert_string_equal(err.text, "there is no page 3, the file has 3, from 0 on");
	leat_image_unref(&im);
}

/* per=page measures each by itself, otherwise all are one. */
static void measures(void **state)
{
	(void)state;
	for (uint32_t strip = 0; strip < 20; strip += 7) {
		struct leat_err err = {0};
		struct leat_fields by_page = {0}, whole = {0};
		double sum = 0;
		struct leat_image *im = noise_of_pages(31, 70, 1);
		struct leat_image *a =
			through(&leat_op_stats, "per=page fields=sum,median", im, strip, 1, &by_page, &err);
		struct leat_image *b = through(&leat_op_stats, "fields=sum", im, strip, 1, &whole, &err);
		for (uint32_t i = 0; i < PAGES; i++) {
			struct leat_fields alone = {0};
			struct leat_image *page = page_of(im, i);
			struct leat_image *c =
				through(&leat_op_stats, "fields=sum,median", page, strip, 1, &alone, &err);
			char name[16];
			snprintf(name, sizeof name, "sum[%u]", i);
			assert_int_equal(leat_fields_get(&by_page, name)->i, leat_fields_get(&alone, "sum")->i);
			sum += (double)leat_fields_get(&alone, "sum")->i;
			snprintf(name, sizeof name, "median[%u]", i);
			assert_true(leat_fields_get(&by_page, name)->r == leat_fields_get(&alone, "median")->r);
			leat_fields_free(&alone);
			leat_image_unref(&page);
			leat_image_unref(&c);
		}
		assert_null(leat_fields_get(&by_page, "sum"));
		assert_true((double)leat_fields_get(&whole, "sum")->i == sum);
		leat_fields_free(&by_page);
		leat_fields_free(&whole);
		leat_image_unref(&a);
		leat_image_unref(&b);
		leat_image_unref(&im);
	}
}

static bool no_tiff(void)
{
	struct leat_err err = {0};
	bool absent = leat_codec_tiff.prepare && leat_codec_tiff.prepare(&err) < 0;
	if (absent)
		printf("skipped: %s\n", err.text);
	return absent;
}

/* Written and read: all at once in strips that cut pages anywhere, and one by one. */
static void tiff_there_and_back(void **state)
{
	(void)state;
	if (no_tiff())
		skip();
	for (unsigned channels = 1; channels <= 4; channels++) {
		struct leat_image *im = noise_of_pages(53, 29, channels);
		struct kit_image all = {.shape = im->shape, .pixels = malloc(leat_image_bytes(&im->shape))}, back;
		size_t row = leat_row_bytes(&im->shape);
		for (uint32_t y = 0; y < im->shape.height; y++)
			memcpy(all.pixels + y * row, im->pixels + y * im->stride, row);
		struct leat_err err = {0};
		struct leat_bytes *b = NULL;
		if (kit_encode(&leat_codec_tiff, NULL, &all, 11, &b, &err) < 0)
			fail_msg("%s", err.text);
		struct leat_decode_opts o = kit_opts();
		o.all = true;
		if (kit_decode(&leat_codec_tiff, kit_view(b), &o, 13, &back, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(leat_image_shape_equal(&back.shape, &im->shape));
		assert_memory_equal(back.pixels, all.pixels, leat_image_bytes(&im->shape));
		kit_clear(&back);
		o.all = false;
		for (uint32_t i = 0; i < PAGES; i++) {
			o.page = i + 1;
			assert_int_equal(kit_decode(&leat_codec_tiff, kit_view(b), &o, 7, &back, &err), 0);
			assert_int_equal(back.shape.height, 29);
			assert_int_equal(back.shape.page_height, 0);
			assert_memory_equal(back.pixels, all.pixels + i * 29 * row, 29 * row);
			kit_clear(&back);
		}
		o.page = 0;
		o.all = true;
		o.max_pixels = 53 * 29 * 2; /* one page fits, three do not */
		assert_int_equal(kit_decode(&leat_codec_tiff, kit_view(b), &o, 7, &back, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
		leat_bytes_unref(&b);
		kit_clear(&all);
		leat_image_unref(&im);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps),
		cmocka_unit_test(one_is_picked),
		cmocka_unit_test(measures),
		cmocka_unit_test(tiff_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
