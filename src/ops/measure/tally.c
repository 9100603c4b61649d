/* SPDX-License-Identifier: MIT */
/* Counting samples. See tally.h. */
#include "ops/measure/tally.h"

#include "base/mem.h"
#include "ops/vectorize.h"

static size_t fine_count(const struct leat_tally_want *w)
{
	return w->fine && w->shape.sample == LEAT_U16 ? (size_t)w->shape.channels << 16 : 0;
}

size_t leat_tally_bytes(const struct leat_tally_want *w)
{
	return sizeof(struct leat_tally) + fine_count(w) * sizeof(uint64_t);
}

struct leat_tally *leat_tally_new(const struct leat_tally_want *w, struct leat_err *err)
{
	struct leat_tally *t = leat_zalloc(1, sizeof *t, err);
	if (!t)
		return NULL;
	for (int c = 0; c < 4; c++)
		t->moments[c].min = UINT64_MAX;
	if (fine_count(w)) {
		t->fine = leat_zalloc(fine_count(w), sizeof *t->fine, err);
		if (!t->fine)
			leat_tally_free(&t);
	}
	return t;
}

void leat_tally_free(struct leat_tally **t)
{
	if (*t)
		free((*t)->fine);
	free(*t);
	*t = NULL;
}

/* `channels` is a constant where these are called, so that the inner loops unroll. */
LEAT_INLINE void count_bytes(struct leat_tally *t, const uint8_t *row, size_t width, unsigned channels)
{
	for (size_t x = 0; x < width; x++, row += channels)
		for (unsigned c = 0; c < channels; c++)
			t->coarse[c][row[c]]++;
}

/* Four counts by turns: equal neighbors would wait for each other in one. leat_tally_close joins them. */
static void count_gray_bytes(struct leat_tally *t, const uint8_t *row, size_t width)
{
	size_t x = 0;
	for (; x + 4 <= width; x += 4)
		for (unsigned lane = 0; lane < 4; lane++)
			t->coarse[lane][row[x + lane]]++;
	for (; x < width; x++)
		t->coarse[0][row[x]]++;
}

LEAT_INLINE void add_moments(struct leat_tally *t, const uint16_t *row, size_t width, unsigned channels)
{
	for (unsigned c = 0; c < channels; c++) {
		struct leat_moments *m = &t->moments[c];
		uint64_t sum = 0, squares = 0, full = 0;
		uint16_t min = UINT16_MAX, max = 0;
		for (size_t x = 0; x < width; x++) {
			uint16_t v = row[x * channels + c];
			sum += v;
			squares += (uint32_t)v * v;
			full += v == UINT16_MAX;
			min = v < min ? v : min;
			max = v > max ? v : max;
		}
		m->sum += sum;
		m->squares += squares;
		m->full += full;
		m->min = min < m->min ? min : m->min;
		m->max = max > m->max ? max : m->max;
	}
}

static void count_words(struct leat_tally *t, const struct leat_tally_want *w, const uint16_t *row)
{
	size_t channels = w->shape.channels, n = w->shape.width * channels;
	for (size_t i = 0, c = 0; i < n && w->coarse; i++, c = c + 1 == channels ? 0 : c + 1)
		t->coarse[c][row[i] >> 8]++;
	for (size_t i = 0, c = 0; i < n && t->fine; i++, c = c + 1 == channels ? 0 : c + 1)
		t->fine[c << 16 | row[i]]++;
}

static void moments_row(struct leat_tally *t, const struct leat_tally_want *w, const uint16_t *row)
{
	switch (w->shape.channels) {
	case 1:
		add_moments(t, row, w->shape.width, 1);
		break;
	case 2:
		add_moments(t, row, w->shape.width, 2);
		break;
	case 3:
		add_moments(t, row, w->shape.width, 3);
		break;
	default:
		add_moments(t, row, w->shape.width, 4);
	}
}

static void bytes_row(struct leat_tally *t, const struct leat_tally_want *w, const uint8_t *row)
{
	switch (w->shape.channels) {
	case 1:
		count_gray_bytes(t, row, w->shape.width);
		break;
	case 2:
		count_bytes(t, row, w->shape.width, 2);
		break;
	case 3:
		count_bytes(t, row, w->shape.width, 3);
		break;
	default:
		count_bytes(t, row, w->shape.width, 4);
	}
}

/* The pixel's color as bytes; gray three times. */
LEAT_INLINE void color_bytes(const struct leat_tally_want *w, const uint8_t *row, size_t x, uint8_t rgb[3])
{
	size_t at = x * w->shape.channels, gray = w->shape.channels < 3;
	for (size_t c = 0; c < 3; c++) {
		size_t i = gray ? at : at + c;
		rgb[c] = w->shape.sample == LEAT_U8 ? row[i] : (uint8_t)(((const uint16_t *)(const void *)row)[i] >> 8);
	}
}

static void colors_row(struct leat_tally *t, const struct leat_tally_want *w, const uint8_t *row)
{
	uint8_t rgb[3];
	for (size_t x = 0; x < w->shape.width; x++) {
		color_bytes(w, row, x, rgb);
		t->bins[rgb[0] >> 4 << 8 | rgb[1] >> 4 << 4 | rgb[2] >> 4]++;
	}
}

static void luminance_row(struct leat_tally *t, const struct leat_tally_want *w, const uint8_t *row)
{
	const float *light = w->curve->decode;
	uint8_t rgb[3];
	for (size_t x = 0; x < w->shape.width; x++) {
		color_bytes(w, row, x, rgb);
		float y = 0.2126f * light[rgb[0]] + 0.7152f * light[rgb[1]] + 0.0722f * light[rgb[2]];
		t->luminance[(uint8_t)(leat_transfer_encode(w->curve, y) + 0.5f)]++;
	}
}

void leat_tally_row(struct leat_tally *t, const struct leat_tally_want *w, const uint8_t *row)
{
	if (w->shape.sample == LEAT_U8) {
		bytes_row(t, w, row);
	} else {
		moments_row(t, w, (const void *)row);
		count_words(t, w, (const void *)row);
	}
	if (w->colors)
		colors_row(t, w, row);
	if (w->curve)
		luminance_row(t, w, row);
}

static void add_counts(uint64_t *to, const uint64_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

void leat_tally_add(struct leat_tally *to, const struct leat_tally *from, const struct leat_tally_want *w)
{
	for (int c = 0; c < 4; c++) {
		struct leat_moments *m = &to->moments[c];
		const struct leat_moments *more = &from->moments[c];
		m->sum += more->sum;
		m->squares += more->squares;
		m->full += more->full;
		m->min = more->min < m->min ? more->min : m->min;
		m->max = more->max > m->max ? more->max : m->max;
	}
	add_counts(to->coarse[0], from->coarse[0], sizeof to->coarse / sizeof **to->coarse);
	add_counts(to->luminance, from->luminance, LEAT_LEN(to->luminance));
	add_counts(to->bins, from->bins, LEAT_COLOR_BINS);
	if (to->fine)
		add_counts(to->fine, from->fine, fine_count(w));
}

static void moments_of_levels(struct leat_moments *m, const uint64_t levels[256])
{
	*m = (struct leat_moments){.min = UINT64_MAX};
	for (uint64_t v = 0; v < 256; v++) {
		if (!levels[v])
			continue;
		m->sum += (leat_u128)v * levels[v];
		m->squares += (leat_u128)(v * v) * levels[v];
		m->min = m->min == UINT64_MAX ? v : m->min;
		m->max = v;
	}
	m->full = levels[255];
}

void leat_tally_close(struct leat_tally *t, const struct leat_tally_want *w)
{
	if (w->shape.sample != LEAT_U8)
		return;
	for (unsigned lane = 1; lane < 4 && w->shape.channels == 1; lane++)
		add_counts(t->coarse[0], t->coarse[lane], 256);
	for (unsigned c = 0; c < w->shape.channels; c++)
		moments_of_levels(&t->moments[c], t->coarse[c]);
}

const uint64_t *leat_tally_levels(const struct leat_tally *t, const struct leat_tally_want *w, unsigned c)
{
	if (w->shape.sample == LEAT_U8)
		return t->coarse[c];
	return t->fine ? t->fine + ((size_t)c << 16) : NULL;
}
