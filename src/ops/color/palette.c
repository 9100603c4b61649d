/* SPDX-License-Identifier: MIT */
/* The colors of a palette. See palette.h; palette_map.c finds the nearest. */
#include "ops/color/palette.h"

#include "base/mem.h"

#include <string.h>

enum { OWN_SLOTS = 1024, ROUNDS = 4 };

/* All pixels whose colors begin with the same bits. */
struct bin {
	uint64_t n, sum[4];
};

/* The same as a point: where, and how many. */
struct point {
	float at[4], weight;
};

struct box {
	uint32_t begin, end; /* of its points */
	double error; /* squared, of all its points to their mean */
	unsigned axis; /* the longest */
	float mean; /* along it */
};

/* Bits of each channel that a bin is told by: one gray, with alpha, color, with alpha. */
static const unsigned bits_of[5][4] = {{0}, {8}, {7, 6}, {6, 6, 6}, {5, 5, 5, 4}};

static size_t bin_count(unsigned channels)
{
	unsigned bits = 0;
	for (unsigned c = 0; c < channels; c++)
		bits += bits_of[channels][c];
	return (size_t)1 << bits;
}

size_t leat_palette_cost(const struct leat_image_shape *s)
{
	enum { MAP = 1 << 20 };
	size_t bins = bin_count(s->channels), pixels = leat_size_mul(s->width, s->height);
	size_t points = pixels < bins ? pixels : bins;
	return bins * sizeof(struct bin) + points * (sizeof(struct point) + 1) + MAP +
	       leat_size_mul(s->width, 2 * 4 * sizeof(int));
}

/* What is seen of a color: times its alpha. */
static void see(const struct leat_palette *p, const uint8_t *px, int seen[4])
{
	unsigned last = p->channels - 1;
	for (unsigned c = 0; c < p->channels; c++)
		seen[c] = p->alpha && c < last ? (px[c] * px[last] + 127) / 255 : px[c];
}

static size_t bin_of(unsigned channels, const int seen[4])
{
	size_t at = 0;
	for (unsigned c = 0; c < channels; c++)
		at = at << bits_of[channels][c] | (size_t)(seen[c] >> (8 - bits_of[channels][c]));
	return at;
}

/* ---- images of few colors */

/* Adds the color, if it is new. False: there are too many. */
static bool add_own(struct leat_palette *p, int16_t slots[OWN_SLOTS], const uint8_t *px, unsigned most)
{
	uint32_t v = 0;
	memcpy(&v, px, p->channels);
	size_t at = v * UINT32_C(2654435761) >> 22;
	for (; slots[at] >= 0; at = (at + 1) % OWN_SLOTS)
		if (memcmp(p->color[slots[at]], px, p->channels) == 0)
			return true;
	if (p->n == most)
		return false;
	slots[at] = (int16_t)p->n;
	memcpy(p->color[p->n++], px, p->channels);
	return true;
}

static bool find_own(struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		     unsigned most)
{
	int16_t slots[OWN_SLOTS];
	memset(slots, 0xff, sizeof slots);
	for (uint32_t y = 0; y < s->height; y++) {
		const uint8_t *px = leat_row(rows, y);
		for (uint32_t x = 0; x < s->width; x++, px += p->channels)
			if (!add_own(p, slots, px, most))
				return false;
	}
	return true;
}

/* ---- all others */

static void fill_bins(const struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		      struct bin *bins)
{
	for (uint32_t y = 0; y < s->height; y++) {
		const uint8_t *px = leat_row(rows, y);
		for (uint32_t x = 0; x < s->width; x++, px += p->channels) {
			int seen[4];
			see(p, px, seen);
			struct bin *b = &bins[bin_of(p->channels, seen)];
			b->n++;
			for (unsigned c = 0; c < p->channels; c++)
				b->sum[c] += (unsigned)seen[c];
		}
	}
}

static uint32_t take_points(const struct bin *bins, unsigned channels, struct point *points)
{
	uint32_t n = 0;
	for (size_t i = 0; i < bin_count(channels); i++) {
		if (!bins[i].n)
			continue;
		struct point *to = &points[n++];
		*to = (struct point){.weight = (float)bins[i].n};
		for (unsigned c = 0; c < channels; c++)
			to->at[c] = (float)((double)bins[i].sum[c] / (double)bins[i].n);
	}
	return n;
}

static void measure(struct box *b, const struct point *points, unsigned channels)
{
	double longest = -1;
	b->error = 0;
	for (unsigned c = 0; c < channels; c++) {
		double n = 0, sum = 0, squares = 0;
		for (uint32_t i = b->begin; i < b->end; i++) {
			double w = (double)points[i].weight, v = (double)points[i].at[c];
			n += w;
			sum += w * v;
			squares += w * v * v;
		}
		double error = squares - sum * sum / n;
		b->error += error;
		if (error > longest) {
			longest = error;
			b->axis = c;
			b->mean = (float)(sum / n);
		}
	}
}

/* Points below the mean to the front. Where the second part begins. */
static uint32_t part(const struct box *b, struct point *points)
{
	uint32_t to = b->begin;
	for (uint32_t i = b->begin; i < b->end; i++)
		if (points[i].at[b->axis] < b->mean) {
			struct point swap = points[i];
			points[i] = points[to];
			points[to++] = swap;
		}
	return to;
}

/* Cuts until there are `most` boxes or nothing is left to cut. How many there are. */
static unsigned cut(struct box *boxes, struct point *points, uint32_t n, unsigned channels, unsigned most)
{
	unsigned count = 1;
	boxes[0] = (struct box){.end = n};
	measure(&boxes[0], points, channels);
	while (count < most) {
		unsigned worst = 0;
		for (unsigned i = 1; i < count; i++)
			if (boxes[i].error > boxes[worst].error)
				worst = i;
		struct box *b = &boxes[worst];
		uint32_t middle = part(b, points);
		if (middle == b->begin || middle == b->end) {
			if (b->error <= 0)
				break;
			b->error = 0; /* its points are one, but for rounding */
			continue;
		}
		boxes[count] = (struct box){.begin = middle, .end = b->end};
		b->end = middle;
		measure(b, points, channels);
		measure(&boxes[count++], points, channels);
	}
	return count;
}

/* Means of the points of each entry; an entry without any stays where it is. */
static void move(float (*at)[4], const struct point *points, const uint8_t *entry, uint32_t n, unsigned channels,
		 unsigned count)
{
	double sum[LEAT_PALETTE_MOST][5] = {{0}};
	for (uint32_t i = 0; i < n; i++) {
		double *s = sum[entry[i]];
		s[4] += (double)points[i].weight;
		for (unsigned c = 0; c < channels; c++)
			s[c] += (double)points[i].weight * (double)points[i].at[c];
	}
	for (unsigned k = 0; k < count; k++)
		for (unsigned c = 0; c < channels && sum[k][4] > 0; c++)
			at[k][c] = (float)(sum[k][c] / sum[k][4]);
}

static void nearest(float (*at)[4], const struct point *points, uint8_t *entry, uint32_t n, unsigned channels,
		    unsigned count)
{
	for (uint32_t i = 0; i < n; i++) {
		float best = 1e30f;
		for (unsigned k = 0; k < count; k++) {
			float d = 0;
			for (unsigned c = 0; c < channels; c++)
				d += (points[i].at[c] - at[k][c]) * (points[i].at[c] - at[k][c]);
			if (d < best) {
				best = d;
				entry[i] = (uint8_t)k;
			}
		}
	}
}

static uint8_t level(float v)
{
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v + 0.5f);
}

/* Samples again: divided by alpha. */
static void take_colors(struct leat_palette *p, float (*at)[4])
{
	unsigned last = p->channels - 1;
	for (unsigned k = 0; k < p->n; k++) {
		float alpha = p->alpha ? level(at[k][last]) : 255;
		for (unsigned c = 0; c < p->channels; c++)
			p->color[k][c] =
				p->alpha && c < last ? level(alpha > 0 ? at[k][c] * 255 / alpha : 0) : level(at[k][c]);
	}
}

static void find_among(struct leat_palette *p, struct point *points, uint8_t *entry, uint32_t n, unsigned most)
{
	struct box boxes[LEAT_PALETTE_MOST];
	float at[LEAT_PALETTE_MOST][4] = {{0}};
	p->n = cut(boxes, points, n, p->channels, most);
	for (unsigned k = 0; k < p->n; k++)
		for (uint32_t i = boxes[k].begin; i < boxes[k].end; i++)
			entry[i] = (uint8_t)k;
	move(at, points, entry, n, p->channels, p->n);
	for (int i = 0; i < ROUNDS; i++) {
		nearest(at, points, entry, n, p->channels, p->n);
		move(at, points, entry, n, p->channels, p->n);
	}
	take_colors(p, at);
}

static int find_few(struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		    unsigned most, struct leat_err *err)
{
	size_t count = bin_count(p->channels), pixels = leat_size_mul(s->width, s->height);
	size_t room = pixels < count ? pixels : count;
	struct bin *bins = leat_zalloc(count, sizeof *bins, err);
	struct point *points = bins ? leat_zalloc(room, sizeof *points, err) : NULL;
	uint8_t *entry = points ? leat_zalloc(room, 1, err) : NULL;
	if (entry) {
		fill_bins(p, s, rows, bins);
		uint32_t n = take_points(bins, p->channels, points);
		find_among(p, points, entry, n, most);
	}
	free(bins);
	free(points);
	free(entry);
	return entry ? 0 : -1;
}

int leat_palette_find(struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		      unsigned most, struct leat_err *err)
{
	*p = (struct leat_palette){.channels = s->channels, .alpha = s->alpha};
	if (!find_own(p, s, rows, most) && find_few(p, s, rows, most, err) < 0)
		return -1;
	for (unsigned k = 0; k < p->n; k++)
		see(p, p->color[k], p->seen[k]);
	return 0;
}
