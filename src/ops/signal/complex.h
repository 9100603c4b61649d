/* SPDX-License-Identifier: MIT */
/* Fourier transforms along an axis of an array. Thread safe. */
#ifndef LEAT_OPS_SIGNAL_COMPLEX_H
#define LEAT_OPS_SIGNAL_COMPLEX_H

#include "core/array.h"
#include "ops/signal/dft.h"

enum leat_fft_way {
	LEAT_FFT, /* n numbers to n */
	LEAT_IFFT,
	LEAT_RFFT, /* n real ones to n / 2 + 1 */
	LEAT_IRFFT, /* n / 2 + 1 to n real ones */
};

/* Lines along the axis: m numbers are taken of each, or zeros where there are fewer; n is the length. */
struct leat_fft_job {
	enum leat_fft_way way;
	int64_t axis;
	size_t n;
	double scale; /* of every result */
};

/* Numbers along the axis of the result. */
size_t leat_fft_results(const struct leat_fft_job *j);

/*
 * The transform of any real or complex array: complex128, float64 of LEAT_IRFFT, in C order. The caller's reference;
 * NULL with *err (MEMORY, MISMATCH: there is no such axis, LIMIT).
 */
struct leat_array *leat_fft_array(struct leat_array *a, const struct leat_fft_job *j, int team, struct leat_err *err);

#endif
