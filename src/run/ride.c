/* SPDX-License-Identifier: MIT */
/*
 * Row steps of one item as one chain. First the chain is built (shapes are known from the header, so filters on what is
 * known already are asked now); then the rows move once; then the tree is settled: measures become fields, encoded
 * bytes and kept images go on to whatever stands behind.
 */
#include "base/sys.h"
#include "core/condition.h"
#include "run/segment_impl.h"

struct ride {
	struct leat_walk *w;
	struct leat_chain *chain;
	const char *format; /* of the pixels' origin */
};

static bool same_segment(const struct leat_walk *w, int step)
{
	return leat_walk_step(w, step)->segment == w->in->segment;
}

bool leat_walk_rides(const struct leat_walk *w, int step)
{
	const struct leat_step *s = leat_walk_step(w, step);
	if (!same_segment(w, step))
		return false;
	switch (s->role) {
	case LEAT_OP:
		return s->op->rows != NULL;
	case LEAT_ENCODE: /* where the name decides, it is known when the item is there */
		return !s->codec || s->codec->enc_open;
	case LEAT_FILTER:
	case LEAT_ROWSINK:
		return true;
	default:
		return false;
	}
}

/* leat_op.fields callback: is `name` among them? */
struct provides {
	const char *name;
	bool yes;
};
static void provides_field(void *ctx, const char *name, enum leat_vtype type, const char *doc)
{
	struct provides *p = ctx;
	(void)type, (void)doc;
	p->yes = p->yes || strcmp(p->name, name) == 0;
}

/* Does a filter ask for something that an op above it, in this chain, is still measuring? */
static bool asks_pending(const struct leat_walk *w, int step)
{
	const struct leat_step *s = leat_walk_step(w, step);
	for (int up = s->parent; up >= 0 && same_segment(w, up); up = leat_walk_step(w, up)->parent) {
		const struct leat_step *a = leat_walk_step(w, up);
		if (a->role != LEAT_OP || !a->op->fields)
			continue;
		for (size_t i = 0; i < s->conditions.n; i++)
			for (size_t k = 0; leat_condition_field(s->conditions.v[i], k); k++) {
				struct provides p = {.name = leat_condition_field(s->conditions.v[i], k)};
				a->op->fields(a->params, LEAT_IMAGE, provides_field, &p);
				if (p.yes)
					return true;
			}
	}
	return false;
}

static int build(struct ride *r, int node, int parent, int only, const struct leat_fields *fields);

static int next_child(const struct leat_walk *w, int parent, int only, int after)
{
	if (only >= 0)
		return after == parent ? only : -1;
	return leat_walk_child(w->env->plan, parent, after);
}

static int broken(struct ride *r, int step, const struct leat_err *e)
{
	r->w->visit[step].broken = true;
	return leat_walk_fail(r->w, step, e);
}

static int build_op(struct ride *r, int node, int step, const struct leat_fields *fields)
{
	const struct leat_step *s = leat_walk_step(r->w, step);
	struct leat_view v = leat_walk_view(r->w, step, fields, r->format);
	struct leat_err e = {0};
	void *state;
	leat_chain_for(r->chain, (uint32_t)step + 1);
	int n = leat_states_get(r->w->states, s->op, s->params, step, &state, &e);
	if (n == 0)
		n = leat_chain_op(r->chain, node, s->op, s->params, state, &v, &e);
	if (n < 0)
		return broken(r, step, &e);
	r->w->visit[step].node = n;
	struct leat_fields f = {0};
	int ok = leat_fields_copy(&f, fields, r->w->fatal);
	if (ok == 0)
		ok = leat_walk_image_fields(&f, leat_chain_shape(r->chain, n), r->w->fatal);
	if (ok == 0)
		ok = build(r, n, step, -1, &f);
	leat_fields_free(&f);
	return ok;
}

static int build_keep(struct ride *r, int node, int step)
{
	struct leat_err e = {0};
	r->w->visit[step].keep = leat_chain_keep(r->chain, node, &e);
	return r->w->visit[step].keep < 0 ? broken(r, step, &e) : 0;
}

static int build_encoder(struct ride *r, int node, int step, const struct leat_fields *fields)
{
	struct leat_visit *visit = &r->w->visit[step];
	struct leat_view v = leat_walk_view(r->w, step, fields, r->format);
	struct leat_err e = {0};
	const void *params = NULL;
	visit->codec = leat_walk_codec(r->w, step, LEAT_IMAGE, &v, &params, &e);
	if (visit->codec && !visit->codec->enc_open) /* takes images whole */
		return build_keep(r, node, step);
	leat_chain_for(r->chain, (uint32_t)step + 1);
	visit->node = visit->codec ? leat_walk_encoder(r->w, r->chain, node, visit->codec, params, &v, &e) : -1;
	if (visit->node < 0)
		return broken(r, step, &e);
	if (leat_walk_verifies(r->w, step))
		leat_chain_verify(r->chain, visit->node);
	return 0;
}

static int build_child(struct ride *r, int node, int step, const struct leat_fields *fields)
{
	const struct leat_step *s = leat_walk_step(r->w, step);
	struct leat_visit *v = &r->w->visit[step];
	*v = (struct leat_visit){.node = node, .keep = -1};
	if (!leat_walk_rides(r->w, step))
		return build_keep(r, node, step);
	switch (s->role) {
	case LEAT_OP:
		return build_op(r, node, step, fields);
	case LEAT_ENCODE:
		return build_encoder(r, node, step, fields);
	case LEAT_FILTER:
		if (asks_pending(r->w, step))
			return build_keep(r, node, step);
		v->dropped = !leat_walk_conditions(r->w, step, fields, r->format);
		if (v->dropped)
			leat_notice(&r->w->out->notes, "dropped by '%s'", s->text);
		leat_walk_trace_word(r->w, step, v->dropped ? "dropped" : "kept");
		return v->dropped ? 0 : build(r, node, step, -1, fields);
	default: /* a report looks at the fields only: transparent */
		return build(r, node, step, -1, fields);
	}
}

static int build(struct ride *r, int node, int parent, int only, const struct leat_fields *fields)
{
	for (int c = next_child(r->w, parent, only, parent); c >= 0; c = next_child(r->w, parent, only, c))
		if (build_child(r, node, c, fields) < 0)
			return -1;
	return 0;
}

static int settle(struct ride *r, int parent, int only, const struct leat_fields *fields);

static int settle_op(struct ride *r, int step, const struct leat_fields *fields)
{
	int node = r->w->visit[step].node;
	struct leat_fields f = {0};
	struct leat_err e = {0};
	leat_walk_trace_rows(r->w, step, r->chain, node);
	int ok = leat_fields_copy(&f, fields, r->w->fatal);
	if (ok == 0)
		ok = leat_walk_image_fields(&f, leat_chain_shape(r->chain, node), r->w->fatal);
	if (ok == 0)
		ok = leat_chain_end(r->chain, node, &f, &e) < 0 ? leat_walk_fail(r->w, step, &e)
								: settle(r, step, -1, &f);
	leat_fields_free(&f);
	return ok;
}

static int settle_encoder(struct ride *r, int step, const struct leat_fields *fields)
{
	const struct leat_visit *v = &r->w->visit[step];
	struct leat_payload p = {.kind = LEAT_FILE, .format = v->codec->name};
	p.bytes = leat_chain_take_bytes(r->chain, v->node);
	r->w->mark_ns = leat_now_ns() - leat_chain_ns(r->chain, (uint32_t)step + 1);
	struct leat_fields f = {0};
	int ok = leat_fields_copy(&f, fields, r->w->fatal);
	if (ok == 0)
		ok = leat_walk_size_fields(r->w, &f, p.bytes->len, r->w->fatal);
	if (ok == 0)
		ok = leat_walk_children(r->w, step, &p, &f, v->codec->name);
	leat_fields_free(&f);
	leat_payload_clear(&p);
	return ok;
}

static int settle_kept(struct ride *r, int step, const struct leat_fields *fields)
{
	struct leat_payload p = {.kind = LEAT_IMAGE};
	p.image = leat_chain_take_image(r->chain, r->w->visit[step].keep);
	int ok = leat_walk_enter(r->w, step, &p, fields, r->format);
	leat_payload_clear(&p);
	return ok;
}

static int settle_child(struct ride *r, int step, const struct leat_fields *fields)
{
	const struct leat_visit *v = &r->w->visit[step];
	if (v->broken || v->dropped)
		return 0;
	int at;
	const struct leat_err *e = leat_chain_error(r->chain, v->keep >= 0 ? v->keep : v->node, &at);
	if (e)
		return leat_walk_fail(r->w, step, e);
	if (v->keep >= 0)
		return settle_kept(r, step, fields);
	switch (leat_walk_step(r->w, step)->role) {
	case LEAT_OP:
		return settle_op(r, step, fields);
	case LEAT_ENCODE:
		return settle_encoder(r, step, fields);
	case LEAT_ROWSINK:
		if (leat_walk_leave(r->w, LEAT_R_ROW, step, NULL, fields, r->format) < 0)
			return -1;
		return settle(r, step, -1, fields);
	default:
		return settle(r, step, -1, fields);
	}
}

static int settle(struct ride *r, int parent, int only, const struct leat_fields *fields)
{
	for (int c = next_child(r->w, parent, only, parent); c >= 0; c = next_child(r->w, parent, only, c))
		if (settle_child(r, c, fields) < 0)
			return -1;
	return 0;
}

/* Build, move, settle: from node `node` on, for the children of `parent`. A failing source is told at `blame`. */
static int ride_all(struct ride *r, int node, int parent, int only, int blame, const struct leat_fields *fields)
{
	struct leat_err e = {0};
	if (build(r, node, parent, only, fields) < 0)
		return -1;
	if (leat_chain_run(r->chain, &r->w->out->notes, &e) < 0)
		return leat_walk_fail(r->w, blame, &e);
	if (blame == parent) /* the decoder itself */
		leat_walk_trace_rows(r->w, parent, r->chain, node);
	return settle(r, parent, only, fields);
}

static struct leat_chain *new_chain(const struct leat_walk *w, struct leat_err *err)
{
	struct leat_chain_opts o = {
		.strip_rows = w->env->strip_rows,
		.team = w->in->worker->team,
		.times = w->in->trace,
		.cancel = w->in->worker->cancel,
		.deadline_ns = w->deadline_ns,
		.note = w->in->worker->note,
		.timeout_ns = w->env->plan->segments[w->in->segment].timeout_ns,
	};
	return leat_chain_new(&o, err);
}

int leat_walk_image(struct leat_walk *w, int parent, int only, const struct leat_payload *payload,
		    const struct leat_fields *fields, const char *format)
{
	bool any = false;
	for (int c = next_child(w, parent, only, parent); c >= 0; c = next_child(w, parent, only, c))
		any = any || leat_walk_rides(w, c);
	if (!any) {
		for (int c = next_child(w, parent, only, parent); c >= 0; c = next_child(w, parent, only, c))
			if (leat_walk_enter(w, c, payload, fields, format) < 0)
				return -1;
		return 0;
	}
	struct ride r = {.w = w, .format = format};
	struct leat_err e = {0};
	int blame = next_child(w, parent, only, parent);
	r.chain = new_chain(w, &e);
	if (r.chain)
		leat_chain_for(r.chain, (uint32_t)blame + 1);
	int ok = r.chain ? leat_chain_image(r.chain, payload->image, &e) : -1;
	ok = ok < 0 ? leat_walk_fail(w, blame, &e) : ride_all(&r, 0, parent, only, blame, fields);
	leat_chain_free(&r.chain);
	return ok;
}

void leat_walk_header(const struct leat_codec *codec, const struct leat_decoder *d, const struct leat_image_shape *s,
		      const struct leat_meta *meta, struct leat_header *h)
{
	*h = (struct leat_header){
		.format = codec->name,
		.kind = LEAT_IMAGE,
		.shape = *s,
		.peak_bytes = leat_image_bytes(s), /* who does not say decodes it all before the first row */
		.whole = true,
		.orientation = meta ? meta->orientation : 0,
	};
	if (codec->dec_header)
		codec->dec_header(d, h);
}

/* The decoder stands: may it go on? Once for an item, and only where nobody could tell before. */
static int ask(struct leat_walk *w, const struct leat_codec *codec, const struct leat_decoder *d,
	       const struct leat_image_shape *shape, const struct leat_meta *meta, size_t file_bytes,
	       struct leat_err *err)
{
	struct leat_header h;
	if (!w->asks)
		return 0;
	w->asks = false;
	leat_walk_header(codec, d, shape, meta, &h);
	if (w->env->admit(w->in->item, &h, file_bytes, err) == 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_CANCELLED, "it may not go on");
}

/* The content decides; a name that says something else is told. */
static void tell_name(struct ride *r, const struct leat_codec *codec)
{
	const struct leat_entry *e = r->w->in->entry;
	const char *slash = e ? strrchr(e->path, '/') : NULL, *dot = e ? strrchr(slash ? slash : e->path, '.') : NULL;
	const struct leat_codec *named =
		dot ? leat_registry_codec_for_extension(r->w->env->plan->registry, dot + 1) : NULL;
	if (named && named != codec)
		leat_notice(&r->w->out->notes, "its name says %s, its content is %s", named->name, codec->name);
}

/* Opens the decoder that the bytes ask for, if `decode` allows it. */
static int open_source(struct ride *r, int step, const struct leat_bytes *b, struct leat_err *err)
{
	const struct leat_decode_params *params = leat_walk_step(r->w, step)->params;
	const struct leat_registry *reg = r->w->env->plan->registry;
	const struct leat_codec *codec = leat_registry_sniff(reg, b->data, b->len);
	if (!b->len)
		return leat_fail(err, LEAT_CAUSE_TRUNCATED, "the file is empty");
	if (codec && !codec->dec_open && codec->prepare && codec->prepare(err) < 0)
		return -1;
	if (!codec || !codec->dec_open)
		return leat_fail(err, LEAT_CAUSE_FORMAT, "the content is of no image format that leat reads");
	for (size_t i = 0; params->formats && i < reg->n_codecs; i++)
		if (reg->codecs[i] == codec && !(params->formats >> i & 1))
			return leat_fail(err, LEAT_CAUSE_FORMAT, "formats= does not allow %s", codec->name);
	tell_name(r, codec);
	if (params->page > 1 && !codec->pages)
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "extract-page %d: of a %s only the first page is read",
				 (int)params->page - 1, codec->name);
	static const int64_t depths[] = {0, 8, 16, 32};
	struct leat_decode_opts o = {
		.page = (uint32_t)params->page,
		.all = params->pages == LEAT_PAGES_ALL && !params->page,
		.orient = params->orient,
		.depth = depths[params->depth & 3],
		.keep_damaged = params->damaged == 1,
		.max_pixels = params->max_pixels,
		.aside = r->w->in->worker->aside,
	};
	leat_walk_shrink(r->w, step, codec, b, &o);
	struct leat_decoder *d = NULL;
	struct leat_image_shape shape;
	struct leat_meta *meta = NULL;
	if (codec->dec_open(&d, b->data, b->len, &o, &shape, &meta, &r->w->out->notes, err) < 0)
		return -1;
	int ok = ask(r->w, codec, d, &shape, meta, b->len, err);
	if (ok < 0)
		codec->dec_close(&d);
	else
		ok = leat_chain_decoder(r->chain, codec, d, &shape, meta, err);
	leat_meta_unref(&meta);
	r->format = codec->name;
	return ok;
}

/* What `decode` promises of every picture: upright, and of the depth asked for. */
static int normalize(struct ride *r, int step, const struct leat_decode_params *params,
		     const struct leat_fields *fields, struct leat_err *err)
{
	struct leat_view v = leat_walk_view(r->w, step, fields, r->format);
	int node = 0;
	if (params->orient)
		node = leat_walk_upright(r->w, r->chain, node, &v, err);
	if (node >= 0 && params->depth > 0) {
		static const enum leat_sample samples[] = {LEAT_U8, LEAT_U8, LEAT_U16, LEAT_F32};
		node = leat_walk_depth(r->w, r->chain, node, samples[params->depth & 3], &v, err);
	}
	return node;
}

int leat_walk_decode(struct leat_walk *w, int step, const struct leat_payload *payload,
		     const struct leat_fields *fields, const char *format)
{
	const struct leat_decode_params *params = leat_walk_step(w, step)->params;
	struct ride r = {.w = w, .format = format};
	struct leat_fields f = {0};
	struct leat_err e = {0};
	r.chain = new_chain(w, &e);
	if (r.chain)
		leat_chain_for(r.chain, (uint32_t)step + 1);
	int ok = r.chain ? open_source(&r, step, payload->bytes, &e) : -1;
	int node = ok < 0 ? -1 : normalize(&r, step, params, fields, &e);
	if (node >= 0)
		ok = leat_fields_copy(&f, fields, &e);
	if (node >= 0 && ok == 0)
		ok = leat_walk_image_fields(&f, leat_chain_shape(r.chain, node), &e);
	if (node < 0 || ok < 0)
		ok = leat_walk_fail(w, step, &e);
	else
		ok = ride_all(&r, node, step, -1, step, &f);
	leat_chain_free(&r.chain);
	leat_fields_free(&f);
	return ok;
}
