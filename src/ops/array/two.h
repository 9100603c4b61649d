/* SPDX-License-Identifier: MIT */
/* Two numbers, which every processor adds at once; several such sums run beside each other. */
#ifndef LEAT_OPS_ARRAY_TWO_H
#define LEAT_OPS_ARRAY_TWO_H

typedef double leat_two __attribute__((vector_size(16), aligned(8), may_alias));

/* x need not be aligned. */
static inline leat_two leat_two_at(const double *x)
{
	return *(const leat_two *)(const void *)x;
}

/* All eight numbers of four sums. */
static inline double leat_two_join(leat_two a, leat_two b, leat_two c, leat_two d)
{
	leat_two s = (a + b) + (c + d);
	return s[0] + s[1];
}

#endif
