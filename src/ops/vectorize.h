/* SPDX-License-Identifier: MIT */
/* What has the compiler make vectors of plain loops, and how a kernel says for which processor it is. */
#ifndef LEAT_OPS_VECTORIZE_H
#define LEAT_OPS_VECTORIZE_H

/* Before a loop that gcc would leave alone at -O2. The loop must not care about order. */
#ifdef _OPENMP
#define LEAT_VECTORIZE _Pragma("omp simd")
#else
#define LEAT_VECTORIZE
#endif

/*
 * A line of its own, after the includes, in a file whose plain loops are written to be vectorized: gcc does that fully
 * from -O3 on, clang always.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define LEAT_VECTORIZE_FILE _Pragma("GCC optimize(\"O3\")")
#else
#define LEAT_VECTORIZE_FILE
#endif

/* What is always a part of its caller, so that constant arguments make special cases; also for AVX2. */
#define LEAT_INLINE static inline __attribute__((always_inline))
#define LEAT_INLINE_AVX2 static inline __attribute__((always_inline, target("avx2")))

#endif
