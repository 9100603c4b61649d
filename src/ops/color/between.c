/* SPDX-License-Identifier: MIT */
/* See between.h. */
#include "ops/color/between.h"

#include "base/mem.h"

#include <math.h>

struct leat_between {
	atomic_int refs;
	cmsHTRANSFORM transform;
	bool fast;
};

/* 17 steps a color, so that black, white and the grays between are among them; gray: all its levels. */
enum { SIDE = 17, STEP = 255 / (SIDE - 1), COLORS = SIDE * SIDE * SIDE, GRAYS = 256, MOST = 3 };

static bool is_lab(cmsHPROFILE p)
{
	return cmsGetColorSpace(p) == cmsSigLabData;
}

static unsigned colors_of(cmsHPROFILE p)
{
	return cmsChannelsOf(cmsGetColorSpace(p));
}

static cmsUInt32Number kind_of(cmsHPROFILE p)
{
	switch (cmsGetColorSpace(p)) {
	case cmsSigGrayData:
		return COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1);
	case cmsSigLabData:
		return COLORSPACE_SH(PT_Lab) | CHANNELS_SH(3);
	default:
		return COLORSPACE_SH(PT_RGB) | CHANNELS_SH(3);
	}
}

/* How such samples of this profile lie in memory. */
static cmsUInt32Number format_of(cmsHPROFILE p, const struct leat_image_shape *s)
{
	cmsUInt32Number depth = s->sample == LEAT_F32   ? FLOAT_SH(1) | BYTES_SH(4)
				: s->sample == LEAT_U16 ? BYTES_SH(2)
							: BYTES_SH(1);
	return kind_of(p) | EXTRA_SH(s->alpha ? 1u : 0u) | depth;
}

static cmsUInt32Number flags_of(const struct leat_between_ask *q)
{
	return cmsFLAGS_NOCACHE | cmsFLAGS_COPY_ALPHA | (q->black_point ? cmsFLAGS_BLACKPOINTCOMPENSATION : 0);
}

static cmsHTRANSFORM make(const struct leat_between_ask *q, cmsUInt32Number more)
{
	return cmsCreateTransformTHR(q->ctx, q->from, format_of(q->from, q->in), q->to, format_of(q->to, q->out),
				     q->intent, flags_of(q) | more);
}

static uint32_t fill_probes(uint8_t *to, unsigned colors)
{
	if (colors == 1) {
		for (unsigned i = 0; i < GRAYS; i++)
			to[i] = (uint8_t)i;
		return GRAYS;
	}
	for (unsigned r = 0; r < 256; r += r < 240 ? STEP : 15)
		for (unsigned g = 0; g < 256; g += g < 240 ? STEP : 15)
			for (unsigned b = 0; b < 256; b += b < 240 ? STEP : 15) {
				*to++ = (uint8_t)r;
				*to++ = (uint8_t)g;
				*to++ = (uint8_t)b;
			}
	return COLORS;
}

struct probes {
	uint8_t in[COLORS * MOST], out[COLORS * MOST];
	float asked[COLORS * MOST], wanted[COLORS * MOST];
};

/* Does the fast transform give every probe as the exact one does, to a level? */
static bool agrees(const struct leat_between_ask *q, struct probes *p)
{
	const struct leat_image_shape narrow = {.sample = LEAT_U8}, real = {.sample = LEAT_F32};
	struct leat_between_ask quick = *q, exact = *q;
	quick.in = quick.out = &narrow;
	exact.in = exact.out = &real;
	cmsHTRANSFORM a = make(&quick, 0), b = make(&exact, cmsFLAGS_NOOPTIMIZE);
	bool ok = a && b;
	if (ok) {
		unsigned from = colors_of(q->from), to = colors_of(q->to);
		uint32_t n = fill_probes(p->in, from);
		for (size_t i = 0; i < (size_t)n * from; i++)
			p->asked[i] = (float)p->in[i] / 255;
		cmsDoTransform(a, p->in, p->out, n);
		cmsDoTransform(b, p->asked, p->wanted, n);
		for (size_t i = 0; ok && i < (size_t)n * to; i++) {
			float want = fminf(fmaxf(p->wanted[i], 0), 1) * 255;
			ok = fabsf(want - (float)p->out[i]) <= 0.9f;
		}
	}
	if (a)
		cmsDeleteTransform(a);
	if (b)
		cmsDeleteTransform(b);
	return ok;
}

/* -1 where memory is out. */
static int can_be_fast(const struct leat_between_ask *q, struct leat_err *err)
{
	if (q->in->sample != LEAT_U8 || is_lab(q->from) || is_lab(q->to))
		return 0;
	struct probes *p = leat_zalloc(1, sizeof *p, err);
	if (!p)
		return -1;
	int yes = agrees(q, p);
	free(p);
	return yes;
}

int leat_between_find(const struct leat_between_ask *q, struct leat_between **t, struct leat_err *err)
{
	int fast = can_be_fast(q, err);
	struct leat_between *b = fast < 0 ? NULL : leat_zalloc(1, sizeof *b, err);
	if (!b)
		return -1;
	atomic_init(&b->refs, 1);
	b->fast = fast;
	b->transform = make(q, fast ? 0 : cmsFLAGS_NOOPTIMIZE);
	if (!b->transform) {
		leat_between_unref(&b);
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "lcms2 knows no way between these profiles");
	}
	*t = b;
	return 0;
}

void leat_between_ref(struct leat_between *t)
{
	atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
}

void leat_between_unref(struct leat_between **t)
{
	struct leat_between *old = *t;
	*t = NULL;
	if (!old || atomic_fetch_sub_explicit(&old->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (old->transform)
		cmsDeleteTransform(old->transform);
	free(old);
}

void leat_between_row(const struct leat_between *t, const uint8_t *in, uint8_t *out, uint32_t width)
{
	cmsDoTransform(t->transform, in, out, width);
}

bool leat_between_is_fast(const struct leat_between *t)
{
	return t->fast;
}
