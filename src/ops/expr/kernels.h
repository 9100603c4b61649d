/* SPDX-License-Identifier: MIT */
/*
 * The loops of expressions: one call works on a block of numbers. Each is compiled twice, for what every processor has
 * and for AVX2; both do the same operations in the same order, without fused multiply-add, and give the same bits.
 *
 * sin, cos, exp and log are within 1 ulp of the exact value (the worst of 2 million: 0.80, 0.80, 0.96 and 0.79):
 * Cody and Waite's reduction, then polynomials that interpolate at Chebyshev nodes. What is too large for the
 * reduction, infinite or NaN is given to the C library, as is every function without a kernel here. All are
 * thread safe.
 */
#ifndef LEAT_OPS_EXPR_KERNELS_H
#define LEAT_OPS_EXPR_KERNELS_H

#include "base/cpu.h"

#include <stddef.h>
#include <stdint.h>

enum {
	LEAT_EXPR_LANES = 4, /* numbers that are worked on at once: buffers are padded to so many */
	LEAT_EXPR_BLOCK = 512, /* numbers of a block: some blocks fit the L1 cache */
	LEAT_EXPR_ARGS = 3,
};

enum leat_kernel {
	LEAT_K_ADD,
	LEAT_K_SUB,
	LEAT_K_MUL,
	LEAT_K_DIV,
	LEAT_K_LT,
	LEAT_K_LE,
	LEAT_K_GT,
	LEAT_K_GE,
	LEAT_K_EQ,
	LEAT_K_NE,
	LEAT_K_AND,
	LEAT_K_OR,
	LEAT_K_NOT,
	LEAT_K_NEG,
	LEAT_K_ABS,
	LEAT_K_SQUARE,
	LEAT_K_SQRT,
	LEAT_K_SIN,
	LEAT_K_COS,
	LEAT_K_EXP,
	LEAT_K_LOG,
	LEAT_K_MINIMUM,
	LEAT_K_MAXIMUM,
	LEAT_K_WHERE,
	LEAT_K_ONE, /* a function of the C library, of one number */
	LEAT_K_TWO, /* of two */
	LEAT_N_KERNELS
};

/* Operands: number i of argument k is v[k][i * step[k]]; step 0 is one number, which stands LEAT_EXPR_LANES times. */
struct leat_kernel_args {
	const double *v[LEAT_EXPR_ARGS];
	size_t step[LEAT_EXPR_ARGS];
	double (*one)(double);
	double (*two)(double, double);
};

/* n numbers into out; operands and out hold n rounded up to LEAT_EXPR_LANES. out may be an operand. */
typedef void leat_kernel_fn(const struct leat_kernel_args *a, double *out, size_t n);

struct leat_expr_loops {
	leat_kernel_fn *of[LEAT_N_KERNELS];
	/* Of exactly n numbers, at most LEAT_EXPR_BLOCK, in a fixed order. */
	double (*sum)(const double *x, size_t n);
	/* Least and largest; NaN in both where one number is NaN. n is at least 1. */
	void (*extremes)(const double *x, size_t n, double *min, double *max);
};

const struct leat_expr_loops *leat_expr_loops(enum leat_cpu level);

/* The two builds; leat_expr_loops chooses. AVX2 is the plain one again where there is no such thing. */
extern const struct leat_expr_loops leat_expr_loops_plain, leat_expr_loops_avx2;

#endif
