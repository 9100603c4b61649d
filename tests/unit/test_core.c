/* SPDX-License-Identifier: MIT */
/* Counted bytes and images, payloads, fields, notices. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "core/codec.h"
#include "core/op.h"
#include "core/value.h"

#include <math.h>
#include <stdio.h>

static void count_release(struct leat_bytes *b)
{
	++*(int *)b->owner;
}

static void test_bytes(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_bytes *b = leat_bytes_new(3, &err), *second, *none = NULL;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(leat_bytes_append(b, "abcde", 5, &err), 0);
	assert_int_equal(b->len, 5000);
	assert_memory_equal(b->data + 4995, "abcde", 5);
	second = leat_bytes_ref(b);
	leat_bytes_unref(&b);
	assert_null(b);
	assert_int_equal(second->data[0], 'a');
	leat_bytes_unref(&second);
	leat_bytes_unref(&none);
	assert_null(leat_bytes_ref(NULL));
	assert_null(leat_bytes_new(SIZE_MAX - 3, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_MEMORY);
}

static void test_wrapped_bytes(void **state)
{
	(void)state;
	struct leat_err err = {0};
	uint8_t slab[4] = "abcd";
	int released = 0;
	struct leat_bytes *b = leat_bytes_wrap(slab, 4, count_release, &released, &err);
	leat_bytes_unref(&b);
	assert_int_equal(released, 1);
	/* what does not fit a slab any more moves to the heap, and the slab is given back */
	b = leat_bytes_wrap(slab, 4, count_release, &released, &err);
	assert_int_equal(leat_bytes_append(b, "ef", 2, &err), 0);
	assert_int_equal(released, 2);
	assert_memory_equal(b->data, "abcdef", 6);
	assert_memory_equal(slab, "abcd", 4);
	leat_bytes_unref(&b);
	assert_int_equal(released, 2);
}

static void test_image_shapes(void **state)
{
	(void)state;
	struct leat_image_shape s = {.width = 3,
				     .height = 5,
				     .channels = 4,
				     .alpha = true,
				     .sample = LEAT_U16,
				     .pages = 1},
				t = s;
	assert_int_equal(leat_sample_size(LEAT_U8) + leat_sample_size(LEAT_U16) + leat_sample_size(LEAT_F32), 7);
	assert_int_equal(leat_row_bytes(&s), 24);
	assert_int_equal(leat_image_bytes(&s), 120);
	assert_true(leat_image_shape_equal(&s, &t));
	t.sample = LEAT_F32;
	assert_false(leat_image_shape_equal(&s, &t));
	t.width = t.height = UINT32_MAX;
	assert_int_equal(leat_image_bytes(&t), SIZE_MAX);
}

static void test_images(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_image_shape s = {.width = 21, .height = 7, .channels = 3, .sample = LEAT_U8, .pages = 1};
	struct leat_meta *meta = leat_meta_new(&err);
	struct leat_image *im = leat_image_new(&s, meta, &err), *second = leat_image_ref(im);
	assert_ptr_equal(im->meta, meta);
	assert_int_equal(im->stride, 64);
	assert_int_equal((uintptr_t)im->pixels % 64, 0);
	memset(im->pixels, 7, im->stride * 7 + 64); /* the 64 bytes behind the last row are there */
	struct leat_rows rows = {.pixels = im->pixels, .stride = im->stride, .y0 = 0, .y1 = 7};
	assert_ptr_equal(leat_row(&rows, 2), im->pixels + 128);
	leat_meta_unref(&meta);
	leat_image_unref(&im);
	assert_int_equal(second->meta->orientation, 1);
	leat_image_unref(&second);
	leat_image_unref(&second);
	s.width = 0;
	assert_null(leat_image_new(&s, NULL, &err));
	err = (struct leat_err){0};
	s.width = s.height = UINT32_MAX;
	s.channels = 4;
	s.sample = LEAT_F32;
	assert_null(leat_image_new(&s, NULL, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
}

static void test_meta_copy(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_meta *m = leat_meta_new(&err);
	m->icc = leat_bytes_new(8, &err);
	m->copyright = leat_strdup("somebody", &err);
	m->orientation = 6;
	m->has_chrm = true;
	m->chrm[7] = 0.06;
	m->cicp[3] = 9;
	struct leat_meta *c = leat_meta_copy(m, &err), *fresh = leat_meta_copy(NULL, &err);
	assert_ptr_equal(c->icc, m->icc);
	assert_int_equal(c->icc->refs, 2);
	assert_ptr_not_equal(c->copyright, m->copyright);
	leat_meta_unref(&m);
	assert_string_equal(c->copyright, "somebody");
	assert_int_equal(c->orientation, 6);
	assert_true(c->has_chrm && c->chrm[7] == 0.06 && c->cicp[3] == 9);
	assert_int_equal(c->refs, 1);
	assert_int_equal(c->icc->refs, 1);
	assert_int_equal(fresh->orientation, 1);
	leat_meta_unref(&c);
	leat_meta_unref(&fresh);
}

static void test_payloads(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_image_shape s = {.width = 2, .height = 2, .channels = 1, .sample = LEAT_U8, .pages = 1};
	struct leat_payload a = {.kind = LEAT_IMAGE, .image = leat_image_new(&s, NULL, &err)}, b = leat_payload_ref(&a);
	assert_int_equal(a.image->refs, 2);
	assert_true(leat_payload_bytes(&a) >= 2 * 64);
	leat_payload_clear(&a);
	assert_int_equal(a.kind, LEAT_NONE);
	assert_int_equal(b.image->refs, 1);
	leat_payload_clear(&b);
	a = (struct leat_payload){.kind = LEAT_FILE, .format = "png", .bytes = leat_bytes_new(100, &err)};
	assert_int_equal(leat_payload_bytes(&a), 100);
	b = leat_payload_ref(&a);
	assert_string_equal(b.format, "png");
	leat_payload_clear(&b);
	leat_payload_clear(&a);
	leat_payload_clear(&a);
	assert_int_equal(leat_payload_bytes(&a), 0);
}

static void test_op_helpers(void **state)
{
	(void)state;
	struct leat_shape in = {.kind = LEAT_IMAGE, .image = {.width = 4, .height = 9}}, out = {0};
	assert_int_equal(leat_shape_same(NULL, &in, &out, NULL), 0);
	assert_int_equal(out.image.height, 9);
	struct {
		uint32_t height;
	} item = {9};
	int64_t y0 = -1, y1 = -1;
	leat_need_all(&item, 3, 4, &y0, &y1);
	assert_true(y0 == 0 && y1 == 9);
}

static void test_notices(void **state)
{
	(void)state;
	struct leat_notices n = {0};
	leat_notice(NULL, "nobody listens");
	leat_notice(&n, "page %d of %d", 1, 2);
	leat_notice(&n, "page %d of %d", 1, 2);
	assert_int_equal(n.n, 1);
	assert_string_equal(n.text[0], "page 1 of 2");
	for (int i = 0; i < 9; i++)
		leat_notice(&n, "%d %0200d", i, 0);
	assert_int_equal(n.n, 4);
	assert_int_equal(strlen(n.text[3]), 119);
}

static const char *printed(const struct leat_value *v, struct leat_buf *b)
{
	leat_buf_clear(b);
	leat_value_print(b, v);
	return b->len ? b->data : "";
}

static void test_fields(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_fields f = {0}, copy = {0};
	struct leat_buf b = {0};
	assert_null(leat_fields_get(&f, "width"));
	assert_null(leat_fields_get(NULL, "width"));
	for (int i = 0; i < 50; i++) {
		char name[16];
		snprintf(name, sizeof name, "f%d", i);
		assert_int_equal(leat_fields_set_int(&f, name, i, &err), 0);
	}
	assert_int_equal(leat_fields_set_text(&f, "f7", "seven\0more", 5, &err), 0);
	assert_int_equal(leat_fields_set_text(&f, "f7", "SEVEN", 5, &err), 0);
	assert_int_equal(leat_fields_set_real(&f, "mean", 0.1, &err), 0);
	assert_int_equal(leat_fields_set_time(&f, "taken", 0, &err), 0);
	assert_int_equal(f.n, 52);
	assert_string_equal(f.v[7].name, "f7"); /* the order stays */
	assert_int_equal(leat_fields_copy(&copy, &f, &err), 0);
	leat_fields_free(&f);
	assert_string_equal(leat_fields_get(&copy, "f7")->s, "SEVEN");
	assert_string_equal(printed(leat_fields_get(&copy, "f49"), &b), "49");
	assert_string_equal(printed(leat_fields_get(&copy, "mean"), &b), "0.1");
	assert_int_equal(leat_fields_copy(&copy, &f, &err), 0); /* from an empty one: empty */
	assert_int_equal(copy.n, 0);
	leat_fields_free(&copy);
	leat_buf_free(&b);
}

static void test_times(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	struct leat_value v = {.type = LEAT_V_TIME, .i = INT64_C(1769823005) * 1000000000 + 999999999};
	setenv("TZ", "UTC-1", 1); /* one hour east */
	assert_string_equal(printed(&v, &b), "2026-01-31T02:30:05+01:00");
	v.i = -1;
	assert_string_equal(printed(&v, &b), "1970-01-01T00:59:59+01:00");
	unsetenv("TZ");
	v = (struct leat_value){.type = LEAT_V_NONE};
	assert_string_equal(printed(&v, &b), "");
	v = (struct leat_value){.type = LEAT_V_INT, .i = INT64_MIN};
	assert_string_equal(printed(&v, &b), "-9223372036854775808");
	leat_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),        cmocka_unit_test(test_wrapped_bytes),
		cmocka_unit_test(test_image_shapes), cmocka_unit_test(test_images),
		cmocka_unit_test(test_meta_copy),    cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_op_helpers),   cmocka_unit_test(test_notices),
		cmocka_unit_test(test_fields),       cmocka_unit_test(test_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
