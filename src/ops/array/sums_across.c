/* SPDX-License-Identifier: MIT */
/*
 * Sums over lines that run across memory: a row has one number of each. Rows are added to a row of sums, which
 * stays in the cache. See sums_part.h.
 */
#include "ops/array/sums_part.h"
#include "ops/vectorize.h"

#include <string.h>

enum { WIDE = 256 }; /* sums that run beside each other */

struct wide {
	double sum[WIDE], square[WIDE], min[WIDE], max[WIDE], nan[WIDE], center[WIDE];
};

/* One row of numbers; NaN adds zero, and compares false. */
static void wide_sums(struct wide *w, const double *restrict x, size_t n)
{
	double *restrict sum = w->sum, *restrict nan = w->nan;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++) {
		double v = x[k];
		sum[k] += v == v ? v : 0;
		nan[k] += v == v ? 0 : 1;
	}
}

static void wide_extremes(struct wide *w, const double *restrict x, size_t n)
{
	double *restrict min = w->min, *restrict max = w->max;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++) {
		double v = x[k];
		min[k] = v < min[k] ? v : min[k];
		max[k] = v > max[k] ? v : max[k];
	}
}

static void wide_squares(struct wide *w, const double *restrict x, size_t n)
{
	double *restrict square = w->square;
	const double *restrict center = w->center;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++) {
		double v = x[k], d = v == v ? v - center[k] : 0;
		square[k] += d * d;
	}
}

/* What a row is looked at for. */
enum { DISTANCES = 4 }; /* squares of distances from the centers, and nothing else */

static void wide_row(struct wide *w, const double *x, size_t n, unsigned want)
{
	if (want & (LEAT_SUM_SQUARES | DISTANCES)) /* centers of zero where the numbers themselves are squared */
		wide_squares(w, x, n);
	if (want & DISTANCES)
		return;
	wide_sums(w, x, n);
	if (want & LEAT_SUM_EXTREMES)
		wide_extremes(w, x, n);
}

static void wide_clear(struct wide *w, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		w->sum[k] = w->square[k] = w->nan[k] = 0;
		w->min[k] = INFINITY;
		w->max[k] = -INFINITY;
	}
}

/* What was added since the last time joins the parts of `lines` lines: lane k is of line k modulo their number. */
static void wide_flush(struct wide *w, size_t n, size_t lines, struct leat_part *to)
{
	for (size_t k = 0; k < n; k++) {
		struct leat_part *p = &to[k % lines];
		leat_total_add(&p->sum, w->sum[k]);
		leat_total_add(&p->squares, w->square[k]);
		p->min = w->min[k] < p->min ? w->min[k] : p->min;
		p->max = w->max[k] > p->max ? w->max[k] : p->max;
		p->nan += (uint64_t)w->nan[k];
	}
}

/* Four rows at once, as if there were no NaN. */
static void four_rows(struct wide *w, const double *restrict a, size_t stride, size_t n, unsigned want)
{
	const double *restrict b = a + stride, *restrict c = b + stride, *restrict d = c + stride;
	double *restrict sum = w->sum, *restrict square = w->square, *restrict min = w->min, *restrict max = w->max;
	const double *restrict m = w->center;
	if (want & (LEAT_SUM_SQUARES | DISTANCES)) {
		LEAT_VECTORIZE
		for (size_t k = 0; k < n; k++) {
			double p = a[k] - m[k], q = b[k] - m[k], r = c[k] - m[k], s = d[k] - m[k];
			square[k] += (p * p + q * q) + (r * r + s * s);
		}
	}
	if (want & DISTANCES)
		return;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++)
		sum[k] += (a[k] + b[k]) + (c[k] + d[k]);
	if (!(want & LEAT_SUM_EXTREMES))
		return;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++) {
		double low = a[k] < min[k] ? a[k] : min[k], high = a[k] > max[k] ? a[k] : max[k];
		low = b[k] < low ? b[k] : low, high = b[k] > high ? b[k] : high;
		low = c[k] < low ? c[k] : low, high = c[k] > high ? c[k] : high;
		min[k] = d[k] < low ? d[k] : low, max[k] = d[k] > high ? d[k] : high;
	}
}

/* Rows that are added plainly, at first as if there were no NaN. */
static void block(struct wide *w, const double *x, size_t rows, size_t stride, size_t n, unsigned want)
{
	const double *told = want & DISTANCES ? w->square : w->sum;
	size_t y = 0;
	bool nan = false;
	wide_clear(w, n);
	for (; y + 4 <= rows; y += 4)
		four_rows(w, x + y * stride, stride, n, want);
	for (size_t k = 0; k < n; k++)
		nan = nan || told[k] != told[k];
	if (nan) {
		wide_clear(w, n);
		y = 0;
	}
	for (; y < rows; y++)
		wide_row(w, x + y * stride, n, want);
}

/*
 * `rows` rows of n numbers (at most WIDE) that begin at x, the rows `stride` apart. Number k is of line k modulo
 * `lines`; parts are added to.
 */
static void band(struct wide *w, const double *x, size_t rows, size_t stride, size_t n, size_t lines, unsigned want,
		 struct leat_part *to)
{
	for (size_t y = 0; y < rows; y += LEAT_SUM_BLOCK_ROWS) {
		block(w, x + y * stride, rows - y < LEAT_SUM_BLOCK_ROWS ? rows - y : LEAT_SUM_BLOCK_ROWS, stride, n,
		      want);
		wide_flush(w, n, lines, to);
	}
}

/* As band, of few lines: several rows, which lie side by side, are added as one. */
static void band_of_few(struct wide *w, const double *x, size_t rows, size_t lines, unsigned want, struct leat_part *to)
{
	size_t times = WIDE / 4 / lines, n = times * lines, wide_rows = rows / times, done = wide_rows * times;
	for (size_t k = lines; k < n; k++)
		w->center[k] = w->center[k - lines];
	band(w, x, wide_rows, n, n, lines, want, to);
	band(w, x + done * lines, rows - done, lines, lines, lines, want, to);
}

/* Rows [y0, y1) of all lines into to[0 .. lines). */
void leat_sums_across(const struct leat_lines *l, size_t y0, size_t y1, unsigned want, const double *center,
		      struct leat_part *to)
{
	struct wide w;
	for (size_t i = 0; i < l->lines; i++)
		to[i] = leat_no_part;
	for (size_t i = 0; i < l->lines; i += WIDE) {
		size_t n = l->lines - i < WIDE ? l->lines - i : WIDE;
		const double *x = l->data + y0 * l->lines + i;
		memset(w.center, 0, sizeof w.center);
		if (center)
			memcpy(w.center, center + i, n * sizeof *center);
		if (l->lines <= WIDE / 8)
			band_of_few(&w, x, y1 - y0, n, center ? DISTANCES : want, to + i);
		else
			band(&w, x, y1 - y0, l->lines, n, n, center ? DISTANCES : want, to + i);
	}
}
