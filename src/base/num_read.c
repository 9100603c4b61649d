/* SPDX-License-Identifier: MIT */
/* Real numbers from text, fast: see num.h and num_fast.h. Eight digits at a time are one word. */
#include "base/num.h"

#include "base/num_fast.h"

#include <math.h>
#include <string.h>

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Eight characters, the first in the lowest byte, as their number; false: one is no digit. */
static inline bool eight(const char *s, uint64_t *w)
{
	const uint64_t bytes = 0x0101010101010101;
	uint64_t v;
	memcpy(&v, s, sizeof v);
	if (((v + 0x46 * bytes) | (v - 0x30 * bytes)) & 0x80 * bytes)
		return false;
	v -= 0x30 * bytes;
	v = v * 10 + (v >> 8); /* pairs in every second byte */
	const uint64_t pairs = 0x000000ff000000ff, first = 100 + (UINT64_C(1000000) << 32),
		       second = 1 + (UINT64_C(10000) << 32);
	v = ((v & pairs) * first + ((v >> 16) & pairs) * second) >> 32;
	*w = *w * 100000000 + v;
	return true;
}
#else
static inline bool eight(const char *s, uint64_t *w)
{
	(void)s, (void)w;
	return false;
}
#endif

/* Digits at s, into *w as far as it holds them. */
static inline const char *digits(const char *s, const char *end, uint64_t *w)
{
	uint64_t v = *w;
	while (end - s >= 8 && eight(s, &v))
		s += 8;
	for (; s < end && is_digit(*s); s++)
		v = v * 10 + (uint64_t)(*s - '0');
	*w = v;
	return s;
}

const char *leat_scan_exponent(const char *s, const char *end, int64_t *e)
{
	const char *p = s;
	if (p == end || (*p != 'e' && *p != 'E'))
		return s;
	bool minus = ++p < end && *p == '-';
	p += p < end && (*p == '-' || *p == '+');
	if (p == end || !is_digit(*p))
		return s;
	int64_t v = 0;
	for (; p < end && is_digit(*p); p++)
		v = v < INT64_C(1000000000000000) ? v * 10 + (*p - '0') : v;
	*e = minus ? -v : v;
	return p;
}

/* The parts of a number in the text. */
struct parts {
	const char *whole, *point, *fraction,
		*end; /* digits; where the point is or would be; its digits; behind them */
	uint64_t w; /* all digits, where they are at most 19 */
	int64_t e; /* as it is written */
};

/* More than 19 digits, zeros before them not counted, do not fit: the first 19 that count, and the power of ten. */
static bool first_nineteen(struct parts *n, int64_t *q)
{
	const char *s = n->whole;
	int taken = 0;
	while (s < n->end && (*s == '0' || s == n->point))
		s++;
	if (n->end - s - (s <= n->point && n->point < n->end) <= 19)
		return false;
	n->w = 0;
	for (; s < n->end && taken < 19; s++) {
		if (s == n->point)
			continue;
		n->w = n->w * 10 + (uint64_t)(*s - '0');
		taken++;
	}
	*q = s <= n->point ? n->point - s : n->fraction - s;
	*q += n->e;
	return true;
}

/*
 * Most numbers in files: a whole number below 2^53 times or divided by a power of ten that is exact too, so that the
 * one operation rounds once (W. D. Clinger, "How to read floating point numbers accurately", 1990). Else by 128 bits.
 */
static double value(const char *s, const char *behind, struct parts *n, char point)
{
	static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
				     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	int64_t q = n->e - (n->end - n->fraction);
	double v;
	bool cut = n->end - n->whole > 19 && first_nineteen(n, &q);
	if (!cut && n->w <= UINT64_C(1) << 53 && q >= -22 && q <= 22)
		return q < 0 ? (double)n->w / ten[-q] : (double)n->w * ten[q];
	return leat_nearest_double(n->w, q, cut, &v) ? v : fabs(leat_exact_double(s, behind, point));
}

const char *leat_scan_real(const char *s, const char *end, char point, double *out)
{
	struct parts n = {.whole = s};
	bool minus = s < end && *s == '-';
	n.whole += s < end && (*s == '-' || *s == '+');
	n.point = digits(n.whole, end, &n.w);
	n.fraction = n.end = n.point;
	if (n.point < end && *n.point == point) {
		n.fraction = n.point + 1;
		n.end = digits(n.fraction, end, &n.w);
		if (n.end == n.fraction && n.point == n.whole)
			return NULL;
	} else if (n.point == n.whole) {
		return NULL;
	}
	const char *behind = leat_scan_exponent(n.end, end, &n.e);
	double v = value(s, behind, &n, point);
	*out = minus ? -v : v;
	return behind;
}

bool leat_read_real(const char *s, size_t n, double *out)
{
	double v;
	if (n == 0 || leat_scan_real(s, s + n, '.', &v) != s + n)
		return false;
	*out = v;
	return true;
}

bool leat_parse_real(const char *s, size_t n, double *out)
{
	double v;
	const char *point = n ? memchr(s, '.', n) : NULL, *end = s + n;
	/* digits stand on both sides of the point */
	if (point && (point == s || !is_digit(point[-1]) || point + 1 == end || !is_digit(point[1])))
		return false;
	if (!leat_read_real(s, n, &v) || isinf(v))
		return false;
	*out = v;
	return true;
}
