/* SPDX-License-Identifier: MIT */
/*
 * A schedule in the words of others: OnCalendar= of systemd, the fields of a crontab. See schedule.h.
 *
 * systemd skips a local time that does not exist on the day of a clock change (measured with 252), so its timers are
 * written in UTC. Where clocks change, the days of each hour fall into periods of one offset; every period is a few
 * ranges of dates.
 */
#include "core/schedule.h"

#include "base/mem.h"

enum { DAY = 86400, HOUR = 3600, MINUTE = 60, PERIODS = 400, LAST_YEAR = 2199 };

/* Days [from, to] of the clock on which these hours have one offset. */
struct period {
	int64_t from, to; /* day numbers; to = INT64_MAX: for ever */
	int64_t offset;
	uint32_t hours;
};

/* A set of numbers as a field: "*", "1,3,5", "1..4" with `range` as "..". */
static void add_set(struct leat_buf *b, uint64_t bits, int lo, int hi, const char *range, const char *format)
{
	bool first = true, all = true;
	for (int i = lo; i <= hi; i++)
		all = all && (bits >> i & 1);
	if (all) {
		leat_buf_adds(b, "*");
		return;
	}
	for (int i = lo; i <= hi; i++) {
		int end = i;
		if (!(bits >> i & 1))
			continue;
		while (end < hi && (bits >> (end + 1) & 1))
			end++;
		leat_buf_adds(b, first ? "" : ",");
		first = false;
		if (end - i < 2)
			end = i;
		leat_buf_addf(b, format, i);
		if (end > i) {
			leat_buf_adds(b, range);
			leat_buf_addf(b, format, end);
		}
		i = end;
	}
}

static uint64_t bits_of(int lo, int hi)
{
	uint64_t bits = 0;
	for (int i = lo; i <= hi; i++)
		bits |= UINT64_C(1) << i;
	return bits;
}

/* ---- what moves with the offset ---- */

/* Minutes and hours of a clock, moved by `offset` seconds: parts[k] are those that land k - 1 days later. */
struct moved {
	uint64_t minutes;
	uint32_t hours[3];
};

/* One half of the minutes: those that stay in their hour, or those that go over into another one. */
static void move(uint64_t minutes, uint32_t hours, int64_t offset, bool over, struct moved *m)
{
	int64_t rest = ((offset / MINUTE) % 60 + 60) % 60, whole = (offset / MINUTE - rest) / 60;
	*m = (struct moved){0};
	for (int i = 0; i < 60; i++)
		if ((minutes >> i & 1) && (i + rest >= 60) == over)
			m->minutes |= UINT64_C(1) << (i + rest) % 60;
	for (int h = 0; h < 24 && m->minutes; h++) {
		int64_t to = h + whole + over;
		int k = to < 0 ? 0 : to < 24 ? 1 : 2;
		if (hours >> h & 1)
			m->hours[k] |= UINT32_C(1) << (to + 24) % 24;
	}
}

static uint32_t turn_weekdays(uint32_t bits, int days)
{
	uint32_t to = 0;
	for (int i = 0; i < 7; i++)
		if (bits >> i & 1)
			to |= UINT32_C(1) << (i + days + 7) % 7;
	return to;
}

/* ---- systemd ---- */

static void add_weekdays(struct leat_buf *b, uint32_t bits)
{
	static const char *const names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	bool first = true;
	for (int i = 1; i <= 7 && bits != 0x7f; i++)
		if (bits >> i % 7 & 1) {
			leat_buf_addf(b, "%s%s", first ? "" : ",", names[i % 7]);
			first = false;
		}
	leat_buf_adds(b, first ? "" : " ");
}

/* One line; year_to = LAST_YEAR: for ever. */
struct line {
	uint32_t weekdays, months, days, hours;
	uint64_t minutes;
	int64_t year_from, year_to;
	const char *zone;
};

static void add_line(struct leat_buf *b, const struct line *l)
{
	if (!l->months || !l->days || !l->hours || !l->minutes || !l->weekdays)
		return;
	leat_buf_adds(b, "OnCalendar=");
	add_weekdays(b, l->weekdays);
	if (l->year_from == 0)
		leat_buf_adds(b, "*");
	else if (l->year_from == l->year_to)
		leat_buf_addf(b, "%lld", (long long)l->year_from);
	else
		leat_buf_addf(b, "%lld..%lld", (long long)l->year_from, (long long)l->year_to);
	leat_buf_adds(b, "-");
	add_set(b, l->months, 1, 12, "..", "%02d");
	leat_buf_adds(b, "-");
	add_set(b, l->days, 1, 31, "..", "%02d");
	leat_buf_adds(b, " ");
	add_set(b, l->hours, 0, 23, "..", "%02d");
	leat_buf_adds(b, ":");
	add_set(b, l->minutes, 0, 59, "..", "%02d");
	leat_buf_addf(b, ":00%s\n", l->zone);
}

/* The line with its months and days cut to those given. */
static void add_cut(struct leat_buf *b, const struct line *l, int64_t year_from, int64_t year_to, uint64_t months,
		    uint64_t days)
{
	struct line cut = *l;
	cut.year_from = year_from;
	cut.year_to = year_to;
	cut.months &= (uint32_t)months;
	cut.days &= (uint32_t)days;
	add_line(b, &cut);
}

/* The whole months from a to z, both of one year. */
static void add_months(struct leat_buf *b, const struct line *l, int64_t year, int a, int z)
{
	if (a <= z)
		add_cut(b, l, year, year, bits_of(a, z), bits_of(1, 31));
}

static int days_of(int64_t year, int month)
{
	const struct leat_date first = {year, month, 1, 0, 0, 0, 0};
	const struct leat_date next = {year + (month == 12), month % 12 + 1, 1, 0, 0, 0, 0};
	return (int)((leat_date_wall(&next) - leat_date_wall(&first)) / DAY);
}

/* Whole months, from one of the year a to one of the year z. */
static void add_whole(struct leat_buf *b, const struct line *l, int64_t a, int a_month, int64_t z, int z_month)
{
	if (a == z) {
		add_months(b, l, a, a_month, z_month);
		return;
	}
	if (a_month > 1)
		add_months(b, l, a++, a_month, 12);
	int64_t last = z_month == 12 ? z : z - 1;
	if (a <= last)
		add_cut(b, l, a, last, bits_of(1, 12), bits_of(1, 31));
	if (z_month < 12)
		add_months(b, l, z, 1, z_month);
}

/* A line on the days `from` to `to` only: the rest of a month, whole months and years, the beginning of a month. */
static void add_range(struct leat_buf *b, const struct line *l, int64_t from, int64_t to)
{
	struct leat_date a = leat_date_of(from * DAY), z = leat_date_of(to * DAY);
	if (a.year == z.year && a.month == z.month) {
		add_cut(b, l, a.year, a.year, bits_of(a.month, a.month), bits_of(a.day, z.day));
		return;
	}
	if (a.day > 1) {
		add_cut(b, l, a.year, a.year, bits_of(a.month, a.month), bits_of(a.day, days_of(a.year, a.month)));
		a.year += a.month == 12;
		a.month = a.month % 12 + 1;
	}
	struct leat_date end = z;
	bool part = z.day < days_of(z.year, z.month);
	if (part) {
		end.year -= z.month == 1;
		end.month = (z.month + 10) % 12 + 1;
	}
	if (a.year < end.year || (a.year == end.year && a.month <= end.month))
		add_whole(b, l, a.year, a.month, end.year, end.month);
	if (part)
		add_cut(b, l, z.year, z.year, bits_of(z.month, z.month), bits_of(1, z.day));
}

/* Days that hold in one period: where both kinds of days are written, either is enough, and that takes two lines. */
static void add_days(struct leat_buf *b, struct line l, const struct leat_cron *c, int shift, const struct period *p)
{
	bool both = !c->any_day && !c->any_weekday;
	for (int i = 0; i < (both ? 2 : 1); i++) {
		l.weekdays = both && i == 0 ? 0x7f : turn_weekdays(c->weekdays, shift);
		l.days = both && i == 1 ? (uint32_t)bits_of(1, 31) : c->days;
		if (p->from == INT64_MIN)
			add_line(b, &l);
		else if (p->to == INT64_MAX)
			add_range(b, &l, p->from + shift,
				  leat_date_wall(&(struct leat_date){LAST_YEAR, 12, 31, 0, 0, 0, 0}) / DAY);
		else
			add_range(b, &l, p->from + shift, p->to + shift);
	}
}

/* False where days or months are restricted and would have to move to other ones. */
static bool add_period(struct leat_buf *b, const struct leat_cron *c, const struct period *p)
{
	bool free_days = c->any_day && c->months == 0x1ffe;
	for (int over = 0; over < 2; over++) {
		struct moved m;
		move(c->minutes, p->hours, -p->offset, over, &m);
		for (int k = 0; k < 3; k++) {
			struct line l = {
				.months = c->months, .hours = m.hours[k], .minutes = m.minutes, .zone = " UTC"};
			if (!l.hours)
				continue;
			if (k != 1 && !free_days)
				return false;
			add_days(b, l, c, k - 1, p);
		}
	}
	return true;
}

/* Appends the period of one hour, into one of the same days and offset where there is one. */
static bool note(struct period *v, size_t *n, struct period p)
{
	for (size_t i = 0; i < *n; i++)
		if (v[i].from == p.from && v[i].to == p.to && v[i].offset == p.offset) {
			v[i].hours |= p.hours;
			return true;
		}
	if (*n == PERIODS)
		return false;
	v[(*n)++] = p;
	return true;
}

/* The periods of one hour of the clock, from day `first` to the end of day `last`; the last one is for ever. */
static bool periods_of(const struct leat_zone *z, int hour, int64_t first, int64_t last, struct period *v, size_t *n)
{
	int64_t at[2], from = first, offset = 0;
	for (int64_t day = first; day <= last; day++) {
		int64_t wall = day * DAY + hour * HOUR;
		(void)leat_zone_moments(z, wall, at);
		if (day > first && wall - at[0] != offset) {
			if (!note(v, n, (struct period){from, day - 1, offset, UINT32_C(1) << hour}))
				return false;
			from = day;
		}
		offset = wall - at[0];
	}
	bool never = from == first;
	return note(v, n, (struct period){never ? INT64_MIN : from, INT64_MAX, offset, UINT32_C(1) << hour});
}

static void add_local(const struct leat_cron *c, struct leat_buf *out)
{
	struct line l = {.months = c->months, .hours = c->hours, .minutes = c->minutes, .zone = ""};
	const struct period always = {.from = INT64_MIN, .to = INT64_MAX};
	add_days(out, l, c, 0, &always);
}

bool leat_schedule_systemd(const struct leat_schedule *s, const struct leat_zone *local, int64_t from, int years,
			   struct leat_buf *out)
{
	const struct leat_zone *z = s->utc ? &leat_zone_utc : local;
	struct period v[PERIODS];
	struct leat_buf lines = {0};
	struct leat_date end = {leat_date_of(from).year + years, 12, 31, 0, 0, 0, 0};
	int64_t first = leat_zone_wall(z, from) / DAY, last = leat_date_wall(&end) / DAY;
	size_t n = 0;
	bool ok = true;
	for (int h = 0; h < 24 && ok; h++)
		if (s->cron.hours >> h & 1)
			ok = periods_of(z, h, first, last, v, &n);
	for (size_t i = 0; i < n && ok; i++)
		ok = add_period(&lines, &s->cron, &v[i]);
	if (ok)
		leat_buf_add(out, lines.data, lines.len);
	else
		add_local(&s->cron, out);
	out->failed = out->failed || lines.failed;
	leat_buf_free(&lines);
	return ok;
}

/* ---- crontab ---- */

bool leat_schedule_crontab(const struct leat_schedule *s, int64_t offset, struct leat_buf *out)
{
	const struct leat_cron *c = &s->cron;
	struct moved m, none;
	int shift = 1;
	if (s->fields && offset == 0) {
		leat_buf_adds(out, s->fields);
		return true;
	}
	move(c->minutes, c->hours, offset, false, &m);
	move(c->minutes, c->hours, offset, true, &none);
	if (!m.minutes)
		m = none;
	else if (none.minutes)
		return false;
	bool any_days = c->any_day && c->any_weekday && c->months == 0x1ffe;
	uint32_t hours = m.hours[0] | m.hours[1] | m.hours[2];
	if (!any_days) { /* all hours have to go to the same day */
		while (shift < 3 && !m.hours[shift])
			shift++;
		if (shift == 3)
			shift = 0;
		if (hours != m.hours[shift] || (shift != 1 && !(c->any_day && c->months == 0x1ffe)))
			return false;
	}
	add_set(out, m.minutes, 0, 59, "-", "%d");
	leat_buf_addc(out, ' ');
	add_set(out, hours, 0, 23, "-", "%d");
	leat_buf_addc(out, ' ');
	add_set(out, c->days, 1, 31, "-", "%d");
	leat_buf_addc(out, ' ');
	add_set(out, c->months, 1, 12, "-", "%d");
	leat_buf_addc(out, ' ');
	add_set(out, turn_weekdays(c->weekdays, any_days ? 0 : shift - 1), 0, 6, "-", "%d");
	return true;
}
