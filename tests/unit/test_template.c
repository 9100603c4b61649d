/* SPDX-License-Identifier: MIT */
/* The fields of an item, templates and conditions over them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "core/condition.h"
#include "core/template.h"

#include <stdio.h>
#include <time.h>

static const int64_t SECOND = 1000000000;

/* photos/2024/cat.JPG, 2 MiB, changed on 2026-01-20; the run began on 2026-01-31 at 02:30:05. */
static struct leat_entry entry = {.path = "photos/2024/cat.JPG", .reldir = "2024", .size = 2097152};
static struct leat_runinfo run = {.host = "mill", .job = "nightly"};
static struct leat_fields fields;
static struct leat_view view = {
	.entry = &entry, .fields = &fields, .run = &run, .branch = "thumb-320", .index = 7, .format = "jpeg"};

static int64_t local(int y, int m, int d, int hh, int mm, int ss)
{
	struct tm tm = {.tm_year = y - 1900,
			.tm_mon = m - 1,
			.tm_mday = d,
			.tm_hour = hh,
			.tm_min = mm,
			.tm_sec = ss,
			.tm_isdst = -1};
	return (int64_t)mktime(&tm) * SECOND;
}

static int prepare(void **state)
{
	(void)state;
	struct leat_err err = {0};
	setenv("TZ", "UTC", 1);
	entry.mtime_ns = local(2026, 1, 20, 12, 0, 0);
	run.started_ns = local(2026, 1, 31, 2, 30, 5);
	leat_fields_set_int(&fields, "width", 1200, &err);
	leat_fields_set_int(&fields, "height", 800, &err);
	leat_fields_set_real(&fields, "saved", 12.345, &err);
	leat_fields_set_text(&fields, "hash", "0123456789abcdef", 16, &err);
	leat_fields_set_text(&fields, "lens", "EF 24/70", 8, &err);
	leat_fields_set_text(&fields, "evil", "..", 2, &err);
	leat_fields_set_text(&fields, "dot", ".", 1, &err);
	leat_fields_set_text(&fields, "empty", "", 0, &err);
	leat_fields_set_text(&fields, "brace", "{stem}", 6, &err);
	leat_fields_set_time(&fields, "taken", local(2025, 7, 1, 10, 20, 30), &err);
	leat_fields_set_int(&fields, "matched", 200, &err);
	leat_fields_set_int(&fields, "failed", 3, &err);
	return err.cause ? -1 : 0;
}

static int finish(void **state)
{
	(void)state;
	leat_fields_free(&fields);
	return 0;
}

static const char *value(const struct leat_view *v, const char *name, struct leat_buf *out)
{
	struct leat_buf tmp = {0};
	struct leat_value x;
	bool there = leat_view_value(v, name, &x, &tmp);
	leat_buf_clear(out);
	leat_buf_adds(out, there ? "" : "none");
	if (there)
		leat_value_print(out, &x);
	leat_buf_free(&tmp);
	return out->data;
}

static void test_item_fields(void **state)
{
	(void)state;
	static const struct {
		const char *path, *dir, *name, *stem, *ext;
	} cases[] = {
		{"photos/2024/cat.JPG", "photos/2024", "cat.JPG", "cat", "JPG"},
		{"a.tar.gz", ".", "a.tar.gz", "a.tar", "gz"},
		{"/x", "/", "x", "x", ""},
		{"d/.bashrc", "d", ".bashrc", ".bashrc", ""},
		{"d/a.", "d", "a.", "a", ""},
		{"d.x/plain", "d.x", "plain", "plain", ""},
	};
	struct leat_buf b = {0};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_entry e = {.path = cases[i].path};
		struct leat_view v = {.entry = &e, .run = &run};
		assert_string_equal(value(&v, "path", &b), cases[i].path);
		assert_string_equal(value(&v, "dir", &b), cases[i].dir);
		assert_string_equal(value(&v, "name", &b), cases[i].name);
		assert_string_equal(value(&v, "stem", &b), cases[i].stem);
		assert_string_equal(value(&v, "ext", &b), cases[i].ext);
		assert_string_equal(value(&v, "reldir", &b), "");
		assert_string_equal(value(&v, "format", &b), "none");
	}
	assert_string_equal(value(&view, "suffix", &b), "jpg");
	assert_string_equal(value(&view, "bytes_in", &b), "2097152");
	assert_string_equal(value(&view, "index", &b), "7");
	assert_string_equal(value(&view, "branch", &b), "thumb-320");
	assert_string_equal(value(&view, "mtime", &b), "2026-01-20T12:00:00+00:00");
	assert_string_equal(value(&view, "age", &b), "916205");
	assert_string_equal(value(&view, "date", &b), "2026-01-31");
	assert_string_equal(value(&view, "time", &b), "02-30-05");
	assert_string_equal(value(&view, "host", &b), "mill");
	assert_string_equal(value(&view, "job", &b), "nightly");
	assert_string_equal(value(&view, "width", &b), "1200");
	assert_string_equal(value(&view, "nothing", &b), "none");
	leat_buf_free(&b);
}

static void test_after_reduction(void **state)
{
	(void)state;
	struct leat_buf b = {0};
	struct leat_view v = {.fields = &fields, .run = &run, .branch = "sheet", .format = "png"};
	static const char *const gone[] = {"path", "dir",   "reldir",   "name",  "stem",
					   "ext",  "index", "bytes_in", "mtime", "age"};
	for (size_t i = 0; i < LEAT_LEN(gone); i++)
		assert_string_equal(value(&v, gone[i], &b), "none");
	assert_string_equal(value(&v, "date", &b), "2026-01-31");
	assert_string_equal(value(&v, "suffix", &b), "png");
	for (size_t i = 0; leat_item_fields[i]; i++)
		assert_true(leat_item_field_docs[i] && leat_item_field_types[i] != LEAT_V_NONE);
	leat_buf_free(&b);
}

static void test_expansion(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"", ""},
		{"plain", "plain"},
		{"{{{stem}}}", "{cat}"},
		{"{stem}-{index:04}.png", "cat-0007.png"},
		{"{hash:8}", "01234567"},
		{"{hash:64}", "0123456789abcdef"},
		{"{saved:.1}%", "12.3%"},
		{"{width:.2}", "1200.00"},
		{"{mtime:%Y-%m}", "2026-01"},
		{"{taken:%H:%M:%S}", "10:20:30"},
		{"{date:%d.%m.%Y} {time:%H%%}", "31.01.2026 02%"},
		{"{date}_{time}", "2026-01-31_02-30-05"},
		{"{brace}", "{stem}"}, /* values are never read again */
		{"{empty}{branch}", "thumb-320"},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_buf b = {0};
		struct leat_template *t = leat_template_new(cases[i][0], NULL, &err);
		assert_non_null(t);
		assert_int_equal(leat_template_expand(t, &view, &b, &err), 0);
		assert_string_equal(b.len ? b.data : "", cases[i][1]);
		leat_buf_free(&b);
		leat_template_free(&t);
	}
}

static void test_bad_templates(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
		{"a{stem", 1},      {"a}b", 1},       {"{}", 0},          {"{ stem}", 0},
		{"{a{b}", 0},       {"{index:}", 7},  {"{index:x}", 7},   {"{index:00}", 7},
		{"{index:065}", 7}, {"{saved:.}", 7}, {"{saved:.99}", 7}, {"{mtime:%Y-%b}", 11},
		{"{mtime:%}", 7},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		size_t at = 999;
		assert_null(leat_template_new(cases[i].text, &at, &err));
		assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
		if (at != cases[i].at)
			fail_msg("'%s': at %zu, not %zu", cases[i].text, at, cases[i].at);
	}
}

static void test_misfits(void **state)
{
	(void)state;
	static const char *const cases[] = {"{nothing}", "{stem:04}",  "{width:8}",
					    "{stem:.1}", "{width:%Y}", "{saved:04}"};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_buf b = {0};
		struct leat_template *t = leat_template_new(cases[i], NULL, &err);
		assert_int_equal(leat_template_expand(t, &view, &b, &err), -1);
		assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
		leat_buf_free(&b);
		leat_template_free(&t);
	}
}

static void test_template_parts(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_template *t = leat_template_new("out/{{x/{stem}-{index:04}", NULL, &err);
	size_t n, offset = 0;
	assert_memory_equal(leat_template_literal(t, &n), "out/{x/", 7);
	assert_int_equal(n, 7);
	assert_string_equal(leat_template_field(t, 0, &offset), "stem");
	assert_int_equal(offset, 8);
	assert_string_equal(leat_template_field(t, 1, &offset), "index");
	assert_int_equal(offset, 15);
	assert_null(leat_template_field(t, 2, NULL));
	leat_template_free(&t);
	leat_template_free(&t);
}

static void test_paths(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"out/{reldir}/{stem}.png", "out/2024/cat.png"},
		{"out/{empty}/{stem}.png", "out/cat.png"},
		{"{empty}/{stem}.png", "cat.png"},
		{"/abs/{empty}/{empty}/{stem}", "/abs/cat"},
		{"../out/{stem}", "../out/cat"},
		{"{path}", "photos/2024/cat.JPG"},
		{"{dir}/{stem}.x", "photos/2024/cat.x"},
		{"out/{path}", "out/photos/2024/cat.JPG"},
		{"out/{dot}{stem}", "out/.cat"},
		{"out/{evil}{stem}", "out/..cat"},
		/* refused */
		{"out/{evil}/x", NULL},
		{"out/{evil}", NULL},
		{"out/{dot}{dot}/x", NULL},
		{"out/{dot}./x", NULL},
		{"out/.{dot}", NULL},
		{"{evil}/x", NULL},
		{"out/{stem}/../../x", NULL},
		{"out/{lens}", NULL},
		{"out/{empty}", NULL},
		{"out/{nothing}", NULL},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_buf b = {0};
		struct leat_template *t = leat_template_new(cases[i][0], NULL, &err);
		leat_buf_adds(&b, "before ");
		int r = leat_template_expand_path(t, &view, &b, &err);
		if (r != (cases[i][1] ? 0 : -1))
			fail_msg("'%s': %d '%s' %s", cases[i][0], r, b.data, err.text);
		if (r == 0)
			assert_string_equal(b.data + 7, cases[i][1]);
		leat_buf_free(&b);
		leat_template_free(&t);
	}
}

/* An input given with an absolute path, or above the current folder: only {path} and {dir} in front may show it. */
static void test_paths_from_elsewhere(void **state)
{
	(void)state;
	static const struct {
		const char *path, *text, *want;
	} cases[] = {
		{"/data/a.png", "{path}", "/data/a.png"}, {"../up/a.png", "{dir}/{stem}.x", "../up/a.x"},
		{"../up/a.png", "out/{path}", NULL},      {"/data/a.png", "out/{path}", NULL},
		{"/a.png", "{dir}/{stem}.x", "/a.x"},     {"a.png", "{dir}/{stem}.x", "./a.x"},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_buf b = {0};
		struct leat_entry e = {.path = cases[i].path, .reldir = ""};
		struct leat_view v = {.entry = &e, .run = &run};
		struct leat_template *t = leat_template_new(cases[i].text, NULL, &err);
		int r = leat_template_expand_path(t, &v, &b, &err);
		assert_int_equal(r, cases[i].want ? 0 : -1);
		if (cases[i].want)
			assert_string_equal(b.data, cases[i].want);
		leat_buf_free(&b);
		leat_template_free(&t);
	}
}

static bool holds(const char *text)
{
	struct leat_err err = {0};
	struct leat_buf tmp = {0};
	struct leat_condition *c = leat_condition_new(text, &err);
	if (!c)
		fail_msg("%s: %s", text, err.text);
	bool yes = leat_condition_holds(c, &view, &tmp);
	leat_buf_free(&tmp);
	leat_condition_free(&c);
	return yes;
}

static void test_conditions(void **state)
{
	(void)state;
	static const char *const yes[] = {
		"width>=1200",
		"width=1200",
		"width<1200.5",
		"width!=1199",
		"width=1,1200",
		"width!=1,2",
		"saved>=1%",
		"saved<=12.345",
		"ext=png,JPG",
		"ext!=jpg,png",
		"stem~c*",
		"stem~x*,c?t",
		"name~*.{JPG,png}",
		"path~photos/**",
		"path~**/cat.*",
		"lens~EF*",
		"bytes_in>1MiB",
		"bytes_in=2MiB",
		"bytes_in=2097152",
		"age>7d",
		"mtime=2026-01-20",
		"mtime>=2026-01-20",
		"mtime<=2026-01-20",
		"mtime<2026-01-20T12:01",
		"mtime>2026-01-19",
		"taken=2025-07-01T10:20",
		"failed<=2%",
		"failed<=3",
		"matched>=1",
		"empty=",
		"stem<d",
		"name~cat.JPG",
		"width >= 1200",
		"stem=cat",
		"branch~thumb-*",
		"width!=1e3",
	};
	static const char *const no[] = {
		"width<1200",       "width!=1200",       "width!=1,1200",    "saved>=20%", "ext=png,jpg",
		"ext!=JPG",         "stem~C*",           "path~*.JPG",       "age<7d",     "mtime>2026-01-20",
		"mtime<2026-01-20", "mtime!=2026-01-20", "failed<=1%",       "nothing=1",  "nothing!=1",
		"width=abc",        "width!=abc",        "taken=2025-07-02", "empty!=",    "width~1*",
	};
	for (size_t i = 0; i < LEAT_LEN(yes); i++) {
		if (!holds(yes[i]))
			fail_msg("'%s' must hold", yes[i]);
	}
	for (size_t i = 0; i < LEAT_LEN(no); i++) {
		if (holds(no[i]))
			fail_msg("'%s' must not hold", no[i]);
	}
}

static void test_bad_conditions(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"width",    "=3",          "width==3",  "width=~3",  "width=>3",    "width<>3",
		"width<",   "stem~",       "width<1,2", "{width}>3", "stem~[a",     "age<7",
		"age<5MiB", "bytes_in>1h", "mtime>5",   "index>50%", "mtime~2026*", "bytes_in=1,many things",
		""};
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_err err = {0};
		if (leat_condition_new(bad[i], &err))
			fail_msg("'%s' must be refused", bad[i]);
		assert_int_equal(err.cause, LEAT_CAUSE_USAGE);
	}
}

static void test_two_fields(void **state)
{
	(void)state;
	struct leat_err err = {0};
	struct leat_buf tmp = {0};
	struct leat_condition *c = leat_condition_new("width>height", &err);
	assert_string_equal(leat_condition_field(c, 0), "width");
	assert_string_equal(leat_condition_field(c, 1), "height");
	assert_null(leat_condition_field(c, 2));
	assert_int_equal(leat_condition_check(c, LEAT_V_INT, &err), -1); /* "height" as a literal is no number */
	assert_false(leat_condition_holds(c, &view, &tmp));
	leat_condition_right_is_field(c);
	err = (struct leat_err){0};
	assert_int_equal(leat_condition_check(c, LEAT_V_INT, &err), 0);
	assert_true(leat_condition_holds(c, &view, &tmp));
	leat_condition_free(&c);
	/* both sides need memory of their own: stem and ext are cut out of the path */
	c = leat_condition_new("stem=ext", &err);
	leat_condition_right_is_field(c);
	assert_false(leat_condition_holds(c, &view, &tmp));
	leat_condition_free(&c);
	c = leat_condition_new("dir!=stem", &err);
	leat_condition_right_is_field(c);
	assert_true(leat_condition_holds(c, &view, &tmp));
	leat_condition_free(&c);
	c = leat_condition_new("stem>width", &err); /* text and number: not to be compared */
	leat_condition_right_is_field(c);
	assert_false(leat_condition_holds(c, &view, &tmp));
	leat_condition_free(&c);
	c = leat_condition_new("width>800", &err);
	assert_null(leat_condition_field(c, 1));
	leat_condition_free(&c);
	leat_buf_free(&tmp);
}

static void test_checks(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum leat_vtype type;
		bool ok;
	} cases[] = {
		{"width>=800", LEAT_V_INT, true},     {"width>=wide!", LEAT_V_INT, false},
		{"width>=8MiB", LEAT_V_INT, false},   {"width>=50%", LEAT_V_INT, false},
		{"saved>=50%", LEAT_V_REAL, true},    {"bytes_out>1MB", LEAT_V_INT, true},
		{"seconds<500ms", LEAT_V_REAL, true}, {"seconds<2", LEAT_V_REAL, true},
		{"width<5m", LEAT_V_INT, false},      {"lens~EF*", LEAT_V_TEXT, true},
		{"width~1*", LEAT_V_INT, false},      {"taken>2020-01-01", LEAT_V_TIME, true},
		{"taken>5", LEAT_V_TIME, false},      {"lens=50%", LEAT_V_TEXT, true},
		{"failed<=1%", LEAT_V_INT, true},     {"any=thing!", LEAT_V_NONE, true},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_err err = {0};
		struct leat_condition *c = leat_condition_new(cases[i].text, &err);
		assert_non_null(c);
		if ((leat_condition_check(c, cases[i].type, &err) == 0) != cases[i].ok)
			fail_msg("'%s': %s", cases[i].text, err.text);
		leat_condition_free(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_item_fields), cmocka_unit_test(test_after_reduction),
		cmocka_unit_test(test_expansion),   cmocka_unit_test(test_bad_templates),
		cmocka_unit_test(test_misfits),     cmocka_unit_test(test_template_parts),
		cmocka_unit_test(test_paths),       cmocka_unit_test(test_paths_from_elsewhere),
		cmocka_unit_test(test_conditions),  cmocka_unit_test(test_bad_conditions),
		cmocka_unit_test(test_two_fields),  cmocka_unit_test(test_checks),
	};
	return cmocka_run_group_tests(tests, prepare, finish);
}
