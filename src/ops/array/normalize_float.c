/* SPDX-License-Identifier: MIT */
/* normalize for images of float samples: the ends are found among the sorted samples, full is 0 to 1. */
#include "base/mem.h"
#include "ops/array/normalize.h"
#include "ops/array/order.h"
#include "ops/rows.h"

#include <math.h>

/* Samples that are stretched together: of each pixel `colors` of them, from channel `first` on. */
struct group {
	const struct leat_image *im;
	unsigned first, colors;
	double low, high; /* low > high: there is no finite sample */
};

static const float *row_of(const struct leat_image *im, uint32_t y)
{
	return (const float *)(const void *)(im->pixels + (size_t)y * im->stride);
}

static void extremes(struct group *g)
{
	const struct leat_image_shape *s = &g->im->shape;
	g->low = INFINITY;
	g->high = -INFINITY;
	for (uint32_t y = 0; y < s->height; y++) {
		const float *row = row_of(g->im, y) + g->first;
		for (uint32_t x = 0; x < s->width; x++, row += s->channels)
			for (unsigned c = 0; c < g->colors; c++) {
				double v = (double)row[c];
				g->low = isfinite(v) && v < g->low ? v : g->low;
				g->high = isfinite(v) && v > g->high ? v : g->high;
			}
	}
}

/* The group's samples in one piece. NULL with *err. */
static struct leat_array *samples(const struct group *g, struct leat_err *err)
{
	const struct leat_image_shape *s = &g->im->shape;
	struct leat_array_shape shape = {.dtype = LEAT_DT_F4, .ndim = 1};
	shape.dim[0] = (uint64_t)s->width * s->height * g->colors;
	struct leat_array *a = leat_array_new(&shape, err);
	float *to = a ? a->data : NULL;
	for (uint32_t y = 0; a && y < s->height; y++) {
		const float *row = row_of(g->im, y) + g->first;
		for (uint32_t x = 0; x < s->width; x++, row += s->channels, to += g->colors)
			memcpy(to, row, g->colors * sizeof *to);
	}
	return a;
}

static int percentiles(struct group *g, const struct leat_range *range, struct leat_err *err)
{
	struct leat_array *a = samples(g, err);
	struct leat_lines l;
	struct leat_ordered o = {0};
	int ok = a ? leat_lines_of(&l, a, LEAT_PER_ALL, err) : -1;
	if (ok == 0) {
		ok = leat_order_line(&o, &l, 0, true, err);
		leat_lines_free(&l);
	}
	g->low = 1;
	g->high = 0;
	if (ok == 0 && o.n) {
		g->low = leat_ordered_quantile(&o, range->a);
		g->high = leat_ordered_quantile(&o, range->b);
	}
	leat_ordered_free(&o);
	leat_array_unref(&a);
	return ok;
}

static int find_ends(struct group *g, const struct leat_normalize *p, struct leat_err *err)
{
	g->low = p->range.a;
	g->high = p->range.b;
	if (!p->range.percent)
		return 0;
	if (p->range.a > 0 || p->range.b < 1)
		return percentiles(g, &p->range, err);
	extremes(g);
	return 0;
}

/* What is all of one number stays, and so does what is none. */
static void scale(const struct group *g, const struct leat_normalize *p, struct leat_image *out)
{
	const struct leat_image_shape *s = &g->im->shape;
	double a = p->to.a, b = p->to.a == p->to.b ? 1 : p->to.b, factor = (b - a) / (g->high - g->low);
	bool any = g->high > g->low;
	for (uint32_t y = 0; y < s->height; y++) {
		const float *from = row_of(g->im, y) + g->first;
		float *to = (float *)(void *)(out->pixels + (size_t)y * out->stride) + g->first;
		for (uint32_t x = 0; x < s->width; x++, from += s->channels, to += s->channels)
			for (unsigned c = 0; c < g->colors; c++) {
				double v = (double)from[c];
				v = any ? (v - g->low) * factor + a : v;
				to[c] = (float)(p->clip && v < a ? a : p->clip && v > b ? b : v);
			}
	}
}

struct leat_image *leat_normalize_float(const struct leat_normalize *p, const struct leat_image *im,
					struct leat_err *err)
{
	const struct leat_image_shape *s = &im->shape;
	bool each = p->per == LEAT_NORMALIZE_CHANNEL;
	struct leat_image *out = leat_image_new(s, im->meta, err);
	for (uint32_t y = 0; out && y < s->height; y++) /* alpha stays */
		memcpy(out->pixels + (size_t)y * out->stride, im->pixels + (size_t)y * im->stride, leat_row_bytes(s));
	for (unsigned c = 0; out && c < (each ? leat_colors(s) : 1); c++) {
		struct group g = {.im = im, .first = c, .colors = each ? 1 : leat_colors(s)};
		if (find_ends(&g, p, err) < 0)
			leat_image_unref(&out);
		else
			scale(&g, p, out);
	}
	return out;
}
