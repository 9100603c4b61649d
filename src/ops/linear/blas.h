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
	/* LAPACK: solves with what dgetrf left, in place of b */
	void (*dgetrs)(const char *trans, const int *n, const int *nrhs, const double *a, const int *lda,
		       const int *pivot, double *b, const int *ldb, int *info, size_t);
	/* LAPACK: 1 / condition number of what dgetrf left; work [4 n], iwork [n] */
	void (*dgecon)(const char *norm, const int *n, const double *a, const int *lda, const double *anorm,
		       double *rcond, double *work, int *iwork, int *info, size_t);
	/* LAPACK: Cholesky in place; info > 0: the leading minor of that order is not positive */
	void (*dpotrf)(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
	/* LAPACK: QR in place, and its Q written out; lwork -1 asks for the best, in work[0], here and below */
	void (*dgeqrf)(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
		       const int *lwork, int *info);
	void (*dorgqr)(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
		       double *work, const int *lwork, int *info);
	/* LAPACK: eigenvalues, ascending, and vectors in place of a, of a symmetric matrix */
	void (*dsyevd)(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
		       double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t, size_t);
	/* LAPACK: singular values, descending, and vectors; iwork [8 min(m, n)] */
	void (*dgesdd)(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
		       const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork,
		       int *info, size_t);
	/* LAPACK: least squares by singular values, in place of b */
	void (*dgelsd)(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
		       const int *ldb, double *s, const double *rcond, int *rank, double *work, const int *lwork,
		       int *iwork, int *info);
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
