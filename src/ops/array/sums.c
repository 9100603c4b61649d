/* SPDX-License-Identifier: MIT */
/*
 * Sums over lines. See sums.h.
 *
 * The work is cut into parts whose size depends on the array alone, never on the team: parts of one line, or bands of
 * rows where lines run across. Each part is added up by one thread; the parts of a line are then merged in order.
 */
#include "ops/array/sums_part.h"

#include "base/mem.h"
#include "ops/array/two.h"
#include "ops/vectorize.h"

#include <math.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	PART = 1 << 16, /* numbers */
	BLOCK = 512, /* numbers that are added plainly */
};

/* ---- numbers side by side: blocks are added as if there were no NaN, and again with care where one shows */

#ifndef __SSE2__
typedef int64_t masks __attribute__((vector_size(16)));
#endif

static double sum_fast(const double *x, size_t n)
{
	leat_two a = {0}, b = {0}, c = {0}, d = {0};
	size_t i = 0;
	double rest = 0;
	for (; i + 8 <= n; i += 8) {
		a += leat_two_at(x + i);
		b += leat_two_at(x + i + 2);
		c += leat_two_at(x + i + 4);
		d += leat_two_at(x + i + 6);
	}
	for (; i < n; i++)
		rest += x[i];
	return leat_two_join(a, b, c, d) + rest;
}

static double squares_fast(const double *x, size_t n, double center)
{
	leat_two a = {0}, b = {0}, c = {0}, d = {0}, m = {center, center};
	size_t i = 0;
	double rest = 0;
	for (; i + 8 <= n; i += 8) {
		leat_two p = leat_two_at(x + i) - m, q = leat_two_at(x + i + 2) - m, r = leat_two_at(x + i + 4) - m,
			 s = leat_two_at(x + i + 6) - m;
		a += p * p;
		b += q * q;
		c += r * r;
		d += s * s;
	}
	for (; i < n; i++)
		rest += (x[i] - center) * (x[i] - center);
	return leat_two_join(a, b, c, d) + rest;
}

/* Where v is smaller, or larger, v; else m, also where v is NaN. */
#ifdef __SSE2__
static leat_two smaller(leat_two v, leat_two m)
{
	return (leat_two)_mm_min_pd((__m128d)v, (__m128d)m);
}

static leat_two larger(leat_two v, leat_two m)
{
	return (leat_two)_mm_max_pd((__m128d)v, (__m128d)m);
}
#else
static leat_two smaller(leat_two v, leat_two m)
{
	masks less = v < m;
	return (leat_two)(((masks)v & less) | ((masks)m & ~less));
}

static leat_two larger(leat_two v, leat_two m)
{
	masks more = v > m;
	return (leat_two)(((masks)v & more) | ((masks)m & ~more));
}
#endif

/* NaN compares false, and so is neither. */
static void extremes(const double *x, size_t n, struct leat_part *p)
{
	leat_two low[2] = {{p->min, p->min}, {p->min, p->min}}, high[2] = {{p->max, p->max}, {p->max, p->max}};
	size_t i = 0;
	for (; i + 4 <= n; i += 4) {
		leat_two u = leat_two_at(x + i), v = leat_two_at(x + i + 2);
		low[0] = smaller(u, low[0]);
		low[1] = smaller(v, low[1]);
		high[0] = larger(u, high[0]);
		high[1] = larger(v, high[1]);
	}
	for (; i < n; i++) {
		p->min = x[i] < p->min ? x[i] : p->min;
		p->max = x[i] > p->max ? x[i] : p->max;
	}
	for (int k = 0; k < 4; k++) {
		p->min = low[k / 2][k % 2] < p->min ? low[k / 2][k % 2] : p->min;
		p->max = high[k / 2][k % 2] > p->max ? high[k / 2][k % 2] : p->max;
	}
}

/* The same without NaN, which is counted. */
static double sum_careful(const double *x, size_t n, uint64_t *nan)
{
	double s = 0;
	for (size_t i = 0; i < n; i++) {
		s += x[i] == x[i] ? x[i] : 0;
		*nan += x[i] != x[i];
	}
	return s;
}

static double squares_careful(const double *x, size_t n, double center)
{
	double s = 0;
	for (size_t i = 0; i < n; i++)
		s += x[i] == x[i] ? (x[i] - center) * (x[i] - center) : 0;
	return s;
}

static double squares(const double *x, size_t n, double center)
{
	double s = squares_fast(x, n, center);
	return s == s ? s : squares_careful(x, n, center);
}

static void sum_block(const double *x, size_t n, unsigned want, struct leat_part *p)
{
	double s = sum_fast(x, n);
	leat_total_add(&p->sum, s == s ? s : sum_careful(x, n, &p->nan));
	if (want & LEAT_SUM_SQUARES)
		leat_total_add(&p->squares, squares(x, n, 0));
	if (want & LEAT_SUM_EXTREMES)
		extremes(x, n, p);
}

/* center NULL: what is wanted; else the squares of the distances alone. */
static void part_along(const double *x, size_t n, unsigned want, const double *center, struct leat_part *p)
{
	*p = leat_no_part;
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t k = n - i < BLOCK ? n - i : BLOCK;
		if (center)
			leat_total_add(&p->squares, squares(x + i, k, *center));
		else
			sum_block(x + i, k, want, p);
	}
}

/* ---- parts to lines ---- */

/* Numbers of a line that make a part. Across, a part has so many rows that it holds about PART numbers. */
static size_t part_length(const struct leat_lines *l)
{
	if (!l->across)
		return PART;
	return l->lines >= PART / LEAT_SUM_BLOCK_ROWS ? LEAT_SUM_BLOCK_ROWS : PART / l->lines;
}

/* All parts: part p of line i at [p * lines + i]. *n: parts of each line. NULL with *err. */
static struct leat_part *all_parts(const struct leat_lines *l, unsigned want, const double *center, int team, size_t *n,
				   struct leat_err *err)
{
	size_t step = l->lines ? part_length(l) : 1;
	*n = l->length ? (l->length - 1) / step + 1 : 1;
	struct leat_part *parts = leat_zalloc(leat_size_mul(*n, l->lines), sizeof *parts, err);
	if (!parts)
		return NULL;
	size_t units = l->across ? *n : *n * l->lines;
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (size_t u = 0; u < units; u++) {
		size_t p = l->across ? u : u / l->lines, i = l->across ? 0 : u % l->lines;
		size_t from = p * step, to = l->length - from < step ? l->length : from + step;
		if (l->across)
			leat_sums_across(l, from, to, want, center, parts + p * l->lines);
		else
			part_along(l->data + i * l->length + from, to - from, want, center ? &center[i] : NULL,
				   &parts[u]);
	}
	return parts;
}

int leat_lines_sum(const struct leat_lines *l, unsigned want, int team, struct leat_sum *to, struct leat_err *err)
{
	size_t n;
	struct leat_part *parts = all_parts(l, want, NULL, team, &n, err);
	for (size_t i = 0; parts && i < l->lines; i++) {
		struct leat_part all = leat_no_part;
		for (size_t p = 0; p < n; p++)
			leat_part_merge(&all, &parts[p * l->lines + i]);
		to[i] = (struct leat_sum){.n = l->length - all.nan,
					  .nan = all.nan,
					  .sum = leat_total(&all.sum),
					  .squares = leat_total(&all.squares),
					  .min = all.min,
					  .max = all.max};
	}
	free(parts);
	return parts ? 0 : -1;
}

int leat_lines_squares(const struct leat_lines *l, const double *center, int team, double *to, struct leat_err *err)
{
	size_t n;
	struct leat_part *parts = all_parts(l, 0, center, team, &n, err);
	for (size_t i = 0; parts && i < l->lines; i++) {
		struct leat_total all = {0, 0};
		for (size_t p = 0; p < n; p++)
			leat_total_merge(&all, &parts[p * l->lines + i].squares);
		to[i] = leat_total(&all);
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
