/* SPDX-License-Identifier: MIT */
/* The schedule line: what is accepted, what is refused and how; and the five fields of cron. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/cron.h"
#include "plan_kit.h"

#include <stdio.h>
#include <string.h>

static void accepted(void **state)
{
	static const char *const lines[] = {
		"daily",
		"daily at=02:30 jitter=10m",
		"daily at=23:59 timezone=UTC",
		"weekly",
		"weekly day=sun at=06:00 timezone=local",
		"hourly",
		"hourly at=00:15",
		"every=6h",
		"every=1m jitter=10s",
		"cron=\"30 2 * * 1-5\" timezone=UTC jitter=0s",
		"cron='*/5,7 0-6/2 1 jan,FEB mon-fri,7'",
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(lines); i++) {
		char text[200];
		struct plan_kit k;
		kit_init(&k);
		snprintf(text, sizeof text, "schedule %s\nread a/*.jpg\nwrite b/{name}\n", lines[i]);
		kit_plan(&k, text);
		assert_int_equal(k.diags.n, 1); /* all is right, but nothing would start it */
		assert_int_equal(k.diags.v[0].code, 38);
		kit_free(&k);
	}
}

/* The first error: its code, its message, and what is under the carets. */
static void refused(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *message, *at;
	} cases[] = {
		{"", 34, "'schedule' needs to know when", "schedule"},
		{"nightly", 41, "'nightly' is not a value of schedule", "nightly"},
		{"02:30", 41, "'02:30' is not a value of schedule", "02:30"},
		{"'30 2 * * *'", 41, "'30 2 * * *' is not a value of schedule", "'30 2 * * *'"},
		{"daily weekly", 35, "unexpected value 'weekly'", "weekly"},
		{"daily when=02:30", 31, "unknown option 'when' for 'schedule'", "when"},
		{"daily at=", 9, "'at=' has no value", "at="},
		{"daily at=24:00", 46, "'24:00' is not a time of day", "24:00"},
		{"weekly day=funday", 41, "'funday' is not a value of day", "funday"},
		{"daily day=mon", 36, "'day=' goes with weekly", "day=mon"},
		{"hourly at=05:30", 36, "'hourly' takes the minute of every hour: at=00:00 to at=00:59", "at=05:30"},
		{"at=02:30", 34, "'schedule' does not say how often", "schedule"},
		{"every=30", 46, "the time '30' has no unit", "30"},
		{"every=10s", 43, "every=10s is out of range", "10s"},
		{"every=2h every=3h", 33, "'every' is given twice", "every"},
		{"every=6h at=02:30", 36, "'at=' and 'day=' go with daily, weekly and hourly", "at=02:30"},
		{"every=6h timezone=UTC", 36, "'every=' does not ask for the time of day", "timezone=UTC"},
		{"every=6h cron='* * * * *'", 36, "'cron=' and 'every=' exclude each other", "every=6h"},
		{"daily cron='* * * * *'", 36, "'daily', 'weekly', 'hourly' and 'cron=', 'every=' exclude each other",
		 "cron='* * * * *'"},
		{"daily timezone=Europe/Berlin", 41, "'Europe/Berlin' is not a value of timezone", "Europe/Berlin"},
		{"cron='30 2 * *'", 46, "'30 2 * *' has 4 of the five fields of cron", "30 2 * *"},
		{"cron='30 25 * * *'", 46, "'25' is no hour of cron: 0 to 23", "25"},
		{"cron='30 2 * * * leat'", 46, "cron has five fields: the command is this file itself", "leat"},
		{"cron=@daily", 46, "'@daily' is a short form of some crons: write the five fields", "@daily"},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		char text[200];
		struct plan_kit k;
		kit_init(&k);
		snprintf(text, sizeof text, "schedule %s\nread a/*.jpg\nwrite b/{name}\n", cases[i].line);
		kit_plan(&k, text);
		assert_true(k.diags.n >= 1);
		const struct leat_diag *g = &k.diags.v[0];
		assert_int_equal(g->code, cases[i].code);
		assert_string_equal(g->message, cases[i].message);
		assert_int_equal(g->span.end - g->span.start, strlen(cases[i].at));
		assert_memory_equal(text + g->span.start, cases[i].at, strlen(cases[i].at));
		kit_free(&k);
	}
}

static void cron_fields(void **state)
{
	struct leat_cron c;
	struct leat_err err = {0};
	size_t at, n;
	(void)state;
	assert_int_equal(leat_cron_parse(" 0,30 2-4 * 1-12/6 sun,5-7 ", &c, &at, &n, &err), 0);
	assert_true(c.minutes == (UINT64_C(1) | UINT64_C(1) << 30));
	assert_int_equal(c.hours, 0x1c);
	assert_true(c.days == 0xfffffffe);
	assert_int_equal(c.months, 1 << 1 | 1 << 7);
	assert_int_equal(c.weekdays, 1 | 1 << 5 | 1 << 6);
	assert_true(c.any_day && !c.any_weekday);
	assert_int_equal(leat_cron_parse("59 23 31 DEC 7", &c, &at, &n, &err), 0);
	assert_true(c.minutes == UINT64_C(1) << 59 && c.hours == 1u << 23 && c.days == 1u << 31);
	assert_int_equal(c.weekdays, 1);
}

static void cron_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"* * * *",
		"60 * * * *",
		"* 24 * * *",
		"* * 0 * *",
		"* * 32 * *",
		"* * * 13 *",
		"* * * * 8",
		"*/0 * * * *",
		"*/-1 * * * *",
		"*/+1 * * * *",
		"5-1 * * * *",
		"5/10 * * * *",
		",1 * * * *",
		"1, * * * *",
		"1- * * * *",
		"-1 * * * *",
		"+1 * * * *",
		"** * * * *",
		"*-5 * * * *",
		"1/2/3 * * * *",
		"1-2-3 * * * *",
		"* * * may-x *",
		"* * * * monday",
		"99999999999999999999 * * * *",
		"@reboot",
		"* * * * * *",
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(bad); i++) {
		struct leat_cron c;
		struct leat_err err = {0};
		size_t at = 99, n = 99;
		assert_int_equal(leat_cron_parse(bad[i], &c, &at, &n, &err), -1);
		assert_true(at + n <= strlen(bad[i]));
		assert_true(err.text[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused),
		cmocka_unit_test(cron_fields),
		cmocka_unit_test(cron_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
