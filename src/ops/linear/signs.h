/* SPDX-License-Identifier: MIT */
/* Vectors whose sign means nothing get one that does not depend on the library. Thread safe. */
#ifndef LEAT_OPS_LINEAR_SIGNS_H
#define LEAT_OPS_LINEAR_SIGNS_H

#include <math.h>
#include <stddef.h>

/*
 * Makes the component of the largest magnitude of v[n], `step` apart, positive, and changes the signs of its partner
 * w[m], w_step apart, with it (NULL: none).
 */
static inline void leat_settle_sign(double *v, size_t n, size_t step, double *w, size_t m, size_t w_step)
{
	size_t best = 0;
	for (size_t i = 1; i < n; i++)
		if (fabs(v[i * step]) > fabs(v[best * step]) * (1 + 1e-9))
			best = i;
	if (n == 0 || v[best * step] >= 0)
		return;
	for (size_t i = 0; i < n; i++)
		v[i * step] = -v[i * step];
	for (size_t i = 0; w && i < m; i++)
		w[i * w_step] = -w[i * w_step];
}

#endif
