/* SPDX-License-Identifier: MIT */
/*
 * reduce mean, min and max over images: exact values, mismatches, merging, saved state; and how keep and drop are
 * declared.
 */
#include "op_harness.h"

#include "ops/item/fold.h"

extern const struct leat_op leat_op_reduce, leat_op_keep, leat_op_drop;

struct reducer {
	void *params, *acc;
};

static struct reducer reducer(const char *text)
{
	struct leat_err err = {0};
	const struct leat_param *which;
	struct reducer r = {op_params(&leat_op_reduce, text), NULL};
	assert_int_equal(leat_op_reduce.check(r.params, &which, &err), 0);
	assert_int_equal(leat_op_reduce.reduction->init(&(struct leat_op_open){.params = r.params}, &r.acc, &err), 0);
	return r;
}

static void reducer_free(struct reducer *r)
{
	leat_op_reduce.reduction->release(r->acc);
	free(r->params);
}

static int give(struct reducer *r, uint64_t seq, struct leat_image *im, struct leat_err *err)
{
	struct leat_payload p = {.kind = LEAT_IMAGE, .image = im};
	struct leat_view v = {.index = seq};
	return leat_op_reduce.reduction->add(r->acc, seq, &p, &v, err);
}

/* The result; *count and *skipped (-1: no such field). */
static struct leat_image *result(struct reducer *r, int64_t *count, int64_t *skipped)
{
	struct leat_err err = {0};
	struct leat_payload out = {0};
	struct leat_fields f = {0};
	if (leat_op_reduce.reduction->finish(r->acc, &out, &f, &err))
		fail_msg("%s", err.text);
	assert_int_equal(out.kind, LEAT_IMAGE);
	const struct leat_value *n = leat_fields_get(&f, "count"), *s = leat_fields_get(&f, "skipped");
	*count = n ? n->i : -1;
	*skipped = s ? s->i : -1;
	leat_fields_free(&f);
	return out.image;
}

static double expected(const char *how, struct leat_image *const *im, size_t n, uint32_t x, uint32_t y, unsigned c)
{
	double sum = 0, low = 1e9, high = -1;
	for (size_t i = 0; i < n; i++) {
		double v = op_at(im[i], x, y, c);
		sum += v;
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	/* half up */
	return strcmp(how, "min") == 0   ? low
	       : strcmp(how, "max") == 0 ? high
					 : (double)(int64_t)(sum / (double)n + 0.5);
}

static void compare(const char *how, struct leat_image *const *im, size_t n)
{
	struct reducer r = reducer(how);
	struct leat_err err = {0};
	int64_t count, skipped;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(give(&r, i, im[i], &err), 0);
	struct leat_image *out = result(&r, &count, &skipped);
	assert_int_equal(count, n);
	assert_int_equal(skipped, -1);
	assert_true(leat_image_shape_equal(&out->shape, &im[0]->shape));
	for (uint32_t y = 0; y < out->shape.height; y++)
		for (uint32_t x = 0; x < out->shape.width; x++)
			for (unsigned c = 0; c < out->shape.channels; c++)
				assert_true(op_at(out, x, y, c) == expected(how, im, n, x, y, c));
	leat_image_unref(&out);
	reducer_free(&r);
}

static void every_sample_is_exact(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= 4; channels++)
		for (int wide = 0; wide < 2; wide++) {
			struct leat_image_shape s = op_shape(41, 23, channels, wide ? LEAT_U16 : LEAT_U8);
			struct leat_image *im[6];
			for (uint64_t i = 0; i < 6; i++)
				im[i] = op_noise(&s, i + 1);
			for (size_t n = 1; n <= 6; n++) {
				compare("mean", im, n);
				compare("min", im, n);
				compare("max", im, n);
			}
			for (int i = 0; i < 6; i++)
				leat_image_unref(&im[i]);
		}
}

static void halves_go_up(void **state)
{
	static const uint8_t a[3] = {0, 1, 254}, b[3] = {1, 2, 255};
	struct leat_image_shape s = op_shape(3, 1, 1, LEAT_U8);
	struct leat_err err = {0};
	struct leat_image *one = op_image(&s, a), *two = op_image(&s, b);
	struct reducer r = reducer("mean");
	int64_t count, skipped;
	(void)state;
	assert_int_equal(give(&r, 0, one, &err), 0);
	assert_int_equal(give(&r, 1, two, &err), 0);
	struct leat_image *out = result(&r, &count, &skipped);
	assert_memory_equal(out->pixels, b, 3);
	leat_image_unref(&one);
	leat_image_unref(&two);
	leat_image_unref(&out);
	reducer_free(&r);
}

static void mismatches_name_both_sizes(void **state)
{
	struct leat_image_shape s[4] = {op_shape(8, 6, 3, LEAT_U8), op_shape(8, 7, 3, LEAT_U8),
					op_shape(8, 6, 1, LEAT_U8), op_shape(8, 6, 3, LEAT_U16)};
	static const char *const says[] = {"", "8x7 RGB 8 bit, the first one was 8x6 RGB 8 bit", "8x6 gray 8 bit",
					   "16 bit"};
	(void)state;
	struct reducer fails = reducer("mean"), skips = reducer("mean on-mismatch=skip");
	int64_t count, skipped;
	for (int i = 0; i < 4; i++) {
		struct leat_image *im = op_noise(&s[i], 3);
		struct leat_err err = {0};
		assert_int_equal(give(&skips, (uint64_t)i, im, &err), 0);
		assert_int_equal(give(&fails, (uint64_t)i, im, &err), i ? -1 : 0);
		if (i) {
			assert_int_equal(err.cause, LEAT_CAUSE_MISMATCH);
			assert_non_null(strstr(err.text, says[i]));
		}
		leat_image_unref(&im);
	}
	struct leat_image *a = result(&fails, &count, &skipped), *b = result(&skips, &count, &skipped);
	assert_int_equal(count, 1);
	assert_int_equal(skipped, 3);
	assert_true(op_same_pixels(a, b));
	leat_image_unref(&a);
	leat_image_unref(&b);
	reducer_free(&fails);
	reducer_free(&skips);
}

static struct leat_bytes *blob(const char *text)
{
	struct leat_err err = {0};
	struct leat_bytes *b = leat_bytes_new(strlen(text), &err);
	assert_int_equal(leat_bytes_append(b, text, strlen(text), &err), 0);
	return b;
}

static void metadata_of_the_result(void **state)
{
	struct leat_image_shape s = op_shape(5, 4, 3, LEAT_U8);
	struct leat_image *one = op_noise(&s, 1), *two = op_noise(&s, 2);
	struct leat_err err = {0};
	int64_t count, skipped;
	(void)state;
	one->meta->icc = blob("profile");
	one->meta->exif = blob("exif");
	one->meta->density_x = 300;
	struct reducer r = reducer("mean");
	assert_int_equal(give(&r, 0, one, &err), 0);
	assert_int_equal(give(&r, 1, two, &err), -1); /* another profile: none */
	assert_non_null(strstr(err.text, "color profile"));
	two->meta->icc = blob("profile");
	assert_int_equal(give(&r, 1, two, &err), 0);
	struct leat_image *out = result(&r, &count, &skipped);
	assert_ptr_equal(out->meta->icc, one->meta->icc);
	assert_null(out->meta->exif);
	assert_true(out->meta->density_x == 300);
	assert_non_null(one->meta->exif);
	leat_image_unref(&one);
	leat_image_unref(&two);
	leat_image_unref(&out);
	reducer_free(&r);
}

/* Takes im over; passes all images to a reducer in one go, and to three that are merged and saved on the way. */
static void merged_is_as_one(const char *text, struct leat_image **im, size_t n)
{
	const struct leat_reduction *red = leat_op_reduce.reduction;
	struct leat_err err = {0};
	int64_t count[2], skipped;
	struct reducer all = reducer(text), part[3] = {reducer(text), reducer(text), reducer(text)},
		       again = reducer(text);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(give(&all, i, im[i], &err), 0);
		assert_int_equal(give(&part[i < 2 ? 0 : i < 5 ? 1 : 2], i, im[i], &err), 0);
	}
	assert_int_equal(red->merge(part[1].acc, part[2].acc, &err), 0);
	assert_int_equal(red->merge(part[0].acc, part[1].acc, &err), 0);
	struct leat_buf saved = {0};
	assert_int_equal(red->save(part[0].acc, &saved, &err), 0);
	assert_int_equal(red->load(again.acc, saved.data, saved.len, &err), 0);
	struct leat_image *a = result(&all, &count[0], &skipped), *b = result(&again, &count[1], &skipped);
	assert_true(op_same_pixels(a, b));
	assert_int_equal(count[0], count[1]);
	assert_int_equal(b->meta->icc->len, 7);
	leat_image_unref(&a);
	leat_image_unref(&b);
	for (size_t cut = 0; cut < saved.len; cut += 11) { /* damaged state is refused */
		struct leat_err why = {0};
		assert_int_equal(red->load(again.acc, saved.data, cut, &why), -1);
		assert_int_equal(why.cause, LEAT_CAUSE_CORRUPT);
	}
	leat_buf_free(&saved);
	reducer_free(&all);
	reducer_free(&again);
	for (int i = 0; i < 3; i++)
		reducer_free(&part[i]);
}

static void parts_merge_and_survive_a_save(void **state)
{
	static const char *const texts[] = {"mean", "min", "max on-mismatch=skip"};
	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct leat_image_shape s = op_shape(31, 9, 4, wide ? LEAT_U16 : LEAT_U8);
		struct leat_image *im[7];
		for (uint64_t i = 0; i < 7; i++) {
			im[i] = op_noise(&s, 40 + i);
			im[i]->meta->icc = blob("profile");
		}
		for (size_t t = 0; t < LEAT_LEN(texts); t++)
			merged_is_as_one(texts[t], im, 7);
		for (int i = 0; i < 7; i++)
			leat_image_unref(&im[i]);
	}
}

static void empty_state_is_saved_too(void **state)
{
	const struct leat_reduction *red = leat_op_reduce.reduction;
	struct leat_err err = {0};
	struct leat_buf saved = {0};
	struct leat_payload out = {0};
	struct leat_fields f = {0};
	struct reducer a = reducer("mean"), b = reducer("mean"), other = reducer("min");
	(void)state;
	assert_int_equal(red->save(a.acc, &saved, &err), 0);
	assert_int_equal(red->load(b.acc, saved.data, saved.len, &err), 0);
	assert_int_equal(red->merge(a.acc, b.acc, &err), 0);
	assert_int_equal(red->load(other.acc, saved.data, saved.len, &err), -1);
	err = (struct leat_err){0};
	assert_int_equal(red->finish(a.acc, &out, &f, &err), -1);
	leat_fields_free(&f);
	leat_buf_free(&saved);
	reducer_free(&a);
	reducer_free(&b);
	reducer_free(&other);
}

/* Where 32 bits end the sums go on in 64. */
static void sums_grow(void **state)
{
	struct leat_image_shape s = op_shape(4, 1, 1, LEAT_U16);
	static const uint16_t px[4] = {65535, 0, 32767, 1};
	struct leat_image *im = op_image(&s, px);
	struct leat_err err = {0};
	struct leat_fold f = {.how = LEAT_FOLD_MEAN}, later = {.how = LEAT_FOLD_MEAN};
	uint64_t limit = leat_fold_narrow(LEAT_U16);
	(void)state;
	assert_int_equal(limit, 65537);
	for (uint64_t i = 0; i < limit; i++)
		assert_int_equal(leat_fold_add(&f, im, &err), 0);
	assert_false(f.wide);
	for (uint64_t i = 0; i < 10; i++) {
		assert_int_equal(leat_fold_add(&f, im, &err), 0);
		assert_int_equal(leat_fold_add(&later, im, &err), 0);
	}
	assert_true(f.wide && !later.wide);
	assert_int_equal(leat_fold_merge(&f, &later, &err), 0); /* narrow into wide */
	assert_int_equal(leat_fold_merge(&later, &f, &err), 0); /* wide into narrow */
	assert_true(later.wide && later.count == limit + 30);
	struct leat_image *out = leat_fold_image(&later, &err);
	assert_memory_equal(out->pixels, px, sizeof px);
	leat_image_unref(&out);
	leat_image_unref(&im);
	leat_fold_clear(&f);
	leat_fold_clear(&later);
}

static void refused(const char *text, const char *says)
{
	struct leat_err err = {0};
	const struct leat_param *which = NULL;
	void *params = op_params(&leat_op_reduce, text);
	assert_int_equal(leat_op_reduce.check(params, &which, &err), -1);
	assert_non_null(which);
	if (!strstr(err.text, says))
		fail_msg("'%s' does not say '%s'", err.text, says);
	free(params);
}

static void divisors_of_a_mean_are_refused(void **state)
{
	(void)state;
	refused("mean ddof=1", "ddof is for std and var");
}

/* Two float images: `how` of them must be `want`. */
static void floats_become(const char *how, struct leat_image *a, struct leat_image *b, const float want[6])
{
	struct reducer r = reducer(how);
	struct leat_err err = {0};
	int64_t count, skipped;
	assert_int_equal(give(&r, 0, a, &err) | give(&r, 1, b, &err), 0);
	struct leat_image *out = result(&r, &count, &skipped);
	assert_int_equal(count, 2);
	assert_true(leat_image_shape_equal(&out->shape, &a->shape));
	for (unsigned i = 0; i < 6; i++) {
		double v = op_at(out, i % 3, i / 3, 0);
		if (isnan(want[i]) ? !isnan(v) : v != (double)want[i])
			fail_msg("%s: sample %u is %g, not %g", how, i, v, (double)want[i]);
	}
	leat_image_unref(&out);
	reducer_free(&r);
}

static void floats_are_reduced_too(void **state)
{
	const float x[6] = {0.25f, -2, 7.5f, NAN, 1, 0}, y[6] = {0.5f, 4, -1, 3, NAN, 0};
	struct leat_image_shape s = op_shape(3, 2, 1, LEAT_F32), other = op_shape(3, 2, 1, LEAT_U16);
	struct leat_image *a = op_image(&s, x), *b = op_image(&s, y), *c = op_image(&other, NULL);
	(void)state;
	floats_become("mean", a, b, (const float[6]){0.375f, 1, 3.25f, NAN, NAN, 0});
	floats_become("mean nan=omit", a, b, (const float[6]){0.375f, 1, 3.25f, 3, 1, 0});
	floats_become("min", a, b, (const float[6]){0.25f, -2, -1, NAN, NAN, 0});
	floats_become("max nan=omit", a, b, (const float[6]){0.5f, 4, 7.5f, 3, 1, 0});
	struct reducer r = reducer("mean");
	struct leat_err err = {0};
	assert_int_equal(give(&r, 0, a, &err), 0);
	assert_int_equal(give(&r, 1, c, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_MISMATCH);
	assert_string_equal(err.text, "the image is 3x2 gray 16 bit, the first one was 3x2 gray float");
	reducer_free(&r);
	leat_image_unref(&a);
	leat_image_unref(&b);
	leat_image_unref(&c);
}

static void keep_and_drop_take_conditions(void **state)
{
	const struct leat_op *const ops[] = {&leat_op_keep, &leat_op_drop};
	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(ops[i]->params[0].type, LEAT_PT_CONDITIONS);
		assert_int_equal(ops[i]->params[0].flags, LEAT_POSITIONAL | LEAT_REQUIRED);
		assert_int_equal(ops[i]->in, LEAT_ANY);
		assert_int_equal(ops[i]->out, 0);
		assert_true(!ops[i]->rows && !ops[i]->run && !ops[i]->reduction);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample_is_exact),
		cmocka_unit_test(halves_go_up),
		cmocka_unit_test(mismatches_name_both_sizes),
		cmocka_unit_test(metadata_of_the_result),
		cmocka_unit_test(parts_merge_and_survive_a_save),
		cmocka_unit_test(empty_state_is_saved_too),
		cmocka_unit_test(sums_grow),
		cmocka_unit_test(divisors_of_a_mean_are_refused),
		cmocka_unit_test(floats_are_reduced_too),
		cmocka_unit_test(keep_and_drop_take_conditions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
