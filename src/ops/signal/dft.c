/* SPDX-License-Identifier: MIT */
/* Transforms of one line. See dft.h. */
#include "ops/signal/dft_step.h"

#include "base/mem.h"

#include <math.h>
#include <stdint.h>

enum { FACTORS = 64, LARGEST = 13 };

struct leat_fft {
	size_t n;
	int factor[FACTORS], factors; /* none: Bluestein, unless n is 1 */
	struct leat_complex *turn; /* [n] exp(-2 pi i k / n) */
	struct leat_fft *inner; /* Bluestein's: of a power of two */
	struct leat_complex *chirp, *kernel; /* [n] exp(-pi i k^2 / n); [inner] the transform of its inverse */
};

/* exp(-2 pi i k / n), from an angle of at most an eighth of a turn; n is at most 2^32. */
static struct leat_complex root(size_t k, size_t n)
{
	size_t eighth = (size_t)(8 * (uint64_t)k / n), fours = (eighth + 1) / 2; /* quarter turns that are taken off */
	double rest = ((double)k * 4 - (double)fours * (double)n) / (double)n; /* exact but for the division */
	double angle = rest * 1.57079632679489661923, c = cos(angle), s = sin(angle);
	switch (fours % 4) {
	case 0:
		return (struct leat_complex){c, -s};
	case 1:
		return (struct leat_complex){-s, -c};
	case 2:
		return (struct leat_complex){-c, s};
	default:
		return (struct leat_complex){s, c};
	}
}

/* ---- plans */

static bool factorize(struct leat_fft *f)
{
	static const int primes[] = {4, 2, 3, 5, 7, 11, LARGEST};
	size_t left = f->n;
	for (size_t i = 0; i < LEAT_LEN(primes); i++)
		while (left % (size_t)primes[i] == 0) {
			f->factor[f->factors++] = primes[i];
			left /= (size_t)primes[i];
		}
	if (left != 1)
		f->factors = 0;
	return left == 1;
}

/* What Bluestein's way needs: chirps, and the transform of the one that is convolved with. */
static int prepare_chirps(struct leat_fft *f, struct leat_err *err)
{
	size_t m = 1;
	while (m < 2 * f->n - 1)
		m *= 2;
	f->inner = leat_fft_new(m, err);
	f->chirp = f->inner ? leat_zalloc(f->n, sizeof *f->chirp, err) : NULL;
	f->kernel = f->chirp ? leat_zalloc(m, sizeof *f->kernel, err) : NULL;
	struct leat_complex *room = f->kernel ? leat_zalloc(leat_fft_room(f->inner), sizeof *room, err) : NULL;
	if (!room)
		return -1;
	for (size_t k = 0; k < f->n; k++) {
		f->chirp[k] = root((size_t)((uint64_t)k * k % (2 * f->n)), 2 * f->n);
		struct leat_complex back = {f->chirp[k].re, -f->chirp[k].im};
		f->kernel[k] = back;
		f->kernel[k ? m - k : 0] = back;
	}
	leat_fft_run(f->inner, f->kernel, false, room);
	free(room);
	return 0;
}

struct leat_fft *leat_fft_new(size_t n, struct leat_err *err)
{
	if (n == 0 || n > (size_t)1 << 31) {
		leat_fail(err, LEAT_CAUSE_LIMIT, "a transform of %zu numbers", n);
		return NULL;
	}
	struct leat_fft *f = leat_zalloc(1, sizeof *f, err);
	if (!f)
		return NULL;
	f->n = n;
	int ok = 0;
	if (factorize(f)) {
		f->turn = leat_zalloc(n, sizeof *f->turn, err);
		ok = f->turn ? 0 : -1;
		for (size_t k = 0; ok == 0 && k < n; k++)
			f->turn[k] = root(k, n);
	} else {
		ok = prepare_chirps(f, err);
	}
	if (ok < 0)
		leat_fft_free(&f);
	return f;
}

void leat_fft_free(struct leat_fft **f)
{
	struct leat_fft *gone = *f;
	*f = NULL;
	if (!gone)
		return;
	leat_fft_free(&gone->inner);
	free(gone->turn);
	free(gone->chirp);
	free(gone->kernel);
	free(gone);
}

size_t leat_fft_room(const struct leat_fft *f)
{
	return f->inner ? f->inner->n + leat_fft_room(f->inner) : f->n;
}

/* ---- a run */

static void mixed(const struct leat_fft *f, struct leat_complex *x, struct leat_complex *room)
{
	struct leat_dft_step t = {.turn = f->turn, .whole = f->n, .m = f->n, .s = 1};
	struct leat_complex *from = x, *to = room;
	for (int i = 0; i < f->factors; i++) {
		size_t p = (size_t)f->factor[i];
		t.stride = f->n / t.m;
		t.m /= p;
		leat_dft_step(&t, p, from, to);
		t.s *= p;
		struct leat_complex *was = from;
		from = to;
		to = was;
	}
	if (from != x)
		memcpy(x, from, f->n * sizeof *x);
}

static void bluestein(const struct leat_fft *f, struct leat_complex *x, struct leat_complex *room)
{
	size_t m = f->inner->n;
	struct leat_complex *a = room;
	memset(a, 0, m * sizeof *a);
	for (size_t k = 0; k < f->n; k++)
		a[k] = leat_complex_mul(x[k], f->chirp[k]);
	leat_fft_run(f->inner, a, false, room + m);
	for (size_t k = 0; k < m; k++)
		a[k] = leat_complex_mul(a[k], f->kernel[k]);
	leat_fft_run(f->inner, a, true, room + m);
	for (size_t k = 0; k < f->n; k++) {
		struct leat_complex v = leat_complex_mul(a[k], f->chirp[k]);
		x[k] = (struct leat_complex){v.re / (double)m, v.im / (double)m};
	}
}

/* The way back: real and imaginary parts change places before and after. */
static void turn_over(struct leat_complex *x, size_t n)
{
	for (size_t k = 0; k < n; k++)
		x[k] = (struct leat_complex){x[k].im, x[k].re};
}

void leat_fft_run(const struct leat_fft *f, struct leat_complex *x, bool back, struct leat_complex *room)
{
	if (back)
		turn_over(x, f->n);
	if (f->inner)
		bluestein(f, x, room);
	else if (f->n > 1)
		mixed(f, x, room);
	if (back)
		turn_over(x, f->n);
}
