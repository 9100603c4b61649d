/* SPDX-License-Identifier: MIT */
/* Builds the tree of a chain, runs it, gives its results out. See chain_impl.h for how the rows move. */
#include "base/mem.h"
#include "rows/chain_impl.h"
#include "rows/pages.h"

struct leat_chain *leat_chain_new(const struct leat_chain_opts *o, struct leat_err *err)
{
	struct leat_chain *c = leat_zalloc(1, sizeof *c, err);
	if (!c)
		return NULL;
	c->o = *o;
#ifndef _OPENMP
	c->o.team = 1; /* one thread: strips need less memory */
#endif
	return c;
}

void leat_chain_for(struct leat_chain *c, uint32_t whom)
{
	c->whom = whom;
	leat_note_set(c->o.note, whom);
}

static void node_free(struct leat_node *n)
{
	if (n->begun && n->op->end)
		(void)n->op->end(n->item, NULL, NULL); /* gives nothing out, so nothing can be wrong with it */
	if (n->dec)
		n->codec->dec_close(&n->dec);
	if (n->enc)
		n->codec->enc_close(&n->enc);
	leat_window_close(&n->win);
	leat_bytes_unref(&n->bytes);
	leat_image_unref(&n->image);
	leat_meta_unref(&n->meta);
	free(n);
}

void leat_chain_free(struct leat_chain **cp)
{
	struct leat_chain *c = *cp;
	*cp = NULL;
	if (!c)
		return;
	while (c->n) /* children before their parents */
		node_free(c->v[--c->n]);
	free(c->v);
	free(c->scratch);
	free(c);
}

/* A node that is not in the tree yet. */
static struct leat_node *node_new(const struct leat_chain *c, enum leat_node_kind kind, int parent,
				  struct leat_err *err)
{
	bool source = kind == LEAT_NODE_SOURCE;
	if (c->ran || (source ? c->n > 0 : parent < 0 || (size_t)parent >= c->n || c->v[parent]->kind > LEAT_NODE_OP)) {
		leat_fail(err, LEAT_CAUSE_INTERNAL, "a chain cannot grow at node %d", parent);
		return NULL;
	}
	struct leat_node *n = leat_zalloc(1, sizeof *n, err);
	if (!n)
		return NULL;
	n->kind = kind;
	n->whom = c->whom;
	n->parent = source ? 0 : parent;
	if (!source) {
		n->shape = c->v[parent]->shape;
		n->meta = leat_meta_ref(c->v[parent]->meta);
	}
	return n;
}

/* Takes the node over: into the tree, or released on failure. */
static int node_add(struct leat_chain *c, struct leat_node *n, struct leat_err *err)
{
	struct leat_node **v = leat_grow(c->v, &c->cap, c->n + 1, sizeof *v, err);
	if (!v) {
		node_free(n);
		return -1;
	}
	c->v = v;
	n->index = (int)c->n;
	v[c->n++] = n;
	return n->index;
}

int leat_chain_decoder(struct leat_chain *c, const struct leat_codec *codec, struct leat_decoder *d,
		       const struct leat_image_shape *shape, struct leat_meta *meta, struct leat_err *err)
{
	struct leat_node *n = node_new(c, LEAT_NODE_SOURCE, 0, err);
	if (!n) {
		codec->dec_close(&d);
		return -1;
	}
	n->codec = codec;
	n->dec = d;
	n->shape = *shape;
	n->meta = meta ? leat_meta_ref(meta) : leat_meta_new(err);
	if (!n->meta) {
		node_free(n);
		return -1;
	}
	return node_add(c, n, err) < 0 ? -1 : 0;
}

int leat_chain_image(struct leat_chain *c, struct leat_image *im, struct leat_err *err)
{
	struct leat_node *n = node_new(c, LEAT_NODE_SOURCE, 0, err);
	if (!n)
		return -1;
	n->shape = im->shape;
	n->meta = leat_meta_ref(im->meta);
	n->image = leat_image_ref(im);
	leat_window_on_image(&n->win, im);
	return node_add(c, n, err) < 0 ? -1 : 0;
}

/* Ops may be anybody's: what they promise is checked before memory is laid out by it. */
static int op_shape(struct leat_node *n, const void *params, const struct leat_shape *in, struct leat_shape *out,
		    struct leat_err *err)
{
	const struct leat_op *op = n->op;
	if (!op->rows || !(op->in & LEAT_IMAGE))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' does not work on rows", op->name);
	if (op->measures && !op->paged && leat_op_by_page(op, params, in)) /* its blocks would not be whole */
		return leat_fail(err, LEAT_CAUSE_UNSUPPORTED, "'%s' looks at one page, and this image has %u: %s",
				 op->name, in->image.pages, "'extract-page' picks one");
	if (leat_op_shape(op, params, in, n->meta, out, err) < 0)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' has no shape and no reason for it", op->name);
	const struct leat_image_shape *s = &out->image;
	if (out->kind != LEAT_IMAGE || !s->width || !s->height || !s->channels || s->channels > 4 ||
	    s->sample > LEAT_F32 || !leat_image_pages_fit(s))
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' makes an image of %ux%u with %u channels",
				 op->name, s->width, s->height, s->channels);
	if (op->measures ? !leat_image_shape_equal(s, &in->image) : !op->need && s->height != in->image.height)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' changes the shape in a way it does not declare",
				 op->name);
	return 0;
}

static int op_begin(struct leat_node *n, const void *params, void *state, const struct leat_shape *in,
		    const struct leat_shape *out, const struct leat_view *view, struct leat_err *err)
{
	if (!n->op->begin && !leat_op_by_page(n->op, params, in))
		return 0;
	struct leat_meta *before = leat_meta_ref(n->meta);
	struct leat_op_begin b = {
		.params = params,
		.state = state,
		.in = in,
		.out = out,
		.meta = before,
		.meta_out = &n->meta,
		.view = view,
	};
	if (leat_op_by_page(n->op, params, in)) {
		struct leat_paged *p = leat_paged_begin(n->op, &b, err);
		n->item = p;
		n->begun = p != NULL;
		n->op = p ? leat_paged_op(p) : n->op;
	} else {
		n->begun = n->op->begin(&b, &n->item, err) >= 0;
	}
	if (!n->meta) /* taken away and nothing put there: as before */
		n->meta = leat_meta_ref(before);
	leat_meta_unref(&before);
	return n->begun
		       ? 0
		       : leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' did not begin and gave no reason", n->op->name);
}

int leat_chain_op(struct leat_chain *c, int parent, const struct leat_op *op, const void *params, void *state,
		  const struct leat_view *view, struct leat_err *err)
{
	struct leat_node *n = node_new(c, LEAT_NODE_OP, parent, err);
	if (!n)
		return -1;
	struct leat_shape in = {.kind = LEAT_IMAGE, .image = n->shape}, out = {0};
	n->op = op;
	if (op_shape(n, params, &in, &out, err) < 0 || op_begin(n, params, state, &in, &out, view, err) < 0) {
		node_free(n);
		return -1;
	}
	n->shape = out.image;
	return node_add(c, n, err);
}

static int encoder_open(struct leat_node *n, const struct leat_codec *codec, const void *params, struct leat_err *err)
{
	struct leat_image_shape want = n->shape;
	if (codec->enc_takes && codec->enc_takes(params, &n->shape, &want, err) < 0)
		return -1;
	if (want.width != n->shape.width || want.height != n->shape.height || want.channels != n->shape.channels ||
	    want.sample != n->shape.sample)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "encoder '%s' got an image it does not take", codec->name);
	n->codec = codec;
	return codec->enc_open(&n->enc, params, &n->shape, n->meta, err);
}

int leat_chain_encode(struct leat_chain *c, int parent, const struct leat_codec *codec, const void *params,
		      struct leat_err *err)
{
	struct leat_node *n = node_new(c, LEAT_NODE_ENCODE, parent, err);
	if (!n)
		return -1;
	if (encoder_open(n, codec, params, err) < 0) {
		node_free(n);
		return -1;
	}
	return node_add(c, n, err);
}

void leat_chain_verify(struct leat_chain *c, int node)
{
	c->v[node]->verify = true;
}

int leat_chain_keep(struct leat_chain *c, int parent, struct leat_err *err)
{
	struct leat_node *n = node_new(c, LEAT_NODE_KEEP, parent, err);
	return n ? node_add(c, n, err) : -1;
}

const struct leat_image_shape *leat_chain_shape(const struct leat_chain *c, int node)
{
	return &c->v[node]->shape;
}

struct leat_meta *leat_chain_meta(const struct leat_chain *c, int node)
{
	return c->v[node]->meta;
}

const struct leat_err *leat_chain_error(const struct leat_chain *c, int node, int *at)
{
	const struct leat_err *first = NULL;
	for (int i = node;; i = c->v[i]->parent) { /* the one nearest to the source: it would have failed in any case */
		if (c->v[i]->err.cause != LEAT_CAUSE_NONE) {
			first = &c->v[i]->err;
			*at = i;
		}
		if (i == 0)
			return first;
	}
}

int leat_chain_end(struct leat_chain *c, int node, struct leat_fields *fields, struct leat_err *err)
{
	struct leat_node *n = c->v[node];
	int at;
	const struct leat_err *failed = leat_chain_error(c, node, &at);
	struct leat_err e = {0};
	bool due = n->begun && n->op->end;
	n->begun = false;
	leat_node_note(c, n);
	const char *name = n->op->name; /* with several pages the op goes with its item */
	if (due && n->op->end(n->item, failed || !c->ran ? NULL : fields, &e) < 0 && !failed) {
		if (e.cause == LEAT_CAUSE_NONE)
			leat_fail(&e, LEAT_CAUSE_INTERNAL, "step '%s' did not end well and gave no reason", name);
		leat_node_fail(c, n, &e);
		failed = &n->err;
	}
	if (!failed)
		return 0;
	if (err && err->cause == LEAT_CAUSE_NONE)
		*err = *failed;
	return -1;
}

int64_t leat_chain_ns(const struct leat_chain *c, uint32_t whom)
{
	int64_t ns = 0;
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->whom == whom)
			ns += c->v[i]->ns;
	return ns;
}

struct leat_bytes *leat_chain_take_bytes(struct leat_chain *c, int node)
{
	struct leat_bytes *b = c->v[node]->bytes;
	c->v[node]->bytes = NULL;
	return b;
}

struct leat_image *leat_chain_take_image(struct leat_chain *c, int node)
{
	struct leat_image *im = c->v[node]->dead ? NULL : c->v[node]->image;
	if (im)
		c->v[node]->image = NULL;
	return im;
}
