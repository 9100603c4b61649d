/* SPDX-License-Identifier: MIT */
/*
 * The inverse DCT of a block at 1/8, 1/4 and 1/2 of its size, number for number what libjpeg's reduced transforms
 * give (jidctred.c: Loeffler, Ligtenberg and Moschytz 1989 with the unneeded outputs left out) as long as no sum of
 * magnitudes is above LEAT_IDCT_SUM. Above it the vector code of libjpeg-turbo and its C code part ways.
 */
#ifndef LEAT_FORMATS_JPEG_IDCT_H
#define LEAT_FORMATS_JPEG_IDCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEAT_IDCT_SUM = 6000 };

/* sqrt(2) times c1+c3+c5+c7 (row 1), -c1+c3-c5-c7 (3), -c1+c3+c5+c7 (5), c7-c5+c3-c1 (7), in units of 2^-13. */
enum { LEAT_IDCT_1 = 29692, LEAT_IDCT_3 = -10426, LEAT_IDCT_5 = 6967, LEAT_IDCT_7 = -5906 };

/* x / 2^n, halves up. */
static inline int32_t leat_descale(int32_t x, unsigned n)
{
	return (x + (1 << (n - 1))) >> n;
}

/* Level x around 0 to a sample. False: libjpeg's table of limits would wrap. */
static inline bool leat_idct_put(int32_t x, uint8_t *to)
{
	*to = (uint8_t)(x < -128 ? 0 : x > 127 ? 255 : x + 128);
	return x >= -512 && x < 512;
}

/* 1/8: the mean. False when it is too far off; so with those below. */
static inline bool leat_idct_1(int32_t dc, uint8_t *to)
{
	return leat_idct_put(leat_descale(dc, 3), to);
}

/* Two samples of a row from the columns 0, 1, 3, 5 and 7. */
static inline bool leat_idct_2_row(const int32_t ws[5], uint8_t *to)
{
	int32_t even = ws[0] * (1 << 15);
	int32_t odd = ws[1] * LEAT_IDCT_1 + ws[2] * LEAT_IDCT_3 + ws[3] * LEAT_IDCT_5 + ws[4] * LEAT_IDCT_7;
	bool a = leat_idct_put(leat_descale(even + odd, 20), to);
	bool b = leat_idct_put(leat_descale(even - odd, 20), to + 1);
	return a & b;
}

/*
 * 1/4. For each of the columns 0, 1, 3, 5 and 7: even is coefficient (0, column), odd the sum over the rows 1, 3, 5
 * and 7 of coefficient (row, column) times LEAT_IDCT_row.
 */
static inline bool leat_idct_2(const int32_t even[5], const int32_t odd[5], uint8_t *to, size_t stride)
{
	int32_t upper[5], lower[5];
	for (int c = 0; c < 5; c++) {
		upper[c] = leat_descale(even[c] * (1 << 15) + odd[c], 13);
		lower[c] = leat_descale(even[c] * (1 << 15) - odd[c], 13);
	}
	bool a = leat_idct_2_row(upper, to), b = leat_idct_2_row(lower, to + stride);
	return a & b;
}

/* 1/2: coefficients by rows; row 4 and column 4 are not looked at. Bit c of `columns`: column c is not all 0. */
bool leat_idct_4(const int32_t block[64], unsigned columns, uint8_t *to, size_t stride);

#endif
