/* SPDX-License-Identifier: MIT */
/*
 * When a job runs (language 6.10): the schedule line as times. Pure: the moment and the zone are given.
 *
 * daily, weekly, hourly and cron= are the fields of a crontab line, on the local clock or on that of UTC. every= is
 * the same (on that of UTC, from midnight on) where it divides the hour or the day; else it is a time from one start
 * to the next.
 */
#ifndef LEAT_CORE_SCHEDULE_H
#define LEAT_CORE_SCHEDULE_H

#include "base/buf.h"
#include "core/cron.h"
#include "core/schedopts.h"
#include "core/zone.h"

struct leat_schedule {
	bool given;
	struct leat_cron cron; /* unless interval is above 0 */
	int64_t interval; /* seconds */
	int64_t jitter; /* seconds: up to so much later */
	bool utc; /* whose clock */
	const char *text; /* as written: "daily at=02:30" */
	const char *fields; /* of cron=, as written; or NULL */
};

/* From bound values; `cron` is parsed already where cron= was given, else NULL. */
void leat_schedule_make(const struct leat_sched_opts *o, bool every_given, const struct leat_cron *cron,
			struct leat_schedule *s);

/* Does a date (of the clock that counts) have a start? */
bool leat_schedule_on(const struct leat_cron *c, const struct leat_date *d);

/*
 * The first start behind `after`, of a job with clock times; 0: none within the next 8 years ("31 feb"). A time that
 * clocks skip counts as long behind the jump as it is behind its beginning; of a time that comes twice the first
 * counts.
 */
int64_t leat_schedule_next(const struct leat_schedule *s, const struct leat_zone *local, int64_t after);

/* A start at a time that the local clock skips, or shows twice. */
struct leat_trap {
	int64_t wall; /* the time as written */
	bool twice;
	int64_t start; /* the moment when the job starts */
};

/* The traps of the clock changes between `from` and `end`, in order, at most `most`; how many. */
size_t leat_schedule_traps(const struct leat_schedule *s, const struct leat_zone *local, int64_t from, int64_t end,
			   struct leat_trap *v, size_t most);

/*
 * Lines OnCalendar= of a systemd timer, in UTC: dates are given as ranges where clocks change, exact until `years`
 * years from the one of `from` are over, and from then on as in the last of them. False, and lines in local time,
 * where the days of the month cannot be told in UTC.
 */
bool leat_schedule_systemd(const struct leat_schedule *s, const struct leat_zone *local, int64_t from, int years,
			   struct leat_buf *out);

/*
 * The five fields of a crontab on a clock that is `offset` seconds before that of the schedule. False when they
 * cannot be moved so far.
 */
bool leat_schedule_crontab(const struct leat_schedule *s, int64_t offset, struct leat_buf *out);

#endif
