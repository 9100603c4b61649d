/* SPDX-License-Identifier: MIT */
/*
 * The conversions that nobody writes but everybody expects: upright pictures behind the decoder, and before an encoder
 * pixels as it can take them (sRGB without a profile, no alpha, fewer bits). Each is told as a notice.
 */
#include "core/paramvalue.h"
#include "run/segment_impl.h"

/* The row of parameter `name`; the engine's adapters have those it asks for. */
static const struct leat_param *row(const struct leat_param *table, const char *name)
{
	static const struct leat_param none = LEAT_P_END;
	const struct leat_param *p = leat_param_find(table, name);
	return p ? p : &none;
}

static int choice_index(const struct leat_param *p, const char *word)
{
	for (int i = 0; p->choices && p->choices[i]; i++)
		if (strcmp(p->choices[i], word) == 0)
			return i;
	return -1;
}

/* Adds adapter `a` behind `node` with these parameters; they live as long as the walk. */
static int adapter(struct leat_walk *w, struct leat_chain *c, int node, enum leat_adapter a, const void *params,
		   const struct leat_view *view, struct leat_err *err)
{
	const struct leat_op *op = w->env->adapter[a];
	if (!op)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "this build lacks the conversion that '%s' needs",
				 view->format ? view->format : "the encoder");
	void *state;
	if (leat_states_get(w->states, op, params, (int)w->env->plan->n_steps + (int)a, &state, err) < 0)
		return -1;
	return leat_chain_op(c, node, op, params, state, view, err);
}

static void *params_of(struct leat_walk *w, enum leat_adapter a, struct leat_err *err)
{
	const struct leat_op *op = w->env->adapter[a];
	size_t size = op && op->params_size ? op->params_size : 1;
	void *p = leat_arena_alloc(&w->arena, size);
	if (p && op)
		leat_op_preset(op, p);
	if (!p)
		leat_fail(err, LEAT_CAUSE_MEMORY, "cannot allocate %zu bytes", size);
	else if (op && leat_param_defaults(op->params, p, &w->arena, err) < 0)
		return NULL;
	return p;
}

int leat_walk_upright(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_view *view,
		      struct leat_err *err)
{
	if (leat_chain_meta(c, node)->orientation <= 1)
		return node;
	void *params = params_of(w, LEAT_ORIENT, err);
	return params ? adapter(w, c, node, LEAT_ORIENT, params, view, err) : -1;
}

int leat_walk_depth(struct leat_walk *w, struct leat_chain *c, int node, enum leat_sample want,
		    const struct leat_view *view, struct leat_err *err)
{
	static const char *const word[] = {[LEAT_U8] = "8", [LEAT_U16] = "16", [LEAT_F32] = "float"};
	if (leat_chain_shape(c, node)->sample == want)
		return node;
	const struct leat_op *op = w->env->adapter[LEAT_CONVERT];
	const struct leat_param *depth = row(op ? op->params : NULL, "depth");
	int choice = choice_index(depth, word[want]);
	if (choice < 0)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "cannot convert to depth %s yet", word[want]);
	char *params = params_of(w, LEAT_CONVERT, err);
	if (!params)
		return -1;
	*(int64_t *)(void *)(params + depth->offset) = choice;
	return adapter(w, c, node, LEAT_CONVERT, params, view, err);
}

/* Alpha goes onto the encoder's own background=. */
static int flatten(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec, const void *enc,
		   const struct leat_view *view, struct leat_err *err)
{
	const struct leat_op *op = w->env->adapter[LEAT_FLATTEN];
	const struct leat_param *to = row(op ? op->params : NULL, "background");
	const struct leat_param *from = row(codec->params, "background");
	char *params = params_of(w, LEAT_FLATTEN, err);
	if (!params)
		return -1;
	struct leat_color color = {255, 255, 255, 255, true};
	if (from->type == LEAT_PT_COLOR)
		color = *(const struct leat_color *)(const void *)((const char *)enc + from->offset);
	if (to->type == LEAT_PT_COLOR)
		*(struct leat_color *)(void *)(params + to->offset) = color;
	leat_notice(&w->out->notes, "alpha was flattened for %s", codec->name);
	return adapter(w, c, node, LEAT_FLATTEN, params, view, err);
}

/* To the palette of an encoder's own colors= and dither=. */
static int quantize(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec,
		    const void *enc, const struct leat_view *view, struct leat_err *err)
{
	const struct leat_op *op = w->env->adapter[LEAT_QUANTIZE];
	const struct leat_param *many = row(codec->params, "colors"), *dither = row(codec->params, "dither");
	if (many->type != LEAT_PT_INT || dither->type != LEAT_PT_PERCENT ||
	    !*(const int64_t *)(const void *)((const char *)enc + many->offset))
		return node;
	char *params = params_of(w, LEAT_QUANTIZE, err);
	const struct leat_param *to = op ? op->params : NULL, *to_dither = row(to, "dither");
	if (!params)
		return -1;
	if (to && to->type == LEAT_PT_INT && to_dither->type == LEAT_PT_PERCENT) {
		memcpy(params + to->offset, (const char *)enc + many->offset, sizeof(int64_t));
		memcpy(params + to_dither->offset, (const char *)enc + dither->offset, sizeof(double));
	}
	return adapter(w, c, node, LEAT_QUANTIZE, params, view, err);
}

/* Does what describes the image's colors go into such a file? */
static bool has_place(const struct leat_codec *codec, const struct leat_meta *m, bool gray)
{
	enum { UNSPECIFIED = 2 };
	bool points = m->has_cicp && m->cicp[0] != UNSPECIFIED && m->cicp[1] != UNSPECIFIED;
	if (points && codec->keeps_cicp)
		return true;
	if (m->icc)
		return codec->keeps_icc && !(gray && codec->as_color);
	if (points)
		return false;
	return m->has_srgb || (!m->has_gamma && !m->has_chrm) || codec->keeps_chunks;
}

/* Without a place for the profile the pixels themselves become sRGB. */
static int to_srgb(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec,
		   const struct leat_view *view, struct leat_err *err)
{
	const struct leat_meta *m = leat_chain_meta(c, node);
	if (leat_meta_is_lab(m))
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "%s cannot hold an image in Lab; 'colorspace srgb' before it would bring it back",
				 codec->name);
	if (has_place(codec, m, leat_chain_shape(c, node)->channels < 3))
		return node;
	void *params = params_of(w, LEAT_TO_SRGB, err);
	return params ? adapter(w, c, node, LEAT_TO_SRGB, params, view, err) : -1;
}

/* What will not be in the file. */
static void tell_lost(struct leat_walk *w, const struct leat_codec *codec, const struct leat_meta *m)
{
	const struct {
		unsigned bit;
		const struct leat_bytes *has;
		const char *name;
	} rows[] = {
		{LEAT_META_EXIF, m->exif, "EXIF"}, {LEAT_META_XMP, m->xmp, "XMP"}, {LEAT_META_IPTC, m->iptc, "IPTC"}};
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		if (rows[i].has && !(codec->keeps_meta & rows[i].bit))
			leat_notice(&w->out->notes, "%s data have no place in %s", rows[i].name, codec->name);
}

static int adapt(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec, const void *enc,
		 const struct leat_view *view, struct leat_err *err)
{
	static const char *const words[] = {[LEAT_U8] = "8 bit", [LEAT_U16] = "16 bit", [LEAT_F32] = "float"};
	struct leat_image_shape want;
	tell_lost(w, codec, leat_chain_meta(c, node));
	node = to_srgb(w, c, node, codec, view, err);
	if (node < 0 || codec->enc_takes(enc, leat_chain_shape(c, node), &want, err) < 0)
		return -1;
	if (leat_chain_shape(c, node)->alpha && !want.alpha)
		node = flatten(w, c, node, codec, enc, view, err);
	if (node >= 0 && leat_chain_shape(c, node)->sample > want.sample)
		leat_notice(&w->out->notes, "%s became %s for %s", words[leat_chain_shape(c, node)->sample],
			    words[want.sample], codec->name);
	if (node >= 0)
		node = leat_walk_depth(w, c, node, want.sample, view, err);
	if (node >= 0 && leat_chain_shape(c, node)->channels != want.channels)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s cannot hold an image of %d channels", codec->name,
				 leat_chain_shape(c, node)->channels);
	return node < 0 ? -1 : quantize(w, c, node, codec, enc, view, err);
}

/* [encode] before write: the format follows the name that this item will get. */
static const struct leat_codec *codec_by_name(struct leat_walk *w, int step, unsigned kind,
					      const struct leat_view *view, struct leat_err *err)
{
	const struct leat_plan *p = w->env->plan;
	const struct leat_param *t = NULL;
	int sink = leat_walk_child(p, step, step);
	const struct leat_step *s = sink < 0 ? NULL : &p->steps[sink];
	for (const struct leat_param *q = s && s->sink ? s->sink->params : NULL; q && q->name; q++)
		if (q->type == LEAT_PT_TEMPLATE && (q->flags & LEAT_POSITIONAL))
			t = q;
	if (!t) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "no name to choose a format by");
		return NULL;
	}
	const struct leat_tmpl *tmpl = (const void *)((const char *)s->params + t->offset);
	struct leat_buf name = {0};
	const struct leat_codec *codec = NULL;
	if (leat_template_expand(tmpl->t, view, &name, err) == 0 && leat_buf_check(&name, err) == 0) {
		const char *dot = strrchr(name.data, '.');
		if (dot && !strchr(dot, '/'))
			codec = leat_registry_codec_for_extension(p->registry, dot + 1);
		if (!codec || !leat_codec_writes(codec, kind)) {
			codec = NULL;
			leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "no encoder for the name '%s'", name.data);
		}
	}
	leat_buf_free(&name);
	return codec;
}

static const void *default_params(const struct leat_walk *w, int step, const struct leat_codec *codec)
{
	return leat_plan_default_encoder(w->env->plan, codec, leat_plan_resized(w->env->plan, step));
}

const struct leat_codec *leat_walk_codec(struct leat_walk *w, int step, unsigned kind, const struct leat_view *view,
					 const void **params, struct leat_err *err)
{
	const struct leat_step *s = leat_walk_step(w, step);
	const struct leat_codec *codec = s->codec ? s->codec : codec_by_name(w, step, kind, view, err);
	if (codec)
		*params = s->codec ? s->params : default_params(w, step, codec);
	return codec;
}

int leat_walk_verifies(const struct leat_walk *w, int step)
{
	const struct leat_plan *p = w->env->plan;
	int most = 0;
	for (int c = leat_walk_child(p, step, step); c >= 0; c = leat_walk_child(p, step, c)) {
		const struct leat_step *s = &p->steps[c];
		int own = s->role == LEAT_WRITE && s->sink->verifies ? s->sink->verifies(s->params) : 0;
		int below = leat_walk_verifies(w, c);
		most = own > most ? own : most;
		most = below > most ? below : most;
	}
	return most;
}

int leat_walk_encoder(struct leat_walk *w, struct leat_chain *c, int node, const struct leat_codec *codec,
		      const void *params, const struct leat_view *view, struct leat_err *err)
{
	if (!codec->enc_open || !codec->enc_takes)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "%s cannot be written", codec->name);
	const struct leat_image_shape *s = leat_chain_shape(c, node);
	if (s->page_height && !codec->writes_pages)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED,
				 "%s holds one page, and this image has %u: 'extract-page 0' before it takes the first",
				 codec->name, s->pages);
	node = adapt(w, c, node, codec, params, view, err);
	return node < 0 ? -1 : leat_chain_encode(c, node, codec, params, err);
}
