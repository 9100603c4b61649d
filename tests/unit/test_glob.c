/* SPDX-License-Identifier: MIT */
/* Patterns of file names, by table and against a slow, obvious matcher. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/sys.h"

#include <stdio.h>

static bool match(const char *pattern, unsigned flags, const char *text)
{
	struct leat_err err = {0};
	struct leat_glob *g = leat_glob_new(pattern, strlen(pattern), flags, &err);
	if (!g)
		fail_msg("'%s': %s", pattern, err.text);
	bool yes = leat_glob_match(g, text, strlen(text));
	leat_glob_free(&g);
	assert_null(g);
	return yes;
}

static void test_table(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		unsigned flags;
		const char *yes[6], *no[6];
	} cases[] = {
		{"a.png", 0, {"a.png"}, {"a.pn", "a.pngx", "A.png", "x/a.png", "", "a_png"}},
		{"*.png", 0, {"a.png", "a.b.png"}, {".png", "x/a.png", "a.pngx", ".x.png"}},
		{"*.png", LEAT_GLOB_HIDDEN, {".png", ".x.png"}, {"x/a.png"}},
		{".*", 0, {".x", "."}, {"x"}},
		{"p?c",
		 0,
		 {"pic",
		  "p\xC3\xA9"
		  "c",
		  "p\xE4"
		  "c"},
		 {"pc", "p/c", "piic"}},
		{"?x", 0, {"ax"}, {".x"}},
		{"[a-c]1", 0, {"a1", "c1"}, {"d1", "1", "-1"}},
		{"[!a-c]1", 0, {"d1", "-1"}, {"a1", "/1", ".1"}},
		{"[^a]", 0, {"b"}, {"a"}},
		{"[]x]", 0, {"]", "x"}, {"y"}},
		{"[[]a]", 0, {"[a]"}, {"a"}},
		{"[a-]", 0, {"a", "-"}, {"b"}},
		{"[\xC3\xA0-\xC3\xBC]", 0, {"\xC3\xA9"}, {"e", "\xC3"}},
		{"a{b,cd,}e", 0, {"abe", "acde", "ae"}, {"ace", "abcde"}},
		{"{a,{b,c}d}{x,y}", 0, {"ax", "bdx", "cdy"}, {"bx", "ad", "dx"}},
		{"*.{jpg,png}", 0, {"a.jpg", "a.png"}, {"a.gif", ".png"}},
		{"{a/b,c}/d", 0, {"a/b/d", "c/d"}, {"a/d"}},
		{"{*,x}.c", 0, {"y.c"}, {".c", "a/b.c"}},
		{"[{]a[}]", 0, {"{a}"}, {"a"}},
		{"[,]{a,b}", 0, {",a"}, {"a"}},
		{"{[,],b}x", 0, {",x", "bx"}, {"x"}},
		{"**/x", 0, {"x", "a/x", "a/b/x"}, {"ax", ".a/x", "a/.b/x", "x/a"}},
		{"**/x", LEAT_GLOB_HIDDEN, {".a/x"}, {"ax"}},
		{"a/**/x", 0, {"a/x", "a/b/x", "a/b/c/x"}, {"ax", "a/bx", "x"}},
		{"a/**", 0, {"a/b", "a/b/c"}, {"a", "b/a", "a/.b", "ab/c"}},
		{"**", 0, {"a", "a/b"}, {".a"}},
		{"**/raw/**", LEAT_GLOB_HIDDEN, {"raw/a", "x/raw/y/z", "x/raw/.z"}, {"raw", "xraw/a", "x/raw"}},
		{"**.x", 0, {"a.x"}, {"a/b.x"}},
		{"a**b", 0, {"ab", "axb"}, {"a/b"}},
		{"***", 0, {"abc"}, {"a/b"}},
		{"a/**/**/b", 0, {"a/b", "a/x/b", "a/x/y/b"}, {"ab"}},
		{"{**/,}z", 0, {"z", "a/z"}, {"az"}},
		{"**/.git/*", 0, {"a/.git/x", ".git/x"}, {"a/git/x", ".a/.git/x"}},
		{"*a/b*", LEAT_GLOB_FLAT, {"xa/by", ".a/b/c"}, {"xa/c"}},
		{"a?b", LEAT_GLOB_FLAT, {"a/b", "a.b"}, {"ab"}},
		{"*.jpg", LEAT_GLOB_NOCASE_EXT, {"a.jpg", "A.JPG", "a.Jpg"}, {"a.jpeg"}},
		{"A*.JPG", LEAT_GLOB_NOCASE_EXT, {"A.jpg", "Ab.JPG"}, {"a.jpg"}},
		{"x.d/*.{jpg,tar.gz}",
		 LEAT_GLOB_NOCASE_EXT,
		 {"x.d/a.JPG", "x.d/a.tar.GZ"},
		 {"x.D/a.jpg", "x.d/a.TAR.gz"}},
		{"README", LEAT_GLOB_NOCASE_EXT, {"README"}, {"readme"}},
		{"*.[jp]*", LEAT_GLOB_NOCASE_EXT, {"a.JPG", "a.png"}, {"a.gif"}},
		{"{a.jpg,B}", LEAT_GLOB_NOCASE_EXT, {"a.JPG", "B"}, {"A.jpg", "b"}},
		{"a\\*", 0, {"a\\b"}, {"a*"}},
		{"", 0, {""}, {"a"}},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		for (int j = 0; j < 6; j++) {
			if (cases[i].yes[j] && !match(cases[i].pattern, cases[i].flags, cases[i].yes[j]))
				fail_msg("'%s' must match '%s'", cases[i].pattern, cases[i].yes[j]);
			if (cases[i].no[j] && match(cases[i].pattern, cases[i].flags, cases[i].no[j]))
				fail_msg("'%s' must not match '%s'", cases[i].pattern, cases[i].no[j]);
		}
	}
}

static void test_bad_patterns(void **state)
{
	(void)state;
	static const char *const bad[] = {"a[b", "[",          "[]", "[!]",    "{a,b",
					  "{",   "{stem}.png", "{}", "{[a,b}", "a{b,[c}]"};
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_err err = {0};
		/* an exact copy, so that a sanitizer sees a read behind its end */
		char *copy = malloc(strlen(bad[i]));
		memcpy(copy, bad[i], strlen(bad[i]));
		if (leat_glob_new(copy, strlen(bad[i]), 0, &err))
			fail_msg("'%s' must be refused", bad[i]);
		assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
		free(copy);
	}
	struct leat_err err = {0};
	char longer[5000];
	memset(longer, 'a', sizeof longer);
	assert_null(leat_glob_new(longer, sizeof longer, 0, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
	err = (struct leat_err){0};
	const char *deep = "{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,b}}}}}}}}}}}}}}}}}";
	assert_null(leat_glob_new(deep, strlen(deep), 0, &err));
	assert_int_equal(err.cause, LEAT_CAUSE_LIMIT);
}

static void test_walking(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *dir;
		unsigned flags;
		bool enters, covers;
	} cases[] = {
		{"*.png", "", 0, true, false},
		{"*.png", "a/", 0, false, false},
		{"a/*/c", "a/", 0, true, false},
		{"a/*/c", "b/", 0, false, false},
		{"a/*/c", "a/x/", 0, true, false},
		{"a/*/c", "a/x/c/", 0, false, false},
		{"**/x", "q/w/e/", 0, true, false},
		{"**/x", ".git/", 0, false, false},
		{"a/**", "a/b/", 0, true, false},
		{"a/**", "a/b/", LEAT_GLOB_HIDDEN, true, true},
		{"a/**", "a/", LEAT_GLOB_HIDDEN, true, true},
		{"a/**", "", LEAT_GLOB_HIDDEN, true, false},
		{"**/raw/**", "x/raw/", LEAT_GLOB_HIDDEN, true, true},
		{"**/raw/**", "x/", LEAT_GLOB_HIDDEN, true, false},
		{"{a,b/**}", "b/c/", LEAT_GLOB_HIDDEN, true, true},
		{"{a/**/z,b}", "a/c/", LEAT_GLOB_HIDDEN, true, false},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_glob *g = leat_glob_new(cases[i].pattern, strlen(cases[i].pattern), cases[i].flags, &err);
		assert_non_null(g);
		size_t n = strlen(cases[i].dir);
		if (leat_glob_enters(g, cases[i].dir, n) != cases[i].enters ||
		    leat_glob_covers(g, cases[i].dir, n) != cases[i].covers)
			fail_msg("'%s' and '%s'", cases[i].pattern, cases[i].dir);
		leat_glob_free(&g);
	}
}

static void test_base(void **state)
{
	(void)state;
	assert_int_equal(leat_glob_base("photos/2024/*.jpg", 17), 12);
	assert_int_equal(leat_glob_base("photos/a*/b", 11), 7);
	assert_int_equal(leat_glob_base("*.jpg", 5), 0);
	assert_int_equal(leat_glob_base("/a{b,c}", 7), 1);
	assert_int_equal(leat_glob_base("plain/name", 10), 10);
	assert_true(leat_glob_magic("a?", 2));
	assert_false(leat_glob_magic("a]}", 3));
	assert_false(leat_glob_magic("a\0b", 3));
}

/* The same meaning by trying everything, for patterns without braces and classes. */
static bool slow(const char *p, const char *t, bool begins)
{
	if (!*p)
		return !*t;
	if (begins && p[0] == '*' && p[1] == '*' && (p[2] == '/' || !p[2])) {
		const char *rest = p[2] ? p + 3 : "*";
		if (slow(rest, t, true))
			return true;
		for (const char *slash = t; (slash = strchr(slash, '/')) != NULL; slash++) {
			bool hidden = *t == '.';
			for (const char *q = t; q < slash; q++)
				hidden = hidden || (*q == '/' && q[1] == '.' && q + 1 < slash);
			if (!hidden && slow(rest, slash + 1, true))
				return true;
		}
		return false;
	}
	bool wild = *t && *t != '/' && !(begins && *t == '.');
	if (*p == '*') {
		if (begins && *t == '.')
			return false;
		const char *next = p + 1;
		return slow(next, t, begins && *next != '*') || (wild && slow(p, t + 1, false));
	}
	if (*p == '?' ? !wild : *p != *t)
		return false;
	return slow(p + 1, t + 1, *t == '/');
}

static void test_against_slow(void **state)
{
	(void)state;
	uint32_t seed = 12345;
	int hits = 0;
	for (int round = 0; round < 60000; round++) {
		char pattern[12], text[12];
		static const char letters[] = "ab./*?*/a*";
		size_t np = 1 + (seed >> 8) % 8, nt;
		for (size_t i = 0; i < np; i++) {
			seed = seed * 1664525 + 1013904223;
			pattern[i] = letters[(seed >> 16) % 10];
		}
		pattern[np] = 0;
		seed = seed * 1664525 + 1013904223;
		nt = (seed >> 8) % 9;
		for (size_t i = 0; i < nt; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = letters[(seed >> 16) % 4];
		}
		text[nt] = 0;
		/* paths hold no empty names, and "***" is spelled twice */
		if (strstr(text, "//") || strstr(pattern, "***") || *text == '/' || (nt && text[nt - 1] == '/'))
			continue;
		bool want = slow(pattern, text, true);
		hits += want;
		if (match(pattern, 0, text) != want)
			fail_msg("'%s' on '%s' is %d", pattern, text, want);
	}
	assert_true(hits > 500);
}

/* What makes a backtracking matcher run for years. */
static void test_no_blow_up(void **state)
{
	(void)state;
	char pattern[600] = "", text[400];
	for (int i = 0; i < 60; i++)
		strcat(pattern, "{a,*a}*");
	strcat(pattern, "b");
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = 0;
	int64_t begin = leat_now_ns();
	assert_false(match(pattern, 0, text));
	assert_true(leat_now_ns() - begin < INT64_C(2000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table), cmocka_unit_test(test_bad_patterns), cmocka_unit_test(test_walking),
		cmocka_unit_test(test_base),  cmocka_unit_test(test_against_slow), cmocka_unit_test(test_no_blow_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
