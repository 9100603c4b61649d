/* SPDX-License-Identifier: MIT */
/*
 * colorspace: the same colors in another space, by lcms2 (between.h). The result carries the profile of its space; in
 * sRGB and gray it needs none.
 */
#include "base/mem.h"
#include "ops/color/between.h"
#include "ops/color/icc.h"
#include "ops/color/profile.h"
#include "ops/color/spaces.h"
#include "ops/rows.h"

static const char *const spaces[] = {"srgb", "p3", "adobe-rgb", "linear", "lab", "cmyk", "gray", NULL};
static const char *const intents[] = {"perceptual", "relative", "saturation", "absolute", NULL};

struct colorspace {
	struct leat_fileref to;
	int64_t intent; /* as lcms2 counts them */
	bool black_point;
};

static const struct leat_param params[] = {
	{.name = "to",
	 .type = LEAT_PT_FILE,
	 .offset = LEAT_OFF_(struct colorspace, to, struct leat_fileref),
	 .choices = spaces,
	 .flags = LEAT_POSITIONAL | LEAT_REQUIRED,
	 .doc = "the space: a name, or an ICC profile of an RGB space"},
	LEAT_P_CHOICE(struct colorspace, intent, "intent", "perceptual", intents, 0,
		      "what becomes of colors that the space lacks, where its profile has a choice"),
	LEAT_P_SWITCH(struct colorspace, black_point, "black-point", "yes", 0, "the darkest black stays the darkest"),
	LEAT_P_END,
};

/* One worker's. */
struct worker {
	cmsContext ctx;
	cmsHPROFILE to;
	struct leat_bytes *icc; /* what the images get; NULL: nothing */
	/* The last question and its answer. */
	struct leat_meta *meta;
	struct leat_image_shape shape;
	struct leat_between *way; /* NULL: nothing to do */
};

struct item {
	uint32_t width;
	size_t row_bytes;
	struct leat_between *way; /* NULL: samples stay */
};

static bool is(const struct colorspace *p, enum leat_space s)
{
	return p->to.word == 1 + (int)s;
}

static int check(const void *params_, const struct leat_param **which, struct leat_err *err)
{
	const struct colorspace *p = params_;
	if (!is(p, LEAT_SPACE_CMYK))
		return 0;
	*which = &params[0];
	return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "images of inks (cmyk) are read, but cannot be made yet");
}

static int shape(const void *params_, const struct leat_shape *in, struct leat_shape *out, struct leat_err *err)
{
	const struct colorspace *p = params_;
	*out = *in;
	out->image.channels = (uint8_t)((is(p, LEAT_SPACE_GRAY) ? 1 : 3) + in->image.alpha);
	if (is(p, LEAT_SPACE_LAB) && in->image.sample == LEAT_F32)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "lab is made of 8 and 16 bit: 'convert depth=16' before it");
	return 0;
}

static size_t cost(const void *p, const struct leat_shape *in, const struct leat_shape *out)
{
	enum { PROBES = 256 << 10, LCMS = 1 << 20 };
	(void)p, (void)in, (void)out; /* the same for all */
	return PROBES + LCMS;
}

static void close(void *state)
{
	struct worker *w = state;
	leat_between_unref(&w->way);
	leat_meta_unref(&w->meta);
	leat_bytes_unref(&w->icc);
	if (w->to)
		cmsCloseProfile(w->to);
	if (w->ctx)
		cmsDeleteContext(w->ctx);
	free(w);
}

/* The profile of a file: for RGB images, and one that can be written into. */
static int open_file(struct worker *w, const struct leat_resource *r, struct leat_err *err)
{
	if (r->bytes->len <= UINT32_MAX)
		w->to = cmsOpenProfileFromMemTHR(w->ctx, r->bytes->data, (cmsUInt32Number)r->bytes->len);
	if (!w->to)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "'%.200s' is no ICC profile", r->path);
	if (cmsGetColorSpace(w->to) != cmsSigRgbData || cmsGetDeviceClass(w->to) == cmsSigLinkClass ||
	    !cmsIsIntentSupported(w->to, INTENT_PERCEPTUAL, LCMS_USED_AS_OUTPUT))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'%.200s' is no profile to write RGB images with",
				 r->path);
	leat_bytes_ref(w->icc = r->bytes);
	return 0;
}

static int open_target(struct worker *w, const struct leat_op_open *o, struct leat_err *err)
{
	const struct colorspace *p = o->params;
	if (!p->to.word)
		return open_file(w, &o->resources[p->to.resource], err);
	if (leat_space_profile(w->ctx, (enum leat_space)(p->to.word - 1), &w->to, err) < 0)
		return -1;
	if (is(p, LEAT_SPACE_SRGB) || is(p, LEAT_SPACE_GRAY))
		return 0;
	w->icc = leat_space_bytes(w->to, err);
	return w->icc ? 0 : -1;
}

static int open(const struct leat_op_open *o, void **state, struct leat_err *err)
{
	struct worker *w = leat_zalloc(1, sizeof *w, err);
	if (!w)
		return -1;
	w->ctx = cmsCreateContext(NULL, NULL);
	if (w->ctx && open_target(w, o, err) == 0) {
		*state = w;
		return 0;
	}
	if (!w->ctx)
		leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory for color conversion");
	close(w);
	return -1;
}

/* What the samples mean; the caller closes it. */
static int open_source(struct worker *w, const struct leat_op_begin *b, cmsHPROFILE *from, struct leat_err *err)
{
	bool gray = b->in->image.channels < 3;
	if (leat_meta_is_lab(b->meta))
		return leat_space_profile(w->ctx, LEAT_SPACE_LAB, from, err);
	if (leat_profile_of(w->ctx, b->meta, gray, from, err) < 0)
		return -1;
	return *from ? 0 : leat_space_profile(w->ctx, gray ? LEAT_SPACE_GRAY : LEAT_SPACE_SRGB, from, err);
}

/* Equal colors in, equal colors out: sRGB to sRGB, gray to gray. */
static bool stays(const struct colorspace *p, const struct leat_op_begin *b)
{
	bool plain = !leat_icc_described(b->meta) || (b->meta->has_srgb && !b->meta->icc && !b->meta->has_cicp);
	bool gray = b->in->image.channels < 3;
	return plain && (gray ? is(p, LEAT_SPACE_GRAY) : is(p, LEAT_SPACE_SRGB));
}

static int find(struct worker *w, const struct leat_op_begin *b, struct leat_err *err)
{
	const struct colorspace *p = b->params;
	cmsHPROFILE from = NULL;
	if (stays(p, b))
		return 0;
	if (open_source(w, b, &from, err) < 0)
		return -1;
	struct leat_between_ask q = {.ctx = w->ctx,
				     .from = from,
				     .to = w->to,
				     .in = &b->in->image,
				     .out = &b->out->image,
				     .intent = (cmsUInt32Number)p->intent,
				     .black_point = p->black_point};
	int ok = leat_between_find(&q, &w->way, err);
	cmsCloseProfile(from);
	return ok;
}

/* The way for this item: that of the last one where both mean the same. */
static int remember(struct worker *w, const struct leat_op_begin *b, struct leat_err *err)
{
	const struct leat_image_shape *s = &b->in->image;
	if (w->meta && w->shape.channels == s->channels && w->shape.sample == s->sample &&
	    leat_icc_same(w->meta, b->meta))
		return 0;
	leat_between_unref(&w->way);
	leat_meta_unref(&w->meta);
	if (find(w, b, err) < 0)
		return -1;
	w->shape = *s;
	w->meta = leat_icc_only(b->meta, err);
	return w->meta ? 0 : -1;
}

static int describe(struct worker *w, struct leat_meta **meta, struct leat_err *err)
{
	struct leat_meta *m = leat_meta_copy(*meta, err);
	if (!m)
		return -1;
	leat_icc_forget(m);
	if (w->icc)
		leat_bytes_ref(m->icc = w->icc);
	else
		m->has_srgb = true;
	leat_meta_unref(meta);
	*meta = m;
	return 0;
}

static int begin(const struct leat_op_begin *b, void **item, struct leat_err *err)
{
	struct worker *w = b->state;
	if (remember(w, b, err) < 0 || describe(w, b->meta_out, err) < 0)
		return -1;
	struct item *it = leat_zalloc(1, sizeof *it, err);
	if (!it)
		return -1;
	it->width = b->in->image.width;
	it->row_bytes = leat_row_bytes(&b->in->image);
	if (w->way)
		leat_between_ref(it->way = w->way);
	*item = it;
	return 0;
}

static int rows(void *item, const struct leat_rows *in, struct leat_rows *out, uint32_t y0, uint32_t y1, void *scratch,
		struct leat_err *err)
{
	const struct item *it = item;
	(void)scratch; /* rows are converted one by one, from window to window */
	(void)err; /* nothing can fail */
	if (!it->way)
		leat_copy_rows(in, out, y0, y1, it->row_bytes);
	for (uint32_t y = y0; it->way && y < y1; y++)
		leat_between_row(it->way, leat_row(in, y), leat_row(out, y), it->width);
	return 0;
}

static int end(void *item, struct leat_fields *fields, struct leat_err *err)
{
	struct item *it = item;
	(void)fields; /* measures nothing */
	(void)err;
	leat_between_unref(&it->way);
	free(it);
	return 0;
}

const struct leat_op leat_op_colorspace = {
	.name = "colorspace",
	.group = "color",
	.summary = "bring colors into another space, with its profile",
	.example = "colorspace p3",
	.version = 1,
	.params = params,
	.params_size = sizeof(struct colorspace),
	.in = LEAT_IMAGE,
	.out = LEAT_IMAGE,
	.modes = LEAT_ON_CPU,
	.point = true,
	.check = check,
	.shape = shape,
	.cost = cost,
	.open = open,
	.begin = begin,
	.rows = rows,
	.end = end,
	.close = close,
};
