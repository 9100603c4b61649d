/* SPDX-License-Identifier: MIT */
#include "formats/guess.h"

#include "base/mem.h"
#include "formats/avif_write.h"
#include "formats/jpeg_write.h"
#include "formats/jxl_write.h"
#include "formats/tiff_write.h"
#include "formats/webp_write.h"

static double pixels(const struct leat_image_shape *s)
{
	return (double)s->width * (double)s->height;
}

/* A size at a quality, measured; straight lines between. */
struct point {
	double quality, bytes;
};

static double between(const struct point *rows, size_t n, double quality)
{
	size_t i = 1;
	while (i + 1 < n && quality > rows[i].quality)
		i++;
	double part = (quality - rows[i - 1].quality) / (rows[i].quality - rows[i - 1].quality);
	return rows[i - 1].bytes + part * (rows[i].bytes - rows[i - 1].bytes);
}

/* Bytes per pixel of 4:2:0 color by quality. */
static double jpeg_bytes_per_pixel(double quality)
{
	static const struct point rows[] = {{0, 0.012},  {10, 0.032}, {30, 0.076}, {50, 0.109}, {70, 0.152},
					    {80, 0.194}, {90, 0.289}, {95, 0.413}, {100, 0.794}};
	return between(rows, LEAT_LEN(rows), quality);
}

uint64_t leat_jpeg_guess(const void *params, const struct leat_image_shape *s)
{
	enum { HEADERS = 620 };
	const struct leat_jpeg_params *p = params;
	double color = s->channels < 3 ? 0.85 : p->subsampling == 0 ? 1 : 1.25;
	uint64_t bytes = HEADERS + (uint64_t)(pixels(s) * color * jpeg_bytes_per_pixel((double)p->quality));
	return p->max_bytes && p->max_bytes < bytes ? p->max_bytes : bytes;
}

uint64_t leat_png_guess(const void *params, const struct leat_image_shape *s)
{
	enum { HEADERS = 90 };
	double per_sample = s->sample == LEAT_U16 ? 1.4 : 0.57;
	(void)params;
	return HEADERS + (uint64_t)(pixels(s) * s->channels * per_sample);
}

uint64_t leat_webp_guess(const void *params, const struct leat_image_shape *s)
{
	static const struct point rows[] = {{0, 0.018},  {20, 0.051}, {50, 0.091}, {70, 0.117},
					    {80, 0.152}, {90, 0.25},  {95, 0.35},  {100, 0.47}};
	enum { HEADERS = 50 };
	const struct leat_webp_params *p = params;
	double bytes =
		p->lossless ? 0.4 * (s->channels < 3 ? 1 : 3) : between(rows, LEAT_LEN(rows), (double)p->quality);
	uint64_t all = HEADERS + (uint64_t)(pixels(s) * (bytes + (s->alpha ? 0.1 : 0)));
	return p->max_bytes && p->max_bytes < all ? p->max_bytes : all;
}

uint64_t leat_qoi_guess(const void *params, const struct leat_image_shape *s)
{
	(void)params;
	return (uint64_t)(pixels(s) * (s->alpha ? 2.2 : 1.7));
}

uint64_t leat_tiff_guess(const void *params, const struct leat_image_shape *s)
{
	enum { HEADERS = 300 };
	const struct leat_tiff_params *p = params;
	double part = p->compression == LEAT_TIFF_NONE   ? 1
		      : p->compression == LEAT_TIFF_JPEG ? 0.07
		      : s->sample == LEAT_U8             ? 0.6
							 : 0.75;
	return HEADERS + (uint64_t)((double)leat_image_bytes(s) * part);
}

uint64_t leat_avif_guess(const void *params, const struct leat_image_shape *s)
{
	static const struct point rows[] = {{0, 0.003}, {20, 0.02}, {50, 0.08}, {70, 0.17}, {90, 0.45}, {100, 1}};
	enum { HEADERS = 320 };
	const struct leat_avif_params *p = params;
	double bytes =
		p->lossless ? 0.5 * (s->channels < 3 ? 1 : 3) : between(rows, LEAT_LEN(rows), (double)p->quality);
	uint64_t all = HEADERS + (uint64_t)(pixels(s) * (bytes + (s->alpha ? 0.1 : 0)));
	return p->max_bytes && p->max_bytes < all ? p->max_bytes : all;
}

uint64_t leat_jxl_guess(const void *params, const struct leat_image_shape *s)
{
	static const struct point rows[] = {{0, 0.02}, {20, 0.05}, {50, 0.09}, {75, 0.15}, {90, 0.28}, {100, 1.2}};
	enum { HEADERS = 60 };
	const struct leat_jxl_params *p = params;
	double bytes = p->lossless ? 0.45 * (double)leat_sample_size(s->sample) * (s->channels < 3 ? 1 : 3)
				   : between(rows, LEAT_LEN(rows), (double)p->quality);
	uint64_t all = HEADERS + (uint64_t)(pixels(s) * (bytes + (s->alpha ? 0.1 : 0)));
	return p->max_bytes && p->max_bytes < all ? p->max_bytes : all;
}
