/* SPDX-License-Identifier: MIT */
/* Values that are times: durations and times of day. See value_parse.h. */
#include "base/num.h"
#include "core/value_parse.h"

#include <inttypes.h>
#include <stdio.h>

/* The unit meant by another word ("min", "seconds", "S"), or NULL. */
static const char *unit_meant(const char *s)
{
	static const char *const words[][2] = {
		{"sec", "s"},     {"secs", "s"},          {"second", "s"}, {"seconds", "s"}, {"S", "s"},
		{"min", "m"},     {"mins", "m"},          {"minute", "m"}, {"minutes", "m"}, {"M", "m"},
		{"hr", "h"},      {"hrs", "h"},           {"hour", "h"},   {"hours", "h"},   {"H", "h"},
		{"day", "d"},     {"days", "d"},          {"D", "d"},      {"msec", "ms"},   {"msecs", "ms"},
		{"millis", "ms"}, {"milliseconds", "ms"},
	};
	for (size_t i = 0; i < LEAT_LEN(words); i++) {
		if (strcmp(words[i][0], s) == 0)
			return words[i][1];
	}
	return NULL;
}

static int not_a_time(struct leat_vp *v)
{
	int64_t ns;
	size_t digits = leat_vp_number(v->s, v->n);
	const char *rest = v->s + digits;
	if (digits && !*rest && v->s[0] != '-' && v->s[0] != '+') {
		leat_vp_fail(v, 46, "the time '%s' has no unit", v->s);
		return leat_vp_help(v, "write %ss (seconds), %sm (minutes) or %sh (hours)", v->s, v->s, v->s);
	}
	leat_vp_fail(v, 46, "'%s' is not a time", v->s);
	const char *clean = leat_vp_unblank(v);
	if (clean && leat_parse_duration(clean, strlen(clean), &ns))
		return leat_vp_label(v, "write %s", clean);
	const char *unit = digits ? unit_meant(rest + strspn(rest, " ")) : NULL;
	if (unit)
		return leat_vp_label(v, "write %.*s%s", (int)digits, v->s, unit);
	return leat_vp_help(v, "write for example 500ms, 30s, 5m or 1h30m");
}

/* A duration as it would be written: "1h30m", "500ms". Shown in whole milliseconds. */
static const char *written(struct leat_vp *v, int64_t ns)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
	char buf[96];
	size_t len = 0;
	int64_t ms = ns / 1000000;
	buf[0] = 0;
	for (size_t i = 0; i < LEAT_LEN(units); i++) {
		if (ms >= units[i].ms)
			len += (size_t)snprintf(buf + len, sizeof buf - len, "%" PRId64 "%s", ms / units[i].ms,
						units[i].name);
		ms %= units[i].ms;
	}
	const char *text = leat_arena_printf(v->a, "%s", len ? buf : "0s");
	return text ? text : "";
}

int leat_vp_duration(struct leat_vp *v, int64_t *out)
{
	int64_t ns;
	if (!leat_parse_duration(v->s, v->n, &ns))
		return not_a_time(v);
	if (ns < v->p->imin || (v->p->imax && ns > v->p->imax)) {
		const char *lo = written(v, v->p->imin);
		const char *what = v->p->imax == 0 || v->p->imax == INT64_MAX
					   ? leat_arena_printf(v->a, "%s or more", lo)
					   : leat_arena_printf(v->a, "%s to %s", lo, written(v, v->p->imax));
		return leat_vp_out_of_range(v, what ? what : "");
	}
	*out = ns;
	return 0;
}

/* Hours and minutes out of "2:30am", "14.30", "0230"; false when it is nothing of the kind. */
static bool guess_clock(const char *s, int *hour, int *minute)
{
	int digits[4], n = 0;
	for (; *s && strchr("0123456789:.h", *s); s++) {
		if (*s >= '0' && *s <= '9') {
			if (n == 4)
				return false;
			digits[n++] = *s - '0';
		} else if (n < 1 || n > 2) {
			return false;
		}
	}
	if (n < 3)
		return false;
	*hour = n == 4 ? digits[0] * 10 + digits[1] : digits[0];
	*minute = digits[n - 2] * 10 + digits[n - 1];
	s += strspn(s, " ");
	bool pm = *s == 'p' || *s == 'P', am = *s == 'a' || *s == 'A';
	if (pm || am)
		*hour = *hour % 12 + (pm ? 12 : 0);
	else if (*s)
		return false;
	return *hour < 24 && *minute < 60;
}

int leat_vp_time_of_day(struct leat_vp *v, int64_t *out)
{
	int hour, minute;
	bool guessed = guess_clock(v->s, &hour, &minute);
	if (guessed && v->n == 5 && v->s[2] == ':') {
		*out = hour * 3600 + minute * 60;
		return 0;
	}
	leat_vp_fail(v, 46, "'%s' is not a time of day", v->s);
	if (guessed)
		return leat_vp_label(v, "write %02d:%02d", hour, minute);
	return leat_vp_help(v, "write hours and minutes, 00:00 to 23:59, for example 02:30");
}
