/* SPDX-License-Identifier: MIT */
/* One worker's color conversion: context, curves and the way found last. See icc.h. */
#include "ops/color/icc.h"

#include "base/mem.h"
#include "ops/color/profile.h"
#include "ops/color/way.h"

struct leat_icc {
	cmsContext ctx;
	struct leat_transfer curve8, curve16;
	/* The last question and its answer. */
	bool known;
	uint8_t channels;
	enum leat_sample sample;
	struct leat_meta *meta; /* holds just the description of colors */
	struct leat_to_srgb *way;
};

struct leat_icc *leat_icc_new(struct leat_err *err)
{
	struct leat_icc *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return NULL;
	w->ctx = cmsCreateContext(NULL, NULL);
	if (!w->ctx) {
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
		leat_icc_free(&w);
	}
	return w;
}

void leat_icc_free(struct leat_icc **w)
{
	struct leat_icc *old = *w;
	*w = NULL;
	if (!old)
		return;
	leat_to_srgb_unref(&old->way);
	leat_meta_unref(&old->meta);
	leat_transfer_free(&old->curve8);
	leat_transfer_free(&old->curve16);
	if (old->ctx)
		cmsDeleteContext(old->ctx);
	free(old);
}

const struct leat_transfer *leat_icc_curve(struct leat_icc *w, enum leat_sample sample, struct leat_err *err)
{
	bool narrow = sample == LEAT_U8;
	struct leat_transfer *t = narrow ? &w->curve8 : &w->curve16;
	return leat_transfer_make(t, narrow ? LEAT_U8 : LEAT_U16, err) < 0 ? NULL : t;
}

size_t leat_icc_cost(enum leat_sample sample)
{
	return sample == LEAT_U8 ? (size_t)1 << 20 : (size_t)3 << 20;
}

bool leat_icc_described(const struct leat_meta *m)
{
	return m->icc || m->has_gamma || m->has_chrm || m->has_srgb || m->has_cicp;
}

void leat_icc_forget(struct leat_meta *m)
{
	leat_bytes_unref(&m->icc);
	m->has_gamma = m->has_chrm = m->has_srgb = m->has_cicp = false;
}

static bool same_bytes(const struct leat_bytes *a, const struct leat_bytes *b)
{
	if (a == b)
		return true;
	return a && b && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

bool leat_icc_same(const struct leat_meta *a, const struct leat_meta *b)
{
	return a->has_gamma == b->has_gamma && a->has_chrm == b->has_chrm && a->has_srgb == b->has_srgb &&
	       a->has_cicp == b->has_cicp && (!a->has_gamma || a->gamma == b->gamma) &&
	       (!a->has_chrm || memcmp(a->chrm, b->chrm, sizeof a->chrm) == 0) &&
	       (!a->has_cicp || memcmp(a->cicp, b->cicp, sizeof a->cicp) == 0) && same_bytes(a->icc, b->icc);
}

struct leat_meta *leat_icc_only(const struct leat_meta *meta, struct leat_err *err)
{
	struct leat_meta *m = leat_meta_copy(meta, err);
	if (!m)
		return NULL;
	leat_bytes_unref(&m->exif);
	leat_bytes_unref(&m->xmp);
	leat_bytes_unref(&m->iptc);
	return m;
}

static int remember(struct leat_icc *w, const struct leat_meta *meta, const struct leat_image_shape *s,
		    struct leat_err *err)
{
	struct leat_meta *m = leat_icc_only(meta, err);
	if (!m)
		return -1;
	leat_meta_unref(&w->meta);
	w->meta = m;
	w->channels = s->channels;
	w->sample = s->sample;
	w->known = true;
	return 0;
}

static int find(struct leat_icc *w, const struct leat_meta *meta, const struct leat_image_shape *s,
		struct leat_err *err)
{
	struct leat_way_ask q = {.ctx = w->ctx, .shape = s};
	if (leat_profile_of(w->ctx, meta, s->channels < 3, &q.from, err) < 0)
		return -1;
	if (!q.from)
		return 0;
	q.curve = leat_icc_curve(w, s->sample, err);
	int ret = q.curve ? leat_way_find(&q, &w->way, err) : -1;
	cmsCloseProfile(q.from);
	return ret;
}

int leat_icc_find(struct leat_icc *w, const struct leat_meta *meta, const struct leat_image_shape *s,
		  struct leat_to_srgb **t, struct leat_err *err)
{
	*t = NULL;
	if (!leat_icc_described(meta))
		return 0;
	if (!w->known || w->channels != s->channels || w->sample != s->sample || !leat_icc_same(w->meta, meta)) {
		w->known = false;
		leat_to_srgb_unref(&w->way);
		if (find(w, meta, s, err) < 0 || remember(w, meta, s, err) < 0)
			return -1;
	}
	if (w->way)
		leat_to_srgb_ref(*t = w->way);
	return 0;
}
