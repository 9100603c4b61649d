/* SPDX-License-Identifier: MIT */
/* The weights of both axes of a resize. See weights.h. */
#include "ops/weights.h"

#include "base/mem.h"

static bool same_axis(const struct leat_axis *a, const struct leat_axis *b)
{
	return a->in == b->in && a->scaled == b->scaled && a->offset == b->offset && a->out == b->out &&
	       !(a->span < b->span) && !(a->span > b->span);
}

void leat_weights_unref(struct leat_weights **wp)
{
	struct leat_weights *w = *wp;
	*wp = NULL;
	if (!w || atomic_fetch_sub(&w->refs, 1) != 1)
		return;
	leat_taps_free(&w->x);
	leat_taps_free(&w->y);
	leat_pairs_free(&w->pairs);
	free(w);
}

static struct leat_weights *weights_new(enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y,
					struct leat_err *err)
{
	struct leat_weights *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return NULL;
	atomic_init(&w->refs, 1);
	w->kernel = k;
	int ok = leat_taps_make(&w->x, k, x, err);
	if (ok == 0)
		ok = leat_taps_make(&w->y, k, y, err);
	if (ok == 0 && !(w->x.single && w->y.single))
		ok = leat_pairs_make(&w->pairs, &w->x, &w->y, err);
	if (ok < 0)
		leat_weights_unref(&w);
	return w;
}

struct leat_weights *leat_weights_get(enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y,
				      struct leat_weights **last, struct leat_err *err)
{
	struct leat_weights *w = *last;
	if (!w || w->kernel != k || !same_axis(&w->x.axis, x) || !same_axis(&w->y.axis, y)) {
		leat_weights_unref(last);
		*last = w = weights_new(k, x, y, err);
	}
	if (w)
		atomic_fetch_add(&w->refs, 1);
	return w;
}

size_t leat_weights_bytes(enum leat_kernel k, const struct leat_axis *x, const struct leat_axis *y)
{
	size_t along = leat_taps_bytes(k, x); /* the pairs take less */
	return leat_size_add(sizeof(struct leat_weights),
			     leat_size_add(leat_size_mul(along, 2), leat_taps_bytes(k, y)));
}
