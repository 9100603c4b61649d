/* SPDX-License-Identifier: MIT */
/* One step of a mixed-radix transform; dft.c goes through them. */
#ifndef LEAT_OPS_SIGNAL_DFT_STEP_H
#define LEAT_OPS_SIGNAL_DFT_STEP_H

#include "ops/signal/dft.h"

/* s sequences of length p * m beside each other become s * p of length m. */
struct leat_dft_step {
	const struct leat_complex *turn; /* [whole] roots of the whole length */
	size_t whole, m, s;
	size_t stride; /* of the roots of length p * m among those */
};

/* x to y, which are different; p: 2, 3, 4, 5 or any other factor. Thread safe. */
void leat_dft_step(const struct leat_dft_step *t, size_t p, const struct leat_complex *x, struct leat_complex *y);

static inline struct leat_complex leat_complex_mul(struct leat_complex a, struct leat_complex b)
{
	return (struct leat_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

#endif
