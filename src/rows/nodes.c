/* SPDX-License-Identifier: MIT */
/* One node's work on some rows: the same whether strips are pushed or a team works on the whole. */
#include "base/mem.h"
#include "base/sys.h"
#include "rows/chain_impl.h"
#include "rows/verify.h"

#include <stdio.h>

static uint32_t clamp(int64_t y, uint32_t height)
{
	return y < 0 ? 0 : y > (int64_t)height ? height : (uint32_t)y;
}

int64_t leat_node_clock(const struct leat_chain *c)
{
	return c->o.times ? leat_now_ns() : 0;
}

void leat_node_worked(const struct leat_chain *c, struct leat_node *n, int64_t since)
{
	if (c->o.times)
		n->ns += leat_now_ns() - since;
}

void leat_node_need(const struct leat_node *n, uint32_t y0, uint32_t y1, uint32_t *a, uint32_t *b)
{
	int64_t lo = y0, hi = y1;
	if (n->op->need)
		n->op->need(n->item, y0, y1, &lo, &hi);
	*a = clamp(lo, n->feed->shape.height);
	*b = clamp(hi, n->feed->shape.height);
	if (*a > *b)
		*a = *b;
}

/* An op that fails must say why; one that does not is a bug worth knowing. */
static int call_rows(const struct leat_node *n, const struct leat_rows *in, struct leat_rows *out, uint32_t y0,
		     uint32_t y1, void *scratch, struct leat_err *err)
{
	if (n->op->rows(n->item, in, out, y0, y1, scratch, err) >= 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "step '%s' failed without a reason", n->op->name);
}

int leat_node_rows(const struct leat_node *n, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err)
{
	const struct leat_window *w = &n->feed->win;
	uint32_t a, b;
	leat_node_need(n, y0, y1, &a, &b);
	if (a == b) /* rows made of nothing, a border say: an empty window at a valid place */
		a = b = a < w->lo ? w->lo : a > w->hi ? w->hi : a;
	else if (a < w->lo || b > w->hi)
		return leat_fail(
			err, LEAT_CAUSE_INTERNAL,
			"step '%s' needs rows %u to %u for its rows %u to %u, but has given up those before %u",
			n->op->name, a, b, y0, y1, w->lo);
	struct leat_rows in = leat_window_rows(w, a, b);
	if (n->op->measures)
		return call_rows(n, &in, NULL, y0, y1, scratch, err);
	struct leat_rows out = leat_window_rows(&n->win, y0, y1);
	return call_rows(n, &in, &out, y0, y1, scratch, err);
}

int leat_node_step(const struct leat_node *n, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err)
{
	const struct leat_window *w = &n->feed->win;
	struct leat_rows in = leat_window_rows(w, y0, y1), out = in;
	if (!n->op->measures)
		return call_rows(n, &in, &out, y0, y1, scratch, err);
	for (uint32_t y = y0, end; y < y1; y = end) {
		end = y - y % LEAT_BLOCK_ROWS + LEAT_BLOCK_ROWS;
		if (end > y1 || end < y)
			end = y1;
		in = leat_window_rows(w, y, end);
		if (call_rows(n, &in, NULL, y, end, scratch, err) < 0)
			return -1;
	}
	return 0;
}

static void copy_rows(struct leat_image *to, const struct leat_rows *from)
{
	size_t bytes = leat_row_bytes(&to->shape);
	for (uint32_t y = from->y0; y < from->y1; y++)
		memcpy(to->pixels + (size_t)y * to->stride, leat_row(from, y), bytes);
}

int leat_node_take(struct leat_node *n, uint32_t y1, struct leat_err *err)
{
	if (n->next >= y1)
		return 0;
	struct leat_rows rows = leat_window_rows(&n->feed->win, n->next, y1);
	if (n->kind == LEAT_NODE_KEEP) {
		if (!n->image)
			n->image = leat_image_new(&n->shape, n->meta, err);
		if (!n->image)
			return -1;
		copy_rows(n->image, &rows);
	} else if (n->codec->enc_rows(n->enc, &rows, err) < 0) {
		return leat_fail(err, LEAT_CAUSE_INTERNAL, "encoder '%s' failed without a reason", n->codec->name);
	}
	if (n->verify)
		n->digest = leat_rows_digest(n->digest, &rows, leat_row_bytes(&n->shape));
	n->next = y1;
	return 0;
}

int leat_node_source(struct leat_node *src, uint32_t y1, struct leat_err *err)
{
	if (!src->dec)
		return 0; /* an image: its rows are there */
	struct leat_rows rows = leat_window_rows(&src->win, src->next, y1);
	if (src->codec->dec_rows(src->dec, &rows, err) >= 0)
		return 0;
	return leat_fail(err, LEAT_CAUSE_INTERNAL, "decoder '%s' failed without a reason", src->codec->name);
}

/* The end that keeps n's window itself, or NULL. */
static struct leat_node *keeper(const struct leat_node *n)
{
	for (struct leat_node *r = n->first_reader; r; r = r->next_reader)
		if (r->way == LEAT_WAY_SHARED && !r->dead)
			return r;
	return NULL;
}

int leat_node_whole(struct leat_node *n, struct leat_err *err)
{
	const struct leat_node *k = keeper(n);
	if (!k)
		return leat_window_open(&n->win, &n->shape, n->shape.height, err);
	struct leat_image *im = leat_image_new(&n->shape, k->meta, err);
	if (!im)
		return -1;
	leat_window_on_image(&n->win, im);
	leat_image_unref(&im);
	for (struct leat_node *r = n->first_reader; r; r = r->next_reader)
		if (r->way == LEAT_WAY_SHARED)
			r->image = leat_image_ref(n->win.image);
	return 0;
}

void leat_node_fail(struct leat_chain *c, struct leat_node *n, const struct leat_err *e)
{
	if (n->err.cause == LEAT_CAUSE_NONE)
		n->err = *e;
	n->dead = true;
	for (size_t i = (size_t)n->index + 1; i < c->n; i++) /* parents stand before their children */
		c->v[i]->dead = c->v[i]->dead || c->v[c->v[i]->parent]->dead;
}

/* A duration as a recipe would write it: 5m, 1m30s, 250ms. */
static const char *limit_text(int64_t ns, char buf[static 64])
{
	static const struct {
		int64_t ns;
		const char *unit;
	} units[] = {{3600000000000, "h"}, {60000000000, "m"}, {1000000000, "s"}, {1000000, "ms"}};
	size_t n = 0;
	for (size_t i = 0; i < LEAT_LEN(units); i++) {
		if (ns >= units[i].ns)
			n += (size_t)snprintf(buf + n, 64 - n, "%lld%s", (long long)(ns / units[i].ns), units[i].unit);
		ns %= units[i].ns;
	}
	return n ? buf : "allowed";
}

int leat_chain_due(const struct leat_chain_opts *o, struct leat_err *err)
{
	if (leat_cancel_get(o->cancel) == LEAT_STOP_ABORT)
		return leat_fail(err, LEAT_CAUSE_CANCELLED, "stopped");
	if (!o->deadline_ns || leat_now_ns() < o->deadline_ns)
		return 0;
	char limit[64];
	return leat_fail(err, LEAT_CAUSE_TIMEOUT, "took longer than %s", limit_text(o->timeout_ns, limit));
}

bool leat_chain_stopped(struct leat_chain *c)
{
	struct leat_err e = {0};
	if (c->v[0]->err.cause != LEAT_CAUSE_NONE)
		return true;
	if (leat_chain_due(&c->o, &e) == 0)
		return false;
	leat_node_fail(c, c->v[0], &e);
	return true;
}
