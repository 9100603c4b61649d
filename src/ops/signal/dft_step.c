/* SPDX-License-Identifier: MIT */
/* Stockham's steps, which sort themselves. See dft_step.h. */
#include "ops/signal/dft_step.h"

typedef struct leat_complex cpx;

static inline cpx add(cpx a, cpx b)
{
	return (cpx){a.re + b.re, a.im + b.im};
}

static inline cpx sub(cpx a, cpx b)
{
	return (cpx){a.re - b.re, a.im - b.im};
}

static inline cpx mul(cpx a, cpx b)
{
	return leat_complex_mul(a, b);
}

static inline cpx scaled(cpx a, double s)
{
	return (cpx){a.re * s, a.im * s};
}

/* a times -i. */
static inline cpx quarter(cpx a)
{
	return (cpx){a.im, -a.re};
}

static void by_two(const struct leat_dft_step *t, const cpx *x, cpx *y)
{
	size_t m = t->m, s = t->s;
	for (size_t q = 0; q < m; q++) {
		cpx w = t->turn[q * t->stride];
		for (size_t k = 0; k < s; k++) {
			cpx a = x[k + s * q], b = x[k + s * (q + m)];
			y[k + s * 2 * q] = add(a, b);
			y[k + s * (2 * q + 1)] = mul(sub(a, b), w);
		}
	}
}

static void by_four(const struct leat_dft_step *t, const cpx *x, cpx *y)
{
	size_t m = t->m, s = t->s;
	for (size_t q = 0; q < m; q++) {
		cpx w1 = t->turn[q * t->stride], w2 = t->turn[2 * q * t->stride], w3 = t->turn[3 * q * t->stride];
		for (size_t k = 0; k < s; k++) {
			const cpx *in = x + k + s * q;
			cpx *out = y + k + s * 4 * q;
			cpx a = in[0], b = in[s * m], c = in[s * 2 * m], d = in[s * 3 * m];
			cpx ac = add(a, c), a_c = sub(a, c), bd = add(b, d), b_d = quarter(sub(b, d));
			out[0] = add(ac, bd);
			out[s] = mul(add(a_c, b_d), w1);
			out[2 * s] = mul(sub(ac, bd), w2);
			out[3 * s] = mul(sub(a_c, b_d), w3);
		}
	}
}

static void by_three(const struct leat_dft_step *t, const cpx *x, cpx *y)
{
	const double sin60 = 0.86602540378443864676;
	size_t m = t->m, s = t->s;
	for (size_t q = 0; q < m; q++) {
		cpx w1 = t->turn[q * t->stride], w2 = t->turn[2 * q * t->stride];
		for (size_t k = 0; k < s; k++) {
			const cpx *in = x + k + s * q;
			cpx *out = y + k + s * 3 * q;
			cpx a = in[0], bc = add(in[s * m], in[s * 2 * m]);
			cpx d = scaled(quarter(sub(in[s * m], in[s * 2 * m])), sin60);
			cpx half = sub(a, scaled(bc, 0.5));
			out[0] = add(a, bc);
			out[s] = mul(add(half, d), w1);
			out[2 * s] = mul(sub(half, d), w2);
		}
	}
}

static void by_five(const struct leat_dft_step *t, const cpx *x, cpx *y)
{
	const double c1 = 0.30901699437494742410,
		     c2 = -0.80901699437494742410; /* of a fifth and two fifths of a turn */
	const double s1 = 0.95105651629515357212, s2 = 0.58778525229247312917;
	size_t m = t->m, s = t->s;
	for (size_t q = 0; q < m; q++)
		for (size_t k = 0; k < s; k++) {
			const cpx *in = x + k + s * q, *w = t->turn;
			cpx *out = y + k + s * 5 * q;
			cpx a = in[0], b = add(in[s * m], in[s * 4 * m]), c = add(in[s * 2 * m], in[s * 3 * m]);
			cpx d = quarter(sub(in[s * m], in[s * 4 * m]));
			cpx e = quarter(sub(in[s * 2 * m], in[s * 3 * m]));
			cpx p = add(a, add(scaled(b, c1), scaled(c, c2)));
			cpx r = add(a, add(scaled(b, c2), scaled(c, c1)));
			cpx u = add(scaled(d, s1), scaled(e, s2)), v = sub(scaled(d, s2), scaled(e, s1));
			out[0] = add(a, add(b, c));
			out[s] = mul(add(p, u), w[q * t->stride]);
			out[2 * s] = mul(add(r, v), w[2 * q * t->stride]);
			out[3 * s] = mul(sub(r, v), w[3 * q * t->stride]);
			out[4 * s] = mul(sub(p, u), w[4 * q * t->stride]);
		}
}

/* By sums. */
static void by_any(const struct leat_dft_step *t, size_t p, const cpx *x, cpx *y)
{
	size_t m = t->m, s = t->s;
	for (size_t q = 0; q < m; q++)
		for (size_t k = 0; k < s; k++)
			for (size_t r = 0; r < p; r++) {
				cpx sum = {0, 0};
				for (size_t j = 0; j < p; j++)
					sum = add(sum,
						  mul(x[k + s * (q + j * m)], t->turn[j * r % p * (t->whole / p)]));
				y[k + s * (p * q + r)] = mul(sum, t->turn[q * r * t->stride]);
			}
}

void leat_dft_step(const struct leat_dft_step *t, size_t p, const cpx *x, cpx *y)
{
	if (p == 4)
		by_four(t, x, y);
	else if (p == 2)
		by_two(t, x, y);
	else if (p == 3)
		by_three(t, x, y);
	else if (p == 5)
		by_five(t, x, y);
	else
		by_any(t, p, x, y);
}
