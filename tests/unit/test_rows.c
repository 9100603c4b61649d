/* SPDX-License-Identifier: MIT */
/* Rows: every tree of steps gives the same bytes, measures and errors for every strip height and team size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>

#include "base/mem.h"
#include "base/sys.h"
#include "row_trees.h"
#include "rows/chain_impl.h"

static void test_strips_and_teams(void **state)
{
	(void)state;
	struct tree *t = tree_big();
	tree_reference(t);
	tree_check_all(t);
	tree_free(t);
}

/* Straight lines: steps in place, measures before and behind them, kept images in between. */
static void test_steps_in_place(void **state)
{
	(void)state;
	struct tree *t = tree_new(4, 150, 1, 2);
	int a = tree_add(t, TREE_OP, 0, &fake_tint, 0);
	tree_add(t, TREE_OP, 0, &fake_sum, 0); /* added later, still sees the source's rows */
	int b = tree_add(t, TREE_OP, a, &fake_tint, 0);
	int m = tree_add(t, TREE_OP, b, &fake_sum, 0);
	int d = tree_add(t, TREE_OP, m, &fake_tint, 0);
	tree_add(t, TREE_ENCODE, d, NULL, 0);
	tree_add(t, TREE_KEEP, d, NULL, 0);
	tree_reference(t);
	tree_check_all(t);
	fake_counts.in_place = fake_counts.calls = 0;
	tree_check(t, 50, 1, true);
	assert_int_equal(fake_counts.in_place, 9); /* three steps, three strips */
	fake_counts.in_place = 0;
	tree_check(t, 50, 1, false); /* the source image is somebody else's: the first step needs its own rows */
	assert_int_equal(fake_counts.in_place, 6);
	tree_free(t);
}

static void test_source_image_untouched(void **state)
{
	(void)state;
	uint64_t seed = 3;
	struct tree *t = tree_new(4, 70, 2, 3);
	struct leat_image *before = fake_image(4, 70, 2, &seed);
	int a = tree_add(t, TREE_OP, 0, &fake_tint, 0);
	tree_add(t, TREE_KEEP, a, NULL, 0);
	tree_add(t, TREE_KEEP, 0, NULL, 0);
	tree_reference(t);
	tree_check_all(t);
	same_image(t->source, before);
	leat_image_unref(&before);
	tree_free(t);
}

static void random_trees(int count, bool failures)
{
	uint64_t seed = failures ? 77 : 7;
	for (int i = 0; i < count; i++) {
		struct tree *t = tree_random(&seed, failures);
		tree_reference(t);
		for (int k = 0; k < 4; k++) {
			uint32_t strip = fake_random(&seed) % 3 ? 1 + fake_random(&seed) % 100
								: tree_strips[fake_random(&seed) % TREE_STRIPS];
			tree_check(t, strip, 1 + (int)(fake_random(&seed) % 4), fake_random(&seed) % 2);
		}
		tree_free(t);
	}
}

static void test_random_trees(void **state)
{
	(void)state;
	random_trees(150, false);
}

/* A failing node takes its subtree, never its siblings, and the reason does not depend on strips or threads. */
static void test_random_failures(void **state)
{
	(void)state;
	random_trees(150, true);
}

/* --- the source fails --- */

static void test_decoder_fails(void **state)
{
	(void)state;
	struct tree *t = tree_big();
	for (size_t s = 0; s < TREE_STRIPS; s++)
		for (int team = 1; team <= 3; team += 2)
			for (int late = 0; late <= 1; late++) {
				struct leat_chain_opts o = {.strip_rows = tree_strips[s], .team = team};
				struct leat_notices notes = {0};
				struct leat_err err = {0};
				int at, closed = 0;
				struct leat_chain *c = tree_chain(t, &o, true);
				struct leat_decoder *d = c->v[0]->dec;
				d->closed = &closed;
				d->fail_finish = late;
				d->fail_at = late ? FAKE_NEVER : 200;
				assert_int_equal(leat_chain_run(c, &notes, &err), -1);
				assert_string_equal(err.text, late ? "bad trailer" : "ends in row 200");
				for (int i = 0; i < t->n; i++) {
					assert_string_equal(leat_chain_error(c, i, &at)->text, err.text);
					assert_int_equal(at, 0);
					assert_null(leat_chain_take_bytes(c, i));
					assert_null(leat_chain_take_image(c, i));
				}
				leat_chain_free(&c);
				assert_int_equal(closed, 1);
			}
	tree_free(t);
}

/* Nothing to do still means to look at every row: damage at the end is found. */
static void test_no_children(void **state)
{
	(void)state;
	struct tree *t = tree_new(3, 100, 1, 4);
	int idle = tree_add(t, TREE_OP, 0, &fake_smear, 1);
	tree_add(t, TREE_OP, idle, &fake_tint, 1);
	for (int team = 1; team <= 2; team++) {
		struct leat_chain_opts o = {.strip_rows = 9, .team = team};
		struct leat_notices notes = {0};
		struct leat_err err = {0};
		struct leat_chain *c = tree_chain(t, &o, true);
		c->v[0]->dec->fail_finish = true;
		fake_counts.calls = 0;
		assert_int_equal(leat_chain_run(c, &notes, &err), -1);
		assert_string_equal(err.text, "bad trailer");
		assert_int_equal(fake_counts.calls, 0); /* nobody wants rows of these steps */
		leat_chain_free(&c);
	}
	tree_free(t);
}

/* --- stopping --- */

static void test_cancel(void **state)
{
	(void)state;
	for (int team = 1; team <= 3; team++)
		for (int drain = 1, all = 0; drain >= 0; drain--) {
			struct leat_cancel stop = {0};
			struct tree *t = tree_new(4, 400, 1, 5);
			int smear = tree_add(t, TREE_OP, 0, &fake_smear, 2);
			int turn = tree_add(t, TREE_OP, smear, &fake_turn, 0);
			tree_add(t, TREE_ENCODE, turn, NULL, 0);
			t->v[smear].p.raise = drain ? NULL : &stop;
			t->v[smear].p.raise_at = 100;
			if (drain)
				leat_cancel_raise(&stop, LEAT_STOP_DRAIN);
			struct leat_chain_opts o = {.strip_rows = 10, .team = team, .cancel = &stop};
			struct leat_err err = {0};
			int at;
			struct leat_chain *c = tree_chain(t, &o, true);
			fake_counts.calls = 0;
			assert_int_equal(leat_chain_run(c, NULL, &err), drain ? 0 : -1);
			if (!drain) {
				assert_int_equal(err.cause, LEAT_CAUSE_CANCELLED);
				assert_int_equal(leat_chain_error(c, 3, &at)->cause, LEAT_CAUSE_CANCELLED);
				/* who raises it may be held up while the others of its team go on */
				assert_true(team == 1 ? fake_counts.calls <= 13 : fake_counts.calls < all);
			}
			all = fake_counts.calls;
			leat_chain_free(&c);
			tree_free(t);
		}
}

static void test_deadline(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {{300000000000, "took longer than 5m"},
		     {5430000000000, "took longer than 1h30m30s"},
		     {1500000000, "took longer than 1s500ms"},
		     {0, "took longer than allowed"}};
	struct tree *t = tree_new(4, 400, 1, 6);
	tree_add(t, TREE_KEEP, 0, NULL, 0);
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_chain_opts o = {
			.team = 1 + (int)(i & 1), .deadline_ns = leat_now_ns() - 1, .timeout_ns = cases[i].ns};
		struct leat_err err = {0};
		struct leat_chain *c = tree_chain(t, &o, true);
		assert_int_equal(leat_chain_run(c, NULL, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_TIMEOUT);
		assert_string_equal(err.text, cases[i].text);
		leat_chain_free(&c);
	}
	tree_free(t);
}

/* --- rules --- */

/* A step that asks for rows it gave up is a bug that is told, not a crash; its sibling goes on. */
static void test_need_goes_back(void **state)
{
	(void)state;
	struct tree *t = tree_new(4, 900, 1, 8);
	int bad = tree_add(t, TREE_OP, 0, &fake_backward, 0);
	tree_add(t, TREE_ENCODE, bad, NULL, 0);
	int good = tree_add(t, TREE_ENCODE, 0, NULL, 0);
	struct leat_chain_opts o = {.strip_rows = 10, .team = 1};
	struct leat_err err = {0};
	int at;
	struct leat_chain *c = tree_chain(t, &o, true);
	assert_int_equal(leat_chain_run(c, NULL, &err), 0);
	assert_int_equal(leat_chain_error(c, 2, &at)->cause, LEAT_CAUSE_INTERNAL);
	assert_int_equal(at, bad);
	assert_non_null(strstr(leat_chain_error(c, 2, &at)->text, "'backward'"));
	assert_null(leat_chain_error(c, good, &at));
	struct leat_bytes *b = leat_chain_take_bytes(c, good);
	same_bytes(b, t->source);
	leat_bytes_unref(&b);
	leat_chain_free(&c);
	tree_free(t);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct leat_op no_rows = {.name = "norows", .in = LEAT_IMAGE, .shape = leat_shape_same};
	struct leat_op liar = fake_shrink;
	liar.need = NULL; /* another height, and does not say which rows */
	struct leat_chain_opts o = {.team = 1};
	struct fake_params p = {.fail_at = FAKE_NEVER};
	struct fake_enc_params ep = {.fail_at = FAKE_NEVER, .fail_open = true};
	struct tree *t = tree_new(4, 90, 1, 9);
	struct leat_chain *c = tree_chain(t, &o, true);
	struct leat_err err = {0};
	assert_int_equal(leat_chain_op(c, 0, &no_rows, &p, NULL, NULL, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	err = (struct leat_err){0};
	assert_int_equal(leat_chain_op(c, 0, &liar, &p, NULL, NULL, &err), -1);
	err = (struct leat_err){0};
	assert_int_equal(leat_chain_encode(c, 0, &fake_codec, &ep, &err), -1);
	assert_string_equal(err.text, "no encoder today");
	assert_int_equal(leat_chain_keep(c, 7, NULL), -1);
	assert_int_equal(leat_chain_keep(c, -1, NULL), -1);
	int closed = 0;
	struct leat_decoder *second = fake_decoder(t->source);
	second->closed = &closed;
	assert_int_equal(leat_chain_decoder(c, &fake_codec, second, &t->source->shape, NULL, NULL), -1);
	assert_int_equal(closed, 1);
	/* The chain stays usable. */
	int keep = leat_chain_keep(c, 0, NULL);
	assert_int_equal(leat_chain_keep(c, keep, NULL), -1); /* nothing stands behind an end */
	assert_int_equal(leat_chain_run(c, NULL, NULL), 0);
	assert_int_equal(leat_chain_run(c, NULL, NULL), -1);
	struct leat_image *im = leat_chain_take_image(c, keep);
	same_image(im, t->source);
	leat_image_unref(&im);
	leat_chain_free(&c);
	assert_non_null(c = leat_chain_new(&o, NULL));
	assert_int_equal(leat_chain_run(c, NULL, NULL), -1); /* no source */
	leat_chain_free(&c);
	leat_chain_free(&c);
	tree_free(t);
}

/* An op may do without begin(): its item is NULL. */
static void test_simple_op(void **state)
{
	(void)state;
	struct tree *t = tree_new(1, 90, 1, 10);
	struct leat_chain_opts o = {.team = 1};
	struct leat_chain *c = tree_chain(t, &o, true);
	int op = leat_chain_op(c, 0, &fake_simple, NULL, NULL, NULL, NULL);
	int keep = leat_chain_keep(c, op, NULL);
	assert_int_equal(leat_chain_run(c, NULL, NULL), 0);
	assert_int_equal(leat_chain_end(c, op, NULL, NULL), 0);
	struct leat_image *im = leat_chain_take_image(c, keep);
	for (uint32_t y = 0; y < 90; y++)
		assert_int_equal(im->pixels[y * im->stride], (uint8_t)(t->source->pixels[y * t->source->stride] + 5));
	leat_image_unref(&im);
	leat_chain_free(&c);
	tree_free(t);
}

/* An end that fails fails what stands behind it; fields go out only after a good run. */
static void test_end(void **state)
{
	(void)state;
	struct tree *t = tree_new(4, 90, 1, 11);
	int sum = tree_add(t, TREE_OP, 0, &fake_sum, 0);
	int enc = tree_add(t, TREE_ENCODE, sum, NULL, 0);
	int other = tree_add(t, TREE_ENCODE, 0, NULL, 0);
	t->v[sum].p.fail_end = true;
	struct leat_chain_opts o = {.team = 1};
	struct leat_fields f = {0};
	struct leat_err err = {0};
	int at;
	struct leat_chain *c = tree_chain(t, &o, true);
	assert_int_equal(leat_chain_run(c, NULL, NULL), 0);
	assert_null(leat_chain_error(c, enc, &at));
	assert_int_equal(leat_chain_end(c, sum, &f, &err), -1);
	assert_string_equal(err.text, "end fails");
	assert_string_equal(leat_chain_error(c, enc, &at)->text, "end fails");
	assert_null(leat_chain_error(c, other, &at));
	leat_chain_free(&c);

	/* Ended without a run, and not ended at all: no fields. */
	fake_counts.ended = fake_counts.ended_with_fields = 0;
	c = tree_chain(t, &o, true);
	assert_int_equal(leat_chain_end(c, sum, &f, NULL), 0);
	leat_chain_free(&c);
	c = tree_chain(t, &o, true);
	leat_chain_free(&c);
	assert_int_equal(fake_counts.ended, 2);
	assert_int_equal(fake_counts.ended_with_fields, 0);
	leat_fields_free(&f);
	tree_free(t);
}

static void run_keeps(const struct tree *t, int team, bool decode, struct leat_image *im[], int first)
{
	struct leat_chain_opts o = {.strip_rows = 9, .team = team};
	struct leat_chain *c = tree_chain(t, &o, decode);
	assert_int_equal(leat_chain_run(c, NULL, NULL), 0);
	for (int i = first; i < t->n; i++)
		im[i - first] = leat_chain_take_image(c, i);
	leat_chain_free(&c);
}

static int orientation_begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct leat_meta *m = leat_meta_copy(b->meta, err);
	if (!m)
		return -1;
	m->orientation = 6;
	leat_meta_unref(b->meta_out);
	*b->meta_out = m;
	*item = NULL;
	return 0;
}
static int orientation_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
			    void *scratch, struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)y0, (void)y1, (void)scratch, (void)err;
	return 0;
}

/*
 * Kept images are assembled without a copy and shared where they are the same; other metadata make
 * another image.
 */
static void test_keep(void **state)
{
	(void)state;
	static const struct leat_op orientation = {
		.name = "orientation",
		.in = LEAT_IMAGE,
		.measures = true,
		.shape = leat_shape_same,
		.begin = orientation_begin,
		.rows = orientation_rows,
	};
	for (int team = 1; team <= 2; team++)
		for (int decode = 0; decode <= 1; decode++) {
			struct tree *t = tree_new(4, 90, 1, 12);
			int o = tree_add(t, TREE_OP, 0, &orientation, 0);
			tree_add(t, TREE_KEEP, 0, NULL, 0);
			tree_add(t, TREE_KEEP, o, NULL, 0);
			tree_add(t, TREE_KEEP, 0, NULL, 0);
			struct leat_image *im[3];
			run_keeps(t, team, decode, im, 2);
			assert_true(decode ? im[0] != t->source : im[0] == t->source);
			assert_ptr_equal(im[0], im[2]);
			assert_ptr_not_equal(im[0], im[1]);
			for (int i = 0; i < 3; i++) {
				same_image(im[i], t->source);
				assert_int_equal(im[i]->meta->orientation, i == 1 ? 6 : 1);
				leat_image_unref(&im[i]);
			}
			tree_free(t);
		}
}

/* --- memory --- */

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

static size_t most_in_use;
static int watch_rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1,
		      void *scratch, struct leat_err *err)
{
	(void)item, (void)in, (void)out, (void)scratch, (void)err, (void)y1;
	if (y0 % 1000 == 0 && in_use() > most_in_use)
		most_in_use = in_use();
	return 0;
}

static int blank_rows(struct leat_decoder *d, struct leat_rows *out, struct leat_err *err)
{
	(void)err;
	memset(leat_row(out, out->y0), (int)(out->y0 & 255), (size_t)(out->y1 - out->y0) * out->stride);
	d->next = out->y1;
	return 0;
}
static int blank_finish(struct leat_decoder *d, struct leat_notices *notes, struct leat_err *err)
{
	(void)d, (void)notes, (void)err;
	return 0;
}

/*
 * 20 000 rows of 1 KB, 20 MB in all, pass in less than 3. (Sanitizers have their own malloc: there it
 * shows nothing.)
 */
static void test_constant_memory(void **state)
{
	(void)state;
	static const struct leat_op watch = {
		.name = "watch", .in = LEAT_IMAGE, .measures = true, .shape = leat_shape_same, .rows = watch_rows};
	struct leat_codec blank = fake_codec;
	blank.dec_rows = blank_rows;
	blank.dec_finish = blank_finish;
	struct leat_image_shape s = {.width = 1000, .height = 20000, .channels = 1, .pages = 1};
	struct fake_params p = {.n = 2, .fail_at = FAKE_NEVER};
	struct leat_chain_opts o = {.team = 1};
	struct leat_err err = {0};
	struct leat_chain *c = leat_chain_new(&o, &err);
	struct leat_decoder *d = calloc(1, sizeof *d);
	assert_int_equal(leat_chain_decoder(c, &blank, d, &s, NULL, &err), 0);
	int smear = leat_chain_op(c, 0, &fake_smear, &p, NULL, NULL, &err);
	int edge = leat_chain_op(c, smear, &fake_edge, &p, NULL, NULL, &err);
	int shrink = leat_chain_op(c, edge, &fake_shrink, &p, NULL, NULL, &err);
	assert_true(leat_chain_op(c, smear, &watch, &p, NULL, NULL, &err) > 0);
	int keep = leat_chain_keep(c, leat_chain_op(c, shrink, &fake_shrink, &p, NULL, NULL, &err), &err);
	most_in_use = 0;
	size_t before = in_use();
	assert_int_equal(leat_chain_run(c, NULL, &err), 0);
	struct leat_image *im = leat_chain_take_image(c, keep);
	assert_int_equal(im->shape.height, 200);
	leat_image_unref(&im);
	leat_chain_free(&c);
	assert_true(most_in_use - before < 3u << 20 || most_in_use < before);
}

/* A window against a model: rows are where they should be whatever is dropped, moved, grown. */
static void test_window(void **state)
{
	(void)state;
	uint64_t seed = 13;
	for (int round = 0; round < 200; round++) {
		struct leat_image_shape s = {
			.width = 1 + fake_random(&seed) % 100, .height = 1 + fake_random(&seed) % 500, .channels = 1};
		struct leat_window w;
		struct leat_err err = {0};
		uint32_t from = 0, cap = 1 + fake_random(&seed) % 40;
		assert_int_equal(leat_window_open(&w, &s, cap, &err), 0);
		while (w.hi < s.height) {
			uint32_t n = 1 + fake_random(&seed) % 20;
			n = n < s.height - w.hi ? n : s.height - w.hi;
			assert_int_equal(leat_window_reserve(&w, n, from, &err), 0);
			struct leat_rows r = leat_window_rows(&w, w.hi, w.hi + n);
			assert_true(((uintptr_t)r.pixels & 63) == 0);
			for (uint32_t y = r.y0; y < r.y1; y++)
				memset(leat_row(&r, y), (int)(y & 255), s.width);
			w.hi += n;
			from += fake_random(&seed) % (w.hi - from + 1);
			assert_true(w.lo <= from && w.hi - w.lo <= w.cap - w.off);
			struct leat_rows live = leat_window_rows(&w, w.lo, w.hi);
			for (uint32_t y = w.lo; y < w.hi; y++)
				assert_true(*leat_row(&live, y) == (y & 255) &&
					    leat_row(&live, y)[s.width - 1] == (y & 255));
		}
		assert_int_equal(leat_window_reserve(&w, 1, from, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
		leat_window_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_window),         cmocka_unit_test(test_strips_and_teams),
		cmocka_unit_test(test_steps_in_place), cmocka_unit_test(test_source_image_untouched),
		cmocka_unit_test(test_random_trees),   cmocka_unit_test(test_random_failures),
		cmocka_unit_test(test_decoder_fails),  cmocka_unit_test(test_no_children),
		cmocka_unit_test(test_cancel),         cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_need_goes_back), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_simple_op),      cmocka_unit_test(test_end),
		cmocka_unit_test(test_keep),           cmocka_unit_test(test_constant_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
