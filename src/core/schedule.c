/* SPDX-License-Identifier: MIT */
/* Starts of a job, one after the other, and those that fall into a change of the clocks. See schedule.h. */
#include "core/schedule.h"

#include "base/mem.h"

enum { DAY = 86400, HOUR = 3600, MINUTE = 60 };

static const uint32_t all_hours = 0xffffff;

static uint32_t every_nth(int n, int end)
{
	uint32_t bits = 0;
	for (int i = 0; i < end; i += n)
		bits |= UINT32_C(1) << i;
	return bits;
}

/* every= as clock times, where it divides the hour or the day. */
static bool divides(int64_t seconds, struct leat_cron *c)
{
	if (seconds % MINUTE == 0 && HOUR % seconds == 0) {
		c->minutes = 0;
		for (int64_t m = 0; m < 60; m += seconds / MINUTE)
			c->minutes |= UINT64_C(1) << m;
		c->hours = all_hours;
		return true;
	}
	if (seconds % HOUR != 0 || DAY % seconds != 0)
		return false;
	c->minutes = 1;
	c->hours = every_nth((int)(seconds / HOUR), 24);
	return true;
}

void leat_schedule_make(const struct leat_sched_opts *o, bool every_given, const struct leat_cron *cron,
			struct leat_schedule *s)
{
	const int64_t second = 1000000000;
	struct leat_cron any = {
		.days = 0xfffffffe, .months = 0x1ffe, .weekdays = 0x7f, .any_day = true, .any_weekday = true};
	s->given = true;
	s->jitter = (o->jitter + second - 1) / second;
	s->utc = o->timezone == 1;
	s->interval = 0;
	s->fields = cron ? o->cron : NULL;
	if (cron) {
		s->cron = *cron;
		return;
	}
	s->cron = any;
	if (every_given) {
		s->utc = true;
		if (!divides(o->every / second, &s->cron))
			s->interval = o->every / second;
		return;
	}
	s->cron.minutes = UINT64_C(1) << o->at / MINUTE % 60;
	s->cron.hours = o->how == LEAT_HOURLY ? all_hours : UINT32_C(1) << o->at / HOUR;
	if (o->how == LEAT_WEEKLY) {
		s->cron.any_weekday = false;
		s->cron.weekdays = UINT32_C(1) << (o->day + 1) % 7;
	}
}

bool leat_schedule_on(const struct leat_cron *c, const struct leat_date *d)
{
	bool day = c->days >> d->day & 1, weekday = c->weekdays >> d->weekday & 1;
	if (!(c->months >> d->month & 1))
		return false;
	return c->any_day || c->any_weekday ? day && weekday : day || weekday;
}

static const struct leat_zone *zone_of(const struct leat_schedule *s, const struct leat_zone *local)
{
	return s->utc ? &leat_zone_utc : local;
}

static int64_t day_of(int64_t wall)
{
	return wall / DAY - (wall % DAY < 0);
}

/* The earliest start behind `after` on day number `day` of the clock; 0: none. */
static int64_t start_on(const struct leat_schedule *s, const struct leat_zone *z, int64_t day, int64_t after)
{
	struct leat_date d = leat_date_of(day * DAY);
	int64_t first = 0, at[2];
	if (!leat_schedule_on(&s->cron, &d))
		return 0;
	for (int t = 0; t < 24 * 60; t++) {
		if (!(s->cron.hours >> t / 60 & 1) || !(s->cron.minutes >> t % 60 & 1))
			continue;
		(void)leat_zone_moments(z, day * DAY + t * MINUTE, at);
		if (at[0] > after && (!first || at[0] < first))
			first = at[0];
	}
	return first;
}

int64_t leat_schedule_next(const struct leat_schedule *s, const struct leat_zone *local, int64_t after)
{
	const struct leat_zone *z = zone_of(s, local);
	int64_t day = day_of(leat_zone_wall(z, after)) - 1, found = 0;
	for (int64_t i = day; i < day + 8 * 366 && !found; i++)
		found = start_on(s, z, i, after);
	return found;
}

/* The traps of one day of the clock. */
static size_t traps_on(const struct leat_schedule *s, const struct leat_zone *z, int64_t day, struct leat_trap *v,
		       size_t most)
{
	struct leat_date d = leat_date_of(day * DAY);
	size_t n = 0;
	int64_t at[2];
	for (int t = 0; t < 24 * 60 && n < most && leat_schedule_on(&s->cron, &d); t++) {
		int64_t wall = day * DAY + t * MINUTE;
		if (!(s->cron.hours >> t / 60 & 1) || !(s->cron.minutes >> t % 60 & 1))
			continue;
		int moments = leat_zone_moments(z, wall, at);
		if (moments != 1)
			v[n++] = (struct leat_trap){.wall = wall, .twice = moments == 2, .start = at[0]};
	}
	return n;
}

size_t leat_schedule_traps(const struct leat_schedule *s, const struct leat_zone *local, int64_t from, int64_t end,
			   struct leat_trap *v, size_t most)
{
	const struct leat_zone *z = zone_of(s, local);
	size_t n = 0;
	if (s->interval || s->cron.hours == all_hours) /* every hour there is: nothing is missed */
		return 0;
	for (int64_t c = leat_zone_change(z, from, end); c < end && n < most; c = leat_zone_change(z, c + 1, end)) {
		int64_t before = c + z->offset(z->ctx, c - 1), after = leat_zone_wall(z, c);
		int64_t lo = before < after ? before : after, hi = before < after ? after : before;
		for (int64_t day = day_of(lo); day <= day_of(hi) && n < most; day++)
			n += traps_on(s, z, day, v + n, most - n);
	}
	return n;
}
