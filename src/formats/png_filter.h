/* SPDX-License-Identifier: MIT */
/*
 * The five row filters of PNG (specification, 9.2), and how promising each is for a row: the sum of the absolute
 * differences taken as signed bytes, as libpng judges them. The vector path and the plain one give the same numbers
 * and the same bytes.
 */
#ifndef LEAT_FORMATS_PNG_FILTER_H
#define LEAT_FORMATS_PNG_FILTER_H

#include <stddef.h>
#include <stdint.h>

enum leat_png_filter {
	LEAT_PNG_NONE,
	LEAT_PNG_SUB,
	LEAT_PNG_UP,
	LEAT_PNG_AVERAGE,
	LEAT_PNG_PAETH,
	LEAT_PNG_FILTERS,
};

/* What must be readable around a row: zeros before it, anything behind it. A filtered row may be overrun as far. */
enum { LEAT_PNG_BEFORE = 16, LEAT_PNG_BEHIND = 32 };

/* A row and the one above it (zeros above the first), each with that room around it. */
struct leat_png_pair {
	const uint8_t *row, *above;
	size_t n; /* bytes */
	unsigned bpp; /* bytes between a byte and the same of the pixel before: 1 to 8 */
};

/* Filters a row: n bytes to `to`, and up to LEAT_PNG_BEHIND more that mean nothing. */
void leat_png_filter(enum leat_png_filter f, const struct leat_png_pair *p, uint8_t *to);

/* Sums of absolute differences of all filters. */
void leat_png_sums(const struct leat_png_pair *p, uint64_t sums[LEAT_PNG_FILTERS]);

/* The filter of the least sum; the first of equals. */
enum leat_png_filter leat_png_least_sum(const struct leat_png_pair *p);

#endif
