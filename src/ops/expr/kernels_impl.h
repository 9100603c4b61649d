/* SPDX-License-Identifier: MIT */
/*
 * The loops of kernels.h, for one kind of processor: whoever includes this defines TARGET (attributes of every
 * function) and TABLE (the name of the result), and includes it once.
 */
#include "ops/expr/kernels.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"
#else
#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed between inlined functions only */
#endif

#define INLINE TARGET static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t bits __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint64_t wrapping __attribute__((vector_size(32), aligned(8), may_alias)); /* its sums may overflow */

INLINE lanes load(const struct leat_kernel_args *a, int k, size_t i)
{
	return *(const lanes *)(const void *)(a->v[k] + i * a->step[k]);
}

INLINE void store(double *to, lanes v)
{
	*(lanes *)(void *)to = v;
}

INLINE lanes all(double v)
{
	return (lanes){v, v, v, v};
}

INLINE lanes choose(bits mask, lanes yes, lanes no)
{
	return (lanes)((mask & (bits)yes) | (~mask & (bits)no));
}

INLINE lanes magnitude(lanes x)
{
	return (lanes)((bits)x & (bits){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX});
}

INLINE lanes truth(bits mask)
{
	return (lanes)(mask & (bits)all(1));
}

INLINE bool any(bits mask)
{
	return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
}

/* Lanes of the mask by the C library. */
TARGET static void by_library(double (*fn)(double), const lanes *x, lanes *y, const bits *mask)
{
	for (int k = 0; k < LEAT_EXPR_LANES; k++)
		if ((*mask)[k])
			(*y)[k] = fn((*x)[k]);
}

INLINE lanes square_root(lanes x)
{
#if defined(__AVX2__)
	return (lanes)_mm256_sqrt_pd((__m256d)x);
#else
	lanes y = x;
	for (int k = 0; k < LEAT_EXPR_LANES; k++)
		y[k] = sqrt(x[k]);
	return y;
#endif
}

#include "ops/expr/math_impl.h"

/* ---- one loop for each */

#define LOOP(name, value)                                                                \
	TARGET static void name(const struct leat_kernel_args *a, double *out, size_t n) \
	{                                                                                \
		for (size_t i = 0; i < n; i += LEAT_EXPR_LANES) {                        \
			lanes x = load(a, 0, i);                                         \
			store(out + i, value);                                           \
		}                                                                        \
	}
#define LOOP2(name, value)                                                               \
	TARGET static void name(const struct leat_kernel_args *a, double *out, size_t n) \
	{                                                                                \
		for (size_t i = 0; i < n; i += LEAT_EXPR_LANES) {                        \
			lanes x = load(a, 0, i), y = load(a, 1, i);                      \
			store(out + i, value);                                           \
		}                                                                        \
	}

LOOP2(add, x + y)
LOOP2(subtract, x - y)
LOOP2(multiply, x *y)
LOOP2(divide, x / y)
LOOP2(less, truth(x < y))
LOOP2(less_equal, truth(x <= y))
LOOP2(greater, truth(x > y))
LOOP2(greater_equal, truth(x >= y))
LOOP2(equal, truth(x == y))
LOOP2(not_equal, truth(x != y))
LOOP2(both, truth((x != 0.0) & (y != 0.0)))
LOOP2(either, truth((x != 0.0) | (y != 0.0)))
LOOP(opposite, truth(x == 0.0))
LOOP(negative, (lanes)((bits)x ^ (bits)all(-0.0)))
LOOP(absolute, magnitude(x))
LOOP(square, x *x)
LOOP(root, square_root(x))
LOOP(sine, trigonometric(x, 0))
LOOP(cosine, trigonometric(x, 1))
LOOP(exponential, exponential_of(x))
LOOP(logarithm, logarithm_of(x))
/* As numpy.minimum: NaN where one is NaN. */
LOOP2(minimum, choose((x < y) | (x != x), x, y))
LOOP2(maximum, choose((x > y) | (x != x), x, y))

TARGET static void where(const struct leat_kernel_args *a, double *out, size_t n)
{
	for (size_t i = 0; i < n; i += LEAT_EXPR_LANES)
		store(out + i, choose(load(a, 0, i) != 0.0, load(a, 1, i), load(a, 2, i)));
}

TARGET static void one(const struct leat_kernel_args *a, double *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a->one(a->v[0][i * a->step[0]]);
}

TARGET static void two(const struct leat_kernel_args *a, double *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a->two(a->v[0][i * a->step[0]], a->v[1][i * a->step[1]]);
}

/* ---- many to one */

INLINE lanes at(const double *x)
{
	return *(const lanes *)(const void *)x;
}

TARGET static double sum_of(const double *x, size_t n)
{
	lanes a = all(0), b = a, c = a, d = a;
	double rest = 0;
	size_t i = 0;
	for (; i + 16 <= n; i += 16) {
		a += at(x + i);
		b += at(x + i + 4);
		c += at(x + i + 8);
		d += at(x + i + 12);
	}
	for (; i < n; i++)
		rest += x[i];
	a = (a + b) + (c + d);
	return ((a[0] + a[1]) + (a[2] + a[3])) + rest;
}

TARGET static void extremes(const double *x, size_t n, double *min, double *max)
{
	lanes low = all(x[0]), high = low;
	bits nan = low != low;
	size_t i = 0;
	for (; i + 4 <= n; i += 4) {
		lanes v = at(x + i);
		low = choose(v < low, v, low);
		high = choose(v > high, v, high);
		nan |= v != v;
	}
	bool missing = any(nan);
	*min = low[0], *max = high[0];
	for (int k = 1; k < LEAT_EXPR_LANES; k++) {
		*min = low[k] < *min ? low[k] : *min;
		*max = high[k] > *max ? high[k] : *max;
	}
	for (; i < n; i++) {
		*min = x[i] < *min ? x[i] : *min;
		*max = x[i] > *max ? x[i] : *max;
		missing = missing || x[i] != x[i];
	}
	if (missing)
		*min = *max = NAN;
}

const struct leat_expr_loops TABLE = {
	.of =
		{
			[LEAT_K_ADD] = add,         [LEAT_K_SUB] = subtract,     [LEAT_K_MUL] = multiply,
			[LEAT_K_DIV] = divide,      [LEAT_K_LT] = less,          [LEAT_K_LE] = less_equal,
			[LEAT_K_GT] = greater,      [LEAT_K_GE] = greater_equal, [LEAT_K_EQ] = equal,
			[LEAT_K_NE] = not_equal,    [LEAT_K_AND] = both,         [LEAT_K_OR] = either,
			[LEAT_K_NOT] = opposite,    [LEAT_K_NEG] = negative,     [LEAT_K_ABS] = absolute,
			[LEAT_K_SQUARE] = square,   [LEAT_K_SQRT] = root,        [LEAT_K_SIN] = sine,
			[LEAT_K_COS] = cosine,      [LEAT_K_EXP] = exponential,  [LEAT_K_LOG] = logarithm,
			[LEAT_K_MINIMUM] = minimum, [LEAT_K_MAXIMUM] = maximum,  [LEAT_K_WHERE] = where,
			[LEAT_K_ONE] = one,         [LEAT_K_TWO] = two,
		},
	.sum = sum_of,
	.extremes = extremes,
};
