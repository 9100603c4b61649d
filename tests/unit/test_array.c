/* SPDX-License-Identifier: MIT */
/* Arrays: their shapes as text, conversions of type and order, halves. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/array_half.h"

#include <math.h>
#include <string.h>

static struct leat_array *made(enum leat_dtype t, int ndim, const uint64_t *dim, bool fortran)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = t, .ndim = ndim, .fortran = fortran};
	for (int i = 0; i < ndim; i++)
		s.dim[i] = dim[i];
	struct leat_array *a = leat_array_new(&s, &err);
	assert_non_null(a);
	return a;
}

static struct leat_array *row_of(enum leat_dtype t, const void *data, uint64_t n)
{
	struct leat_array *a = made(t, 1, &n, false);
	memcpy(a->data, data, (size_t)n * leat_dtype_size(t));
	return a;
}

static void shapes_as_text(void **state)
{
	struct leat_array_shape s = {.dtype = LEAT_DT_F8};
	char buf[192];
	(void)state;
	assert_string_equal(leat_array_shape_text(&s, buf), "()");
	s = (struct leat_array_shape){.ndim = 1, .dim = {7}};
	assert_string_equal(leat_array_shape_text(&s, buf), "(7,)");
	s = (struct leat_array_shape){.ndim = 2, .dim = {2, 3}};
	assert_string_equal(leat_array_shape_text(&s, buf), "(2, 3)");
	s = (struct leat_array_shape){.ndim = 8};
	for (int i = 0; i < 8; i++)
		s.dim[i] = UINT64_MAX;
	assert_int_equal(strlen(leat_array_shape_text(&s, buf)), 8 * 20 + 7 * 2 + 2);
	assert_true(leat_array_count(&s) == UINT64_MAX);
	s.dim[7] = 0;
	assert_true(leat_array_count(&s) == 0);
}

static void too_large_is_refused(void **state)
{
	struct leat_err err = {0};
	struct leat_array_shape s = {.dtype = LEAT_DT_F8, .ndim = 2, .dim = {UINT64_MAX / 2, 3}};
	(void)state;
	assert_null(leat_array_new(&s, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
}

static void same_is_a_reference(void **state)
{
	const uint64_t dim[] = {3, 4}, one[] = {3};
	struct leat_err err = {0};
	(void)state;
	struct leat_array *a = made(LEAT_DT_F4, 2, dim, true), *b = leat_array_as(a, LEAT_DT_F4, true, &err);
	assert_ptr_equal(a, b);
	leat_array_unref(&a);
	leat_array_unref(&b);
	a = made(LEAT_DT_F4, 1, one, true); /* both orders are one */
	b = leat_array_as(a, LEAT_DT_F4, true, &err);
	assert_ptr_equal(a, b);
	leat_array_unref(&a);
	leat_array_unref(&b);
}

/* Fills with the number of the element in C order, as the type says. */
static void put(struct leat_array *a, size_t at, uint64_t v)
{
	size_t size = leat_dtype_size(a->shape.dtype);
	memset((uint8_t *)a->data + at * size, 0, size);
	memcpy((uint8_t *)a->data + at * size, &v, size < 8 ? size : 8);
}

/* Position of the element with these indices. */
static size_t place(const struct leat_array_shape *s, const uint64_t *at)
{
	size_t p = 0;
	for (int k = 0; k < s->ndim; k++) {
		int axis = s->fortran ? s->ndim - 1 - k : k;
		p = p * (size_t)s->dim[axis] + (size_t)at[axis];
	}
	return p;
}

static void check_turn(enum leat_dtype t, int ndim, const uint64_t *dim)
{
	struct leat_err err = {0};
	struct leat_array *c = made(t, ndim, dim, false);
	size_t n = (size_t)leat_array_count(&c->shape), size = leat_dtype_size(t);
	for (size_t i = 0; i < n; i++)
		put(c, i, i * 0x9e3779b97f4a7c15u);
	struct leat_array *f = leat_array_as(c, t, true, &err), *back = leat_array_as(f, t, false, &err);
	assert_non_null(back);
	assert_int_equal(f->shape.fortran, ndim >= 2);
	uint64_t at[LEAT_MAX_DIMS] = {0};
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal((uint8_t *)c->data + i * size, (uint8_t *)f->data + place(&f->shape, at) * size,
				    size);
		for (int k = ndim - 1; k >= 0 && ++at[k] == dim[k]; k--)
			at[k] = 0;
	}
	assert_memory_equal(c->data, back->data, n * size);
	leat_array_unref(&c);
	leat_array_unref(&f);
	leat_array_unref(&back);
}

static void orders_turn(void **state)
{
	static const uint64_t dims[][LEAT_MAX_DIMS] = {
		{5, 7},       {70, 45},        {1, 9},      {2, 3, 4},
		{3, 1, 2, 5}, {2, 2, 3, 2, 3}, {33, 2, 35}, {2, 3, 2, 2, 3, 2, 2, 3}};
	static const int ndims[] = {2, 2, 2, 3, 4, 5, 3, 8};
	static const enum leat_dtype types[] = {LEAT_DT_U1, LEAT_DT_F2, LEAT_DT_F4, LEAT_DT_F8, LEAT_DT_C16};
	(void)state;
	for (size_t i = 0; i < sizeof ndims / sizeof *ndims; i++)
		for (size_t t = 0; t < sizeof types / sizeof *types; t++)
			check_turn(types[t], ndims[i], dims[i]);
	const uint64_t empty[] = {3, 0, 2};
	check_turn(LEAT_DT_F8, 3, empty);
	check_turn(LEAT_DT_F8, 0, empty);
}

static void turned_and_converted_at_once(void **state)
{
	const uint64_t dim[] = {2, 3};
	static const int16_t in[] = {1, 2, 3, 4, 5, 6};
	static const double want[] = {1, 4, 2, 5, 3, 6};
	struct leat_err err = {0};
	(void)state;
	struct leat_array *a = made(LEAT_DT_I2, 2, dim, false);
	memcpy(a->data, in, sizeof in);
	struct leat_array *b = leat_array_as(a, LEAT_DT_F8, true, &err);
	assert_non_null(b);
	assert_memory_equal(b->data, want, sizeof want);
	leat_array_unref(&a);
	leat_array_unref(&b);
}

static void expect_as(enum leat_dtype from, const void *in, enum leat_dtype to, const void *out, uint64_t n)
{
	struct leat_err err = {0};
	struct leat_array *a = row_of(from, in, n), *b = leat_array_as(a, to, false, &err);
	if (!b)
		fail_msg("%s to %s: %s", leat_dtype_code(from), leat_dtype_code(to), err.text);
	assert_int_equal(b->shape.dtype, to);
	assert_memory_equal(b->data, out, (size_t)n * leat_dtype_size(to));
	leat_array_unref(&a);
	leat_array_unref(&b);
}

static void expect_refused(enum leat_dtype from, const void *in, enum leat_dtype to, uint64_t n, const char *text)
{
	struct leat_err err = {0};
	struct leat_array *a = row_of(from, in, n);
	assert_null(leat_array_as(a, to, false, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_UNSUPPORTED);
	assert_string_equal(err.text, text);
	leat_array_unref(&a);
}

static void integers_round_once(void **state)
{
	/* Through double 2^24+1 ulps of 2^60 would round twice: the bit that decides lies below its 53. */
	static const int64_t in[] = {(1LL << 53) + 1, -((1LL << 53) + 3), INT64_MAX, 0x1000001000000001};
	static const double wide[] = {9007199254740992.0, -9007199254740996.0, 9223372036854775808.0, 0x1.000001p60};
	static const float narrow[] = {9007199254740992.0F, -9007199254740992.0F, 9223372036854775808.0F,
				       0x1.000002p60F};
	(void)state;
	expect_as(LEAT_DT_I8, in, LEAT_DT_F8, wide, 4);
	expect_as(LEAT_DT_I8, in, LEAT_DT_F4, narrow, 4);
	static const uint64_t big[] = {UINT64_MAX, 1};
	static const double bigs[] = {18446744073709551616.0, 1};
	expect_as(LEAT_DT_U8, big, LEAT_DT_F8, bigs, 2);
}

static void floats_truncate_or_are_refused(void **state)
{
	static const double in[] = {-1.9, 2.9, 127.99, -128.99};
	static const int8_t out[] = {-1, 2, 127, -128};
	(void)state;
	expect_as(LEAT_DT_F8, in, LEAT_DT_I1, out, 4);
	static const double low[] = {-0.5}, zero[] = {0}, above[] = {1, 256}, below[] = {-1};
	static const uint8_t u0[] = {0};
	expect_as(LEAT_DT_F8, low, LEAT_DT_U1, u0, 1);
	expect_as(LEAT_DT_F8, zero, LEAT_DT_U1, u0, 1);
	expect_refused(LEAT_DT_F8, above, LEAT_DT_U1, 2, "256 does not fit into uint8 (element 1)");
	expect_refused(LEAT_DT_F8, below, LEAT_DT_U8, 1, "-1 does not fit into uint64 (element 0)");
	static const double not [] = {NAN}, inf[] = {INFINITY}, edge[] = {9223372036854775808.0}, ok[] = {-0x1p63};
	static const int64_t min[] = {INT64_MIN};
	expect_refused(LEAT_DT_F8, not, LEAT_DT_I4, 1, "nan does not fit into int32 (element 0)");
	expect_refused(LEAT_DT_F8, inf, LEAT_DT_I8, 1, "inf does not fit into int64 (element 0)");
	expect_refused(LEAT_DT_F8, edge, LEAT_DT_I8, 1, "9.2233720368547758e+18 does not fit into int64 (element 0)");
	expect_as(LEAT_DT_F8, ok, LEAT_DT_I8, min, 1);
	static const float f[] = {3e9F};
	expect_refused(LEAT_DT_F4, f, LEAT_DT_I4, 1, "3000000000 does not fit into int32 (element 0)");
}

static void integers_keep_their_value(void **state)
{
	static const int32_t in[] = {-1, 40000}, fits[] = {-32768, 32767};
	static const int16_t out[] = {-32768, 32767};
	static const uint64_t huge[] = {UINT64_MAX};
	static const int32_t flags[] = {0, -7, 256};
	static const uint8_t bools[] = {0, 1, 1};
	(void)state;
	expect_as(LEAT_DT_I4, fits, LEAT_DT_I2, out, 2);
	expect_refused(LEAT_DT_I4, in, LEAT_DT_U4, 2, "-1 does not fit into uint32 (element 0)");
	expect_refused(LEAT_DT_I4, in, LEAT_DT_I2, 2, "40000 does not fit into int16 (element 1)");
	expect_refused(LEAT_DT_U8, huge, LEAT_DT_I8, 1, "18446744073709551615 does not fit into int64 (element 0)");
	expect_as(LEAT_DT_I4, flags, LEAT_DT_B1, bools, 3);
	static const float f[] = {0, 1, 1};
	expect_as(LEAT_DT_B1, bools, LEAT_DT_F4, f, 3);
}

static void complex_parts(void **state)
{
	static const float pairs[] = {1.5F, -2, 0, 0}, reals[] = {1.5F, -2};
	static const double wide[] = {1.5, -2, 0, 0}, from_real[] = {1.5, 0, -2, 0};
	static const uint8_t bools[] = {1, 0}, bytes[] = {3, 4};
	static const float from_bytes[] = {3, 0, 4, 0};
	(void)state;
	expect_as(LEAT_DT_C8, pairs, LEAT_DT_C16, wide, 2);
	expect_as(LEAT_DT_C16, wide, LEAT_DT_C8, pairs, 2);
	expect_as(LEAT_DT_F4, reals, LEAT_DT_C16, from_real, 2);
	expect_as(LEAT_DT_U1, bytes, LEAT_DT_C8, from_bytes, 2);
	expect_as(LEAT_DT_C8, pairs, LEAT_DT_B1, bools, 2);
	expect_refused(LEAT_DT_C16, wide, LEAT_DT_F8, 2,
		       "complex128 cannot become float64: the imaginary parts would be lost");
}

/* Every half is a float and back; every double between two neighbors goes to the nearer, ties to even. */
static void halves(void **state)
{
	(void)state;
	for (uint32_t h = 0; h < 0x7c00; h++) {
		uint16_t a = (uint16_t)h, b = (uint16_t)(h + 1), minus = a | 0x8000;
		double x = (double)leat_half_to_float(a), y = h + 1 < 0x7c00 ? (double)leat_half_to_float(b) : 65536.0;
		double middle = (x + y) / 2;
		assert_int_equal(leat_half_from_double(x), a);
		assert_int_equal(leat_half_from_double(-x), minus);
		assert_int_equal(leat_half_from_double(middle), h & 1 ? b : a);
		assert_int_equal(leat_half_from_double(nextafter(middle, 0)), a);
		assert_int_equal(leat_half_from_double(nextafter(middle, INFINITY)), b);
	}
	assert_int_equal(leat_half_from_double(INFINITY), 0x7c00);
	assert_int_equal(leat_half_from_double(-INFINITY), 0xfc00);
	assert_int_equal(leat_half_from_double(1e300), 0x7c00);
	assert_true(isnan(leat_half_to_float(leat_half_from_double(NAN))));
	assert_true(isinf(leat_half_to_float(0xfc00)));
}

static void halves_convert(void **state)
{
	static const uint16_t h[] = {0x3c00, 0xc000, 0x7bff}, from_int[] = {0x7c00, 0x3c00};
	static const double d[] = {1, -2, 65504};
	static const int32_t i[] = {1, -2, 65504}, large[] = {70000, 1};
	static const uint8_t b[] = {1, 1, 1};
	static const double above_tie[] = {1.0004882812500002}; /* float would lose the last bit, and round down */
	static const uint16_t up[] = {0x3c01};
	(void)state;
	expect_as(LEAT_DT_F2, h, LEAT_DT_F8, d, 3);
	expect_as(LEAT_DT_F8, d, LEAT_DT_F2, h, 3);
	expect_as(LEAT_DT_F2, h, LEAT_DT_I4, i, 3);
	expect_as(LEAT_DT_I4, i, LEAT_DT_F2, h, 3);
	expect_as(LEAT_DT_F2, h, LEAT_DT_B1, b, 3);
	expect_as(LEAT_DT_I4, large, LEAT_DT_F2, from_int, 2);
	expect_as(LEAT_DT_F8, above_tie, LEAT_DT_F2, up, 1);
}

/* Every pair of types that keeps small whole numbers, over more than one block. */
static void all_pairs(void **state)
{
	enum { N = 1100 };
	static uint8_t in[N];
	struct leat_err err = {0};
	(void)state;
	for (int i = 0; i < N; i++)
		in[i] = (uint8_t)(i * 7 % 128);
	struct leat_array *bytes = row_of(LEAT_DT_U1, in, N);
	for (int from = LEAT_DT_I1; from < LEAT_N_DTYPES; from++)
		for (int to = LEAT_DT_I1; to < LEAT_N_DTYPES; to++) {
			if (leat_dtype_is_complex((enum leat_dtype)from) && !leat_dtype_is_complex((enum leat_dtype)to))
				continue;
			struct leat_array *a = leat_array_as(bytes, (enum leat_dtype)from, false, &err);
			struct leat_array *b = leat_array_as(a, (enum leat_dtype)to, false, &err);
			struct leat_array *want = leat_array_as(bytes, (enum leat_dtype)to, false, &err);
			assert_memory_equal(b->data, want->data, N * leat_dtype_size((enum leat_dtype)to));
			leat_array_unref(&a);
			leat_array_unref(&b);
			leat_array_unref(&want);
		}
	leat_array_unref(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_as_text),
		cmocka_unit_test(too_large_is_refused),
		cmocka_unit_test(same_is_a_reference),
		cmocka_unit_test(orders_turn),
		cmocka_unit_test(turned_and_converted_at_once),
		cmocka_unit_test(integers_round_once),
		cmocka_unit_test(floats_truncate_or_are_refused),
		cmocka_unit_test(integers_keep_their_value),
		cmocka_unit_test(complex_parts),
		cmocka_unit_test(halves),
		cmocka_unit_test(halves_convert),
		cmocka_unit_test(all_pairs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
