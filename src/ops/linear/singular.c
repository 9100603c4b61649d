/* SPDX-License-Identifier: MIT */
/* See singular.h. */
#include "ops/linear/singular.h"

#include "base/mem.h"
#include "ops/linear/signs.h"

static int decompose(const struct leat_matrix *x, const char *job, struct leat_singular *d, struct leat_err *err)
{
	int few = x->m < x->n ? x->m : x->n, info = 0, ask = -1, ldvt = d->vrows > 0 ? d->vrows : 1;
	double best = 1, *work = NULL;
	int *whole = leat_zalloc((size_t)few, 8 * sizeof *whole, err);
	if (whole) {
		x->blas->dgesdd(job, &x->m, &x->n, x->a, &x->m, d->s, d->u, &x->m, d->vt, &ldvt, &best, &ask, whole,
				&info, 1);
		work = leat_lapack_room(best, err);
	}
	int size = (int)best;
	if (work)
		x->blas->dgesdd(job, &x->m, &x->n, x->a, &x->m, d->s, d->u, &x->m, d->vt, &ldvt, work, &size, whole,
				&info, 1);
	free(whole);
	free(work);
	if (work && info != 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "the singular values did not converge");
	return work ? 0 : -1;
}

int leat_singular_of(const struct leat_matrix *x, bool vectors, bool full, struct leat_singular *d,
		     struct leat_err *err)
{
	int few = x->m < x->n ? x->m : x->n;
	*d = (struct leat_singular){.ucols = full ? x->m : few, .vrows = full ? x->n : few};
	d->s = leat_zalloc((size_t)few, sizeof *d->s, err);
	size_t u = leat_size_mul((size_t)x->m, (size_t)d->ucols), vt = leat_size_mul((size_t)d->vrows, (size_t)x->n);
	d->u = d->s ? leat_zalloc(vectors ? u : 1, sizeof *d->u, err) : NULL;
	d->vt = d->u ? leat_zalloc(vectors ? vt : 1, sizeof *d->vt, err) : NULL;
	if (!d->vt || decompose(x, !vectors ? "N" : full ? "A" : "S", d, err) < 0) {
		leat_singular_free(d);
		return -1;
	}
	for (int i = 0; vectors && i < d->vrows; i++)
		leat_settle_sign(d->vt + i, (size_t)x->n, (size_t)d->vrows,
				 i < d->ucols ? d->u + (size_t)i * (size_t)x->m : NULL, (size_t)x->m, 1);
	return 0;
}

void leat_singular_free(struct leat_singular *d)
{
	free(d->s);
	free(d->u);
	free(d->vt);
	*d = (struct leat_singular){0};
}
