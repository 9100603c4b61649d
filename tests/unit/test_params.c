/* SPDX-License-Identifier: MIT */
/* Parameter values: what every type accepts, and what is said about the rest. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/paramvalue.h"

#include <stdio.h>

struct all {
	int64_t quality, any, fit, timeout, at;
	double sigma, dither, rate;
	bool enlarge;
	uint64_t keep, size, max_pixels;
	struct leat_pixels pixels, scaled;
	struct leat_range range;
	struct leat_color color;
	struct leat_level level;
	struct leat_numbers numbers;
	struct leat_strs fields;
	const char *text;
	struct leat_workers workers;
	struct leat_queue_opt queue;
	struct leat_memory_opt memory;
};
static const char *const fits[] = {"inside", "cover", "contain", "fill", "outside", NULL};
static const char *const formats[] = {"jpeg", "png", "webp", "tiff", NULL};
static const char *const keeps[] = {"icc", "exif", "xmp", NULL};

static const struct leat_param rows[] = {
	LEAT_P_INT(struct all, quality, "quality", "80", 1, 100, NULL, 0, "quality"),
	LEAT_P_INT(struct all, any, "angle", NULL, 0, 0, "degrees", LEAT_POSITIONAL, "angle"),
	LEAT_P_INT(struct all, any, "retries", NULL, 0, INT64_MAX, NULL, 0, "retries"),
	LEAT_P_REAL(struct all, sigma, "sigma", NULL, 0.01, 1000, "px", 0, "sigma"),
	LEAT_P_REAL(struct all, sigma, "gamma", NULL, 0, 0, NULL, LEAT_POSITIONAL, "gamma"),
	LEAT_P_SWITCH(struct all, enlarge, "enlarge", "no", 0, "enlarge"),
	LEAT_P_CHOICE(struct all, fit, "fit", "inside", fits, 0, "fit"),
	LEAT_P_CHOICE(struct all, fit, "format", NULL, formats, LEAT_POSITIONAL, "format"),
	LEAT_P_FLAGS(struct all, keep, "keep", "icc", keeps, 0, "keep"),
	LEAT_P(struct all, size, uint64_t, LEAT_PT_SIZE, "max-size", NULL, 0, "size"),
	LEAT_P(struct all, timeout, int64_t, LEAT_PT_DURATION, "timeout", NULL, 0, "timeout"),
	LEAT_P(struct all, rate, double, LEAT_PT_RATE, "rate", NULL, 0, "rate"),
	LEAT_P(struct all, dither, double, LEAT_PT_PERCENT, "dither", "100%", 0, "dither"),
	LEAT_P(struct all, pixels, struct leat_pixels, LEAT_PT_PIXELS, "size", NULL, LEAT_POSITIONAL, "size"),
	LEAT_P(struct all, scaled, struct leat_pixels, LEAT_PT_PIXELS, "scaled", NULL,
	       LEAT_POSITIONAL | LEAT_ANYPERCENT, "size"),
	LEAT_P(struct all, range, struct leat_range, LEAT_PT_RANGE, "range", NULL, 0, "range"),
	LEAT_P(struct all, color, struct leat_color, LEAT_PT_COLOR, "background", NULL, 0, "color"),
	LEAT_P(struct all, max_pixels, uint64_t, LEAT_PT_PIXCOUNT, "max-pixels", "268MP", 0, "limit"),
	LEAT_P(struct all, level, struct leat_level, LEAT_PT_LEVEL, "level", NULL, 0, "level"),
	LEAT_P(struct all, numbers, struct leat_numbers, LEAT_PT_NUMBERS, "matrix", NULL, 0, "matrix"),
	LEAT_P(struct all, at, int64_t, LEAT_PT_TIMEOFDAY, "at", NULL, 0, "time of day"),
	LEAT_P(struct all, text, const char *, LEAT_PT_TEXT, "text", NULL, 0, "text"),
	LEAT_P(struct all, workers, struct leat_workers, LEAT_PT_WORKERS, "workers", "auto", 0, "workers"),
	LEAT_P(struct all, queue, struct leat_queue_opt, LEAT_PT_QUEUE, "queue", "auto", 0, "queue"),
	LEAT_P(struct all, memory, struct leat_memory_opt, LEAT_PT_MEMORY, "memory", NULL, 0, "memory"),
	LEAT_P(struct all, fields, struct leat_strs, LEAT_PT_FIELDS, "fields", NULL, 0, "fields"),
	LEAT_P_END,
};

static const struct leat_param *row(const char *name)
{
	for (size_t i = 0; rows[i].name; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	fail_msg("no row '%s'", name);
	return NULL;
}

static struct leat_arena arena;

static struct all good(const char *name, const char *value)
{
	struct all a;
	struct leat_value_error e;
	memset(&a, 0xA5, sizeof a);
	if (leat_param_parse(row(name), value, &a, &arena, &e) < 0)
		fail_msg("%s=%s: %s", name, value, e.message);
	return a;
}

static void test_good_values(void **state)
{
	(void)state;
	assert_int_equal(good("quality", "010").quality, 10);
	assert_int_equal(good("angle", "-90").any, -90);
	assert_true(good("sigma", "2e-2").sigma == 0.02);
	assert_true(good("enlarge", "true").enlarge);
	assert_false(good("enlarge", "no").enlarge);
	assert_int_equal(good("fit", "fill").fit, 3);
	assert_int_equal(good("keep", "xmp,icc").keep, 5);
	assert_int_equal(good("max-size", "64MiB").size, 67108864);
	assert_int_equal(good("timeout", "1h30m").timeout, INT64_C(5400) * 1000000000);
	assert_true(good("dither", "50%").dither == 0.5);
	assert_true(good("rate", "20/s").rate == 20 && good("rate", "30/m").rate == 0.5);
	assert_true(good("rate", "1800/h").rate == 0.5 && good("rate", "0.5/s").rate == 0.5);
	assert_int_equal(good("max-pixels", "268MP").max_pixels, 268000000);
	assert_int_equal(good("max-pixels", "1000").max_pixels, 1000);
	assert_true(good("level", "1024").level.v == 1024 && !good("level", "1024").level.percent);
	assert_true(good("level", "50%").level.v == 0.5 && good("level", "50%").level.percent);
	assert_int_equal(good("at", "02:30").at, 9000);
	assert_string_equal(good("text", "a b|c").text, "a b|c");
}

static void test_good_shapes(void **state)
{
	(void)state;
	struct leat_pixels p = good("size", "800x600").pixels;
	assert_true(p.width == 800 && p.height == 600 && p.percent == 0);
	p = good("size", "800x").pixels;
	assert_true(p.width == 800 && p.height == 0);
	p = good("size", "x600").pixels;
	assert_true(p.width == 0 && p.height == 600);
	assert_true(good("scaled", "50%").scaled.percent == 0.5);
	struct leat_range r = good("range", "0.5%..99.5%").range;
	assert_true(r.a == 0.005 && r.b == 0.995 && r.percent);
	r = good("range", "-10..1e3").range;
	assert_true(r.a == -10 && r.b == 1000 && !r.percent);
	struct leat_numbers n = good("matrix", "1,0,-0.5,1e2").numbers;
	assert_true(n.n == 4 && n.v[0] == 1 && n.v[2] == -0.5 && n.v[3] == 100);
	struct leat_strs f = good("fields", "path,width,mean").fields;
	assert_int_equal(f.n, 3);
	assert_string_equal(f.v[1], "width");
}

static void color(const char *text, int red, int green, int blue, int alpha)
{
	struct leat_color c = good("background", text).color;
	assert_true(c.given);
	assert_true(c.r == red && c.g == green && c.b == blue && c.a == alpha);
}

static void test_colors(void **state)
{
	(void)state;
	color("#ff8800", 255, 136, 0, 255);
	color("#F80", 255, 136, 0, 255);
	color("#f808", 255, 136, 0, 136);
	color("#11223344", 17, 34, 51, 68);
	color("transparent", 0, 0, 0, 0);
	color("orange", 255, 165, 0, 255);
	color("green", 0, 128, 0, 255);
	color("yellow", 255, 255, 0, 255);
	color("aqua", 0, 255, 255, 255);
	size_t n = 0;
	for (; leat_color_names[n]; n++) {
		good("background", leat_color_names[n]);
		assert_true(n == 0 || strcmp(leat_color_names[n - 1], leat_color_names[n]) < 0);
	}
	assert_int_equal(n, 21);
}

static void test_autos(void **state)
{
	(void)state;
	assert_int_equal(good("workers", "auto").workers.n, 0);
	assert_int_equal(good("workers", "4").workers.n, 4);
	assert_true(good("workers", "50%").workers.percent == 0.5);
	assert_int_equal(good("queue", "16").queue.items, 16);
	assert_int_equal(good("queue", "256MiB").queue.bytes, 268435456);
	assert_int_equal(good("queue", "auto").queue.items, 0);
	assert_int_equal(good("memory", "4GiB").memory.bytes, UINT64_C(4294967296));
	assert_true(good("memory", "50%").memory.percent == 0.5);
}

/* What is said: message, then "|" label, then "=" each help. at and end when they are not the whole value. */
static void test_bad_values(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
		int code;
		const char *said;
		size_t at, end;
	} cases[] = {
		/* language 8.4, to the letter */
		{"size", "800", 47,
		 "'800' does not say which side it is = write 800x800 (fit into a square), 800x (this width) or x800 "
		 "(this height)",
		 0, 0},
		{"size", "800*600", 47, "'800*600' is not a size in pixels | write 800x600", 0, 0},
		{"fit", "insde", 41,
		 "'insde' is not a value of fit | did you mean 'inside'? = fit is one of: inside, cover, contain, "
		 "fill, outside",
		 0, 0},
		{"format", "jpg", 41,
		 "'jpg' is not a value of format | did you mean 'jpeg'? = format is one of: jpeg, png, webp, tiff", 0,
		 0},
		{"quality", "820", 43, "quality=820 is out of range | quality is 1 to 100", 0, 0},
		{"memory", "4G", 45,
		 "'4G' is not a size = write 4GiB (4 294 967 296 bytes) or 4GB (4 000 000 000 bytes)", 0, 0},
		{"timeout", "30", 46, "the time '30' has no unit = write 30s (seconds), 30m (minutes) or 30h (hours)",
		 0, 0},
		{"queue", "64M", 45, "'64M' is not a size = write 64MiB (67 108 864 bytes) or 64MB (64 000 000 bytes)",
		 0, 0},
		{"sigma", "1,5", 42, "'1,5' is not a number: the decimal sign is a point | write 1.5", 0, 0},
		{"range", "99%..1%", 49, "the range '99%..1%' is empty: 99% is not below 1% | write 1%..99%", 0, 0},
		/* language 6.4, the column of what is rejected with a hint */
		{"quality", "82%", 42, "'82%' is not a whole number | write 82", 0, 0},
		{"quality", "1.5", 42, "'1.5' is not a whole number | write 1 or 2", 0, 0},
		{"quality", "0x10", 42, "'0x10' is not a whole number | write 16", 0, 0},
		{"enlarge", "on", 41, "'on' is not a value of enlarge | write yes = enlarge is yes or no", 0, 0},
		{"enlarge", "1", 41, "'1' is not a value of enlarge | write yes = enlarge is yes or no", 0, 0},
		{"keep", "icc, xmp", 40, "a list has commas and no blanks | write icc,xmp", 0, 0},
		{"max-size", "64", 45,
		 "the size '64' has no unit = write 64MiB (67 108 864 bytes) or 64MB (64 000 000 bytes)", 0, 0},
		{"range", "1-99", 49, "'1-99' is not a range | write 1..99", 0, 0},
		{"background", "#ff880", 48,
		 "'#ff880' is not a color: it has 5 digits = write #rgb, #rgba, #rrggbb or #rrggbbaa, for example "
		 "#ff8800, or a "
		 "name = names: aqua, black, blue, cyan, fuchsia, gray, green, lime, magenta, maroon, navy, olive, "
		 "orange, pink, "
		 "purple, red, silver, teal, transparent, white, yellow",
		 0, 0},
		{"max-pixels", "268M", 44, "'268M' is not a number of pixels | write 268MP", 0, 0},
		{"at", "2:30am", 46, "'2:30am' is not a time of day | write 02:30", 0, 0},
		{"size", "800x600>", 47,
		 "'800x600>' is not a size in pixels | write 800x600 = images are only enlarged with enlarge=yes, so "
		 "'>' is not needed",
		 0, 0},
		{"size", "800x600!", 47, "'800x600!' is not a size in pixels | write 800x600 fit=fill", 0, 0},
		{"size", "640000@", 47,
		 "'640000@' is not a size in pixels = an area in pixels ('@') cannot be given; write the longest "
		 "sides, "
		 "for example 800x600",
		 0, 0},
		{"size", "800x600^", 47,
		 "'800x600^' is not a size in pixels | write 800x600 fit=outside = fit=cover also cuts off what is "
		 "over 800x600",
		 0, 0},
		/* the rest of our own */
		{"quality", "99999999999999999999", 43,
		 "quality=99999999999999999999 is out of range | quality is 1 to 100", 0, 0},
		{"quality", "good", 42, "'good' is not a whole number = quality is a whole number: 1 to 100", 0, 0},
		{"angle", "90deg", 42, "'90deg' is not a whole number | write 90", 0, 0},
		{"angle", "1e2", 42, "'1e2' is not a whole number | write 100", 0, 0},
		{"retries", "-1", 43, "retries=-1 is out of range | retries is 0 or more", 0, 0},
		{"sigma", "0", 43, "sigma=0 is out of range | sigma is 0.01 to 1000 px", 0, 0},
		{"sigma", "2px", 42, "'2px' is not a number | write 2", 0, 0},
		{"gamma", ".5", 42, "'.5' is not a number | write 0.5", 0, 0},
		{"gamma", "nan", 42, "'nan' is not a number = gamma is a number, for example 1.5", 0, 0},
		{"keep", "icc,exf", 41,
		 "'exf' is not a value of keep | did you mean 'exif'? = keep is a list of: icc, exif, xmp", 4, 7},
		{"keep", "icc,,xmp", 40, "an entry of this list is empty | remove this ','", 3, 4},
		{"keep", "", 40, "this list is empty = write at least one entry, or leave 'keep' away", 0, 0},
		{"max-size", "64mib", 45, "'64mib' is not a size | write 64MiB", 0, 0},
		{"max-size", "1,5GiB", 45, "'1,5GiB' is not a size: the decimal sign is a point | write 1.5GiB", 0, 0},
		{"max-size", "100000", 45,
		 "the size '100000' has no unit = write 100000B (bytes), or a unit such as MiB or MB", 0, 0},
		{"max-size", "big", 45, "'big' is not a size = write a number and a unit, for example 64MiB or 1GB", 0,
		 0},
		{"timeout", "5min", 46, "'5min' is not a time | write 5m", 0, 0},
		{"timeout", "1h 30m", 46, "'1h 30m' is not a time | write 1h30m", 0, 0},
		{"timeout", "soon", 46, "'soon' is not a time = write for example 500ms, 30s, 5m or 1h30m", 0, 0},
		{"rate", "20", 44,
		 "the rate '20' has no unit = write 20/s (per second), 20/m (per minute) or 20/h (per hour)", 0, 0},
		{"rate", "20/sec", 44, "'20/sec' is not a rate | write 20/s", 0, 0},
		{"rate", "20 per minute", 44, "'20 per minute' is not a rate | write 20/m", 0, 0},
		{"rate", "5 / h", 44, "'5 / h' is not a rate | write 5/h", 0, 0},
		{"rate", "50Hz", 44, "'50Hz' is not a rate | write 50/s", 0, 0},
		{"rate", "fast", 44, "'fast' is not a rate = write for example 20/s, 100/m or 500/h", 0, 0},
		{"rate", "0/s", 43, "rate=0/s is out of range | rate is more than 0", 0, 0},
		{"rate", "1/d", 44, "'1/d' is not a rate = write for example 20/s, 100/m or 500/h", 0, 0},
		{"dither", "50", 44, "the percentage '50' has no % | write 50%", 0, 0},
		{"dither", "0.5", 44, "the percentage '0.5' has no % = write 50% (0.5 of the whole) or 0.5%", 0, 0},
		{"size", "50%", 47,
		 "'50%' is not a size in pixels = write for example 800x600, 800x (this width) or x600 (this height)",
		 0, 0},
		{"scaled", "0%", 43, "'0%' is out of range | scaled is more than 0% and at most 10000%", 0, 0},
		{"size", "800 600", 47, "'800 600' is not a size in pixels | write 800x600", 0, 0},
		{"size", "800X600", 47, "'800X600' is not a size in pixels | write 800x600", 0, 0},
		{"size", "0x600", 47, "'0x600' has a side of 0 pixels | write x600", 0, 0},
		{"size", "99999999999x1", 43,
		 "'99999999999x1' is out of range | size is at most 2147483647 pixels a side", 0, 0},
		{"size", "100x50+5+6", 47, "'100x50+5+6' is not a size in pixels | write 100x50 left=5 top=6", 0, 0},
		{"range", "5..5", 49, "the range '5..5' is empty: 5 is not below 5", 0, 0},
		{"range", "1..99%", 49,
		 "the range '1..99%' mixes a number and a percentage = write both as numbers or both with %, for "
		 "example 1%..99%",
		 0, 0},
		{"background", "ff8800", 48, NULL, 0, 0},
		{"matrix", "1,x,2", 42,
		 "'x' is not a number = matrix is a list of numbers with commas between them, for example 1,0.5,-2", 2,
		 3},
		{"matrix", "1, 2", 40, "a list has commas and no blanks | write 1,2", 0, 0},
		{"at", "24:00", 46,
		 "'24:00' is not a time of day = write hours and minutes, 00:00 to 23:59, for example 02:30", 0, 0},
		{"at", "2:30pm", 46, "'2:30pm' is not a time of day | write 14:30", 0, 0},
		{"workers", "0", 43,
		 "workers=0 is out of range | workers is 1 to 4096, a percentage of the cores (50%), or auto", 0, 0},
		{"workers", "many", 42,
		 "'many' is not a number of workers = workers is 1 to 4096, a percentage of the cores (50%), or auto",
		 0, 0},
		{"queue", "long", 45,
		 "'long' is not a size = queue is 1 to 1000000 items, a size such as 64MiB, or auto", 0, 0},
		{"memory", "150%", 43,
		 "memory=150% is out of range | memory is a size such as 4GiB, or more than 0% and at most 100%", 0, 0},
		{"fields", "a,", 40, "an entry of this list is empty | remove this ','", 1, 2},
	};
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_value_error e;
		struct all a, before;
		char said[1024];
		memset(&a, 0x5A, sizeof a);
		before = a;
		assert_int_equal(leat_param_parse(row(cases[i].name), cases[i].value, &a, &arena, &e), -1);
		int n = snprintf(said, sizeof said, "%s%s%s", e.message, e.label ? " | " : "", e.label ? e.label : "");
		for (int h = 0; h < LEAT_VALUE_HELPS && e.help[h]; h++)
			n += snprintf(said + n, sizeof said - (size_t)n, " = %s", e.help[h]);
		if (e.code != cases[i].code)
			fail_msg("%s=%s: E%03d %s", cases[i].name, cases[i].value, e.code, said);
		if (cases[i].said)
			assert_string_equal(said, cases[i].said);
		assert_int_equal(e.at, cases[i].at);
		assert_int_equal(e.end, cases[i].end ? cases[i].end : strlen(cases[i].value));
		assert_memory_equal(&a, &before, sizeof a);
	}
}

static void test_split_size(void **state)
{
	(void)state;
	struct leat_value_error e;
	int used;
	assert_true(leat_pixels_split("800", "600", NULL, &used, &arena, &e));
	assert_int_equal(used, 2);
	assert_int_equal(e.code, 47);
	assert_string_equal(e.message, "the size is one value");
	assert_string_equal(e.label, "write 800x600");
	assert_true(leat_pixels_split("800", "x", "600", &used, &arena, &e));
	assert_int_equal(used, 3);
	assert_true(leat_pixels_split("800x", "600", "more", &used, &arena, &e));
	assert_int_equal(used, 2);
	assert_false(leat_pixels_split("800", "cover", NULL, &used, &arena, &e));
	assert_false(leat_pixels_split("cover", "600", NULL, &used, &arena, &e));
}

static void test_lists(void **state)
{
	(void)state;
	static const char list[] = "a,{b,c},,d";
	static const char *const want[] = {"a", "{b,c}", "", "d"};
	size_t pos = 0, start, n, i = 0;
	for (; leat_list_next(list, &pos, &start, &n); i++) {
		assert_true(i < LEAT_LEN(want));
		assert_int_equal(n, strlen(want[i]));
		assert_memory_equal(list + start, want[i], n);
	}
	assert_int_equal(i, LEAT_LEN(want));
	pos = 0;
	assert_true(leat_list_next("", &pos, &start, &n) && n == 0);
	assert_false(leat_list_next("", &pos, &start, &n));
	pos = 0;
	assert_true(leat_list_next("a,", &pos, &start, &n) && n == 1);
	assert_true(leat_list_next("a,", &pos, &start, &n) && n == 0);
	assert_false(leat_list_next("a,", &pos, &start, &n));
}

static void test_guesses(void **state)
{
	(void)state;
	static const char *const kernels[] = {"lanczos3", "nearest", "linear", "cubic", "lanczos2", NULL};
	assert_string_equal(leat_choice_guess("lanczos", kernels), "lanczos3");
	assert_string_equal(leat_choice_guess("bicubic", kernels), "cubic");
	assert_string_equal(leat_choice_guess("bilinear", kernels), "linear");
	assert_string_equal(leat_choice_guess("Neerest", kernels), "nearest");
	assert_null(leat_choice_guess("gauss", kernels));
}

static void test_tables(void **state)
{
	(void)state;
	assert_int_equal(leat_param_count(NULL), 0);
	assert_int_equal(leat_param_count(rows), LEAT_LEN(rows) - 1);
	assert_ptr_equal(leat_param_find(rows, "sigma"), row("sigma"));
	assert_null(leat_param_find(rows, "angle")); /* positional */
	assert_null(leat_param_find(rows, "nothing"));
	for (size_t i = 0; rows[i].name; i++)
		assert_true(leat_param_parses(rows[i].type));
	assert_false(leat_param_parses(LEAT_PT_TEMPLATE));
}

static int release(void **state)
{
	(void)state;
	leat_arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_values), cmocka_unit_test(test_good_shapes),
		cmocka_unit_test(test_colors),      cmocka_unit_test(test_autos),
		cmocka_unit_test(test_bad_values),  cmocka_unit_test(test_split_size),
		cmocka_unit_test(test_lists),       cmocka_unit_test(test_guesses),
		cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
