/* SPDX-License-Identifier: MIT */
/* Unified diffs: they lead from one text to the other, with as few changed lines as there can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diff.h"
#include "base/mem.h"
#include "base/num.h"

static struct leat_buf diff_of(const char *a, const char *b)
{
	struct leat_buf out = {0};
	struct leat_diff_text x = {"a.leat", a, strlen(a)}, y = {"b.leat", b, strlen(b)};
	leat_buf_adds(&out, "");
	leat_diff(&x, &y, &out);
	assert_false(out.failed);
	return out;
}

static void check_diff(const char *a, const char *b, const char *expected)
{
	struct leat_buf d = diff_of(a, b);
	assert_string_equal(d.data, expected);
	leat_buf_free(&d);
}

static void shapes(void **state)
{
	(void)state;
	check_diff("a\n", "a\n", "");
	check_diff("", "a\n", "--- a.leat\n+++ b.leat\n@@ -0,0 +1 @@\n+a\n");
	check_diff("a\n", "", "--- a.leat\n+++ b.leat\n@@ -1 +0,0 @@\n-a\n");
	check_diff("a", "a\n", "--- a.leat\n+++ b.leat\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
	check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
		   "--- a.leat\n+++ b.leat\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
	/* changes six lines apart share a hunk, seven lines apart do not */
	check_diff("x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
		   "--- a.leat\n+++ b.leat\n@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n");
	check_diff(
		"x\n1\n2\n3\n4\n5\n6\n7\ny\n", "X\n1\n2\n3\n4\n5\n6\n7\nY\n",
		"--- a.leat\n+++ b.leat\n@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-y\n+Y\n");
}

/* ---- any texts: applied to the first, the diff gives the second ---- */

static const char *next_line(const char *s)
{
	const char *nl = strchr(s, '\n');
	return nl ? nl + 1 : s + strlen(s);
}

static void copy_line(struct leat_buf *out, const char *s)
{
	leat_buf_add(out, s, (size_t)(next_line(s) - s));
}

/* Texts of whole lines only. Returns the number of changed lines. */
static size_t apply(const char *a, const char *d, struct leat_buf *out)
{
	size_t changed = 0, line = 1;
	for (d = next_line(next_line(d)); *d;) {
		int64_t from = 0;
		assert_true(strncmp(d, "@@ -", 4) == 0 && leat_parse_int(d + 4, strcspn(d + 4, ", "), &from));
		bool none = strncmp(d + 4 + strcspn(d + 4, ", "), ",0 ", 3) == 0;
		for (; line < (size_t)from + none; line++) {
			copy_line(out, a);
			a = next_line(a);
		}
		for (d = next_line(d); *d && *d != '@'; d = next_line(d)) {
			changed += *d != ' ';
			if (*d != '-')
				copy_line(out, d + 1);
			if (*d != '+') {
				assert_true(strncmp(a, d + 1, (size_t)(next_line(a) - a)) == 0);
				a = next_line(a);
				line++;
			}
		}
	}
	leat_buf_adds(out, a);
	return changed;
}

/* The fewest changes between two texts of one-letter lines: lengths without twice the longest common part. */
static size_t fewest(const char *a, const char *b)
{
	size_t n = strlen(a) / 2, m = strlen(b) / 2, common[41][41] = {{0}};
	for (size_t i = 1; i <= n; i++)
		for (size_t k = 1; k <= m; k++) {
			size_t up = common[i - 1][k], left = common[i][k - 1];
			common[i][k] = a[2 * i - 2] == b[2 * k - 2] ? common[i - 1][k - 1] + 1 : up > left ? up : left;
		}
	return n + m - 2 * common[n][m];
}

static void any_texts(void **state)
{
	(void)state;
	uint64_t rng = 7;
	for (int i = 0; i < 5000; i++) {
		char text[2][81];
		for (int k = 0; k < 2; k++) {
			rng = rng * 6364136223846793005u + 1442695040888963407u;
			size_t n = (rng >> 40) % 41, letters = 1 + (rng >> 33) % 6;
			for (size_t at = 0; at < n; at++) {
				rng = rng * 6364136223846793005u + 1442695040888963407u;
				text[k][2 * at] = (char)('a' + (rng >> 33) % letters);
				text[k][2 * at + 1] = '\n';
			}
			text[k][2 * n] = 0;
		}
		struct leat_buf d = diff_of(text[0], text[1]), out = {0};
		leat_buf_adds(&out, "");
		assert_int_equal(apply(text[0], d.data, &out), fewest(text[0], text[1]));
		assert_string_equal(out.data, text[1]);
		leat_buf_free(&d);
		leat_buf_free(&out);
	}
}

/* More changes than are searched for: all is replaced, and the diff still leads to the second text. */
static void too_many_changes(void **state)
{
	(void)state;
	struct leat_buf a = {0}, b = {0}, out = {0};
	for (int i = 0; i < 3000; i++) {
		leat_buf_addf(&a, "%d\n", i);
		leat_buf_addf(&b, i % 500 ? "new %d\n" : "%d\n", i);
	}
	struct leat_buf d = diff_of(a.data, b.data);
	leat_buf_adds(&out, "");
	assert_true(apply(a.data, d.data, &out) >= 5900);
	assert_string_equal(out.data, b.data);
	leat_buf_free(&a);
	leat_buf_free(&b);
	leat_buf_free(&d);
	leat_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),
		cmocka_unit_test(any_texts),
		cmocka_unit_test(too_many_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
