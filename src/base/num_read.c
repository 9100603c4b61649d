/* SPDX-License-Identifier: MIT */
/* Real numbers from text, fast: see num.h and num_fast.h. Eight digits at a time are one word. */
#include "base/num.h"

#include "base/num_fast.h"
#include "base/tens.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

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

/* The same of four. */
static inline bool four(const char *s, uint64_t *w)
{
	const uint32_t bytes = 0x01010101;
	uint32_t v;
	memcpy(&v, s, sizeof v);
	if (((v + 0x46 * bytes) | (v - 0x30 * bytes)) & 0x80 * bytes)
		return false;
	v -= 0x30 * bytes;
	v = v * 10 + (v >> 8);
	*w = *w * 10000 + (v & 0xff) * 100 + (v >> 16 & 0xff);
	return true;
}
#else
static inline bool four(const char *s, uint64_t *w)
{
	(void)s, (void)w;
	return false;
}

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
	if (end - s >= 4 && four(s, &v))
		s += 4;
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

enum { MANTISSA = 52, SMALLEST = -1023, INFINITE = 0x7ff };

static double from_bits(uint64_t mantissa, uint64_t exponent)
{
	uint64_t bits = exponent << MANTISSA | mantissa;
	double v;
	memcpy(&v, &bits, sizeof v);
	return v;
}

/* The leading 128 bits of w * 10^q (w's first bit is set); the lower half only where it can decide. */
static u128 product(uint64_t w, int64_t q)
{
	const uint64_t *ten = leat_tens[q - LEAT_TENS_MIN], undecided = UINT64_MAX >> (MANTISSA + 3);
	u128 p = (u128)w * ten[0];
	if (((uint64_t)(p >> 64) & undecided) != undecided)
		return p;
	/* Inverses of small powers are rounded up, so that exact halves are seen as such. */
	uint64_t low = ten[1] + (q < 0 && q >= -27);
	return p + (uint64_t)((u128)w * low >> 64);
}

/* Below the normal numbers the exponent stands still and bits are lost. */
static double subnormal(uint64_t mantissa, int64_t exponent)
{
	if (-exponent + 1 >= 64)
		return 0;
	mantissa >>= -exponent + 1;
	mantissa = (mantissa + (mantissa & 1)) >> 1;
	/* rounded up to the smallest normal number its bit is the exponent's */
	return from_bits(mantissa, 0);
}

/* floor(q log2(10)) of -400 <= q <= 400, without shifting what may be negative. */
static inline int64_t floor_log2_of_ten(int64_t q)
{
	enum { SHIFT = 16, UP = 2048 };
	return ((217706 * q + ((int64_t)UP << SHIFT)) >> SHIFT) - UP;
}

/* w != 0. */
static inline double nearest(uint64_t w, int64_t q)
{
	if (q < LEAT_TENS_MIN)
		return 0;
	if (q > 308)
		return from_bits(0, INFINITE);
	int zeros = __builtin_clzll(w);
	u128 p = product(w << zeros, q);
	uint64_t high = (uint64_t)(p >> 64), low = (uint64_t)p;
	int upper = (int)(high >> 63), shift = upper + 64 - MANTISSA - 3;
	uint64_t mantissa = high >> shift;
	int64_t exponent = floor_log2_of_ten(q) + 63 + upper - zeros - SMALLEST;
	if (exponent <= 0)
		return subnormal(mantissa, exponent);
	/* Exactly between two: to the even one. Only these powers can lead there. */
	if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == high)
		mantissa &= ~UINT64_C(1);
	mantissa = (mantissa + (mantissa & 1)) >> 1;
	if (mantissa >> (MANTISSA + 1)) {
		mantissa = UINT64_C(1) << MANTISSA;
		exponent++;
	}
	if (exponent >= INFINITE)
		return from_bits(0, INFINITE);
	return from_bits(mantissa & ~(UINT64_C(1) << MANTISSA), (uint64_t)exponent);
}

/*
 * w * 10^q as the nearest double, ties to even; infinite where it is too large. False: not decided here (w stands for
 * more digits than it holds, `cut`, and they could matter).
 */
static bool nearest_double(uint64_t w, int64_t q, bool cut, double *out)
{
	*out = w ? nearest(w, q) : 0;
	/* What was cut off lies between w and w + 1: where both are the same double, so is all between. */
	return !cut || (w && nearest(w + 1, q) == *out);
}

/* The parts of a number in the text. */
struct parts {
	const char *whole, *point, *fraction,
		*end; /* digits; where the point is or would be; its digits; behind them */
	int64_t e; /* as it is written */
};

/* More than 19 digits, zeros before them not counted, do not fit: the first 19 that count, and the power of ten. */
static bool first_nineteen(const struct parts *n, uint64_t *w, int64_t *q)
{
	const char *s = n->whole;
	int taken = 0;
	while (s < n->end && (*s == '0' || s == n->point))
		s++;
	if (n->end - s - (s <= n->point && n->point < n->end) <= 19)
		return false;
	for (*w = 0; s < n->end && taken < 19; s++) {
		if (s == n->point)
			continue;
		*w = *w * 10 + (uint64_t)(*s - '0');
		taken++;
	}
	*q = (s <= n->point ? n->point - s : n->fraction - s) + n->e;
	return true;
}

/* What has more digits than a word holds. [s, behind) is all of the number, n its parts. */
static __attribute__((noinline)) double long_value(const char *s, const char *behind, const struct parts *n, uint64_t w,
						   int64_t q, char point)
{
	double v;
	bool cut = first_nineteen(n, &w, &q);
	return nearest_double(w, q, cut, &v) ? v : fabs(leat_exact_double(s, behind, point));
}

/*
 * Most numbers in files: a whole number below 2^53 times or divided by a power of ten that is exact too, so that the
 * one operation rounds once (W. D. Clinger, "How to read floating point numbers accurately", 1990). Else by 128 bits.
 */
static inline double short_value(uint64_t w, int64_t q)
{
	static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
				     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	if (w <= UINT64_C(1) << 53 && q >= -22 && q <= 22)
		return q < 0 ? (double)w / ten[-q] : (double)w * ten[q];
	return nearest(w, q);
}

const char *leat_scan_real(const char *s, const char *end, char point, double *out)
{
	uint64_t w = 0;
	bool minus = s < end && *s == '-';
	const char *whole = s + (s < end && (*s == '-' || *s == '+')), *dot = digits(whole, end, &w);
	const char *fraction = dot, *stop = dot, *behind;
	if (dot < end && *dot == point) {
		fraction = dot + 1;
		stop = digits(fraction, end, &w);
		if (stop == fraction && dot == whole)
			return NULL;
	} else if (dot == whole) {
		return NULL;
	}
	int64_t e = 0;
	behind = stop < end && (*stop | 0x20) == 'e' ? leat_scan_exponent(stop, end, &e) : stop;
	int64_t q = e - (stop - fraction);
	double v;
	/* 19 digits and a point; zeros at the beginning of a fraction are no digits that count */
	if (stop - whole <= 20 && !(stop - whole == 20 && stop == dot)) {
		v = w ? short_value(w, q) : 0;
	} else {
		const struct parts n = {whole, dot, fraction, stop, e};
		v = long_value(s, behind, &n, w, q, point);
	}
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
