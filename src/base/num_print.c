/* SPDX-License-Identifier: MIT */
/* Numbers as text: see num.h. */
#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * v as `count` significant digits and the power of ten of the first one. printf knows how to round, but writes
 * the decimal point of the locale: only its digits are taken.
 */
static int decimal_digits(double v, int count, char digits[static 20])
{
	char text[64];
	snprintf(text, sizeof text, "%.*e", count - 1, v);
	int n = 0;
	const char *p = text;
	for (; *p && *p != 'e'; p++) {
		if (*p >= '0' && *p <= '9' && n < 19)
			digits[n++] = *p;
	}
	digits[n] = 0;
	int64_t e = 0;
	if (*p == 'e')
		leat_parse_int(p + 1, strlen(p + 1), &e);
	return (int)e;
}

static bool reads_back(const char *digits, int e, double v)
{
	char text[48];
	double r;
	size_t n = strlen(digits);
	snprintf(text, sizeof text, "%se%d", digits, e - (int)n + 1);
	return leat_parse_real(text, strlen(text), &r) && r == v;
}

/* The digits of v > 0, as few as read back equal, without zeros at the end. */
static int shortest(double v, char digits[static 20])
{
	int e = 0;
	/* 15 digits always survive a normal double, so fewer show as zeros at the end; a subnormal has less. */
	for (int count = v < 0x1p-1022 ? 1 : 15; count <= 17; count++) {
		e = decimal_digits(v, count, digits);
		if (reads_back(digits, e, v))
			break;
	}
	size_t n = strlen(digits);
	while (n > 1 && digits[n - 1] == '0')
		digits[--n] = 0;
	return e;
}

/* Digits with the point where it belongs, for exponents from -5 to 16: at most 24 bytes. */
static void plain(char *out, const char *digits, int e)
{
	int n = (int)strlen(digits), used = e < 0 ? 0 : n < e + 1 ? n : e + 1;
	if (e < 0)
		*out++ = '0';
	memcpy(out, digits, (size_t)used);
	out += used;
	for (int i = used; i <= e; i++)
		*out++ = '0';
	if (used < n)
		*out++ = '.';
	for (int i = e; i < -1; i++)
		*out++ = '0';
	memcpy(out, digits + used, (size_t)(n - used) + 1);
}

/* As shortest(), for a float: 9 digits always do. */
static int shortest_float(float v, char digits[static 20])
{
	int e = 0;
	for (int count = 1; count <= 9; count++) {
		e = decimal_digits((double)v, count, digits);
		if (leat_reads_as_float(digits, e - count + 1, v))
			break;
	}
	size_t n = strlen(digits);
	while (n > 1 && digits[n - 1] == '0')
		digits[--n] = 0;
	return e;
}

/* Sign, and what is no number with digits; false: the digits follow at *out. */
static bool print_odd(double v, char *buf, char **out)
{
	*out = buf;
	if (isnan(v)) {
		strcpy(buf, "nan");
		return true;
	}
	if (v < 0)
		*(*out)++ = '-';
	if (isinf(v))
		strcpy(*out, "inf");
	else if (v == 0)
		strcpy(*out, "0");
	return isinf(v) || v == 0;
}

static void print_digits(char *out, const char *digits, int e)
{
	if (e >= -5 && e <= 16)
		plain(out, digits, e);
	else
		snprintf(out, 31, "%c%s%.17se%d", digits[0], digits[1] ? "." : "", digits + 1, e);
}

char *leat_print_real(double v, char buf[static 32])
{
	char digits[20] = "", *out;
	if (!print_odd(v, buf, &out)) {
		int e = shortest(fabs(v), digits);
		print_digits(out, digits, e);
	}
	return buf;
}

char *leat_print_float(float v, char buf[static 32])
{
	char digits[20] = "", *out;
	if (!print_odd((double)v, buf, &out)) {
		int e = shortest_float(fabsf(v), digits);
		print_digits(out, digits, e);
	}
	return buf;
}

char *leat_print_fixed(double v, int digits, char buf[static 352])
{
	if (!isfinite(v))
		return leat_print_real(v, buf);
	if (digits < 0 || digits > 17)
		digits = digits < 0 ? 0 : 17;
	int n = snprintf(buf, 352, "%.*f", digits, v);
	if (digits == 0 || n <= digits + 1 || n >= 352)
		return buf;
	/* Whatever stands before the last digits, perhaps of several bytes, is the locale's decimal sign. */
	char *fraction = buf + n - digits, *sign = fraction;
	while (sign > buf && (sign[-1] < '0' || sign[-1] > '9'))
		sign--;
	*sign = '.';
	memmove(sign + 1, fraction, (size_t)digits + 1);
	return buf;
}

char *leat_group_digits(uint64_t v, char buf[static 32])
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
	char *out = buf;
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*out++ = ' ';
		*out++ = digits[i];
	}
	*out = 0;
	return buf;
}

char *leat_human_size(uint64_t bytes, char buf[static 32])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	int u = 0;
	double v = (double)bytes;
	while (v >= 1023.5 && u < 6) {
		v /= 1024;
		u++;
	}
	unsigned tenths = (unsigned)(v * 10 + 0.5);
	if (u && tenths < 1000 && tenths % 10)
		snprintf(buf, 32, "%u.%u %s", tenths / 10, tenths % 10, units[u]);
	else
		snprintf(buf, 32, "%u %s", (unsigned)(v + 0.5), units[u]);
	return buf;
}

char *leat_human_time(double seconds, char buf[static 32])
{
	if (!(seconds > 0))
		return strcpy(buf, "0s");
	if (seconds > 1e12)
		seconds = 1e12;
	uint64_t us = (uint64_t)(seconds * 1e6 + 0.5), s = (us + 500000) / 1000000, tenths = (us + 50000) / 100000;
	if (us < 1000)
		snprintf(buf, 32, "%uus", (unsigned)us);
	else if (us < 999500)
		snprintf(buf, 32, "%ums", (unsigned)((us + 500) / 1000));
	else if (tenths < 600)
		snprintf(buf, 32, "%u.%us", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
	else if (s < 3600)
		snprintf(buf, 32, "%um%02us", (unsigned)(s / 60), (unsigned)(s % 60));
	else if (s < 86400)
		snprintf(buf, 32, "%uh%02um", (unsigned)(s / 3600), (unsigned)(s / 60 % 60));
	else
		snprintf(buf, 32, "%llud%02uh", (unsigned long long)(s / 86400), (unsigned)(s / 3600 % 24));
	return buf;
}
