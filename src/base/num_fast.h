/* SPDX-License-Identifier: MIT */
/*
 * The fast ways between decimal and binary, for num.c and num_print.c alone. Pure, any thread.
 *
 * Reading: D. Lemire, "Number parsing at a gigabyte per second", 2021, with the proof of N. Mushtak and D. Lemire,
 * "Fast
 * number parsing without fallback", 2022. Writing: R. Giulietti, "The Schubfach way to render doubles", 2020.
 */
#ifndef LEAT_BASE_NUM_FAST_H
#define LEAT_BASE_NUM_FAST_H

#include <stdbool.h>
#include <stdint.h>

/* For num_read.c: the number in [s, end), which has been looked at, as the nearest double; any length. Slow. */
double leat_exact_double(const char *s, const char *end, char point);
/* e[+-]digits at s into *e, which stops growing where no double is near. Where it ends; s where there is none. */
const char *leat_scan_exponent(const char *s, const char *end, int64_t *e);

/* A decimal number: digits * 10^exp. */
struct leat_shortest {
	uint64_t digits;
	int exp;
};
/*
 * The shortest decimal that reads back as c * 2^q, of equally short ones the nearest. lower_closer: the next smaller
 * binary number is only half as far away as the next larger (c is a power of two, and not the smallest normal).
 * c < 2^53. Zeros may stand at the end of the digits.
 */
struct leat_shortest leat_shortest_decimal(uint64_t c, int q, bool lower_closer);

#endif
