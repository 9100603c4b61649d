/* SPDX-License-Identifier: MIT */
/*
 * The discrete Fourier transform in double precision, of any length. Lengths with small factors go by Stockham's
 * self-sorting mixed-radix steps (radix 4, 2, 3, 5 by their own formulas, 7 to 13 by sums), others by Bluestein's
 * convolution (1970) of a power of two. Errors are some 1e-16 times the logarithm of the length, relative to the
 * norm. A plan is read-only once made: any number of threads may use it, each with its own room.
 */
#ifndef LEAT_OPS_SIGNAL_DFT_H
#define LEAT_OPS_SIGNAL_DFT_H

#include "base/err.h"

#include <stddef.h>

struct leat_complex {
	double re, im;
};

struct leat_fft;

/* For length n, at least 1. NULL with *err (MEMORY, LIMIT). */
struct leat_fft *leat_fft_new(size_t n, struct leat_err *err);
void leat_fft_free(struct leat_fft **f); /* clears *f; accepts NULL in it */

/* Complex numbers of room that leat_fft_run wants. */
size_t leat_fft_room(const struct leat_fft *f);

/*
 * x[n] in place: sums of x[k] exp(-2 pi i j k / n), with `back` of exp(+...), without any factor in front. The room's
 * content is lost.
 */
void leat_fft_run(const struct leat_fft *f, struct leat_complex *x, bool back, struct leat_complex *room);

#endif
