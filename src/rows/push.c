/* SPDX-License-Identifier: MIT */
/*
 * Strips in one thread. The source makes a strip; its steps work on it while it is warm; then every
 * reader, depth first, makes as many rows as its need() allows. Windows drop what nobody needs any
 * more, so memory does not grow with the image.
 */
#include "base/mem.h"
#include "rows/chain_impl.h"

static void publish(struct leat_chain *c, struct leat_node *owner, uint32_t y1);

/* Does rows [next, next + rows) of n find its input? */
static bool fits(const struct leat_node *n, uint32_t rows)
{
	uint32_t a, b;
	leat_node_need(n, n->next, n->next + rows, &a, &b);
	return a == b || b <= n->feed->win.hi;
}

/* How many rows n can make now, at most cap: all, or found by halving, because need() never goes back. */
static uint32_t ready(const struct leat_node *n, uint32_t cap)
{
	uint32_t left = n->shape.height - n->next;
	uint32_t most = cap < left ? cap : left;
	if (!most)
		return 0;
	if (!n->op->need) {
		uint32_t there = n->feed->win.hi - n->next;
		return there < most ? there : most;
	}
	/* The last rows are as many as they are, and so are those of a step that wants fewer at a time. */
	uint32_t least = n->op->batch > 1 && n->op->batch < most ? n->op->batch : 1;
	bool complete = n->feed->win.hi == n->feed->shape.height;
	if (!fits(n, complete ? 1 : least))
		return 0;
	if (fits(n, most))
		return most;
	uint32_t good = complete ? 1 : least, bad = most;
	while (bad - good > 1) {
		uint32_t mid = good + (bad - good) / 2;
		if (fits(n, mid))
			good = mid;
		else
			bad = mid;
	}
	return good > least ? good - good % least : good;
}

/* First row of n's window that a reader still needs. */
static uint32_t keep_from(const struct leat_node *n)
{
	uint32_t first = n->win.hi;
	for (const struct leat_node *r = n->first_reader; r; r = r->next_reader) {
		uint32_t a = r->next, b;
		if (r->dead || r->way == LEAT_WAY_SHARED || r->next >= r->shape.height)
			continue;
		if (r->kind == LEAT_NODE_OP)
			leat_node_need(r, r->next, r->next + 1, &a, &b);
		if (a < first)
			first = a;
	}
	return first;
}

static int op_strip(struct leat_chain *c, struct leat_node *n, uint32_t rows)
{
	struct leat_err e = {0};
	int64_t since = leat_node_clock(c);
	leat_node_note(c, n);
	if ((n->way == LEAT_WAY_OWNER && leat_window_reserve(&n->win, rows, keep_from(n), &e) < 0) ||
	    leat_node_rows(n, n->next, n->next + rows, c->scratch, &e) < 0) {
		leat_node_fail(c, n, &e);
		return -1;
	}
	leat_node_worked(c, n, since);
	return 0;
}

/* All that n can do with the rows that are there now. */
static void draw_op(struct leat_chain *c, struct leat_node *n)
{
	while (!n->dead) {
		uint32_t cap = n->strip;
		if (n->op->measures && cap > LEAT_BLOCK_ROWS - n->next % LEAT_BLOCK_ROWS)
			cap = LEAT_BLOCK_ROWS - n->next % LEAT_BLOCK_ROWS;
		uint32_t rows = ready(n, cap);
		if (!rows || leat_chain_stopped(c) || op_strip(c, n, rows) < 0)
			return;
		if (n->way == LEAT_WAY_OWNER)
			publish(c, n, n->next + rows);
		else
			n->next += rows;
	}
}

static void draw(struct leat_chain *c, struct leat_node *n)
{
	struct leat_err e = {0};
	if (n->dead || n->way == LEAT_WAY_SHARED)
		return;
	if (n->kind == LEAT_NODE_OP) {
		draw_op(c, n);
		return;
	}
	int64_t since = leat_node_clock(c);
	leat_node_note(c, n);
	if (leat_node_take(n, n->feed->win.hi, &e) < 0)
		leat_node_fail(c, n, &e);
	leat_node_worked(c, n, since);
}

/* Rows [next, y1) of `owner` have just been made. */
static void publish(struct leat_chain *c, struct leat_node *owner, uint32_t y1)
{
	struct leat_err e = {0};
	for (struct leat_node *s = owner->first_step; s; s = s->next_step) {
		if (s->dead)
			continue;
		int64_t since = leat_node_clock(c);
		leat_node_note(c, s);
		if (leat_node_step(s, owner->next, y1, c->scratch, &e) < 0) {
			leat_node_fail(c, s, &e);
			e = (struct leat_err){0};
		}
		leat_node_worked(c, s, since);
	}
	owner->next = owner->win.hi = y1;
	for (struct leat_node *r = owner->first_reader; r; r = r->next_reader)
		draw(c, r);
}

/* Most input rows that r needs for what it makes at a time, by a few looks; a window that is too small grows. */
static uint32_t reach(const struct leat_node *r)
{
	enum { LOOKS = 8 };
	uint32_t most = 1, rows = r->kind == LEAT_NODE_OP && r->op->batch > 1 ? r->op->batch : 1;
	rows = rows < r->shape.height ? rows : r->shape.height;
	for (uint32_t i = 0; r->kind == LEAT_NODE_OP && i <= LOOKS; i++) {
		uint32_t y = (uint32_t)((uint64_t)(r->shape.height - rows) * i / LOOKS), a, b;
		leat_node_need(r, y, y + rows, &a, &b);
		if (b - a > most)
			most = b - a;
	}
	return most;
}

/* Room for twice what is alive at a time or more, so that rows are moved seldom. */
static int open_window(struct leat_node *n, struct leat_err *err)
{
	uint32_t most = 1;
	for (const struct leat_node *r = n->first_reader; r; r = r->next_reader) {
		uint32_t rows = r->way == LEAT_WAY_SHARED ? n->shape.height : reach(r);
		if (rows > most)
			most = rows;
	}
	uint64_t rows = 2 * ((uint64_t)most + n->strip), bytes = leat_row_bytes(&n->shape);
	if (most * bytes >= LEAT_FAR_ROWS && rows * bytes < LEAT_FAR_WINDOW)
		rows = LEAT_FAR_WINDOW / bytes;
	if (rows >= n->shape.height)
		return leat_node_whole(n, err);
	return leat_window_open(&n->win, &n->shape, (uint32_t)rows, err);
}

static void open_windows(struct leat_chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct leat_node *n = c->v[i];
		struct leat_err e = {0};
		if (n->way == LEAT_WAY_OWNER && !n->dead && !n->win.image && open_window(n, &e) < 0)
			leat_node_fail(c, n, &e);
	}
}

void leat_rows_push(struct leat_chain *c)
{
	struct leat_node *src = c->v[0];
	struct leat_err e = {0};
	open_windows(c);
	while (src->next < src->shape.height && !leat_chain_stopped(c)) {
		uint32_t left = src->shape.height - src->next;
		uint32_t rows = src->strip < left ? src->strip : left;
		int64_t since = leat_node_clock(c);
		leat_node_note(c, src);
		if (leat_window_reserve(&src->win, rows, keep_from(src), &e) < 0 ||
		    leat_node_source(src, src->next + rows, &e) < 0) {
			leat_node_fail(c, src, &e);
			return;
		}
		leat_node_worked(c, src, since);
		publish(c, src, src->next + rows);
	}
}
