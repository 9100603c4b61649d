/* SPDX-License-Identifier: MIT */
#include "formats/png_palette.h"

#include <string.h>

void leat_png_palette_clear(struct leat_png_palette *p)
{
	memset(p, 0, sizeof *p);
	for (int i = 0; i < 256; i++)
		p->rgba[i][3] = UINT8_MAX;
}

void leat_png_palette_row(struct leat_png_palette *p, const uint8_t *indices, uint8_t *to, size_t n, unsigned channels)
{
	uint8_t highest = 0;
	for (size_t i = 0; i < n; i++)
		highest = indices[i] > highest ? indices[i] : highest;
	if (highest > p->highest)
		p->highest = highest;
	if (channels == 4) {
		for (size_t i = 0; i < n; i++)
			memcpy(to + 4 * i, p->rgba[indices[i]], 4);
		return;
	}
	for (size_t i = 0; i < n; i++)
		memcpy(to + 3 * i, p->rgba[indices[i]], 3);
}
