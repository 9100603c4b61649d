/* SPDX-License-Identifier: MIT */
/* Numbers, text, words, memory and the machine. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sys.h"
#include "base/text.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

static bool parse_int(const char *s, int64_t *v)
{
	return leat_parse_int(s, strlen(s), v);
}

static bool parse_real(const char *s, double *v)
{
	return leat_parse_real(s, strlen(s), v);
}

static void test_int(void **state)
{
	(void)state;
	static const char *const bad[] = {"",    "+",  "-", "1.5", "0x10", "1 ", " 1", "82%", "9223372036854775808",
					  "--1", "1e3"};
	int64_t v;
	assert_true(parse_int("010", &v) && v == 10);
	assert_true(parse_int("+7", &v) && v == 7);
	assert_true(parse_int("-9223372036854775808", &v) && v == INT64_MIN);
	assert_true(parse_int("9223372036854775807", &v) && v == INT64_MAX);
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		assert_false(parse_int(bad[i], &v));
}

static void test_real(void **state)
{
	(void)state;
	static const char *const bad[] = {"",      ".",  ".5",  "5.", "1,5",   "inf", "nan",
					  "0x1p3", "1e", "1e+", "1 ", "1e999", "e5"};
	double v;
	assert_true(parse_real("1.5", &v) && v == 1.5);
	assert_true(parse_real("2e-3", &v) && v == 2e-3);
	assert_true(parse_real("-0.1", &v) && v == -0.1);
	assert_true(parse_real("00012", &v) && v == 12);
	assert_true(parse_real("4.9406564584124654e-324", &v) && v == 4.9406564584124654e-324);
	assert_true(parse_real("1e-999", &v) && v == 0);
	assert_true(parse_real("1.7976931348623157e308", &v) && v == 1.7976931348623157e308);
	/* halfway between two doubles, and a hair above it after 800 digits */
	assert_true(parse_real("9007199254740993", &v) && v == 9007199254740992.0);
	char longer[1000] = "9007199254740993.";
	memset(longer + 17, '0', 900);
	strcpy(longer + 917, "1");
	assert_true(parse_real(longer, &v) && v == 9007199254740994.0);
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		assert_false(parse_real(bad[i], &v));
}

static void test_print_real(void **state)
{
	(void)state;
	static const struct {
		double v;
		const char *text;
	} cases[] = {
		{0.1, "0.1"},
		{0.1 + 0.2, "0.30000000000000004"},
		{100, "100"},
		{-1.5, "-1.5"},
		{1e16, "10000000000000000"},
		{1e17, "1e17"},
		{1.25e-7, "1.25e-7"},
		{0.00001, "0.00001"},
		{5e-324, "5e-324"},
		{-0.0, "0"},
		{HUGE_VAL, "inf"},
		{-HUGE_VAL, "-inf"},
		{123456.75, "123456.75"},
	};
	char buf[32], fixed[352];
	for (size_t i = 0; i < LEAT_LEN(cases); i++)
		assert_string_equal(leat_print_real(cases[i].v, buf), cases[i].text);
	assert_string_equal(leat_print_real(NAN, buf), "nan");
	assert_string_equal(leat_print_fixed(12.345, 1, fixed), "12.3");
	assert_string_equal(leat_print_fixed(-0.5, 3, fixed), "-0.500");
	assert_string_equal(leat_print_fixed(7, 0, fixed), "7");
	assert_int_equal(strlen(leat_print_fixed(-1.7e308, 17, fixed)), 1 + 309 + 1 + 17);
}

/* Every double comes back, and nothing shorter of the same kind would do. */
static void test_reals_read_back(void **state)
{
	(void)state;
	uint64_t bits = 88172645463325252u;
	for (int i = 0; i < 20000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		double v, back;
		char buf[32];
		memcpy(&v, &bits, sizeof v);
		if (!isfinite(v))
			continue;
		leat_print_real(v, buf);
		assert_true(strlen(buf) < sizeof buf);
		assert_true(parse_real(buf, &back));
		assert_true(back == v);
	}
}

static void test_locale_does_not_matter(void **state)
{
	(void)state;
	static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "cs_CZ.UTF-8"};
	bool found = false;
	for (size_t i = 0; i < LEAT_LEN(locales) && !found; i++)
		found = setlocale(LC_ALL, locales[i]) && strcmp(localeconv()->decimal_point, ",") == 0;
	if (!found)
		printf("no locale with a decimal comma here: only the C locale was tried\n");
	char buf[32], fixed[352];
	double v;
	assert_string_equal(leat_print_real(1.5, buf), "1.5");
	assert_string_equal(leat_print_fixed(1234.5, 2, fixed), "1234.50");
	assert_true(parse_real("1.5", &v) && v == 1.5);
	setlocale(LC_ALL, "C");
}

static void test_size(void **state)
{
	(void)state;
	static const char *const bad[] = {"64M",   "64", "MiB", "64mib", "-1B", "64 MiB", "1,5GiB", "99999999999TiB",
					  "1..5KB"};
	uint64_t v;
	assert_true(leat_parse_size("64MiB", 5, &v) && v == 67108864);
	assert_true(leat_parse_size("4GB", 3, &v) && v == UINT64_C(4000000000));
	assert_true(leat_parse_size("1.5KiB", 6, &v) && v == 1536);
	assert_true(leat_parse_size("0B", 2, &v) && v == 0);
	assert_true(leat_parse_size("9007199254740993B", 17, &v) && v == UINT64_C(9007199254740993));
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		assert_false(leat_parse_size(bad[i], strlen(bad[i]), &v));
}

static void test_duration(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "30", "30m1h", "1h1h", "5 s", "-5s", "1w", "s", "99999999d", "1hh"};
	int64_t v;
	assert_true(leat_parse_duration("1h30m", 5, &v) && v == INT64_C(5400) * 1000000000);
	assert_true(leat_parse_duration("500ms", 5, &v) && v == 500000000);
	assert_true(leat_parse_duration("1d2h3m4s5ms", 11, &v) && v == INT64_C(93784005) * 1000000);
	assert_true(leat_parse_duration("0.5s", 4, &v) && v == 500000000);
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		assert_false(leat_parse_duration(bad[i], strlen(bad[i]), &v));
}

static void test_moment(void **state)
{
	(void)state;
	static const char *const bad[] = {"2026-02-30",  "2026-13-01",        "2026-1-1",
					  "2026-01-31T", "2026-01-31T25:00",  "2026-01-31T02:30:61",
					  "31.01.2026",  "2026-01-31T02:30x", "0000-01-01"};
	int64_t ns, unit;
	struct tm tm = {.tm_year = 126, .tm_mon = 0, .tm_mday = 31, .tm_isdst = -1};
	int64_t day = (int64_t)mktime(&tm) * 1000000000;
	assert_true(leat_parse_moment("2026-01-31", 10, &ns, &unit) && ns == day &&
		    unit == INT64_C(86400) * 1000000000);
	assert_true(leat_parse_moment("2026-01-31T02:30", 16, &ns, &unit));
	assert_true(ns == day + INT64_C(9000) * 1000000000 && unit == INT64_C(60) * 1000000000);
	assert_true(leat_parse_moment("2026-01-31 02:30:05", 19, &ns, &unit));
	assert_true(ns == day + INT64_C(9005) * 1000000000 && unit == 1000000000);
	for (size_t i = 0; i < LEAT_LEN(bad); i++)
		assert_false(leat_parse_moment(bad[i], strlen(bad[i]), &ns, &unit));
}

static void test_human(void **state)
{
	(void)state;
	char b[32];
	assert_string_equal(leat_group_digits(0, b), "0");
	assert_string_equal(leat_group_digits(1204, b), "1 204");
	assert_string_equal(leat_group_digits(UINT64_C(4294967296), b), "4 294 967 296");
	assert_string_equal(leat_human_size(17, b), "17 B");
	assert_string_equal(leat_human_size(67108864, b), "64 MiB");
	assert_string_equal(leat_human_size(UINT64_C(10401873920), b), "9.7 GiB");
	assert_string_equal(leat_human_size(1048575, b), "1 MiB");
	assert_string_equal(leat_human_size(UINT64_MAX, b), "16 EiB");
	assert_string_equal(leat_human_time(0.000085, b), "85us");
	assert_string_equal(leat_human_time(0.04, b), "40ms");
	assert_string_equal(leat_human_time(59.97, b), "1m00s");
	assert_string_equal(leat_human_time(3.2, b), "3.2s");
	assert_string_equal(leat_human_time(3725, b), "1h02m");
	assert_string_equal(leat_human_time(-1, b), "0s");
}

static void test_utf8(void **state)
{
	(void)state;
	static const char *const bad[] = {"\x80",     "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
					  "\xE2\x82", "\xFF"};
	int32_t cp;
	assert_int_equal(leat_utf8_next("\xE2\x82\xAC", 3, &cp), 3);
	assert_int_equal(cp, 0x20AC);
	assert_int_equal(leat_utf8_next("\xF0\x9F\x93\xB7", 4, &cp), 4);
	assert_int_equal(cp, 0x1F4F7);
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		assert_int_equal(leat_utf8_next(bad[i], strlen(bad[i]), &cp), 1);
		assert_int_equal(cp, -1);
	}
	for (int32_t c = 1; c < 0x110000; c += 37) {
		struct leat_buf b = {0};
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		leat_utf8_add(&b, c);
		assert_int_equal(leat_utf8_next(b.data, b.len, &cp), b.len);
		assert_int_equal(cp, c);
		leat_buf_free(&b);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(leat_utf8_width('a'), 1);
	assert_int_equal(leat_utf8_width('\n'), 0);
	assert_int_equal(leat_utf8_width(0x301), 0); /* combining acute */
	assert_int_equal(leat_utf8_width(0x4E2D), 2); /* CJK */
	assert_int_equal(leat_utf8_width(0xAC00), 2); /* Hangul */
	assert_int_equal(leat_utf8_width(0x1F4F7), 2); /* camera */
	assert_int_equal(leat_utf8_width(0x201C), 1); /* typographic quote */
	assert_int_equal(leat_utf8_width(0x10FFFF), 1);
}

static const char *escaped(void (*fn)(struct leat_buf *, const char *, size_t), const char *s, size_t n,
			   struct leat_buf *b)
{
	leat_buf_clear(b);
	fn(b, s, n);
	return b->data;
}

static void test_escape(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	assert_string_equal(escaped(leat_escape_terminal, "a\033[31m\n", 7, &b), "a\\x1B[31m\\x0A");
	assert_string_equal(escaped(leat_escape_terminal, "\xC3\xA9\xE4\xC2\x9B", 5, &b), "\xC3\xA9\\xE4\\u{009B}");
	assert_string_equal(escaped(leat_escape_terminal, "x\xE2\x80\xAEy", 5, &b), "x\\u{202E}y");
	assert_string_equal(escaped(leat_escape_json, "a\"\\\n\x01\xE4\0z", 8, &b),
			    "\"a\\\"\\\\\\n\\u0001\\\\xE4\\u0000z\"");
	leat_buf_free(&b);
}

static void test_words(void **state)
{
	(void)state;
	static const char *const steps[] = {"resize",        "read",   "rotate",   "report",
					    "median-filter", "median", "grayscale"};
	assert_int_equal(leat_word_distance("resise", "resize"), 1);
	assert_int_equal(leat_word_distance("reisze", "resize"), 1);
	assert_int_equal(leat_word_distance("Median_Filter", "median-filter"), 0);
	assert_int_equal(leat_word_distance("", "abc"), 3);
	char longer[80];
	memset(longer, 'a', 79);
	longer[79] = 0;
	assert_int_equal(leat_word_distance(longer, "a"), INT_MAX);
	assert_string_equal(leat_nearest_word("resise", steps, LEAT_LEN(steps)), "resize");
	assert_string_equal(leat_nearest_word("raed", steps, LEAT_LEN(steps)), "read");
	assert_string_equal(leat_nearest_word("gray", steps, LEAT_LEN(steps)), "grayscale");
	assert_null(leat_nearest_word("re", steps, LEAT_LEN(steps)));
	assert_null(leat_nearest_word("med", steps, LEAT_LEN(steps))); /* two begin so */
	assert_null(leat_nearest_word("xyzzy", steps, LEAT_LEN(steps)));
	static const char *const tie[] = {"bat", "aat"};
	assert_string_equal(leat_nearest_word("cat", tie, 2), "aat");
	assert_true(leat_same_word("Median_Filter", "median-filter"));
	assert_false(leat_same_word("median", "median-filter"));
	assert_false(leat_same_word("median-filter", "median"));
	assert_true(leat_same_word(longer, longer));
}

/* It stops where a candidate cannot be near any more; it must still find what is. */
static void test_nearest_is_nearest(void **state)
{
	(void)state;
	unsigned seed = 1;
	size_t near = 0;
	for (int round = 0; round < 4000; round++) {
		char words[4][16];
		for (size_t w = 0; w < LEAT_LEN(words); w++) {
			size_t n = 1 + (seed >> 16) % 12;
			for (size_t i = 0; i <= n; i++, seed = seed * 1103515245 + 12345)
				words[w][i] = i < n ? (char)('a' + (seed >> 16) % 3) : 0;
		}
		const char *const candidates[] = {words[1], words[2], words[3]};
		size_t len = strlen(words[0]);
		int allowed = len <= 4 ? 1 : len <= 8 ? 2 : 3, best = INT_MAX;
		for (size_t i = 0; i < LEAT_LEN(candidates); i++) {
			int d = leat_word_distance(words[0], candidates[i]);
			best = d < best ? d : best;
		}
		const char *found = leat_nearest_word(words[0], candidates, LEAT_LEN(candidates));
		if (best <= allowed)
			assert_int_equal(leat_word_distance(words[0], found), best);
		else if (found)
			assert_memory_equal(found, words[0], len);
		near += best <= allowed;
	}
	assert_in_range(near, 100, 3900);
}

static void test_memory(void **state)
{
	(void)state;
	struct leat_err err = {0};
	assert_int_equal(leat_size_mul(SIZE_MAX, 2), SIZE_MAX);
	assert_int_equal(leat_size_add(SIZE_MAX, 1), SIZE_MAX);
	assert_null(leat_alloc_aligned(SIZE_MAX, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_MEMORY);
	size_t cap = 0;
	assert_null(leat_grow(NULL, &cap, SIZE_MAX / 2, 16, &err));
	struct leat_arena a = {0};
	char *small = leat_arena_strndup(&a, "text and more", 4);
	void *large = leat_arena_alloc(&a, 1 << 20);
	assert_string_equal(small, "text");
	assert_non_null(large);
	assert_int_equal((uintptr_t)large % 16, 0);
	assert_null(leat_arena_alloc(&a, SIZE_MAX));
	leat_arena_free(&a);
}

static void test_buf(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	struct leat_err err = {0};
	for (int i = 0; i < 1000; i++)
		leat_buf_addf(&b, "%d,", i);
	assert_int_equal(b.len, 3890);
	assert_int_equal(strlen(b.data), b.len);
	leat_buf_reserve(&b, SIZE_MAX - 10);
	assert_int_equal(leat_buf_check(&b, &err), -1);
	assert_int_equal(err.cause, LEAT_CAUSE_MEMORY);
	leat_buf_free(&b);
	char *text = leat_buf_detach(&b, &err);
	assert_string_equal(text, "");
	free(text);
}

static void test_machine(void **state)
{
	(void)state;
	assert_true(leat_sys_cores() >= 1);
	assert_true(leat_sys_memory() > 1 << 20);
	int64_t a = leat_now_ns(), cpu = leat_thread_cpu_ns();
	assert_true(leat_now_ns() >= a);
	assert_true(leat_thread_cpu_ns() >= cpu && cpu > 0);
	assert_true(leat_wall_ns() > INT64_C(1600000000) * 1000000000);
	assert_true(leat_thread_runq_ns() >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_print_real),
		cmocka_unit_test(test_reals_read_back),
		cmocka_unit_test(test_locale_does_not_matter),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_human),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_nearest_is_nearest),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_machine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
