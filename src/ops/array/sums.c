/* SPDX-License-Identifier: MIT */
/*
 * Sums over lines. See sums.h.
 *
 * The work is cut into parts whose size depends on the array alone, never on the team: parts of one line, or bands of
 * rows where lines run across. Each part is added up by one thread; the parts of a line are then merged in order.
 */
#include "ops/array/sums.h"

#include "base/mem.h"
#include "ops/vectorize.h"

#include <math.h>

enum {
	PART = 1 << 16, /* numbers */
	BLOCK = 512, /* numbers that are added plainly */
	LANES = 4, /* sums that run beside each other in registers */
	WIDE = 256, /* sums that run beside each other in the cache, where lines run across */
	BLOCK_ROWS = 128,
};

/* A sum and what rounding took from it. */
struct total {
	double sum, lost;
};

static void add(struct total *t, double v)
{
	double s = t->sum + v;
	t->lost += fabs(t->sum) >= fabs(v) ? (t->sum - s) + v : (v - s) + t->sum;
	t->sum = s;
}

static void add_total(struct total *t, const struct total *more)
{
	add(t, more->sum);
	t->lost += more->lost;
}

/* Infinite and NaN sums have lost something undefined. */
static double total(const struct total *t)
{
	return isfinite(t->sum) ? t->sum + t->lost : t->sum;
}

/* All that is known of a part. */
struct part {
	struct total sum, squares;
	double min, max;
	uint64_t nan;
};
static const struct part nothing = {.min = INFINITY, .max = -INFINITY};

static void add_part(struct part *p, const struct part *more)
{
	add_total(&p->sum, &more->sum);
	add_total(&p->squares, &more->squares);
	p->min = more->min < p->min ? more->min : p->min;
	p->max = more->max > p->max ? more->max : p->max;
	p->nan += more->nan;
}

static double join(const double v[LANES])
{
	return (v[0] + v[1]) + (v[2] + v[3]);
}

/* ---- numbers side by side ---- */

/* One number into lane k. NaN adds zero, and compares false. */
#define SUM_ONE(k, v)                                    \
	do {                                             \
		double x_ = (v), y_ = x_ == x_ ? x_ : 0; \
		sum[k] += y_;                            \
		square[k] += y_ * y_;                    \
		min[k] = x_ < min[k] ? x_ : min[k];      \
		max[k] = x_ > max[k] ? x_ : max[k];      \
		nan[k] += x_ == x_ ? 0 : 1;              \
	} while (0)

static void sum_block(const double *restrict x, size_t n, struct part *p)
{
	double sum[LANES] = {0}, square[LANES] = {0}, nan[LANES] = {0};
	double min[LANES] = {INFINITY, INFINITY, INFINITY, INFINITY};
	double max[LANES] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		LEAT_VECTORIZE
		for (size_t k = 0; k < LANES; k++)
			SUM_ONE(k, x[i + k]);
	}
	for (; i < n; i++)
		SUM_ONE(0, x[i]);
	add(&p->sum, join(sum));
	add(&p->squares, join(square));
	for (size_t k = 0; k < LANES; k++) {
		p->min = min[k] < p->min ? min[k] : p->min;
		p->max = max[k] > p->max ? max[k] : p->max;
	}
	p->nan += (uint64_t)join(nan);
}

static void square_block(const double *restrict x, size_t n, double center, struct part *p)
{
	double square[LANES] = {0};
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		LEAT_VECTORIZE
		for (size_t k = 0; k < LANES; k++) {
			double v = x[i + k], d = v == v ? v - center : 0;
			square[k] += d * d;
		}
	}
	for (; i < n; i++)
		square[0] += x[i] == x[i] ? (x[i] - center) * (x[i] - center) : 0;
	add(&p->squares, join(square));
}

/* center NULL: all sums; else the squares of the distances alone. */
static void part_along(const double *x, size_t n, const double *center, struct part *p)
{
	*p = nothing;
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t k = n - i < BLOCK ? n - i : BLOCK;
		if (center)
			square_block(x + i, k, *center, p);
		else
			sum_block(x + i, k, p);
	}
}

/* ---- lines across: a row has one number of each ---- */

struct wide {
	double sum[WIDE], square[WIDE], min[WIDE], max[WIDE], nan[WIDE], center[WIDE];
};

static void wide_sums(struct wide *w, const double *restrict x, size_t n)
{
	double *restrict sum = w->sum, *restrict square = w->square, *restrict nan = w->nan;
	double *restrict min = w->min, *restrict max = w->max;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++)
		SUM_ONE(k, x[k]);
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

static void wide_clear(struct wide *w, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		w->sum[k] = w->square[k] = w->nan[k] = 0;
		w->min[k] = INFINITY;
		w->max[k] = -INFINITY;
	}
}

/* What was added since the last time joins the parts of `lines` lines: lane k is of line k modulo their number. */
static void wide_flush(struct wide *w, size_t n, size_t lines, struct part *to)
{
	for (size_t k = 0; k < n; k++) {
		struct part *p = &to[k % lines];
		add(&p->sum, w->sum[k]);
		add(&p->squares, w->square[k]);
		p->min = w->min[k] < p->min ? w->min[k] : p->min;
		p->max = w->max[k] > p->max ? w->max[k] : p->max;
		p->nan += (uint64_t)w->nan[k];
	}
	wide_clear(w, n);
}

/* `rows` rows of the `lines` lines (at most WIDE) that begin at x, the rows `stride` apart. Parts are added to. */
static void band(struct wide *w, const double *x, size_t rows, size_t stride, size_t lines, bool squares,
		 struct part *to)
{
	wide_clear(w, lines);
	for (size_t y = 0; y < rows; y++) {
		if (squares)
			wide_squares(w, x + y * stride, lines);
		else
			wide_sums(w, x + y * stride, lines);
		if (y % BLOCK_ROWS == BLOCK_ROWS - 1 || y + 1 == rows)
			wide_flush(w, lines, lines, to);
	}
}

/* As band, of few lines: several rows, which lie side by side, are added as one. */
static void band_of_few(struct wide *w, const double *x, size_t rows, size_t lines, bool squares, struct part *to)
{
	size_t times = WIDE / 4 / lines, n = times * lines, y = 0;
	for (size_t k = lines; k < n; k++)
		w->center[k] = w->center[k - lines];
	wide_clear(w, n);
	for (size_t done = 1; y + times <= rows; y += times, done++) {
		if (squares)
			wide_squares(w, x + y * lines, n);
		else
			wide_sums(w, x + y * lines, n);
		if (done % BLOCK_ROWS == 0)
			wide_flush(w, n, lines, to);
	}
	wide_flush(w, n, lines, to);
	band(w, x + y * lines, rows - y, lines, lines, squares, to);
}

/* Rows [y0, y1) of all lines into to[0 .. lines). */
static void part_across(const struct leat_lines *l, size_t y0, size_t y1, const double *center, struct part *to)
{
	struct wide w;
	for (size_t i = 0; i < l->lines; i++)
		to[i] = nothing;
	for (size_t i = 0; i < l->lines; i += WIDE) {
		size_t n = l->lines - i < WIDE ? l->lines - i : WIDE;
		const double *x = l->data + y0 * l->lines + i;
		if (center)
			memcpy(w.center, center + i, n * sizeof *center);
		if (l->lines <= WIDE / 8)
			band_of_few(&w, x, y1 - y0, n, center != NULL, to + i);
		else
			band(&w, x, y1 - y0, l->lines, n, center != NULL, to + i);
	}
}

/* ---- parts to lines ---- */

/* Numbers of a line that make a part. Across, a part has so many rows that it holds about PART numbers. */
static size_t part_length(const struct leat_lines *l)
{
	if (!l->across)
		return PART;
	return l->lines >= PART / BLOCK_ROWS ? BLOCK_ROWS : PART / l->lines;
}

/* All parts: part p of line i at [p * lines + i]. *n: parts of each line. NULL with *err. */
static struct part *all_parts(const struct leat_lines *l, const double *center, int team, size_t *n,
			      struct leat_err *err)
{
	size_t step = l->lines ? part_length(l) : 1;
	*n = l->length ? (l->length - 1) / step + 1 : 1;
	struct part *parts = leat_zalloc(leat_size_mul(*n, l->lines), sizeof *parts, err);
	if (!parts)
		return NULL;
	size_t units = l->across ? *n : *n * l->lines;
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (size_t u = 0; u < units; u++) {
		size_t p = l->across ? u : u / l->lines, i = l->across ? 0 : u % l->lines;
		size_t from = p * step, to = l->length - from < step ? l->length : from + step;
		if (l->across)
			part_across(l, from, to, center, parts + p * l->lines);
		else
			part_along(l->data + i * l->length + from, to - from, center ? &center[i] : NULL, &parts[u]);
	}
	return parts;
}

int leat_lines_sum(const struct leat_lines *l, int team, struct leat_sum *to, struct leat_err *err)
{
	size_t n;
	struct part *parts = all_parts(l, NULL, team, &n, err);
	for (size_t i = 0; parts && i < l->lines; i++) {
		struct part all = nothing;
		for (size_t p = 0; p < n; p++)
			add_part(&all, &parts[p * l->lines + i]);
		to[i] = (struct leat_sum){.n = l->length - all.nan,
					  .nan = all.nan,
					  .sum = total(&all.sum),
					  .squares = total(&all.squares),
					  .min = all.min,
					  .max = all.max};
	}
	free(parts);
	return parts ? 0 : -1;
}

int leat_lines_squares(const struct leat_lines *l, const double *center, int team, double *to, struct leat_err *err)
{
	size_t n;
	struct part *parts = all_parts(l, center, team, &n, err);
	for (size_t i = 0; parts && i < l->lines; i++) {
		struct total all = {0, 0};
		for (size_t p = 0; p < n; p++)
			add_total(&all, &parts[p * l->lines + i].squares);
		to[i] = total(&all);
	}
	free(parts);
	return parts ? 0 : -1;
}

/* ---- the way back ---- */

static double clamped(double v, double low, double high)
{
	v = v < low ? low : v; /* NaN stays */
	return v > high ? high : v;
}

static void scale_along(const double *x, size_t n, size_t line, const struct leat_scaling *s, double *to)
{
	double offset = s->offset, low = s->low, high = s->high;
	double center = s->center[line], divisor = s->divisor[line], factor = s->factor[line];
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++)
		to[k] = clamped((x[k] - center) / divisor * factor + offset, low, high);
}

static void scale_across(const double *x, size_t n, const struct leat_scaling *s, double *to)
{
	double offset = s->offset, low = s->low, high = s->high;
	const double *center = s->center, *divisor = s->divisor, *factor = s->factor;
	LEAT_VECTORIZE
	for (size_t k = 0; k < n; k++)
		to[k] = clamped((x[k] - center[k]) / divisor[k] * factor[k] + offset, low, high);
}

void leat_lines_scale(const struct leat_lines *l, const struct leat_scaling *s, int team, double *to)
{
	size_t n = l->across ? l->length : l->lines;
	size_t length = l->across ? l->lines : l->length;
	size_t pieces =
		!l->across && n == 1 && length ? (length - 1) / PART + 1 : 1; /* one long line is shared out, too */
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (size_t u = 0; u < n * pieces; u++) {
		size_t at = u / pieces * length + u % pieces * PART;
		size_t k = pieces == 1 ? length : length - at < PART ? length - at : PART;
		if (l->across)
			scale_across(l->data + at, k, s, to + at);
		else
			scale_along(l->data + at, k, u / pieces, s, to + at);
	}
}
