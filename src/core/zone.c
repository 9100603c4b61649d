/* SPDX-License-Identifier: MIT */
/*
 * See zone.h. Dates from days and back: the usual arithmetic of the proleptic Gregorian calendar in eras of 400 years.
 */
#include "core/zone.h"

#include <time.h>

enum { DAY = 86400, ERA_DAYS = 146097, TO_EPOCH = 719468 };

static int64_t local_offset(const void *ctx, int64_t moment)
{
	time_t t = (time_t)moment;
	struct tm tm;
	(void)ctx;
	return localtime_r(&t, &tm) ? (int64_t)tm.tm_gmtoff : 0;
}

static int64_t no_offset(const void *ctx, int64_t moment)
{
	(void)ctx, (void)moment;
	return 0;
}

const struct leat_zone leat_zone_local = {.offset = local_offset}, leat_zone_utc = {.offset = no_offset};

int leat_zone_moments(const struct leat_zone *z, int64_t wall, int64_t at[2])
{
	int64_t before = z->offset(z->ctx, wall - 2 * DAY), after = z->offset(z->ctx, wall + 2 * DAY);
	int64_t first = wall - before, second = wall - after;
	bool is_first = leat_zone_wall(z, first) == wall, is_second = leat_zone_wall(z, second) == wall;
	at[0] = is_first || !is_second ? first : second;
	at[1] = at[0];
	if (!is_first && !is_second)
		return 0;
	if (!is_first || !is_second || first == second)
		return 1;
	at[0] = first < second ? first : second;
	at[1] = first < second ? second : first;
	return 2;
}

int64_t leat_zone_change(const struct leat_zone *z, int64_t from, int64_t end)
{
	int64_t lo = from - 1, offset = z->offset(z->ctx, lo);
	int64_t hi = lo;
	while (hi < end && z->offset(z->ctx, hi) == offset) {
		lo = hi;
		hi = hi + DAY < end ? hi + DAY : end;
	}
	if (z->offset(z->ctx, hi) == offset)
		return end;
	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;
		if (z->offset(z->ctx, mid) == offset)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t leat_zone_next_clock(const struct leat_zone *z, int64_t from, int64_t second_of_day)
{
	int64_t at[2], day = floor_div(leat_zone_wall(z, from), DAY);
	for (int64_t i = day - 1;; i++) {
		int n = leat_zone_moments(z, i * DAY + second_of_day, at);
		for (int k = 0; k < (n == 2 ? 2 : 1); k++)
			if (at[k] > from)
				return at[k];
	}
}

struct leat_date leat_date_of(int64_t wall)
{
	int64_t days = floor_div(wall, DAY), rest = wall - days * DAY, z = days + TO_EPOCH;
	int64_t era = floor_div(z, ERA_DAYS), doe = z - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	struct leat_date d = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
			      .month = (int)(mp < 10 ? mp + 3 : mp - 9),
			      .weekday = (int)(((days + 4) % 7 + 7) % 7),
			      .hour = (int)(rest / 3600),
			      .minute = (int)(rest / 60 % 60),
			      .second = (int)(rest % 60)};
	d.year = yoe + era * 400 + (d.month <= 2);
	return d;
}

int64_t leat_date_wall(const struct leat_date *d)
{
	int64_t y = d->year - (d->month <= 2), era = floor_div(y, 400), yoe = y - era * 400;
	int64_t mp = d->month > 2 ? d->month - 3 : d->month + 9, doy = (153 * mp + 2) / 5 + d->day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy, days = era * ERA_DAYS + doe - TO_EPOCH;
	return days * DAY + d->hour * 3600 + d->minute * 60 + d->second;
}
