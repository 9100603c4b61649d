/* SPDX-License-Identifier: MIT */
/*
 * Numbers to the last bit: every case of the corpus, powers of ten computed anew, random numbers against the C library,
 * and as few digits as read back.
 */
#include "codec_kit.h"

#include "base/num.h"
#include "base/tens.h"

#include <math.h>
#include <stdlib.h>

static uint64_t bits_of(double v)
{
	uint64_t b;
	memcpy(&b, &v, sizeof b);
	return b;
}

/* A line of the corpus: 4, 8 and 16 hexadecimal digits, then the text. */
static void one_case(const char *line, size_t n, uint64_t *count)
{
	char hex[17] = "";
	double v;
	memcpy(hex, line + 14, 16);
	uint64_t want = strtoull(hex, NULL, 16);
	if (!leat_read_real(line + 31, n - 31, &v) || bits_of(v) != want)
		fail_msg("%.*s is %016llx", (int)n, line, (unsigned long long)bits_of(v));
	++*count;
}

static void all_of_the_corpus(void **state)
{
	static const char *const files[] = {"exhaustive-float16", "freetype-2-7",    "google-wuffs",
					    "lemire-fast-float",  "more-test-cases", "tencent-rapidjson"};
	uint64_t count = 0;
	(void)state;
	if (kit_no_corpus())
		skip();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char name[96];
		snprintf(name, sizeof name, "parse-number-fxx/%s.txt", files[i]);
		struct kit_bytes f = kit_file(name);
		assert_non_null(f.d);
		const char *s = (const char *)f.d, *end = s + f.n;
		while (s < end) {
			const char *stop = memchr(s, '\n', (size_t)(end - s));
			stop = stop ? stop : end;
			if (stop - s > 31)
				one_case(s, (size_t)(stop - s), &count);
			s = stop + 1;
		}
		free(f.d);
	}
	assert_int_equal(count, 52977);
}

/* 10^q by long arithmetic in words of 32 bits: the table has its first 128 bits. */
enum { WORDS = 80 };

static void times(uint32_t *w, uint32_t by)
{
	uint64_t carry = 0;
	for (int i = 0; i < WORDS; i++) {
		carry += (uint64_t)w[i] * by;
		w[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void divided(uint32_t *w, uint32_t by)
{
	uint64_t rest = 0;
	for (int i = WORDS - 1; i >= 0; i--) {
		rest = rest << 32 | w[i];
		w[i] = (uint32_t)(rest / by);
		rest %= by;
	}
}

static void first_bits(const uint32_t *w, uint64_t out[2])
{
	int top = WORDS * 32 - 1;
	while (!(w[top / 32] >> top % 32 & 1))
		top--;
	out[0] = out[1] = 0;
	for (int i = 0; i < 128; i++) {
		int at = top - i;
		uint64_t bit = at >= 0 ? w[at / 32] >> at % 32 & 1 : 0;
		out[i / 64] |= bit << (63 - i % 64);
	}
}

static void powers_of_ten(void **state)
{
	uint32_t up[WORDS] = {1}, down[WORDS] = {0};
	uint64_t want[2];
	(void)state;
	for (int q = 0; q <= LEAT_TENS_MAX; q++) {
		first_bits(up, want);
		assert_memory_equal(leat_tens[q - LEAT_TENS_MIN], want, sizeof want);
		times(up, 5); /* 2^q changes no leading bit */
	}
	down[WORDS - 1] = 1u << 31;
	for (int q = -1; q >= LEAT_TENS_MIN; q--) {
		divided(down, 5);
		first_bits(down, want);
		assert_memory_equal(leat_tens[q - LEAT_TENS_MIN], want, sizeof want);
	}
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void comes_back(double v)
{
	char text[40], shorter[40];
	double back;
	size_t n = (size_t)(leat_put_real(v, text) - text);
	text[n] = 0;
	assert_true(n <= 32);
	if (!leat_read_real(text, n, &back) || bits_of(back) != bits_of(v) || strtod(text, NULL) != v)
		fail_msg("%.17g is written as %s", v, text);
	/* One digit less does not come back. */
	int digits = 0;
	for (const char *s = text; *s && *s != 'e'; s++)
		digits += *s >= '0' && *s <= '9' && (digits || *s != '0');
	while (digits > 1 && !strchr(text, 'e') && !strchr(text, '.') && text[--n] == '0')
		digits--;
	snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? digits - 2 : 0, v);
	if (digits > 1 && strtod(shorter, NULL) == v)
		fail_msg("%s is longer than %s", text, shorter);
}

static void random_doubles(void **state)
{
	uint64_t x = 0x9e3779b97f4a7c15;
	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint64_t b = next(&x);
		double v;
		memcpy(&v, &b, sizeof v);
		if (isfinite(v))
			comes_back(v);
		comes_back((double)(next(&x) % 100000000) / 1000);
	}
	for (int e = -1074; e < 1024; e++) {
		comes_back(ldexp(1, e));
		comes_back(nextafter(ldexp(1, e), 0));
		comes_back(nextafter(ldexp(1, e), INFINITY));
	}
}

static void random_floats(void **state)
{
	uint64_t x = 88172645463325252;
	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint32_t b = (uint32_t)next(&x);
		char text[40], shorter[40];
		float v;
		memcpy(&v, &b, sizeof v);
		if (!isfinite(v) || v == 0)
			continue;
		*leat_put_float(v, text) = 0;
		assert_true(strtof(text, NULL) == v);
		int digits = 0;
		for (const char *s = text; *s && *s != 'e'; s++)
			digits += *s >= '0' && *s <= '9' && (digits || *s != '0');
		snprintf(shorter, sizeof shorter, "%.*e", digits > 2 ? digits - 2 : 0, (double)v);
		if (strchr(text, '.') && digits > 1 && strtof(shorter, NULL) == v)
			fail_msg("%s is longer than %s", text, shorter);
	}
}

/* Texts of every length, against the C library's strtod. */
static void random_texts(void **state)
{
	uint64_t x = 0x2545f4914f6cdd1d;
	(void)state;
	for (int i = 0; i < 200000; i++) {
		char text[96];
		size_t n = 0;
		uint64_t r = next(&x);
		if (r & 1)
			text[n++] = r & 2 ? '-' : '+';
		int whole = (int)(r >> 8 & 31), fraction = (int)(r >> 16 & 31);
		for (int k = 0; k < whole; k++)
			text[n++] = (char)('0' + next(&x) % 10);
		if (fraction || !whole)
			text[n++] = '.';
		for (int k = 0; k < fraction + !whole; k++)
			text[n++] = (char)('0' + next(&x) % (k < 3 ? 2 : 10));
		if (r & 4)
			n += (size_t)sprintf(text + n, "e%d", (int)(next(&x) % 700) - 350);
		text[n] = 0;
		double v;
		assert_true(leat_read_real(text, n, &v));
		if (bits_of(v) != bits_of(strtod(text, NULL)))
			fail_msg("%s is read as %.17g", text, v);
	}
}

static void what_is_no_number(void **state)
{
	static const char *const no[] = {"",      "+",    "-",  ".",  "e5",   "1e",  "1e+",
					 "1.2.3", "0x10", "1 ", " 1", "1e5.", "--1", "1,5"};
	double v;
	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(leat_read_real(no[i], strlen(no[i]), &v));
	const char *text = "1,5;";
	assert_ptr_equal(leat_scan_real(text, text + 4, ',', &v), text + 3);
	assert_true(v == 1.5);
	assert_ptr_equal(leat_scan_real(text, text + 4, '.', &v), text + 1);
	assert_true(leat_parse_real("1.5", 3, &v) && !leat_parse_real("1.", 2, &v) && !leat_parse_real(".5", 2, &v));
	assert_false(leat_parse_real("1e999", 5, &v));
}

static void whole_numbers(void **state)
{
	char text[32];
	(void)state;
	*leat_put_int(INT64_MIN, text) = 0;
	assert_string_equal(text, "-9223372036854775808");
	*leat_put_uint(UINT64_MAX, text) = 0;
	assert_string_equal(text, "18446744073709551615");
	*leat_put_uint(0, text) = 0;
	assert_string_equal(text, "0");
	*leat_put_real(-0.0, text) = 0;
	assert_string_equal(text, "-0");
	*leat_put_real(NAN, text) = 0;
	assert_string_equal(text, "nan");
	*leat_put_real(-INFINITY, text) = 0;
	assert_string_equal(text, "-inf");
	assert_string_equal(leat_print_real(0.1, text), "0.1");
	assert_string_equal(leat_print_real(5e-324, text), "5e-324");
	assert_string_equal(leat_print_real(1.7976931348623157e308, text), "1.7976931348623157e308");
	assert_string_equal(leat_print_real(123456, text), "123456");
	assert_string_equal(leat_print_real(1e21, text), "1e21");
	assert_string_equal(leat_print_real(0.00001, text), "0.00001");
	assert_string_equal(leat_print_float(0.1f, text), "0.1");
	assert_string_equal(leat_print_float(16777216.0f, text), "16777216");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_the_corpus), cmocka_unit_test(powers_of_ten),
		cmocka_unit_test(random_doubles),    cmocka_unit_test(random_floats),
		cmocka_unit_test(random_texts),      cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(whole_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
