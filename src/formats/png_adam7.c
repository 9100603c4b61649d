/* SPDX-License-Identifier: MIT */
#include "formats/png_adam7.h"

#include <string.h>

const struct leat_png_pass leat_png_passes[LEAT_PNG_PASSES] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
							       {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

/* How many of first, first + step ... lie below n. */
static uint32_t count(uint32_t n, uint32_t first, uint32_t step)
{
	return n > first ? (n - first - 1) / step + 1 : 0;
}

uint32_t leat_png_pass_width(int pass, uint32_t w)
{
	return count(w, leat_png_passes[pass].x0, leat_png_passes[pass].dx);
}

uint32_t leat_png_pass_height(int pass, uint32_t h)
{
	return count(h, leat_png_passes[pass].y0, leat_png_passes[pass].dy);
}

uint64_t leat_png_pass_bytes(uint32_t w, uint32_t h, unsigned bpp)
{
	uint64_t sum = 0;
	for (int pass = 0; pass < LEAT_PNG_PASSES; pass++) {
		uint64_t columns = leat_png_pass_width(pass, w);
		sum += columns ? leat_png_pass_height(pass, h) * (columns * bpp + 1) : 0;
	}
	return sum;
}

void leat_png_pass_row(int pass, const uint8_t *row, uint32_t w, unsigned bpp, uint8_t *to)
{
	const struct leat_png_pass *p = &leat_png_passes[pass];
	for (uint32_t x = p->x0; x < w; x += p->dx, to += bpp)
		memcpy(to, row + (size_t)x * bpp, bpp);
}
