/* SPDX-License-Identifier: MIT */
/* leat schedule show: the next starts, in local time and UTC, and the traps of clock changes. */
#include "api/schedule.h"

#include "base/num.h"

#include <stdio.h>

enum { STARTS = 5, TRAPS = 4, MINUTE = 60, DAY = 86400, WHEN = 64 };

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* "Sun 2027-03-28 02:30" */
static const char *when(int64_t wall, char buf[WHEN])
{
	struct leat_date d = leat_date_of(wall);
	snprintf(buf, WHEN, "%s %04lld-%02d-%02d %02d:%02d", weekdays[d.weekday], (long long)d.year, d.month, d.day,
		 d.hour, d.minute);
	return buf;
}

/* "02:30" */
static const char *clock_of(int64_t wall, char buf[WHEN])
{
	struct leat_date d = leat_date_of(wall);
	snprintf(buf, WHEN, "%02d:%02d", d.hour, d.minute);
	return buf;
}

/* "+02:00" */
static const char *offset_of(int64_t offset, char buf[WHEN])
{
	int64_t minutes = (offset < 0 ? -offset : offset) / MINUTE;
	snprintf(buf, WHEN, "%c%02lld:%02lld", offset < 0 ? '-' : '+', (long long)minutes / 60,
		 (long long)minutes % 60);
	return buf;
}

static void add_starts(const struct leat_timer *t, struct leat_buf *b)
{
	const struct leat_zone *z = &leat_zone_local;
	char local[WHEN], utc[WHEN], offset[WHEN], in[32];
	leat_buf_adds(b, "next      local time                      UTC\n");
	int64_t at = t->now;
	for (int i = 0; i < STARTS; i++) {
		at = leat_schedule_next(t->s, z, at);
		if (!at)
			break;
		leat_buf_addf(b, "          %s %-7s  %s   in %s\n", when(leat_zone_wall(z, at), local),
			      offset_of(z->offset(z->ctx, at), offset), when(at, utc),
			      leat_human_time((double)(at - t->now), in));
	}
	if (t->s->jitter)
		leat_buf_addf(b, "          each up to %s later (jitter=)\n",
			      leat_human_time((double)t->s->jitter, in));
}

static void add_traps(const struct leat_timer *t, struct leat_buf *b)
{
	const int64_t ahead = 400 * DAY;
	struct leat_trap v[TRAPS];
	size_t n = leat_schedule_traps(t->s, &leat_zone_local, t->now, t->now + ahead, v, TRAPS);
	char day[WHEN], at[WHEN];
	for (size_t i = 0; i < n; i++) {
		leat_buf_addf(b, "warning   %s %s: ", when(v[i].wall, day),
			      v[i].twice ? "comes twice, for clocks are put back"
					 : "does not exist, for clocks are put forward");
		leat_buf_addf(b, "the job starts %sat %s, once\n", v[i].twice ? "the first time, " : "",
			      clock_of(leat_zone_wall(&leat_zone_local, v[i].start), at));
	}
	if (n)
		leat_buf_adds(b, "          a time that no clock change touches, or timezone=UTC, has no such days\n");
}

/* A crontab knows the local clock only. */
static void add_drift(const struct leat_timer *t, struct leat_buf *b)
{
	const int64_t ahead = 400 * DAY;
	if (t->s->utc && !t->s->interval && leat_zone_change(&leat_zone_local, t->now, t->now + ahead) < t->now + ahead)
		leat_buf_adds(
			b,
			"note      cron knows local time only: with --as crontab install it again when clocks change; "
			"systemd is right all the year\n");
}

int leat_timer_show(const struct leat_timer *t, struct leat_buf *b, struct leat_err *err)
{
	char zone[128] = "";
	(void)err;
	bool named = leat_zone_name(zone, sizeof zone);
	leat_buf_addf(b, "job       %s (%s)\n", t->job->name, t->r->path);
	leat_buf_addf(b, "schedule  %s%s%s%s\n", t->s->text, t->s->utc ? ", UTC" : ", local time",
		      !t->s->utc && named ? " of " : "", !t->s->utc && named ? zone : "");
	if (t->s->interval) {
		char every[32];
		leat_buf_addf(b,
			      "next      one minute after it was installed or the machine was started, then every %s\n",
			      leat_human_time((double)t->s->interval, every));
		leat_buf_adds(b, "note      that divides no day, so only systemd can do it; every=6h and the like have "
				 "fixed times\n");
		return 0;
	}
	add_starts(t, b);
	add_traps(t, b);
	add_drift(t, b);
	return 0;
}
