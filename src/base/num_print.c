/* SPDX-License-Identifier: MIT */
/* Numbers as text: see num.h. */
#include "base/num.h"

#include "base/num_fast.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- digits */

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
	"4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
	"99";

/* The last n digits of v at out. */
static void put_digits(char *out, uint64_t v, int n)
{
	for (; n >= 2; n -= 2, v /= 100)
		memcpy(out + n - 2, pairs + v % 100 * 2, 2);
	if (n)
		*out = (char)('0' + v % 10);
}

static int count_digits(uint64_t v)
{
	int n = 1;
	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

char *leat_put_uint(uint64_t v, char *buf)
{
	int n = count_digits(v);
	put_digits(buf, v, n);
	return buf + n;
}

char *leat_put_int(int64_t v, char *buf)
{
	if (v < 0)
		*buf++ = '-';
	return leat_put_uint(v < 0 ? 0 - (uint64_t)v : (uint64_t)v, buf);
}

/* ---- the shortest text of a number */

/* Digits with the point where it belongs, the first of them counting 10^e, for e from -5 to 16. */
static char *plain(char *out, const char *digits, int n, int e)
{
	if (e < 0) {
		memcpy(out, "0.00000", 7);
		memcpy(out + 1 - e, digits, (size_t)n);
		return out + 1 - e + n;
	}
	if (n <= e + 1) {
		memcpy(out, digits, (size_t)n);
		memset(out + n, '0', (size_t)(e + 1 - n));
		return out + e + 1;
	}
	memcpy(out, digits, (size_t)e + 1);
	out[e + 1] = '.';
	memcpy(out + e + 2, digits + e + 1, (size_t)(n - e - 1));
	return out + n + 1;
}

static char *scientific(char *out, const char *digits, int n, int e)
{
	*out++ = digits[0];
	if (n > 1) {
		*out++ = '.';
		memcpy(out, digits + 1, (size_t)n - 1);
		out += n - 1;
	}
	*out++ = 'e';
	return leat_put_int(e, out);
}

static char *put_decimal(struct leat_shortest d, char *out)
{
	char digits[20];
	while (d.digits % 10000 == 0) {
		d.digits /= 10000;
		d.exp += 4;
	}
	for (; d.digits % 10 == 0; d.exp++)
		d.digits /= 10;
	int n = count_digits(d.digits), e = d.exp + n - 1;
	put_digits(digits, d.digits, n);
	return e >= -5 && e <= 16 ? plain(out, digits, n, e) : scientific(out, digits, n, e);
}

/* c * 2^q as text; what is no number with digits has c == 0. */
static char *put_number(bool minus, bool special, uint64_t c, int q, bool lower_closer, char *out)
{
	if (special && c) {
		memcpy(out, "nan", 3);
		return out + 3;
	}
	if (minus)
		*out++ = '-';
	if (special) {
		memcpy(out, "inf", 3);
		return out + 3;
	}
	if (c == 0) {
		*out = '0';
		return out + 1;
	}
	return put_decimal(leat_shortest_decimal(c, q, lower_closer), out);
}

char *leat_put_real(double v, char *buf)
{
	const uint64_t hidden = UINT64_C(1) << 52;
	uint64_t bits;
	memcpy(&bits, &v, sizeof bits);
	uint64_t fraction = bits & (hidden - 1);
	int e = (int)(bits >> 52 & 0x7ff);
	bool special = e == 0x7ff;
	return put_number(bits >> 63, special, e && !special ? fraction | hidden : fraction, (e ? e : 1) - 1075,
			  fraction == 0 && e > 1, buf);
}

char *leat_put_float(float v, char *buf)
{
	const uint32_t hidden = UINT32_C(1) << 23;
	uint32_t bits;
	memcpy(&bits, &v, sizeof bits);
	uint32_t fraction = bits & (hidden - 1);
	int e = (int)(bits >> 23 & 0xff);
	bool special = e == 0xff;
	return put_number(bits >> 31, special, e && !special ? fraction | hidden : fraction, (e ? e : 1) - 150,
			  fraction == 0 && e > 1, buf);
}

char *leat_print_real(double v, char buf[static 32])
{
	*leat_put_real(v == 0 ? 0 : v, buf) = 0;
	return buf;
}

char *leat_print_float(float v, char buf[static 32])
{
	*leat_put_float(v == 0 ? 0 : v, buf) = 0;
	return buf;
}

char *leat_print_style(double v, char style, int digits, char buf[static 352])
{
	const char format[] = {'%', '.', '*', style, 0};
	if (!isfinite(v))
		return leat_print_real(v, buf);
	if (digits < 0 || digits > 17)
		digits = digits < 0 ? 0 : 17;
	int n = snprintf(buf, 352, format, digits, v);
	if (n < 0 || n >= 352)
		return buf;
	/* What is no digit, sign or exponent is the locale's decimal sign, perhaps of several bytes. */
	char *sign = buf + (*buf == '-');
	sign += strspn(sign, "0123456789");
	char *fraction = sign;
	while (*fraction && *fraction != 'e' && (*fraction < '0' || *fraction > '9'))
		fraction++;
	if (fraction == sign)
		return buf;
	*sign = '.';
	memmove(sign + 1, fraction, strlen(fraction) + 1);
	return buf;
}

char *leat_print_fixed(double v, int digits, char buf[static 352])
{
	return leat_print_style(v, 'f', digits, buf);
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
