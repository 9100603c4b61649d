/* SPDX-License-Identifier: MIT */
/* The loops of expressions for processors with AVX2; without FMA, which would give other bits. */
#ifdef __x86_64__
#define TARGET __attribute__((target("avx2")))
#else
#define TARGET
#endif
#define TABLE leat_expr_loops_avx2
#include "ops/expr/kernels_impl.h"
