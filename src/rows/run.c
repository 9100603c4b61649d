/* SPDX-License-Identifier: MIT */
/* One run of a chain: link, move the rows, check that all went through, finish decoder and encoders. */
#include "base/mem.h"
#include "rows/chain_impl.h"
#include "rows/verify.h"

/* One piece of scratch for every thread that may call rows() at once, of the size the greediest op wants. */
static int open_scratch(struct leat_chain *c, struct leat_err *err)
{
	size_t most = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct leat_node *n = c->v[i];
		size_t size = n->kind == LEAT_NODE_OP && n->wanted && n->op->scratch ? n->op->scratch(n->item) : 0;
		if (size > most)
			most = size;
	}
	if (!most)
		return 0;
	c->scratch_each = leat_size_add(most, 63) & ~(size_t)63;
	if (most > SIZE_MAX / 2)
		c->scratch_each = SIZE_MAX;
	c->scratch = leat_alloc_aligned(leat_size_mul(c->scratch_each, c->o.team > 1 ? (size_t)c->o.team : 1), err);
	return c->scratch ? 0 : -1;
}

/* An image source keeps nothing to finish; a decoder looks at what follows the last row. */
static void finish_source(struct leat_chain *c, struct leat_notices *notes)
{
	struct leat_node *src = c->v[0];
	struct leat_err e = {0};
	if (!src->dec)
		return;
	int64_t since = leat_node_clock(c);
	leat_node_note(c, src);
	if (!src->dead && src->codec->dec_finish && src->codec->dec_finish(src->dec, notes, &e) < 0) {
		leat_fail(&e, LEAT_CAUSE_INTERNAL, "decoder '%s' failed without a reason", src->codec->name);
		leat_node_fail(c, src, &e);
	}
	src->codec->dec_close(&src->dec);
	leat_node_worked(c, src, since);
}

/* Who did not fail but missed rows has met a bug: better told than a picture with a hole. */
static void check_complete(struct leat_chain *c)
{
	for (size_t i = 1; i < c->n; i++) {
		struct leat_node *n = c->v[i];
		struct leat_err e = {0};
		if (n->dead || (n->way != LEAT_WAY_OWNER && n->way != LEAT_WAY_READER) || n->next == n->shape.height)
			continue;
		leat_fail(&e, LEAT_CAUSE_INTERNAL, "%s '%s' got through %u of %u rows", n->op ? "step" : "end",
			  n->op      ? n->op->name
			  : n->codec ? n->codec->name
				     : "image",
			  n->next, n->shape.height);
		leat_node_fail(c, n, &e);
	}
}

static void finish_encoders(struct leat_chain *c)
{
	for (size_t i = 1; i < c->n; i++) {
		struct leat_node *n = c->v[i];
		struct leat_err e = {0};
		if (!n->enc)
			continue;
		int64_t since = leat_node_clock(c);
		leat_node_note(c, n);
		if (!n->dead && !leat_chain_stopped(c) && n->codec->enc_finish(n->enc, &n->bytes, &e) < 0) {
			leat_fail(&e, LEAT_CAUSE_INTERNAL, "encoder '%s' failed without a reason", n->codec->name);
			leat_node_fail(c, n, &e);
		} else if (n->bytes && n->verify &&
			   leat_verify_encoded(n->codec, n->bytes, &n->shape, n->digest, &e) < 0) {
			leat_node_fail(c, n, &e);
			leat_bytes_unref(&n->bytes);
		}
		n->codec->enc_close(&n->enc);
		leat_node_worked(c, n, since);
	}
}

int leat_chain_run(struct leat_chain *c, struct leat_notices *notes, struct leat_err *err)
{
	struct leat_err e = {0};
	if (!c->n || c->ran)
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "a chain needs a source and runs once");
	c->ran = true;
	leat_rows_link(c);
	if (open_scratch(c, &e) < 0)
		leat_node_fail(c, c->v[0], &e);
	else if (c->o.team > 1)
		leat_rows_team(c);
	else
		leat_rows_push(c);
	finish_source(c, notes);
	check_complete(c);
	finish_encoders(c);
	for (size_t i = 0; i < c->n; i++) /* kept images have their own references */
		leat_window_close(&c->v[i]->win);
	if (c->v[0]->err.cause == LEAT_CAUSE_NONE)
		return 0;
	if (err && err->cause == LEAT_CAUSE_NONE)
		*err = c->v[0]->err;
	return -1;
}
