/* SPDX-License-Identifier: MIT */
/* The median of a benchmark's rounds. */
#ifndef TESTS_BENCH_MEDIAN_H
#define TESTS_BENCH_MEDIAN_H

#include <stdlib.h>

static inline int median_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Of v[0 ... n-1], n > 0, which is sorted by it; of an even number the upper one of the two in the middle. */
static inline double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, median_compare);
	return v[n / 2];
}

#endif
