/* SPDX-License-Identifier: MIT */
/* Eight result rows at a time: the weights, and the way through a call. See eight.h. */
#include "base/mem.h"
#include "ops/eight_impl.h"

#include <math.h>

static const double most_error = 0.3;

/* --- weights --- */

static double magnitudes(const struct leat_taps *t, double *largest)
{
	double most = 0;
	for (size_t i = 0; i < t->axis.out; i++) {
		double sum = 0;
		for (size_t k = 0; k < t->count[i]; k++) {
			double w = fabs((double)t->weight[i * t->step + k]);
			*largest = fmax(*largest, w);
			sum += w;
		}
		most = fmax(most, sum);
	}
	return most;
}

/* The most bits with which weights fit 16 bits and sums 32; 0: too few for the error that is allowed. */
static unsigned bits_for(const struct leat_taps *x, const struct leat_taps *y)
{
	double unused = 0, largest = 0, down = magnitudes(y, &unused), along = magnitudes(x, &largest);
	double word = 255 * down * (1 << LEAT_EIGHT_BITS); /* the largest that the columns give */
	if (word > 32000)
		return 0;
	for (unsigned bits = 16; bits > 12; bits--) {
		double one = (double)(1u << bits);
		if (largest * one < 32766 && along * one * word < 2140000000.0)
			return x->most * 0.5 / one * 255 <= most_error ? bits : 0;
	}
	return 0;
}

/* The running sum is rounded, not each weight: they sum to 2^bits exactly. */
static void round_pairs(const float *w, uint32_t n, unsigned bits, int16_t *q)
{
	double sum = 0, one = (double)(1u << bits);
	long last = 0;
	for (uint32_t j = 0; j < n; j++) {
		sum += (double)w[j];
		long now = j + 1 == n ? (long)one : lround(sum * one);
		q[j] = (int16_t)(now - last);
		last = now;
	}
}

int leat_pairs_make(struct leat_pairs *p, const struct leat_taps *x, const struct leat_taps *y, struct leat_err *err)
{
	*p = (struct leat_pairs){.bits = y->fixed ? bits_for(x, y) : 0};
	if (!p->bits)
		return 0;
	uint32_t n = x->most / 2 + 1, out = x->axis.out;
	p->first = leat_zalloc(out, sizeof *p->first, err);
	p->weight = leat_zalloc(leat_size_mul(out, 2 * (size_t)n), sizeof *p->weight, err);
	if (!p->first || !p->weight)
		return -1;
	for (size_t i = 0; i < out; i++) {
		p->first[i] = x->first[i] / 2;
		round_pairs(x->weight + i * x->step, x->count[i], p->bits, p->weight + i * 2 * n + x->first[i] % 2);
	}
	p->n = n;
	return 0;
}

void leat_pairs_free(struct leat_pairs *p)
{
	free(p->first);
	free(p->weight);
	*p = (struct leat_pairs){0};
}

/* --- what a call works in --- */

static size_t row_pairs(const struct leat_pairs *p, uint32_t width)
{
	return (size_t)width / 2 + 1 + p->n; /* the last weights are zeros, but what they meet is read */
}

static size_t up64(size_t n)
{
	return leat_size_add(n, 63) & ~(size_t)63;
}

static size_t pairs_bytes(const struct leat_pairs *p, uint32_t width, unsigned channels)
{
	return leat_size_mul(leat_size_mul(row_pairs(p, width), channels), LEAT_EIGHT_PAIR * sizeof(int16_t));
}

size_t leat_eight_scratch(const struct leat_pairs *p, uint32_t width, unsigned channels, uint32_t out)
{
	size_t rows = (size_t)LEAT_EIGHT * LEAT_EIGHT_ROW * sizeof(int16_t);
	size_t result = leat_size_mul(leat_size_add(leat_size_mul(out, channels), LEAT_EIGHT), LEAT_EIGHT);
	return leat_size_add(up64(rows), leat_size_add(up64(pairs_bytes(p, width, channels)), up64(result)));
}

static struct leat_eight_work lay_out(const struct leat_eight *e)
{
	uint8_t *at = e->scratch;
	struct leat_eight_work w = {.rows = (int16_t *)(void *)at};
	at += up64((size_t)LEAT_EIGHT * LEAT_EIGHT_ROW * sizeof(int16_t));
	w.pairs = (int16_t *)(void *)at;
	w.result = at + up64(pairs_bytes(e->x, e->width, e->channels));
	return w;
}

/* --- a call --- */

/*
 * Every n-th row, from `first` on, of the next tile, into the nearest cache: of a large image the rows of a tile lie so
 * far from each other that the processor does not guess what comes.
 */
static void fetch_ahead(const struct leat_rows *in, uint32_t first, uint32_t n, uint32_t end, size_t at)
{
	enum { LINE = 64 };
	for (uint32_t y = first; y < end; y += n)
		for (size_t i = 0; i < LEAT_EIGHT_TILE; i += LINE)
			__builtin_prefetch(leat_row(in, y) + at + i);
}

/* Column sums of all rows, tile by tile, and beside each other. Behind the last pixel all is zero. */
static void make_pairs(const struct leat_eight *e, const struct leat_rows *in, uint32_t y0, uint32_t n,
		       const struct leat_eight_work *w, enum leat_cpu level)
{
	size_t samples = (size_t)e->width * e->channels, pair = 2 * (size_t)e->channels;
	uint32_t first = e->y->first[y0], last = y0 + n - 1, end = e->y->first[last] + e->y->count[last];
	memset(w->rows, 0, (size_t)LEAT_EIGHT * LEAT_EIGHT_ROW * sizeof *w->rows);
	for (size_t at = 0; at < samples; at += LEAT_EIGHT_TILE) {
		size_t cols = samples - at < LEAT_EIGHT_TILE ? samples - at : LEAT_EIGHT_TILE;
		for (uint32_t r = 0; r < n; r++) {
			const struct leat_taps *t = e->y;
			struct leat_eight_column c = {leat_row(in, t->first[y0 + r]) + at, in->stride,
						      t->fixed + (size_t)(y0 + r) * t->step, t->count[y0 + r],
						      t->bits - LEAT_EIGHT_BITS};
			int16_t *to = w->rows + (size_t)r * LEAT_EIGHT_ROW;
			if (at + 2 * LEAT_EIGHT_TILE <= samples)
				fetch_ahead(in, first + r, n, end, at + LEAT_EIGHT_TILE);
			leat_eight_columns(&c, cols, to, level);
			memset(to + cols, 0, (LEAT_EIGHT_ROW - cols) * sizeof *to);
		}
		leat_eight_lay(w->rows, (cols + pair - 1) / pair, e->channels, w->pairs + at / 2 * LEAT_EIGHT_PAIR,
			       level);
	}
	size_t made = ((size_t)e->width + 1) / 2, all = row_pairs(e->x, e->width);
	size_t each = (size_t)e->channels * LEAT_EIGHT_PAIR;
	memset(w->pairs + made * each, 0, (all - made) * each * sizeof *w->pairs);
}

void leat_eight_rows(const struct leat_eight *e, const struct leat_rows *in, uint32_t y0, uint32_t y1, uint8_t *to,
		     size_t stride, enum leat_cpu level)
{
	struct leat_eight_work w = lay_out(e);
	make_pairs(e, in, y0, y1 - y0, &w, level);
	leat_eight_along(e, &w, level);
	leat_eight_put(e, &w, y1 - y0, to, stride, level);
}
