/* SPDX-License-Identifier: MIT */
/* See spread.h. */
#include "ops/array/spread.h"

#include "base/mem.h"
#include "ops/array/two.h"

#include <math.h>

enum { PART = 1 << 14, BLOCK = 512 }; /* numbers */
static const double most_off = 0.25; /* of the squares: two bits at most */

struct part {
	struct leat_sum sum;
	/* The mean is center + off: far from zero a number alone would not tell two means from each other. */
	double center, off;
	double squares;
	struct leat_err err;
};

/* Both ways over lines that are given whole. */
static int twice(const struct leat_lines *l, int team, struct leat_sum *sum, double *squares, struct leat_err *err)
{
	double *mean = leat_zalloc(l->lines, sizeof *mean, err);
	int ok = mean ? leat_lines_sum(l, 0, team, sum, err) : -1;
	for (size_t i = 0; ok == 0 && i < l->lines; i++)
		mean[i] = sum[i].n ? sum[i].sum / (double)sum[i].n : 0;
	if (ok == 0)
		ok = leat_lines_squares(l, mean, team, squares, err);
	free(mean);
	return ok;
}

/* p and later numbers become p. */
static void join(struct part *p, const struct part *more)
{
	double na = (double)p->sum.n, nb = (double)more->sum.n;
	if (nb > 0 && na > 0) {
		double d = (more->center - p->center) + (more->off - p->off);
		p->squares += more->squares + d * d * (na * nb / (na + nb));
		p->off += d * nb / (na + nb);
	} else if (nb > 0) {
		p->squares = more->squares;
		p->center = more->center;
		p->off = more->off;
	}
	p->sum.sum += more->sum.sum;
	p->sum.n += more->sum.n;
	p->sum.nan += more->sum.nan;
}

/* Sums of a block, seen from c: of the numbers, of their distances, of the squares of these. */
static void block_sums(const double *x, size_t n, double c, double to[static 3])
{
	leat_two sum[4] = {{0}}, far[4] = {{0}}, square[4] = {{0}}, m = {c, c};
	size_t i = 0;
	for (; i + 8 <= n; i += 8)
		for (size_t k = 0; k < 4; k++) {
			leat_two v = leat_two_at(x + i + 2 * k), d = v - m;
			sum[k] += v;
			far[k] += d;
			square[k] += d * d;
		}
	to[0] = leat_two_join(sum[0], sum[1], sum[2], sum[3]);
	to[1] = leat_two_join(far[0], far[1], far[2], far[3]);
	to[2] = leat_two_join(square[0], square[1], square[2], square[3]);
	for (; i < n; i++) {
		double d = x[i] - c;
		to[0] += x[i];
		to[1] += d;
		to[2] += d * d;
	}
}

/* How far the mean of n numbers is from c, NaN left out. */
static double off_center(const double *x, size_t k, double c, uint64_t n)
{
	double sum = 0;
	for (size_t i = 0; i < k; i++)
		sum += x[i] == x[i] ? x[i] - c : 0;
	return n ? sum / (double)n : 0;
}

/*
 * One way: squares are taken of the distances from the mean of what came before, and what that is off is taken away
 * again. Where that would be most of them, or a number is none, the block is gone through twice.
 */
static int one_part(const double *x, size_t n, struct part *p)
{
	double c = x[0];
	*p = (struct part){.squares = 0};
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t k = n - i < BLOCK ? n - i : BLOCK;
		double s[3];
		block_sums(x + i, k, c, s);
		double off = s[1] * s[1] / (double)k;
		struct part b = {
			.sum = {.n = k, .sum = s[0]}, .center = c, .off = s[1] / (double)k, .squares = s[2] - off};
		if (!isfinite(s[2]) || !(off <= most_off * s[2])) {
			struct leat_lines l = {.data = (double *)(uintptr_t)(x + i), .lines = 1, .length = k};
			if (twice(&l, 1, &b.sum, &b.squares, &p->err) < 0)
				return -1;
			b.center = b.sum.n ? b.sum.sum / (double)b.sum.n : 0;
			b.off = off_center(x + i, k, b.center, b.sum.n);
		}
		join(p, &b);
		c = p->sum.n ? p->center + p->off : c;
	}
	return 0;
}

/* One long line. */
static int in_parts(const double *x, size_t n, int team, struct leat_sum *sum, double *squares, struct leat_err *err)
{
	size_t parts = (n - 1) / PART + 1;
	struct part *p = leat_zalloc(parts, sizeof *p, err);
	int ok = p ? 0 : -1;
	(void)team; /* not used without OpenMP */
#pragma omp parallel for num_threads(team) schedule(static) if (team > 1)
	for (size_t i = 0; i < (p ? parts : 0); i++) {
		(void)one_part(x + i * PART, n - i * PART < PART ? n - i * PART : PART, &p[i]); /* p[i].err tells */
	}
	for (size_t i = 0; ok == 0 && i < parts; i++) {
		if (p[i].err.cause != LEAT_CAUSE_NONE)
			ok = leat_fail(err, p[i].err.cause, "%s", p[i].err.text);
		if (i > 0)
			join(&p[0], &p[i]);
	}
	if (ok == 0) {
		*sum = p[0].sum;
		*squares = p[0].squares;
	}
	free(p);
	return ok;
}

int leat_lines_spread(const struct leat_lines *l, int team, struct leat_sum *sum, double *squares, struct leat_err *err)
{
	if (l->across || l->length <= PART)
		return twice(l, team, sum, squares, err);
	for (size_t i = 0; i < l->lines; i++)
		if (in_parts(l->data + i * l->length, l->length, team, &sum[i], &squares[i], err) < 0)
			return -1;
	return 0;
}
