/* SPDX-License-Identifier: MIT */
/* The morning's report: templates, the page, lines of JSON, text; of one pair of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/fill.h"
#include "report/morning.h"

#include <stdlib.h>
#include <string.h>

/* ---- templates */

static char *filled(const char *page, const char *values)
{
	json_t *v = json_loads(values, 0, NULL);
	struct leat_buf out = {0};
	struct leat_err err = {0};
	assert_non_null(v);
	int ok = leat_fill(page, strlen(page), v, &out, &err);
	json_decref(v);
	if (ok == 0)
		return out.data;
	leat_buf_free(&out);
	assert_int_equal(err.cause, LEAT_CAUSE_INTERNAL);
	return NULL;
}

static void check(const char *page, const char *values, const char *want)
{
	char *got = filled(page, values);
	if (want)
		assert_string_equal(got ? got : "(refused)", want);
	else
		assert_null(got);
	free(got);
}

static void templates(void **state)
{
	(void)state;
	static const char v[] = "{\"a\":\"<b>&'\\\"`\",\"n\":7,\"l\":[{\"x\":1},{\"x\":2}],\"s\":[\"p\",\"q\"],"
				"\"e\":[],\"t\":true,\"f\":false,\"z\":\"\",\"o\":{\"n\":8}}";
	check("-{{a}}-", v, "-&#60;b&#62;&#38;&#39;&#34;&#96;-");
	check("{{n}}{{#o}}{{n}}{{a}}{{/o}}", v, "78&#60;b&#62;&#38;&#39;&#34;&#96;");
	check("{{#l}}{{x}}{{n}},{{/l}}", v, "17,27,");
	check("{{#s}}[{{.}}]{{/s}}", v, "[p][q]");
	check("{{#e}}x{{/e}}{{^e}}none{{/e}}{{#z}}x{{/z}}{{^z}}empty{{/z}}", v, "noneempty");
	check("{{#t}}y{{/t}}{{#f}}n{{/f}}{{^f}}not{{/f}}{{^missing}}m{{/missing}}", v, "ynotm");
	check("{{#t}}{{#t}}y{{/t}}{{/t}}", v, "y");
	check("{{missing}}", v, NULL);
	check("{{#t}}x", v, NULL);
	check("x{{/t}}", v, NULL);
	check("{{#t}}x{{/f}}", v, NULL);
	check("{ {n}} }}{{", v, "{ {n}} }}{{");
}

/* ---- one pair of runs */

static const char script[] = "in/<script>alert(1)</script>\n\"quoted'\xe4\xe2\x80\xae.png";
static struct leat_morning_item failing[] = {
	{script, LEAT_FAILED, LEAT_CAUSE_TRUNCATED, "decode", "the file ends <b>too</b> early", .runs = 1},
	{"in/old.png", LEAT_KNOWN_FAILED, LEAT_CAUSE_TRUNCATED, "decode", "the file ends too early", .runs = 5},
};
static struct leat_morning_item fixed[] = {{.path = "in/fixed.png", .state = LEAT_DONE}};
static struct leat_morning_item gone[] = {{.path = "in/gone.png"}};
static struct leat_morning_item slow[] = {
	{"in/huge.tif", LEAT_DONE, .seconds = 12.5, .before = 2, .bytes_in = 300 << 20, .pixels = 120000000},
	{"in/large.tif", LEAT_DONE, .seconds = 3, .bytes_in = 30 << 20, .pixels = 12000000},
};
static const struct leat_morning_cause causes[] = {{LEAT_CAUSE_TRUNCATED, "decode", 1, {failing, 2, 14}}};
static const struct leat_group_time groups[] = {
	{.name = "read",
	 .executor = "threads",
	 .workers = 8,
	 .tasks = 1000,
	 .busy = 30,
	 .cpu = 3,
	 .runq = 1,
	 .idle = 400},
	{.name = "cpu",
	 .executor = "processes",
	 .workers = 2,
	 .tasks = 1000,
	 .busy = 110,
	 .cpu = 100,
	 .runq = 5,
	 .idle = 3},
};
static const struct leat_morning_step steps[] = {
	{"read in/*.png", "", 64, 1, 0}, {"decode", "", 64, 40, 0.2}, {"resize 800x", "web", 64, 30, 0}};
static const char *const notices[] = {"12 images: 16 bit to 8 bit for jpeg", "<i>not</i> italic"};
static const uint64_t notice_counts[] = {1, 3};
static const char pixel[] = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/"
			    "wHwAEBgIApD5fRAAAAABJRU5ErkJggg==";
static const struct leat_morning_sample samples[] = {{script, "out/x.jpg", pixel, pixel, 5 << 20, 80 << 10}};

static struct leat_morning night(struct leat_trail *trail)
{
	struct leat_morning m = {
		.job = "web & more",
		.host = "mill",
		.version = "0.1.0",
		.id = 12,
		.started_ns = (int64_t)1769826600 * 1000000000,
		.cores = 2,
		.exit_status = 1,
		.counts = {.matched = 1000,
			   .seconds = 60,
			   .bytes_in = (uint64_t)3 << 30,
			   .bytes_out = 90 << 20,
			   .outputs_new = 980,
			   .outputs_overwritten = 5},
		.groups = groups,
		.n_groups = 2,
		.steps = steps,
		.n_steps = 3,
		.causes = causes,
		.n_causes = 1,
		.slowest = {slow, 2, 2},
		.trail = trail,
		.notices = notices,
		.notice_counts = notice_counts,
		.n_notices = 2,
		.samples = samples,
		.n_samples = 1,
		.before_id = 11,
		.before_started_ns = (int64_t)1769740200 * 1000000000,
		.before = {.matched = 998, .seconds = 55},
		.failing = {failing, 1, 1},
		.fixed = {fixed, 1, 1},
		.gone = {gone, 1, 40},
		.slower = {slow, 1, 1},
	};
	m.counts.state[LEAT_DONE] = 985;
	m.counts.state[LEAT_FAILED] = 10;
	m.counts.state[LEAT_KNOWN_FAILED] = 4;
	m.counts.state[LEAT_NOT_REACHED] = 1;
	m.before.state[LEAT_DONE] = 990;
	m.before.state[LEAT_FAILED] = 8;
	return m;
}

static struct leat_trail *busy_night(void)
{
	struct leat_trail *t = calloc(1, sizeof *t);
	struct leat_counts none = {0};
	assert_non_null(t);
	for (int i = 0; i < 600; i++) {
		struct leat_event e = {.type = LEAT_EV_TASK, .counts = &none, .group = i % 3 ? "cpu" : "read"};
		e.since = 0.1 * i;
		e.seconds = i % 3 ? 0.28 : 0.05;
		e.waited = i < 300 ? 0.4 : 0.1;
		leat_trail_event(t, &e);
	}
	return t;
}

static void page(void **state)
{
	(void)state;
	struct leat_trail *t = busy_night();
	struct leat_morning m = night(t);
	struct leat_buf out = {0};
	struct leat_err err = {0};
	assert_int_equal(leat_morning_html(&m, &out, &err), 0);
	static const char *const must[] = {
		"<title>web &#38; more: 985 of 1 000 items done, 14 failed, 1 not reached in 1m00s</title>",
		"some items failed",
		"in/&#60;script&#62;alert(1)&#60;/script&#62;\\x0A&#34;quoted&#39;\\xE4\\u{202E}.png",
		"the file ends &#60;b&#62;too&#60;/b&#62; early",
		"&#60;i&#62;not&#60;/i&#62; italic",
		">5 runs on end<",
		">new<",
		"and 12 more",
		"and 39 more",
		"12.5s, before 2.0s",
		"3 times",
		"web: resize 800x",
		"bottleneck: cpu",
		"class=\"busy\" d=\"M0 100",
		"default-src 'none'",
		"src=\"data:image/png;base64,",
	};
	for (size_t i = 0; i < LEAT_LEN(must); i++)
		if (!strstr(out.data, must[i]))
			fail_msg("the page lacks: %s", must[i]);
	assert_null(strstr(out.data, "<script"));
	assert_null(strstr(out.data, "<b>"));
	assert_null(strstr(out.data, "http://"));
	assert_null(strstr(out.data, "https://"));
	assert_null(strstr(out.data, "{{"));
	const char *to = getenv("PAGE"); /* for a look at it */
	FILE *f = to ? fopen(to, "w") : NULL;
	if (f) {
		fwrite(out.data, 1, out.len, f);
		fclose(f);
	}
	leat_buf_free(&out);
	leat_trail_free(t);
	free(t);
}

/* Nothing but a run that went well: no section is empty. */
static void a_calm_page(void **state)
{
	(void)state;
	struct leat_morning m = {.job = "j", .host = "h", .version = "1", .cores = 1};
	struct leat_buf out = {0};
	struct leat_err err = {0};
	m.counts = (struct leat_counts){.matched = 3, .seconds = 2};
	m.counts.state[LEAT_DONE] = 3;
	assert_int_equal(leat_morning_html(&m, &out, &err), 0);
	assert_non_null(strstr(out.data, "all is well"));
	static const char *const sections[] = {"changes", "failures", "time",   "timeline",
					       "sheet",   "slowest",  "notices"};
	for (size_t i = 0; i < LEAT_LEN(sections); i++) {
		char id[32];
		snprintf(id, sizeof id, "id=\"%s\"", sections[i]);
		assert_null(strstr(out.data, id));
	}
	leat_buf_free(&out);
	m.before_id = 4;
	assert_int_equal(leat_morning_html(&m, &out, &err), 0);
	assert_non_null(strstr(out.data, "Nothing failed anew"));
	leat_buf_free(&out);
}

static void lines(void **state)
{
	(void)state;
	struct leat_trail *t = busy_night();
	struct leat_morning m = night(t);
	struct leat_buf out = {0};
	size_t n[8] = {0};
	leat_morning_lines(&m, &out);
	for (char *at = out.data; *at; at = strchr(at, '\n') + 1) {
		json_t *o = json_loadb(at, strcspn(at, "\n"), 0, NULL);
		const char *type = json_string_value(json_object_get(o, "type"));
		const char *what = json_string_value(json_object_get(o, "what"));
		assert_non_null(type);
		n[0] += strcmp(type, "run") == 0 && json_integer_value(json_object_get(o, "failed")) == 10;
		n[1] += strcmp(type, "failure") == 0;
		n[2] += what && strcmp(what, "failing") == 0 &&
			strstr(json_string_value(json_object_get(o, "path")), "</script>\n\"quoted'\\xE4") != NULL;
		n[3] += what && strcmp(what, "slower") == 0 &&
			json_number_value(json_object_get(o, "seconds_before")) == 2;
		n[4] += strcmp(type, "more") == 0;
		n[5] += strcmp(type, "timeline") == 0 && json_array_size(json_object_get(o, "busy_seconds")) > 40;
		n[6] += what && (strcmp(what, "fixed") == 0 || strcmp(what, "vanished") == 0);
		n[7] += strcmp(type, "compared_with") == 0 && json_integer_value(json_object_get(o, "run")) == 11;
		json_decref(o);
	}
	static const size_t want[] = {1, 2, 1, 1, 2, 2, 2, 1};
	for (size_t i = 0; i < LEAT_LEN(want); i++)
		assert_int_equal(n[i], want[i]);
	leat_buf_free(&out);
	leat_trail_free(t);
	free(t);
}

static void text(void **state)
{
	(void)state;
	struct leat_morning m = night(NULL);
	struct leat_buf out = {0};
	setenv("TZ", "UTC", 1);
	leat_morning_text(&m, &out, false);
	static const char want[] = "web & more: 985 of 1 000 items done, 14 failed, 1 not reached in 1m00s\n"
				   "  run 12, begun 2026-01-31 02:30 on mill; exit status 1\n"
				   "\n"
				   "since run 11 of 2026-01-30 02:30\n"
				   "        1  new failure\n"
				   "           in/<script>alert(1)</script>\\x0A\"quoted'\\xE4\\u{202E}.png: the file "
				   "ends <b>too</b> early\n"
				   "        1  fixed\n"
				   "           in/fixed.png\n"
				   "       40  vanished\n"
				   "           in/gone.png\n"
				   "           ... and 39 more\n"
				   "        1  slower\n"
				   "           in/huge.tif: 12.5s, before 2.0s\n"
				   "\n"
				   "failed\n"
				   "       14  decode: truncated\n";
	if (strncmp(out.data, want, sizeof want - 1) != 0)
		assert_string_equal(out.data, want);
	leat_buf_clear(&out);
	m.failing.all = m.fixed.all = m.gone.all = m.slower.all = 0;
	leat_morning_changes(&m, &out);
	assert_int_equal(out.len, 0);
	leat_buf_free(&out);
}

static void slower(void **state)
{
	(void)state;
	assert_true(leat_morning_is_slower(3, 1));
	assert_false(leat_morning_is_slower(1.4, 1));
	assert_false(leat_morning_is_slower(0.09, 0.01)); /* nobody waits for that */
	assert_false(leat_morning_is_slower(3, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates), cmocka_unit_test(page), cmocka_unit_test(a_calm_page),
		cmocka_unit_test(lines),     cmocka_unit_test(text), cmocka_unit_test(slower),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
