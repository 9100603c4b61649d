/* SPDX-License-Identifier: MIT */
/*
 * normalize for images: levels are counted, the ends are found in the counts, and a table maps old levels to new
 * ones.
 */
#include "base/mem.h"
#include "ops/array/normalize.h"
#include "ops/measure/numbers.h"
#include "ops/rows.h"

#include <math.h>

struct levels {
	size_t n; /* 256 or 65536 */
	unsigned colors, channels;
	uint64_t *count; /* [colors][n] */
	uint16_t *map; /* [colors][n] */
};

int leat_normalize_levels(const struct leat_normalize *p, enum leat_sample sample, struct leat_range *to,
			  struct leat_err *err)
{
	double full = sample == LEAT_U8 ? 255 : 65535;
	*to = (struct leat_range){.a = 0, .b = full};
	if (p->to.a == p->to.b)
		return 0;
	to->a = p->to.percent ? p->to.a * full : p->to.a;
	to->b = p->to.percent ? p->to.b * full : p->to.b;
	if (to->a < 0 || to->b > full)
		return leat_fail(err, LEAT_CAUSE_MISMATCH, "to=%g..%g is beyond the levels of the image, 0..%g", to->a,
				 to->b, full);
	return 0;
}

#define COUNT_ROW(NAME, T)                                                                                            \
	static void NAME(const T *row, uint32_t width, unsigned channels, unsigned colors, uint64_t *count, size_t n) \
	{                                                                                                             \
		for (unsigned c = 0; c < colors; c++)                                                                 \
			for (size_t x = 0; x < width; x++)                                                            \
				count[c * n + row[x * channels + c]]++;                                               \
	}
COUNT_ROW(count_row_8, uint8_t)
COUNT_ROW(count_row_16, uint16_t)

/* Each thread counts a band of rows; sums of counts do not care about their order. */
static int count_levels(const struct leat_image *im, struct levels *l, int team, struct leat_err *err)
{
	size_t cells = l->colors * l->n;
	uint64_t *bands = leat_zalloc(leat_size_mul((size_t)team, cells), sizeof *bands, err);
	uint32_t h = im->shape.height, w = im->shape.width;
	if (!bands)
		return -1;
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (int t = 0; t < team; t++)
		for (uint64_t y = (uint64_t)h * (unsigned)t / (unsigned)team;
		     y < (uint64_t)h * ((unsigned)t + 1) / (unsigned)team; y++) {
			const void *row = im->pixels + y * im->stride;
			if (im->shape.sample == LEAT_U8)
				count_row_8(row, w, l->channels, l->colors, bands + (size_t)t * cells, l->n);
			else
				count_row_16(row, w, l->channels, l->colors, bands + (size_t)t * cells, l->n);
		}
	for (int t = 0; t < team; t++)
		for (size_t i = 0; i < cells; i++)
			l->count[i] += bands[(size_t)t * cells + i];
	free(bands);
	return 0;
}

/* The map from the levels of one group, `count` of them, to new ones. */
static void make_map(const struct leat_normalize *p, const struct leat_range *to, const uint64_t *count, size_t n,
		     uint16_t *map)
{
	struct leat_group g = {.levels = count, .n_levels = n};
	double low = p->range.a, high = p->range.b, full = (double)(n - 1);
	for (size_t i = 0; i < n; i++)
		g.n += count[i];
	if (p->range.percent) {
		low = leat_group_quantile(&g, p->range.a);
		high = leat_group_quantile(&g, p->range.b);
	}
	double least = p->clip ? to->a : 0, most = p->clip ? to->b : full;
	for (size_t i = 0; i < n; i++) {
		double v = (double)i;
		if (high > low) /* what is all of one level stays */
			v = (v - low) / (high - low) * (to->b - to->a) + to->a;
		v = floor((v < least ? least : v > most ? most : v) + 0.5);
		map[i] = (uint16_t)(v > full ? full : v);
	}
}

static void make_maps(const struct leat_normalize *p, const struct leat_range *to, struct levels *l)
{
	if (p->per == LEAT_NORMALIZE_CHANNEL) {
		for (unsigned c = 0; c < l->colors; c++)
			make_map(p, to, l->count + c * l->n, l->n, l->map + c * l->n);
		return;
	}
	for (unsigned c = 1; c < l->colors; c++)
		for (size_t i = 0; i < l->n; i++)
			l->count[i] += l->count[c * l->n + i];
	make_map(p, to, l->count, l->n, l->map);
	for (unsigned c = 1; c < l->colors; c++)
		memcpy(l->map + c * l->n, l->map, l->n * sizeof *l->map);
}

#define MAP_ROW(NAME, T)                                                                     \
	static void NAME(const T *from, T *to, uint32_t width, const struct levels *l)       \
	{                                                                                    \
		for (size_t x = 0; x < width; x++, from += l->channels, to += l->channels) { \
			for (unsigned c = 0; c < l->colors; c++)                             \
				to[c] = (T)l->map[c * l->n + from[c]];                       \
			for (unsigned c = l->colors; c < l->channels; c++)                   \
				to[c] = from[c];                                             \
		}                                                                            \
	}
MAP_ROW(map_row_8, uint8_t)
MAP_ROW(map_row_16, uint16_t)

static void map_all(const struct leat_image *im, struct leat_image *out, const struct levels *l, int team)
{
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (uint32_t y = 0; y < im->shape.height; y++) {
		const void *from = im->pixels + y * im->stride;
		void *to = out->pixels + y * out->stride;
		if (im->shape.sample == LEAT_U8)
			map_row_8(from, to, im->shape.width, l);
		else
			map_row_16(from, to, im->shape.width, l);
	}
}

struct leat_image *leat_normalize_image(const struct leat_normalize *p, const struct leat_image *im, int team,
					struct leat_err *err)
{
	struct levels l = {.n = im->shape.sample == LEAT_U8 ? 256 : 65536,
			   .colors = leat_colors(&im->shape),
			   .channels = im->shape.channels};
	struct leat_range to;
	struct leat_image *out = NULL;
	if (im->shape.sample == LEAT_F32)
		return leat_normalize_float(p, im, err);
	if (leat_normalize_levels(p, im->shape.sample, &to, err) < 0)
		return NULL;
	l.count = leat_zalloc(l.colors * l.n, sizeof *l.count, err);
	l.map = l.count ? leat_zalloc(l.colors * l.n, sizeof *l.map, err) : NULL;
	if (l.map && count_levels(im, &l, team, err) == 0)
		out = leat_image_new(&im->shape, im->meta, err);
	if (out) {
		make_maps(p, &to, &l);
		map_all(im, out, &l, team);
	}
	free(l.count);
	free(l.map);
	return out;
}
