/* SPDX-License-Identifier: MIT */
/* Halves: see array_half.h. */
#include "core/array_half.h"

#include <math.h>
#include <string.h>

float leat_half_to_float(uint16_t h)
{
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = h >> 10 & 31, fraction = h & 0x3ff, bits;
	float v;
	if (exponent == 0) { /* zero or subnormal: a whole number of 2^-24 */
		v = (float)fraction * 0x1p-24F;
		return sign ? -v : v;
	}
	if (exponent == 31)
		bits = sign | 0x7f800000 | fraction << 13;
	else
		bits = sign | (exponent + 112) << 23 | fraction << 13;
	memcpy(&v, &bits, sizeof v);
	return v;
}

uint16_t leat_half_from_double(double v)
{
	uint64_t bits;
	memcpy(&bits, &v, sizeof bits);
	uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
	double a = fabs(v);
	if (isnan(v)) {
		uint16_t payload = (uint16_t)(bits >> 42 & 0x3ff);
		return (uint16_t)(sign | 0x7c00 | (payload ? payload : 0x200));
	}
	if (a >= 65520.0) /* halfway between the largest half and the next power of two: ties to even go up */
		return sign | 0x7c00;
	if (a < 0x1p-14) /* subnormal: whole numbers of 2^-24; the sum rounds to them, ties to even */
		return (uint16_t)(sign | (uint16_t)(uint64_t)(a * 0x1p24 + 0x1p52 - 0x1p52));
	memcpy(&bits, &a, sizeof bits);
	uint64_t lost = bits & 0x3ffffffffff, half = 0x20000000000, kept = bits >> 42;
	kept += lost > half || (lost == half && (kept & 1));
	return (uint16_t)(sign | (uint16_t)(kept - ((uint64_t)(1023 - 15) << 10)));
}
