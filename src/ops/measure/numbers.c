/* SPDX-License-Identifier: MIT */
/* Numbers from counts. See numbers.h. */
#include "ops/measure/numbers.h"

#include <math.h>

double leat_group_mean(const struct leat_group *g)
{
	return (double)g->m.sum / (double)g->n;
}

double leat_group_std(const struct leat_group *g)
{
	return sqrt((double)((leat_u128)g->n * g->m.squares - g->m.sum * g->m.sum)) / (double)g->n;
}

/* The sample at this place of the sorted ones. */
static double at_rank(const struct leat_group *g, uint64_t rank)
{
	size_t v = 0;
	for (uint64_t below = g->levels[0]; below <= rank && v + 1 < g->n_levels; below += g->levels[v])
		v++;
	return (double)v;
}

double leat_group_quantile(const struct leat_group *g, double share)
{
	double at = (double)(g->n - 1) * share, whole = floor(at), part = at - whole;
	uint64_t rank = (uint64_t)whole;
	double a = at_rank(g, rank), b = at_rank(g, rank + 1 < g->n ? rank + 1 : rank);
	return part >= 0.5 ? b - (b - a) * (1 - part) : a + (b - a) * part;
}

double leat_group_entropy(const struct leat_group *g)
{
	double all = 0, bits = 0;
	for (int i = 0; i < 256; i++)
		all += (double)g->coarse[i];
	for (int i = 0; i < 256; i++) {
		double p = (double)g->coarse[i] / all;
		bits -= p > 0 ? p * log2(p) : 0;
	}
	return bits > 0 ? bits : 0; /* never -0 */
}
