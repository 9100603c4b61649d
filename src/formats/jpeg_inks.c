/* SPDX-License-Identifier: MIT */
/* CMYK to RGB. See jpeg_inks.h. */
#include "formats/jpeg_inks.h"

#include <stddef.h>

/* What light is left: paper times ink, each 0 to 255. */
static uint8_t light(unsigned ink, unsigned black)
{
	return (uint8_t)((ink * black + 127) / 255);
}

void leat_inks_row(const uint8_t *inks, uint8_t *rgb, uint32_t width, bool inverted)
{
	unsigned flip = inverted ? 0 : 255;
	for (size_t x = 0; x < width; x++)
		for (size_t i = 0; i < 3; i++)
			rgb[3 * x + i] = light(inks[4 * x + i] ^ flip, inks[4 * x + 3] ^ flip);
}
