/* SPDX-License-Identifier: MIT */
/*
 * numeric [N]: what the kernels of the numeric steps take over N numbers (8 million) that are in memory: mean and
 * std beside the bandwidth of plain reading, two expressions in nanoseconds a number, a transform. By one thread and
 * by all; the best of nine rounds, in which everything takes its turn.
 */
#include "base/mem.h"
#include "base/num.h"
#include "ops/array/spread.h"
#include "ops/expr/expr.h"
#include "ops/signal/dft.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 9 };

static double *x, *z;
static struct leat_complex *wave, *room;
static size_t n = 8000000;
static struct leat_fft *plan;
static volatile double sink;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Plain reading: as many sums as hide the latency of an addition. */
static void read_all(int team)
{
	double all = 0;
#pragma omp parallel for num_threads(team) reduction(+ : all)
	for (int t = 0; t < team; t++) {
		double s[16] = {0};
		size_t to = n / 16 * (size_t)(t + 1) / (size_t)team;
		for (size_t i = n / 16 * (size_t)t / (size_t)team; i < to; i++)
#pragma omp simd
			for (size_t k = 0; k < 16; k++)
				s[k] += x[16 * i + k];
		for (size_t k = 0; k < 16; k++)
			all += s[k];
	}
	sink = all;
}

static struct leat_lines line(void)
{
	return (struct leat_lines){.data = x, .lines = 1, .length = n};
}

static void mean(int team)
{
	struct leat_sum s;
	struct leat_lines l = line();
	if (leat_lines_sum(&l, 0, team, &s, NULL) == 0)
		sink = s.sum / (double)s.n;
}

static void std(int team)
{
	struct leat_sum s;
	struct leat_lines l = line();
	double squares;
	if (leat_lines_spread(&l, team, &s, &squares, NULL) == 0)
		sink = sqrt(squares / (double)s.n);
}

static void compute(const char *text, int team)
{
	struct leat_err err = {0};
	struct leat_expr *e = leat_expr_parse(text, false, &err);
	struct leat_expr_in in = {x, 1};
	if (!e || leat_expr_run(e, &in, n, team, z, &err) < 0)
		fprintf(stderr, "%s\n", err.text);
	leat_expr_free(&e);
}

static void zscore(int team)
{
	compute("(x - mean(x)) / std(x)", team);
}

static void formula(int team)
{
	compute("sin(x) * exp(-x**2) + 3 * x", team);
}

static void transform(int team)
{
	(void)team; /* one line is one thread's */
	leat_fft_run(plan, wave, false, room);
}

static const struct part {
	const char *name;
	void (*run)(int team);
} parts[] = {{"read", read_all},  {"mean", mean},       {"std", std},
	     {"z-score", zscore}, {"formula", formula}, {"fft of 2^20", transform}};

int main(int argc, char **argv)
{
	int cores = (int)sysconf(_SC_NPROCESSORS_ONLN), teams[2] = {1, cores > 1 ? cores : 1};
	double best[2][LEAT_LEN(parts)];
	int64_t given;
	if (argc > 1 && leat_parse_int(argv[1], strlen(argv[1]), &given) && given > 0)
		n = (size_t)given;
	x = leat_alloc_large(n * sizeof *x, NULL);
	z = leat_alloc_large(n * sizeof *z, NULL);
	wave = leat_zalloc(1 << 20, sizeof *wave, NULL);
	room = leat_zalloc(1 << 20, sizeof *room, NULL);
	plan = leat_fft_new(1 << 20, NULL);
	if (!x || !z || !wave || !room || !plan)
		return 1;
	for (size_t i = 0; i < n; i++)
		x[i] = sin((double)i) * 3;
	for (int r = 0; r < ROUNDS; r++)
		for (size_t p = 0; p < LEAT_LEN(parts); p++)
			for (int t = 0; t < 2; t++) {
				double at = now();
				parts[p].run(teams[t]);
				at = now() - at;
				best[t][p] = r == 0 || at < best[t][p] ? at : best[t][p];
			}
	printf("%zu numbers, 1 and %d threads\n", n, teams[1]);
	for (size_t p = 0; p < LEAT_LEN(parts); p++)
		printf("%-12s %8.2f ms %8.2f ms   %6.2f %6.2f ns a number   %3.0f %% %3.0f %% of reading\n",
		       parts[p].name, best[0][p] * 1e3, best[1][p] * 1e3, best[0][p] * 1e9 / (double)n,
		       best[1][p] * 1e9 / (double)n, 100 * best[0][0] / best[0][p], 100 * best[1][0] / best[1][p]);
	leat_fft_free(&plan);
	free(x);
	free(z);
	free(wave);
	free(room);
	return 0;
}
