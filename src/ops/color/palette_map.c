/* SPDX-License-Identifier: MIT */
/* Every pixel's entry of a palette, with dithering. See palette.h. */
#include "base/mem.h"
#include "ops/color/palette.h"

#include <string.h>

enum { KNOWN_BITS = 14, KNOWN = 1 << KNOWN_BITS, ONE = 256 };

struct map {
	const struct leat_palette *p;
	int strength; /* of dithering, 0 to ONE */
	int *errors; /* of this row and the next, in 1/16: 4 a pixel, one pixel more at both ends */
	size_t row; /* ints of one of the two */
	uint32_t known[KNOWN]; /* colors looked up lately, */
	int16_t entry[KNOWN]; /* and their entries; -1: none */
};

static unsigned search(const struct leat_palette *p, const int seen[4])
{
	unsigned best = 0, channels = p->channels;
	int least = INT32_MAX;
	for (unsigned k = 0; k < p->n; k++) {
		int d = 0;
		for (unsigned c = 0; c < channels; c++)
			d += (seen[c] - p->seen[k][c]) * (seen[c] - p->seen[k][c]);
		if (d < least) {
			least = d;
			best = k;
		}
	}
	return best;
}

static unsigned entry_of(struct map *m, const int seen[4])
{
	uint32_t v = (uint32_t)seen[0] | (uint32_t)seen[1] << 8 | (uint32_t)seen[2] << 16 | (uint32_t)seen[3] << 24;
	size_t at = v * UINT32_C(2654435761) >> (32 - KNOWN_BITS);
	if (m->entry[at] < 0 || m->known[at] != v) {
		m->known[at] = v;
		m->entry[at] = (int16_t)search(m->p, seen);
	}
	return (unsigned)m->entry[at];
}

static int clamp(int v)
{
	return v < 0 ? 0 : v > 255 ? 255 : v;
}

/* What is off goes on: 7/16 ahead, 3/16, 5/16 and 1/16 below. `step` is the way. */
static void spread(struct map *m, int *here, int *below, int step, const int off[4])
{
	for (unsigned c = 0; c < m->p->channels; c++) {
		int e = off[c] * m->strength / ONE;
		here[4 * step + (int)c] += e * 7;
		below[-4 * step + (int)c] += e * 3;
		below[(int)c] += e * 5;
		below[4 * step + (int)c] += e;
	}
}

static unsigned map_pixel(struct map *m, const uint8_t *px, int *here, int *below, int step)
{
	const struct leat_palette *p = m->p;
	unsigned last = p->channels - 1;
	int seen[4] = {0}, off[4] = {0};
	for (unsigned c = 0; c < p->channels; c++) {
		int v = p->alpha && c < last ? (px[c] * px[last] + 127) / 255 : px[c];
		int e = here[c];
		seen[c] = clamp(v + (e + (e < 0 ? -8 : 8)) / 16);
	}
	unsigned k = entry_of(m, seen);
	for (unsigned c = 0; c < p->channels; c++)
		off[c] = seen[c] - p->seen[k][c];
	if (m->strength)
		spread(m, here, below, step, off);
	return k;
}

static void map_row(struct map *m, const uint8_t *row, uint32_t width, uint32_t y, uint8_t *to)
{
	int *here = m->errors + (y & 1) * m->row + 4, *below = m->errors + (~y & 1) * m->row + 4;
	int step = y & 1 ? -1 : 1;
	memset(below - 4, 0, m->row * sizeof *below);
	for (uint32_t i = 0; i < width; i++) {
		size_t x = step > 0 ? i : width - 1 - i;
		to[x] = (uint8_t)map_pixel(m, row + x * m->p->channels, here + 4 * x, below + 4 * x, step);
	}
}

int leat_palette_map(const struct leat_palette *p, const struct leat_image_shape *s, const struct leat_rows *rows,
		     double dither, uint8_t *entries, struct leat_err *err)
{
	struct map *m = leat_zalloc(1, sizeof *m, err);
	if (!m)
		return -1;
	m->p = p;
	m->strength = (int)(dither * ONE + 0.5);
	m->row = 4 * ((size_t)s->width + 2);
	memset(m->entry, 0xff, sizeof m->entry);
	m->errors = leat_zalloc(2 * m->row, sizeof *m->errors, err);
	for (uint32_t y = 0; m->errors && y < s->height; y++)
		map_row(m, leat_row(rows, y), s->width, y, entries + (size_t)y * s->width);
	int ok = m->errors ? 0 : -1;
	free(m->errors);
	free(m);
	return ok;
}
