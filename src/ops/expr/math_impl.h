/* SPDX-License-Identifier: MIT */
/* sin, cos, exp and log of four numbers: part of kernels_impl.h. */

/* ---- sin and cos */

/* pi/2 in three parts: k times the first two is exact for whole k below 2^20. */
static const double half_pi[] = {0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2e037073p-69};

/* (sin r / r - 1) / r^2 and (cos r - 1 + r^2 / 2) / r^4, by powers of r^2. */
static const double sin_terms[] = {-0x1.5555555555555p-3, 0x1.1111111110bb2p-7,   -0x1.a01a019e83816p-13,
				   0x1.71de379654304p-19, -0x1.ae600aca92c64p-26, 0x1.5e0b05bff20f2p-33};
static const double cos_terms[] = {0x1.5555555555555p-5,   -0x1.6c16c16c16967p-10, 0x1.a01a019f4e9b4p-16,
				   -0x1.27e4fa17bf139p-22, 0x1.1eeb68cd22f56p-29,  -0x1.907d8f29fe831p-37};

/* sin(r + low); low is so small that its square does not count. */
INLINE lanes sin_near(lanes r, lanes low)
{
	const double *t = sin_terms;
	lanes z = r * r, v = z * r, w = z * z;
	lanes p = (t[1] + z * t[2]) + w * ((t[3] + z * t[4]) + w * t[5]);
	return r - ((z * (0.5 * low - v * p) - low) - v * t[0]);
}

INLINE lanes cos_near(lanes r, lanes low)
{
	const double *t = cos_terms;
	lanes z = r * r, half = 0.5 * z, w = 1.0 - half, zz = z * z;
	lanes p = (t[0] + z * t[1]) + zz * ((t[2] + z * t[3]) + zz * (t[4] + z * t[5]));
	return w + (((1.0 - w) - half) + (zz * p - r * low));
}

/* quarter 0: sin, 1: cos, which is sin a quarter of a turn ahead. */
INLINE lanes trigonometric(lanes x, int64_t quarter)
{
	const lanes magic = all(0x1.8p52); /* its last bit counts ones */
	lanes turned = x * 0x1.45f306dc9c883p-1 + magic, k = turned - magic;
	bits n = (bits)turned + quarter;
	lanes a = x - k * half_pi[0], w = k * half_pi[1], b = a - w, back = b - a;
	lanes lost = (a - (b - back)) - (w + back); /* what the difference a - w has lost: Knuth 1969 */
	lost -= k * half_pi[2];
	lanes r = b + lost, low = (b - r) + lost;
	bits odd = -(n & 1), minus = (n & 2) << 62;
	lanes y = choose(odd, cos_near(r, low), sin_near(r, low));
	y = (lanes)((bits)y ^ minus);
	bits large = ~(magnitude(x) < 0x1p20); /* NaN, too */
	if (quarter == 0) /* -0.0, and what is so small that its square vanishes */
		y = choose(magnitude(x) < 0x1p-27, x, y);
	if (any(large))
		by_library(quarter ? cos : sin, &x, &y, &large);
	return y;
}

/* ---- exp */

/* (e^r - 1 - r) / r^2 by powers of r. */
static const double exp_terms[] = {0x1.0000000000001p-1,  0x1.5555555555556p-3,  0x1.5555555553d67p-5,
				   0x1.11111111109b4p-7,  0x1.6c16c1788a49bp-10, 0x1.a01a01a7c327ap-13,
				   0x1.a019b9133a48ap-16, 0x1.71de0db21e27fp-19, 0x1.28917e2c43a66p-22,
				   0x1.af38a0d2d962p-26};
static const double ln2[] = {0x1.62e42fefp-1, 0x1.473de6af278edp-34};

INLINE lanes exponential_of(lanes x)
{
	const double *t = exp_terms;
	const lanes magic = all(0x1.8p52);
	lanes turned = x * 0x1.71547652b82fep+0 + magic, k = turned - magic;
	lanes high = x - k * ln2[0], low = k * ln2[1], r = high - low;
	lanes lost = (high - r) - low, z = r * r, w = z * z;
	lanes p = ((t[0] + r * t[1]) + z * (t[2] + r * t[3])) +
		  w * (((t[4] + r * t[5]) + z * (t[6] + r * t[7])) + w * (t[8] + r * t[9]));
	lanes y = 1.0 + (r + (z * p + lost));
	y = (lanes)((wrapping)y + ((wrapping)turned << 52));
	bits large = ~(magnitude(x) < 708.0); /* NaN, too */
	if (any(large))
		by_library(exp, &x, &y, &large);
	return y;
}

/* ---- log */

/* (log((1 + s) / (1 - s)) - 2 s) / s^3 by powers of s^2. */
static const double log_terms[] = {0x1.5555555555558p-1, 0x1.99999999952b2p-2, 0x1.2492492df6947p-2,
				   0x1.c71c62debf86bp-3, 0x1.7462b69705382p-3, 0x1.39fe208c33457p-3,
				   0x1.2b5b5fb2eac92p-3};

INLINE lanes logarithm_of(lanes x)
{
	const double *t = log_terms;
	const uint64_t half = 0x3fe6a09e667f3bcd; /* sqrt(1/2): mantissas from there to sqrt(2) */
	bits e = (bits)((wrapping)x - half) >> 52;
	lanes m = (lanes)((wrapping)x - ((wrapping)e << 52));
	lanes k = (lanes)(e + 0x4338000000000000) - 0x1.8p52;
	lanes f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z, square = 0.5 * f * f;
	lanes p = ((t[0] + z * t[1]) + w * (t[2] + z * t[3])) + w * w * ((t[4] + z * t[5]) + w * t[6]);
	lanes y = k * ln2[0] - ((square - (s * (square + z * p) + k * ln2[1])) - f);
	bits odd = ~((x >= 0x1p-1022) & (x < (double)INFINITY)); /* 0, negative, subnormal, infinite, NaN */
	if (any(odd))
		by_library(log, &x, &y, &odd);
	return y;
}
