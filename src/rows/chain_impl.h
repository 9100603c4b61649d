/* SPDX-License-Identifier: MIT */
/*
 * Inside of a chain. Words used in this room:
 *
 *   owner    a node with a window: the source, and every op that makes rows of its own
 *   step     an op that works on an owner's new rows where they are, as soon as they are there: point
 *            ops that may work in place, and measures that look at single rows. Costs no window and no
 *            second trip through the cache
 *   reader   whoever reads an owner's window: op that makes its own rows, measure with neighbors,
 *            encoder, kept copy
 *   version  the node whose pixels a node's children see: measures pass on what they saw, every other
 *            op makes a new version
 *
 * chain.c builds the tree and gives the results out, link.c decides who is what, window.c keeps the
 * rows, push.c moves strips in one thread, team.c moves whole images with an OpenMP team, nodes.c is
 * what both share.
 */
#ifndef LEAT_ROWS_CHAIN_IMPL_H
#define LEAT_ROWS_CHAIN_IMPL_H

#include "rows/chain.h"

/* Rows [lo, hi) of an image, in one piece of memory; lo follows what the readers still need. */
struct leat_window {
	uint8_t *base;
	size_t stride;
	uint32_t cap; /* rows that fit */
	uint32_t off; /* place of row lo, in rows from base */
	uint32_t lo, hi;
	uint32_t height; /* of the image */
	void *mem; /* own memory, or NULL where `image` holds it */
	struct leat_image *image; /* the rows are this image's own: nothing is ever dropped */
};

enum leat_node_kind { LEAT_NODE_SOURCE, LEAT_NODE_OP, LEAT_NODE_ENCODE, LEAT_NODE_KEEP };

enum leat_node_way {
	LEAT_WAY_IDLE, /* nobody wants its rows */
	LEAT_WAY_OWNER,
	LEAT_WAY_STEP,
	LEAT_WAY_READER, /* and not an owner itself */
	LEAT_WAY_SHARED, /* kept image that is the owner's window: nothing to do */
};

struct leat_node {
	enum leat_node_kind kind;
	enum leat_node_way way;
	int index, parent;
	uint32_t whom; /* whose work it is, for the note */
	bool dead; /* it or an ancestor failed */
	bool begun; /* end() is due */
	bool wanted;
	struct leat_image_shape shape;
	struct leat_meta *meta;
	struct leat_err err; /* cause NONE while all is well */

	const struct leat_op *op; /* with several pages maybe that of pages.h, as long as `begun` */
	void *item; /* from begin(); NULL without one */
	const struct leat_codec *codec;
	struct leat_decoder *dec;
	struct leat_encoder *enc;
	struct leat_bytes *bytes; /* encoded */
	bool verify; /* what it encodes */
	uint64_t digest; /* of the rows it was given, where that is to be verified */
	struct leat_image *image; /* source image or kept image */

	/* Set by link.c. */
	struct leat_node *version; /* whose pixels the children see */
	struct leat_node *owner; /* whose window they stand in */
	struct leat_node *feed; /* owner this node draws from */
	int generation; /* of a version: how many steps have changed the owner's rows before */
	int order; /* of a step among those on its owner */
	unsigned readers; /* nodes that read this version later than at once */
	struct leat_node *first_step, *next_step;
	struct leat_node *first_reader, *next_reader;

	struct leat_window win; /* of an owner */
	uint32_t strip; /* rows at a time */
	uint32_t next; /* first row not done */
	int64_t ns; /* its own work, where the chain measures it */
	_Atomic uint32_t bad_block; /* team: lowest block that failed */
};

struct leat_chain {
	struct leat_chain_opts o;
	struct leat_node **v;
	size_t n, cap;
	uint32_t whom; /* of the next node */
	bool ran;
	void *scratch; /* one for every thread of the team: calls of rows() never nest */
	size_t scratch_each;
};

/* link.c: who owns, steps, reads; strip heights. Cannot fail. */
void leat_rows_link(struct leat_chain *c);

/* window.c */
/* Own memory for `rows` rows (at most the height) of this shape. */
int leat_window_open(struct leat_window *w, const struct leat_image_shape *s, uint32_t rows, struct leat_err *err);
/* The image's own rows; takes a reference. */
void leat_window_on_image(struct leat_window *w, struct leat_image *im);
/* Room for n rows behind hi. Rows below keep_from may go. Copies at most one row per row added. */
int leat_window_reserve(struct leat_window *w, uint32_t n, uint32_t keep_from, struct leat_err *err);
/* Rows [y0, y1) with lo <= y0; up to what reserve() made room for. */
struct leat_rows leat_window_rows(const struct leat_window *w, uint32_t y0, uint32_t y1);
void leat_window_close(struct leat_window *w);

/* Before anything of n's is called in the chain's own thread. */
static inline void leat_node_note(const struct leat_chain *c, const struct leat_node *n)
{
	leat_note_set(c->o.note, n->whom);
}

/* Time now, or 0 where nobody asks; then what has passed since is counted as n's. The chain's own thread only. */
int64_t leat_node_clock(const struct leat_chain *c);
void leat_node_worked(const struct leat_chain *c, struct leat_node *n, int64_t since);

/* nodes.c: one node's work, for push and team alike */
/* Input rows that output rows [y0, y1) need, clamped to the image; *a == *b: none. */
void leat_node_need(const struct leat_node *n, uint32_t y0, uint32_t y1, uint32_t *a, uint32_t *b);
/*
 * Makes (or, measuring, looks at) rows [y0, y1) of an op that is an owner or a reader; their input must
 * be in the feed's window.
 */
int leat_node_rows(const struct leat_node *n, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err);
/* Runs step n over rows [y0, y1) of its feed's window. */
int leat_node_step(const struct leat_node *n, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err);
/* Gives rows [next, y1) of the feed to an encoder or into a kept copy. */
int leat_node_take(struct leat_node *n, uint32_t y1, struct leat_err *err);
/* The next rows of the source into the window of node 0, up to y1. */
int leat_node_source(struct leat_node *src, uint32_t y1, struct leat_err *err);
/* An owner's window as large as the whole image: the image to be kept if somebody keeps it. */
int leat_node_whole(struct leat_node *n, struct leat_err *err);
/* Notes why n failed (the first reason stays); it and all behind it are dead. */
void leat_node_fail(struct leat_chain *c, struct leat_node *n, const struct leat_err *e);
/* Must it stop: -1 with *err (CANCELLED, TIMEOUT; err may be NULL), else 0. Any thread. */
int leat_chain_due(const struct leat_chain_opts *o, struct leat_err *err);
/* The same in the chain's own thread: then the source has failed so. True also when it had before. */
bool leat_chain_stopped(struct leat_chain *c);

/* push.c, team.c: move all rows. What goes wrong stands in the nodes. */
void leat_rows_push(struct leat_chain *c);
void leat_rows_team(struct leat_chain *c);

#endif
