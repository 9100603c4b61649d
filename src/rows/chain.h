/* SPDX-License-Identifier: MIT */
/*
 * How rows move: one item's way through the row steps of a segment. A chain is a tree: a source (decoder or
 * materialised image), op nodes, and ends (encoders, kept images). Strips of rows are pushed from the source;
 * every node keeps a window of just the rows its children still need; so a huge image passes in constant
 * memory, and branches share one decode.
 *
 * With team > 1 (or a materialised source and a point of need) a node's output is materialised and its rows
 * are computed by an OpenMP team in blocks; the bytes are the same for every strip height and team size.
 *
 * Properties: a node that fails takes its subtree with it, never its siblings; a failing source fails all.
 * Safety:     one thread owns a chain; only the OpenMP team inside run() shares it.
 */
#ifndef LEAT_ROWS_CHAIN_H
#define LEAT_ROWS_CHAIN_H

#include "core/cancel.h"
#include "core/codec.h"
#include "core/note.h"
#include "core/op.h"

struct leat_chain;

struct leat_chain_opts {
	uint32_t strip_rows; /* pushed at a time; 0: chosen so that a strip fits the L2 cache; UINT32_MAX: all */
	int team; /* OpenMP threads; 1: sequential strips */
	bool times; /* measure how long each node works: leat_chain_ns */
	const struct leat_cancel *cancel; /* looked at between strips */
	int64_t deadline_ns; /* leat_now_ns() limit, 0 none: LEAT_CAUSE_TIMEOUT */
	leat_note *note; /* where the chain notes whose work it is at; NULL: nowhere. Strips of one thread only */
	int64_t timeout_ns; /* the limit as the user knows it, for the message ("took longer than 5m"); 0: not told */
};

struct leat_chain *leat_chain_new(const struct leat_chain_opts *o, struct leat_err *err);

/* What is added from here on is the work of `whom`, for the note; it is noted at once. */
void leat_chain_for(struct leat_chain *c, uint32_t whom);

/*
 * The source: node 0. The decoder is taken over (closed by the chain at the end of run(), or in free(); at once on
 * failure); image and meta are referenced. What the decoder reads from must live until run() has returned.
 */
int leat_chain_decoder(struct leat_chain *c, const struct leat_codec *codec, struct leat_decoder *d,
		       const struct leat_image_shape *shape, struct leat_meta *meta, struct leat_err *err);
int leat_chain_image(struct leat_chain *c, struct leat_image *im, struct leat_err *err);

/*
 * Adds an op node behind `parent`: calls shape_meta/shape and begin. Returns its node number, or -1 with *err
 * (the chain stays usable).
 */
int leat_chain_op(struct leat_chain *c, int parent, const struct leat_op *op, const void *params, void *state,
		  const struct leat_view *view, struct leat_err *err);
/* An encoder end: the parent's shape must be what enc_takes says. */
int leat_chain_encode(struct leat_chain *c, int parent, const struct leat_codec *codec, const void *params,
		      struct leat_err *err);
/* What encoder `node` makes is decoded again and compared (rows/verify.h); where it differs, the node fails. */
void leat_chain_verify(struct leat_chain *c, int node);
/* An end that keeps the image. */
int leat_chain_keep(struct leat_chain *c, int parent, struct leat_err *err);

const struct leat_image_shape *leat_chain_shape(const struct leat_chain *c, int node);
struct leat_meta *leat_chain_meta(const struct leat_chain *c, int node); /* borrowed */

/*
 * Moves all rows, once. Ops that lead to no end, measure or field are left out. 0, or -1 when the source failed
 * (also reported by leat_chain_error of every node). notes: from the decoder.
 */
int leat_chain_run(struct leat_chain *c, struct leat_notices *notes, struct leat_err *err);

/* NULL when the node succeeded, else why it failed or its ancestor nearest to the source did: *at = that node. */
const struct leat_err *leat_chain_error(const struct leat_chain *c, int node, int *at);

/*
 * After run, once per op node, ancestors first: op->end, so that measures become fields. -1 with *err when the node
 * had failed (then end() gave no fields) or fails in end(), which fails all behind it.
 */
int leat_chain_end(struct leat_chain *c, int node, struct leat_fields *fields, struct leat_err *err);
/* The encoder's result, the caller's reference. */
struct leat_bytes *leat_chain_take_bytes(struct leat_chain *c, int node);
struct leat_image *leat_chain_take_image(struct leat_chain *c, int node); /* a kept image, the caller's reference */

/* After run, with opts.times: nanoseconds that the nodes worked which were added for `whom`. */
int64_t leat_chain_ns(const struct leat_chain *c, uint32_t whom);

/* Ends what was not ended, closes, releases. */
void leat_chain_free(struct leat_chain **c);

#endif
