/* SPDX-License-Identifier: MIT */
#include "formats/guess.h"

#include "formats/jpeg_write.h"

static double pixels(const struct leat_image_shape *s)
{
	return (double)s->width * (double)s->height;
}

/* Bytes per pixel of 4:2:0 color by quality, measured; straight lines between. */
static double jpeg_bytes_per_pixel(double quality)
{
	static const struct {
		double quality, bytes;
	} rows[] = {{0, 0.012},  {10, 0.032}, {30, 0.076}, {50, 0.109}, {70, 0.152},
		    {80, 0.194}, {90, 0.289}, {95, 0.413}, {100, 0.794}};
	size_t i = 1;
	while (i + 1 < sizeof rows / sizeof *rows && quality > rows[i].quality)
		i++;
	double part = (quality - rows[i - 1].quality) / (rows[i].quality - rows[i - 1].quality);
	return rows[i - 1].bytes + part * (rows[i].bytes - rows[i - 1].bytes);
}

uint64_t leat_jpeg_guess(const void *params, const struct leat_image_shape *s)
{
	enum { HEADERS = 620 };
	const struct leat_jpeg_params *p = params;
	double color = s->channels < 3 ? 0.85 : p->subsampling == 0 ? 1 : 1.25;
	return HEADERS + (uint64_t)(pixels(s) * color * jpeg_bytes_per_pixel((double)p->quality));
}

uint64_t leat_png_guess(const void *params, const struct leat_image_shape *s)
{
	enum { HEADERS = 90 };
	double per_sample = s->sample == LEAT_U16 ? 1.4 : 0.57;
	(void)params;
	return HEADERS + (uint64_t)(pixels(s) * s->channels * per_sample);
}
