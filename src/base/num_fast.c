/* SPDX-License-Identifier: MIT */
/* The shortest decimal of a binary number, by 128-bit powers of ten: see num_fast.h. */
#include "base/num_fast.h"

#include "base/tens.h"

__extension__ typedef unsigned __int128 u128;

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
	return q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0;
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
