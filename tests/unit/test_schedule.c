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
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
	static const char *as_kept[LEAT_LEN(lines)];
	memcpy(as_kept, lines, sizeof lines);
	as_kept[LEAT_LEN(lines) - 1] = "cron=\"*/5,7 0-6/2 1 jan,FEB mon-fri,7\"";
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(lines); i++) {
		char text[200];
		struct plan_kit k;
		kit_init(&k);
		snprintf(text, sizeof text, "schedule %s\nread a/*.jpg\nwrite b/{name}\n", lines[i]);
		kit_plan(&k, text);
		assert_int_equal(k.diags.n, 0);
		assert_true(k.plan->schedule.given);
		assert_string_equal(k.plan->schedule.text, as_kept[i]);
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

/* ---- times: made-up zones, so that nothing depends on this machine */

static int64_t moment(int year, int month, int day, int hour, int minute)
{
	struct leat_date d = {year, month, day, 0, hour, minute, 0};
	return leat_date_wall(&d);
}

/*
 * The rule of the European Union at an offset of one hour: summer from the last sunday of march to that of october,
 * 01:00 UTC.
 */
static int64_t berlin(const void *ctx, int64_t at)
{
	struct leat_date d = leat_date_of(at);
	int64_t change[2];
	(void)ctx;
	for (int i = 0; i < 2; i++) {
		struct leat_date last = leat_date_of(moment((int)d.year, i ? 10 : 3, 31, 1, 0));
		change[i] = leat_date_wall(&last) - last.weekday * 86400;
	}
	return at >= change[0] && at < change[1] ? 7200 : 3600;
}

/* Half hours: India, and one that moves by half an hour, as Lord Howe Island does. */
static int64_t kolkata(const void *ctx, int64_t at)
{
	(void)ctx, (void)at;
	return 19800;
}

static const struct leat_zone berlin_zone = {.offset = berlin}, kolkata_zone = {.offset = kolkata};

static void dates_there_and_back(void **state)
{
	(void)state;
	assert_int_equal(moment(1970, 1, 1, 0, 0), 0);
	assert_int_equal(moment(2000, 3, 1, 0, 0), 951868800);
	assert_int_equal(moment(2100, 2, 28, 0, 0) + 86400, moment(2100, 3, 1, 0, 0)); /* no leap year */
	assert_int_equal(leat_date_of(moment(2026, 11, 22, 0, 0)).weekday, 0);
	for (int64_t day = -200000; day < 200000; day += 7) {
		struct leat_date d = leat_date_of(day * 86400 + 86399);
		assert_int_equal(leat_date_wall(&d), day * 86400 + 86399);
		assert_int_equal(d.hour * 10000 + d.minute * 100 + d.second, 235959);
	}
}

static void moments_of_a_wall_time(void **state)
{
	int64_t at[2];
	(void)state;
	assert_int_equal(leat_zone_moments(&berlin_zone, moment(2026, 7, 1, 12, 0), at), 1);
	assert_int_equal(at[0], moment(2026, 7, 1, 10, 0));
	assert_int_equal(leat_zone_moments(&berlin_zone, moment(2027, 3, 28, 2, 30), at), 0);
	assert_int_equal(at[0], moment(2027, 3, 28, 1, 30)); /* 03:30 */
	assert_int_equal(leat_zone_moments(&berlin_zone, moment(2027, 10, 31, 2, 30), at), 2);
	assert_int_equal(at[0], moment(2027, 10, 31, 0, 30));
	assert_int_equal(at[1], moment(2027, 10, 31, 1, 30));
	int64_t end = moment(2028, 1, 1, 0, 0);
	assert_int_equal(leat_zone_change(&berlin_zone, moment(2026, 11, 22, 0, 0), end), moment(2027, 3, 28, 1, 0));
	assert_int_equal(leat_zone_change(&berlin_zone, moment(2027, 3, 28, 1, 0), end), moment(2027, 3, 28, 1, 0));
	assert_int_equal(leat_zone_change(&kolkata_zone, moment(2026, 11, 22, 0, 0), end), end);
	/* deadline=06:00 */
	assert_int_equal(leat_zone_next_clock(&berlin_zone, moment(2026, 11, 22, 5, 0), 6 * 3600),
			 moment(2026, 11, 23, 5, 0));
	assert_int_equal(leat_zone_next_clock(&berlin_zone, moment(2026, 11, 22, 4, 59), 6 * 3600),
			 moment(2026, 11, 22, 5, 0));
}

/* The real data base, through localtime_r. Only a test may set TZ. */
static void the_real_zone(void **state)
{
	int64_t at[2];
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	if (leat_zone_local.offset(NULL, moment(2026, 7, 1, 0, 0)) != 7200)
		skip(); /* no time zones on this machine */
	for (int64_t t = moment(2020, 1, 1, 0, 0); t < moment(2030, 1, 1, 0, 0); t += 1800)
		assert_int_equal(leat_zone_local.offset(NULL, t), berlin(NULL, t));
	setenv("TZ", "Australia/Lord_Howe", 1);
	tzset();
	assert_int_equal(leat_zone_moments(&leat_zone_local, moment(2026, 10, 4, 2, 15), at), 0);
	assert_int_equal(leat_zone_moments(&leat_zone_local, moment(2026, 4, 5, 1, 45), at), 2);
	assert_int_equal(at[1] - at[0], 1800);
	unsetenv("TZ");
	tzset();
}

/* Of a recipe with this schedule line; texts live in the kit. */
static const struct leat_schedule *scheduled(struct plan_kit *k, const char *line)
{
	char text[300];
	kit_init(k);
	snprintf(text, sizeof text, "schedule %s\nread a/*.jpg\nwrite b/{name}\n", line);
	kit_plan(k, text);
	assert_int_equal(k->diags.n, 0);
	return &k->plan->schedule;
}

static void next_starts(void **state)
{
	static const struct {
		const char *line;
		int64_t after[5], next[5]; /* year month day hour minute, UTC */
	} cases[] = {
		{"daily at=02:30", {2026, 11, 22, 1, 0}, {2026, 11, 22, 1, 30}},
		{"daily at=02:30", {2026, 11, 22, 1, 30}, {2026, 11, 23, 1, 30}},
		{"daily at=02:30", {2027, 3, 27, 12, 0}, {2027, 3, 28, 1, 30}}, /* skipped: 03:30 */
		{"daily at=02:30", {2027, 3, 28, 1, 30}, {2027, 3, 29, 0, 30}},
		{"daily at=02:30", {2027, 10, 30, 12, 0}, {2027, 10, 31, 0, 30}}, /* twice: the first */
		{"daily at=02:30", {2027, 10, 31, 0, 30}, {2027, 11, 1, 1, 30}},
		{"daily at=02:30 timezone=UTC", {2027, 3, 27, 12, 0}, {2027, 3, 28, 2, 30}},
		{"weekly day=mon at=00:30", {2026, 11, 22, 0, 0}, {2026, 11, 22, 23, 30}},
		{"hourly at=00:15", {2026, 11, 22, 0, 15}, {2026, 11, 22, 1, 15}},
		{"every=6h", {2026, 11, 22, 0, 0}, {2026, 11, 22, 6, 0}},
		{"every=20m", {2026, 11, 22, 0, 45}, {2026, 11, 22, 1, 0}},
		{"cron='0 12 29 2 *'", {2026, 11, 22, 0, 0}, {2028, 2, 29, 11, 0}},
		{"cron='0 12 1 * 5'", {2026, 11, 22, 0, 0}, {2026, 11, 27, 11, 0}}, /* the first, or a friday */
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		const int64_t *a = cases[i].after, *n = cases[i].next;
		struct plan_kit k;
		const struct leat_schedule *s = scheduled(&k, cases[i].line);
		int64_t after = moment((int)a[0], (int)a[1], (int)a[2], (int)a[3], (int)a[4]);
		int64_t next = moment((int)n[0], (int)n[1], (int)n[2], (int)n[3], (int)n[4]);
		assert_int_equal(leat_schedule_next(s, &berlin_zone, after), next);
		kit_free(&k);
	}
}

static void traps(void **state)
{
	struct leat_trap v[8];
	struct plan_kit k;
	int64_t from = moment(2026, 11, 22, 0, 0), end = from + 400 * 86400;
	const struct leat_schedule *s = scheduled(&k, "daily at=02:30");
	(void)state;
	assert_int_equal(leat_schedule_traps(s, &berlin_zone, from, end, v, 8), 2);
	assert_true(!v[0].twice && v[0].wall == moment(2027, 3, 28, 2, 30));
	assert_true(v[1].twice && v[1].wall == moment(2027, 10, 31, 2, 30) &&
		    v[1].start == moment(2027, 10, 31, 0, 30));
	assert_int_equal(leat_schedule_traps(s, &kolkata_zone, from, end, v, 8), 0);
	kit_free(&k);
	s = scheduled(&k, "daily at=04:30");
	assert_int_equal(leat_schedule_traps(s, &berlin_zone, from, end, v, 8), 0);
	kit_free(&k);
	s = scheduled(&k, "hourly at=00:30");
	assert_int_equal(leat_schedule_traps(s, &berlin_zone, from, end, v, 8), 0);
	kit_free(&k);
}

/* What two bytes behind OnCalendar= mean is systemd's affair; here it is read by a small reader of our own. */
static bool in_list(const char *list, int value)
{
	if (*list == '*')
		return true;
	for (const char *s = list; *s;) {
		int a = 0, b, used = 0;
		if (sscanf(s, "%d..%d%n", &a, &b, &used) < 2) {
			sscanf(s, "%d%n", &a, &used);
			b = a;
		}
		if (value >= a && value <= b)
			return true;
		s += used;
		s += *s == ',';
	}
	return false;
}

static bool on_weekday(const char *list, int weekday)
{
	static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	return !*list || strstr(list, names[weekday]);
}

/* Does one of the lines start at this moment? */
static bool starts(const char *lines, int64_t at)
{
	struct leat_date d = leat_date_of(at);
	for (const char *s = lines; *s; s = strchr(s, '\n') + 1) {
		char days[64] = "", year[32], month[64], day[100], hour[80], minute[200];
		const char *rest = s + strlen("OnCalendar=");
		if (*rest >= 'A') {
			sscanf(rest, "%63s", days);
			rest += strlen(days) + 1;
		}
		assert_int_equal(
			sscanf(rest, "%31[^-]-%63[^-]-%99s %79[^:]:%199[^:]:00 UTC\n", year, month, day, hour, minute),
			5);
		if (in_list(year, (int)d.year) && in_list(month, d.month) && in_list(day, d.day) &&
		    in_list(hour, d.hour) && in_list(minute, d.minute) && on_weekday(days, d.weekday))
			return true;
	}
	return false;
}

/* The lines for systemd start at each moment of the schedule and at no other one. */
static void calendar_is_the_schedule(void **state)
{
	static const char *const lines[] = {
		"daily at=02:30",
		"daily at=00:15",
		"daily at=23:59",
		"weekly day=mon at=00:30",
		"weekly day=sun at=02:00",
		"hourly at=00:10",
		"daily at=02:30 timezone=UTC",
		"every=8h",
		"every=15m",
		"cron='*/20 1-3 * * 1-5'",
		"cron='0 0,12 * * 0'",
		"cron='5 4 1,15 * 5'",
		"cron='0 12 * 3-10 *'",
	};
	const struct leat_zone *const zones[] = {&berlin_zone, &kolkata_zone, &leat_zone_utc};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(lines) * LEAT_LEN(zones); i++) {
		const struct leat_zone *z = zones[i % LEAT_LEN(zones)];
		struct leat_buf b = {0};
		struct plan_kit k;
		const struct leat_schedule *s = scheduled(&k, lines[i / LEAT_LEN(zones)]);
		int64_t from = moment(2026, 11, 22, 0, 0);
		bool days_move = z == &kolkata_zone && strstr(s->text, "1,15"); /* to other ones of other months */
		assert_int_equal(leat_schedule_systemd(s, z, from, 4, &b), !days_move);
		/* around both changes of a year, and around new year */
		const int64_t weeks[] = {moment(2026, 12, 30, 0, 0), moment(2027, 3, 27, 0, 0),
					 moment(2027, 10, 30, 0, 0)};
		for (size_t w = 0; w < LEAT_LEN(weeks) && !days_move; w++)
			for (int64_t at = weeks[w]; at < weeks[w] + 3 * 86400; at += 300) {
				bool is = leat_schedule_next(s, z, at - 1) == at;
				if (starts(b.data, at) != is)
					fail_msg("%s: %lld is %d\n%s", s->text, (long long)at, is, b.data);
			}
		leat_buf_free(&b);
		kit_free(&k);
	}
}

static void calendar_texts(void **state)
{
	static const struct {
		const char *line, *calendar, *crontab;
		int64_t offset;
	} cases[] = {
		{"daily at=02:30", "OnCalendar=*-*-* 02:30:00 UTC\n", "30 2 * * *", 0},
		{"weekly day=sun at=06:00", "OnCalendar=Sun *-*-* 06:00:00 UTC\n", "0 6 * * 0", 0},
		{"weekly day=sun at=23:00", "OnCalendar=Sun *-*-* 23:00:00 UTC\n", "0 1 * * 1", 7200},
		{"weekly day=sun at=01:00", "OnCalendar=Sun *-*-* 01:00:00 UTC\n", "30 19 * * 6", -19800},
		{"every=6h", "OnCalendar=*-*-* 00,06,12,18:00:00 UTC\n", "0 1,7,13,19 * * *", 3600},
		{"hourly", "OnCalendar=*-*-* *:00:00 UTC\n", "30 * * * *", 19800},
		{"cron='5 4 1,15 * 5'", "OnCalendar=*-*-01,15 04:05:00 UTC\nOnCalendar=Fri *-*-* 04:05:00 UTC\n",
		 "5 5 1,15 * 5", 3600},
		{"cron='*/5 * * * *'", "OnCalendar=*-*-* *:00,05,10,15,20,25,30,35,40,45,50,55:00 UTC\n", "*/5 * * * *",
		 0},
		{"cron='0 23 1 * *'", "OnCalendar=*-*-01 23:00:00 UTC\n", NULL, 7200},
	};
	(void)state;
	for (size_t i = 0; i < LEAT_LEN(cases); i++) {
		struct leat_buf b = {0}, c = {0};
		struct plan_kit k;
		const struct leat_schedule *s = scheduled(&k, cases[i].line);
		assert_true(leat_schedule_systemd(s, &leat_zone_utc, moment(2026, 11, 22, 0, 0), 4, &b));
		assert_string_equal(b.data, cases[i].calendar);
		assert_int_equal(leat_schedule_crontab(s, cases[i].offset, &c), cases[i].crontab != NULL);
		if (cases[i].crontab)
			assert_string_equal(c.data, cases[i].crontab);
		leat_buf_free(&b);
		leat_buf_free(&c);
		kit_free(&k);
	}
	/* The first of a month at 00:30 in Berlin is the last of another one in UTC: local time, then. */
	struct leat_buf b = {0};
	struct plan_kit k;
	assert_false(leat_schedule_systemd(scheduled(&k, "cron='30 0 1 * *'"), &berlin_zone, moment(2026, 11, 22, 0, 0),
					   4, &b));
	assert_string_equal(b.data, "OnCalendar=*-*-01 00:30:00\n");
	leat_buf_free(&b);
	kit_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(dates_there_and_back),
		cmocka_unit_test(moments_of_a_wall_time),
		cmocka_unit_test(the_real_zone),
		cmocka_unit_test(next_starts),
		cmocka_unit_test(traps),
		cmocka_unit_test(calendar_is_the_schedule),
		cmocka_unit_test(calendar_texts),
		cmocka_unit_test(refused),
		cmocka_unit_test(cron_fields),
		cmocka_unit_test(cron_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
