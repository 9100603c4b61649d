/* SPDX-License-Identifier: MIT */
/* Decimal to binary and back by 128-bit powers of ten: see num_fast.h. */
#include "base/num_fast.h"

#include "base/tens.h"

#include <stddef.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

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

/* w != 0. */
static double nearest(uint64_t w, int64_t q)
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
	int64_t exponent = ((217706 * q) >> 16) + 63 + upper - zeros - SMALLEST;
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

bool leat_nearest_double(uint64_t w, int64_t q, bool cut, double *out)
{
	*out = w ? nearest(w, q) : 0;
	/* What was cut off lies between w and w + 1: where both are the same double, so is all between. */
	return !cut || (w && nearest(w + 1, q) == *out);
}

/* ---- writing */

/* 10^k's first 128 bits, rounded up. */
static u128 ten_up(int k)
{
	const uint64_t *t = leat_tens[k - LEAT_TENS_MIN];
	return ((u128)t[0] << 64 | t[1]) + (k < 0 || k > 55);
}

/* The upper part of g * c; its last bit also stands for all that is cut off ("rounded to odd"). */
static uint64_t to_odd(u128 g, uint64_t c)
{
	u128 low = (u128)(uint64_t)g * c, high = (u128)(uint64_t)(g >> 64) * c + (uint64_t)(low >> 64);
	return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* Whole numbers below 2^53 need no search. */
static bool is_whole(uint64_t c, int q)
{
	return q <= 0 && q > -(MANTISSA + 1) && (c & ((UINT64_C(1) << -q) - 1)) == 0;
}

struct leat_shortest leat_shortest_decimal(uint64_t c, int q, bool lower_closer)
{
	if (is_whole(c, q))
		return (struct leat_shortest){c >> -q, 0};
	/* floor(log10(2^q)), of 3/4 2^q where the interval is smaller; floor(log2(10^-k)) */
	int k = (q * 1262611 - (lower_closer ? 524031 : 0)) >> 22;
	int h = q + ((-k * 1741647) >> 19) + 1;
	u128 g = ten_up(-k);
	uint64_t odd = c & 1; /* an even number takes the bounds of its interval, too */
	uint64_t lower = to_odd(g, (4 * c - 2 + lower_closer) << h) + odd;
	uint64_t upper = to_odd(g, (4 * c + 2) << h) - odd;
	uint64_t v = to_odd(g, (4 * c) << h), s = v / 4;
	if (s >= 10) { /* one digit less, where one such number is inside */
		uint64_t t = s / 10;
		bool down = lower <= 40 * t, up = 40 * t + 40 <= upper;
		if (down != up)
			return (struct leat_shortest){t + up, k + 1};
	}
	bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
	if (down == up) /* both or none: the nearer one, or the even */
		up = v > 4 * s + 2 || (v == 4 * s + 2 && (s & 1));
	return (struct leat_shortest){s + up, k};
}
