/* SPDX-License-Identifier: MIT */
/* Powers of ten, as exact as 128 bits are: what fast conversions of numbers stand on. Constant, any thread. */
#ifndef LEAT_BASE_TENS_H
#define LEAT_BASE_TENS_H

#include <stdint.h>

enum { LEAT_TENS_MIN = -342, LEAT_TENS_MAX = 324 };

/*
 * [q - LEAT_TENS_MIN] = {high, low}: the first 128 bits of 10^q, rounded down, the first of them set. So 10^q is that
 * number times 2^(floor(q * log2(10)) - 127), up to one unit in its last place; exactly it for q from 0 to 55.
 */
extern const uint64_t leat_tens[LEAT_TENS_MAX - LEAT_TENS_MIN + 1][2];

#endif
