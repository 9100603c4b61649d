/* SPDX-License-Identifier: MIT */
/* Numbers from text: see num.h. */
#include "base/num.h"

#include "base/num_fast.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool leat_parse_int(const char *s, size_t n, int64_t *out)
{
	size_t i = n > 0 && (s[0] == '+' || s[0] == '-');
	bool minus = i && s[0] == '-';
	if (i == n)
		return false;
	int64_t v = 0; /* built downwards, because INT64_MIN has no positive twin */
	for (; i < n; i++) {
		if (!is_digit(s[i]) || __builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s[i] - '0', &v))
			return false;
	}
	if (!minus && v == INT64_MIN)
		return false;
	*out = minus ? v : -v;
	return true;
}

/* A written number in its parts: `digits` of n_digits (leading zeros dropped) times ten to `exp`. */
struct decimal {
	bool minus;
	char digits[800]; /* more never change the nearest double: it takes 768 to tell two apart */
	int n_digits;
	int64_t exp;
};

static void add_digit(struct decimal *d, char c, bool fraction)
{
	if (c == '0' && d->n_digits == 0) {
		d->exp -= fraction;
		return;
	}
	if (d->n_digits < (int)sizeof d->digits - 1) {
		d->digits[d->n_digits++] = c;
		d->exp -= fraction;
		return;
	}
	if (c != '0')
		d->digits[d->n_digits - 1] |= 1; /* keeps "a bit more than" for the rounding */
	d->exp += !fraction;
}

/* Without a decimal point in the text strtod() gives the same in every locale. */
static double to_double(struct decimal *d)
{
	char text[sizeof d->digits + 32];
	d->digits[d->n_digits] = 0;
	int64_t e = d->exp > 100000 ? 100000 : d->exp < -100000 ? -100000 : d->exp;
	snprintf(text, sizeof text, "%s%se%d", d->minus ? "-" : "", d->n_digits ? d->digits : "0", (int)e);
	return strtod(text, NULL);
}

double leat_exact_double(const char *s, const char *end, char point)
{
	struct decimal d;
	bool fraction = false;
	int64_t e = 0;
	d.n_digits = 0;
	d.exp = 0;
	d.minus = *s == '-';
	for (s += *s == '-' || *s == '+'; s < end && (is_digit(*s) || *s == point); s++) {
		if (*s == point)
			fraction = true;
		else
			add_digit(&d, *s, fraction);
	}
	if (s < end)
		leat_scan_exponent(s, end, &e);
	d.exp += e;
	return to_double(&d);
}

/* Length of the digits[.digits] at the beginning of a text. */
static size_t number_length(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && (is_digit(s[i]) || s[i] == '.'))
		i++;
	return i;
}

/* number * factor as a whole, rounded down; exact where the number has no fraction. */
static bool scaled(const char *s, size_t n, uint64_t factor, uint64_t *out)
{
	int64_t whole;
	double v;
	if (leat_parse_int(s, n, &whole))
		return !__builtin_mul_overflow((uint64_t)whole, factor, out);
	if (!leat_parse_real(s, n, &v) || v * (double)factor >= 0x1p63)
		return false;
	*out = (uint64_t)(v * (double)factor);
	return true;
}

bool leat_parse_size(const char *s, size_t n, uint64_t *out)
{
	static const struct {
		const char *name;
		uint64_t factor;
	} units[] = {
		{"B", 1},
		{"KB", 1000},
		{"MB", 1000 * 1000},
		{"GB", 1000 * 1000 * 1000},
		{"TB", (uint64_t)1000 * 1000 * 1000 * 1000},
		{"KiB", 1 << 10},
		{"MiB", 1 << 20},
		{"GiB", 1 << 30},
		{"TiB", (uint64_t)1 << 40},
	};
	size_t digits = number_length(s, n);
	if (digits == 0)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		const char *unit = units[i].name;
		if (n - digits == strlen(unit) && memcmp(s + digits, unit, n - digits) == 0)
			return scaled(s, digits, units[i].factor, out);
	}
	return false;
}

/* The unit at s: its index in descending order, and its length; -1 when there is none. */
static int time_unit(const char *s, size_t n, size_t *len, int64_t *ns)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
		{"d", INT64_C(86400) * 1000000000},
		{"h", INT64_C(3600) * 1000000000},
		{"m", INT64_C(60) * 1000000000},
		{"s", 1000000000},
		{"ms", 1000000},
	};
	size_t letters = 0;
	while (letters < n && !is_digit(s[letters]))
		letters++;
	for (int i = 0; i < (int)(sizeof units / sizeof units[0]); i++) {
		if (letters == strlen(units[i].name) && memcmp(s, units[i].name, letters) == 0) {
			*len = letters;
			*ns = units[i].ns;
			return i;
		}
	}
	return -1;
}

bool leat_parse_duration(const char *s, size_t n, int64_t *out)
{
	uint64_t sum = 0;
	int last = -1;
	if (n == 0)
		return false;
	for (size_t i = 0; i < n;) {
		size_t digits = number_length(s + i, n - i), len;
		int64_t ns;
		uint64_t part;
		int unit = digits ? time_unit(s + i + digits, n - i - digits, &len, &ns) : -1;
		if (unit <= last || !scaled(s + i, digits, (uint64_t)ns, &part) ||
		    __builtin_add_overflow(sum, part, &sum) || sum > INT64_MAX)
			return false;
		last = unit;
		i += digits + len;
	}
	*out = (int64_t)sum;
	return true;
}

/* A run of exactly `count` digits at *s; moves behind it. */
static bool take_digits(const char **s, const char *end, int count, int *out)
{
	int v = 0;
	for (int i = 0; i < count; i++, (*s)++) {
		if (*s == end || !is_digit(**s))
			return false;
		v = v * 10 + (**s - '0');
	}
	*out = v;
	return true;
}

static bool take_char(const char **s, const char *end, char c)
{
	if (*s == end || **s != c)
		return false;
	(*s)++;
	return true;
}

/* [T ]HH:MM[:SS] and nothing behind it. */
static bool take_clock(const char *s, const char *end, struct tm *tm, int64_t *unit)
{
	if (!take_char(&s, end, 'T') && !take_char(&s, end, ' '))
		return false;
	if (!take_digits(&s, end, 2, &tm->tm_hour) || !take_char(&s, end, ':') || !take_digits(&s, end, 2, &tm->tm_min))
		return false;
	*unit = INT64_C(60) * 1000000000;
	if (s != end) {
		if (!take_char(&s, end, ':') || !take_digits(&s, end, 2, &tm->tm_sec))
			return false;
		*unit = 1000000000;
	}
	return s == end && tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

bool leat_parse_moment(const char *s, size_t n, int64_t *ns, int64_t *unit)
{
	const char *end = s + n;
	struct tm tm = {.tm_isdst = -1};
	int year, month, day;
	if (!take_digits(&s, end, 4, &year) || !take_char(&s, end, '-') || !take_digits(&s, end, 2, &month) ||
	    !take_char(&s, end, '-') || !take_digits(&s, end, 2, &day))
		return false;
	int64_t lasts = 0;
	if (s != end && !take_clock(s, end, &tm, &lasts))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	struct tm begin = tm;
	time_t t = mktime(&begin);
	/* mktime() turns 31 February into March: such a date is none. Years around 1900 to 2200 fit nanoseconds. */
	if (begin.tm_mday != day || begin.tm_mon != month - 1 || year < 1700 || year > 2200)
		return false;
	tm.tm_mday++; /* the next midnight: a day of the clock change has 23 or 25 hours */
	tm.tm_isdst = -1;
	*ns = (int64_t)t * 1000000000;
	*unit = lasts ? lasts : ((int64_t)mktime(&tm) - (int64_t)t) * 1000000000;
	return true;
}
