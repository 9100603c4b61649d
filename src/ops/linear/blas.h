/* SPDX-License-Identifier: MIT */
/*
 * BLAS and LAPACK as a module: OpenBLAS, or any libblas and liblapack with the Fortran interface of 32-bit
 * integers, is loaded when a step needs it and never linked. Prototypes are our own.
 *
 * Properties: one library in the process, loaded once and kept. BLAS itself has a number of threads that belongs to
 *             the process, and results depend on it: so calls stand between enter and leave.
 * Operation:  leat_blas_load, then for each item leat_blas_enter(threads) ... calls ... leat_blas_leave.
 *             Where the host program had loaded OpenBLAS before, with threads of the library's own, their number is the
 *             host's: it is left as it is, and calls with more than one thread follow each other.
 * Safety:     any thread may call anything. Calls with the same number of threads run beside each other; one that
 *             wants another number waits until all are done, in the order in which they came. With OpenBLAS built on
 *             OpenMP the number is the calling thread's own, and is put back by leave.
 */
#ifndef LEAT_OPS_LINEAR_BLAS_H
#define LEAT_OPS_LINEAR_BLAS_H

#include "base/err.h"

/* The last arguments of Fortran calls are the lengths of the character ones. All matrices are column-major. */
struct leat_blas_calls {
	/* c = alpha a b + beta c; c is m x n, and k what is summed over */
	void (*dgemm)(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k,
		      const double *alpha, const double *a, const int *lda, const double *b, const int *ldb,
		      const double *beta, double *c, const int *ldc, size_t, size_t);
	/* LAPACK: a = P L U in place; info > 0: a diagonal element of U is zero */
	void (*dgetrf)(const int *m, const int *n, double *a, const int *lda, int *pivot, int *info);
	/* LAPACK: the inverse from what dgetrf left; lwork -1 asks for the best, in work[0] */
	void (*dgetri)(const int *n, double *a, const int *lda, const int *pivot, double *work, const int *lwork,
		       int *info);
};

/*
 * The calls, after a small product and a small inverse have been made, so that the library has all memory it wants
 * before a worker's limits are set. NULL with *err (UNSUPPORTED): `step` needs such a library and what to install.
 */
const struct leat_blas_calls *leat_blas_load(const char *step, struct leat_err *err);

/* What leat_blas_load finds, in words for a user; good for ever. Loads it. */
const char *leat_blas_text(void);

/*
 * Returns the number of threads that the calls up to leave really use: `team`, but 1 where the library has no more,
 * and the host program's where it had the library before.
 */
int leat_blas_enter(int team);
void leat_blas_leave(void);

/* What leat_blas_enter would return now; for leat_op.blas. Loads the library. */
int leat_blas_threads(int team);

#endif
