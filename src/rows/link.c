/* SPDX-License-Identifier: MIT */
/*
 * Before the rows move: who makes rows of its own, who works where they are, who reads whose window,
 * and in which strips.
 */
#include "rows/chain_impl.h"

/* A strip should stay in the L2 cache together with the windows of its neighbors. */
enum { STRIP_BYTES = 256 * 1024, MIN_STRIP = 16, STRIP_STEP = 8 };

static uint32_t strip_rows(const struct leat_chain *c, const struct leat_image_shape *s)
{
	uint64_t rows = c->o.strip_rows;
	if (!rows) {
		rows = STRIP_BYTES / leat_row_bytes(s) & ~(uint64_t)(STRIP_STEP - 1);
		if (rows < MIN_STRIP)
			rows = MIN_STRIP;
	}
	return rows < s->height ? (uint32_t)rows : s->height;
}

/* Ends, measures and what sets fields are wanted, and all that leads to them. */
static void mark_wanted(struct leat_chain *c)
{
	for (size_t i = c->n; i-- > 1;) {
		struct leat_node *n = c->v[i];
		n->wanted = n->wanted || n->kind != LEAT_NODE_OP || n->op->measures || n->op->fields;
		if (n->wanted)
			c->v[n->parent]->wanted = true;
	}
}

/* Looks at each row by itself, so it can look at once. */
static bool looks_at_once(const struct leat_node *n)
{
	return n->kind == LEAT_NODE_OP && n->op->measures && !n->op->need;
}

static void find_versions(struct leat_chain *c)
{
	c->v[0]->version = c->v[0];
	for (size_t i = 1; i < c->n; i++) {
		struct leat_node *n = c->v[i], *p = c->v[n->parent];
		n->version = n->kind == LEAT_NODE_OP && !n->op->measures ? n : p->version;
		if (n->wanted && !looks_at_once(n))
			p->version->readers++;
	}
}

/* May a point op change the rows where they are? If they are the chain's own and nobody else reads them. */
static bool in_place(const struct leat_node *n, const struct leat_node *parent)
{
	return n->op->point && !n->op->need && parent->version->readers == 1 && !parent->owner->image &&
	       leat_image_shape_equal(&n->shape, &parent->shape);
}

/* Measures of a version (even order) see it before the next one is made of it (odd order). */
static void add_step(struct leat_node *owner, struct leat_node *n, int order)
{
	struct leat_node **at = &owner->first_step;
	while (*at && (*at)->order <= order)
		at = &(*at)->next_step;
	n->order = order;
	n->next_step = *at;
	*at = n;
	n->way = LEAT_WAY_STEP;
}

static void add_reader(struct leat_node *owner, struct leat_node *n, enum leat_node_way way)
{
	struct leat_node **at = &owner->first_reader;
	while (*at)
		at = &(*at)->next_reader;
	*at = n;
	n->way = way;
}

static void link_op(struct leat_node *n, const struct leat_node *p)
{
	n->owner = p->owner;
	if (looks_at_once(n)) {
		add_step(n->feed, n, 2 * p->version->generation);
	} else if (n->op->measures) {
		add_reader(n->feed, n, LEAT_WAY_READER);
	} else if (in_place(n, p)) {
		add_step(n->feed, n, 2 * p->version->generation + 1);
		n->generation = p->version->generation + 1;
	} else {
		add_reader(n->feed, n, LEAT_WAY_OWNER);
		n->owner = n;
	}
}

/* The first keeper gets the window itself, others too if they would get the same image; else a copy. */
static void link_keep(struct leat_node *n)
{
	const struct leat_image *im = n->feed->image; /* of a source that is an image */
	const struct leat_meta *meta = im ? im->meta : NULL;
	for (const struct leat_node *r = n->feed->first_reader; r && !meta; r = r->next_reader)
		if (r->way == LEAT_WAY_SHARED)
			meta = r->meta;
	add_reader(n->feed, n, !meta || meta == n->meta ? LEAT_WAY_SHARED : LEAT_WAY_READER);
	if (im && n->way == LEAT_WAY_SHARED)
		n->image = leat_image_ref(n->feed->image);
}

void leat_rows_link(struct leat_chain *c)
{
	mark_wanted(c);
	find_versions(c);
	c->v[0]->way = LEAT_WAY_OWNER;
	c->v[0]->owner = c->v[0];
	for (size_t i = 0; i < c->n; i++) {
		struct leat_node *n = c->v[i];
		n->strip = strip_rows(c, &n->shape);
		atomic_init(&n->bad_block, UINT32_MAX);
		if (i == 0 || !n->wanted)
			continue;
		struct leat_node *p = c->v[n->parent];
		n->feed = p->owner;
		if (n->kind == LEAT_NODE_OP)
			link_op(n, p);
		else if (n->kind == LEAT_NODE_KEEP)
			link_keep(n);
		else
			add_reader(n->feed, n, LEAT_WAY_READER);
	}
}
