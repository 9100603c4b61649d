/* SPDX-License-Identifier: MIT */
/*
 * Has the compiler vectorize the loop behind it, which it would leave alone at -O2. The loop must not care about
 * order.
 */
#ifndef LEAT_OPS_VECTORIZE_H
#define LEAT_OPS_VECTORIZE_H

#ifdef _OPENMP
#define LEAT_VECTORIZE _Pragma("omp simd")
#else
#define LEAT_VECTORIZE
#endif

#endif
