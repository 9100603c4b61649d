/* SPDX-License-Identifier: MIT */
/* See spread.h. */
#include "ops/array/spread.h"

#include "base/mem.h"

enum { PART = 1 << 14 }; /* numbers: 128 KiB */

struct part {
	struct leat_sum sum;
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
		double d = more->sum.sum / nb - p->sum.sum / na;
		p->squares += more->squares + d * d * na * nb / (na + nb);
	} else if (nb > 0) {
		p->squares = more->squares;
	}
	p->sum.sum += more->sum.sum;
	p->sum.n += more->sum.n;
	p->sum.nan += more->sum.nan;
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
		struct leat_lines l = {.data = (double *)(uintptr_t)(x + i * PART),
				       .lines = 1,
				       .length = n - i * PART < PART ? n - i * PART : PART};
		(void)twice(&l, 1, &p[i].sum, &p[i].squares, &p[i].err);
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
