/* SPDX-License-Identifier: MIT */
/* The table of the schedule line. See schedopts.h. */
#include "core/schedopts.h"

static const char *const hows[] = {[LEAT_DAILY] = "daily", [LEAT_WEEKLY] = "weekly", [LEAT_HOURLY] = "hourly", NULL};
static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const zones[] = {"local", "UTC", NULL};

#define V struct leat_sched_opts
#define DAY (INT64_C(86400) * 1000000000)

/* A duration from `lo` to a year. */
#define LONG(field, nm, lo, dc)                                                                           \
	{                                                                                                 \
		.name = nm, .type = LEAT_PT_DURATION, .offset = LEAT_OFF_(V, field, int64_t), .imin = lo, \
		.imax = 366 * DAY, .doc = dc                                                              \
	}

const struct leat_param leat_sched_params[] = {
	[LEAT_SCHED_HOW] = LEAT_P_CHOICE(V, how, "schedule", NULL, hows, LEAT_POSITIONAL, "how often the job runs"),
	[LEAT_SCHED_AT] = LEAT_P(V, at, int64_t, LEAT_PT_TIMEOFDAY, "at", "00:00", 0,
				 "when; with hourly 00:MM, the minute of every hour"),
	[LEAT_SCHED_DAY] = LEAT_P_CHOICE(V, day, "day", "mon", days, 0, "the day of a weekly job"),
	[LEAT_SCHED_JITTER] =
		LONG(jitter, "jitter", 0, "up to so much later, so that many machines do not start at once"),
	[LEAT_SCHED_TIMEZONE] = LEAT_P_CHOICE(V, timezone, "timezone", "local", zones, 0, "whose clock counts"),
	[LEAT_SCHED_CRON] = LEAT_P(V, cron, const char *, LEAT_PT_TEXT, "cron", NULL, 0,
				   "the five fields of a crontab line: minute, hour, day, month, weekday"),
	[LEAT_SCHED_EVERY] = LONG(every, "every", 60 * INT64_C(1000000000), "time from one start to the next"),
	[LEAT_SCHED_ROWS] = LEAT_P_END,
};
