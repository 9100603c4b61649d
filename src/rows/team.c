/* SPDX-License-Identifier: MIT */
/*
 * Whole images with an OpenMP team. Decoding and encoding stay sequential; every op between them makes
 * its whole output, its rows shared out in aligned blocks. A window goes as soon as its last reader has
 * made its rows. Only num_threads() is used: the host program's OpenMP settings are its own.
 *
 * Errors do not depend on who was faster: blocks are handed out from the top, a failed block stops only
 * those below it, and the lowest one's reason stays.
 */
#include "base/idle.h"
#include "base/mem.h"
#include "rows/chain_impl.h"

#ifdef _OPENMP
#include <omp.h>
#else
static int omp_get_thread_num(void)
{
	return 0;
}
#endif

struct job {
	struct leat_chain *c;
	struct leat_node *make; /* op that makes or measures, or NULL: the rows are there */
	struct leat_node *owner; /* whose steps follow, or NULL */
	uint32_t height, block; /* rows in all, rows in a block */
	atomic_bool stop;
};

/*
 * Rows in a block: four for every thread to even out their speed, but not so few that overlapping needs
 * cost more than they bring.
 */
static uint32_t block_rows(const struct leat_chain *c, const struct leat_node *n, uint32_t height, bool measures)
{
	enum { PER_THREAD = 4, MIN_BLOCK = 16 };
	uint64_t rows = c->o.strip_rows ? n->strip : height / ((uint64_t)c->o.team * PER_THREAD);
	if (!c->o.strip_rows && rows < MIN_BLOCK)
		rows = MIN_BLOCK;
	if (measures)
		rows = (rows + LEAT_BLOCK_ROWS - 1) / LEAT_BLOCK_ROWS * LEAT_BLOCK_ROWS;
	return rows < height ? (uint32_t)rows : height;
}

static void note_failure(struct leat_node *n, uint32_t block, const struct leat_err *e)
{
#ifdef _OPENMP
#pragma omp critical(leat_rows_failure)
#endif
	if (block < atomic_load(&n->bad_block)) {
		n->err = *e;
		atomic_store(&n->bad_block, block);
	}
}

/* A measure of many rows, cut at the borders of its own blocks. */
static int measure(const struct leat_node *n, uint32_t y0, uint32_t y1, void *scratch, struct leat_err *err)
{
	for (uint32_t y = y0, end; y < y1; y = end) {
		end = y1 - y > LEAT_BLOCK_ROWS ? y + LEAT_BLOCK_ROWS : y1;
		if (leat_node_rows(n, y, end, scratch, err) < 0)
			return -1;
	}
	return 0;
}

static void run_block(struct job *j, uint32_t block)
{
	char *all = j->c->scratch;
	void *scratch = all ? all + (size_t)omp_get_thread_num() * j->c->scratch_each : NULL;
	uint32_t y0 = block * j->block;
	uint32_t y1 = j->height - y0 > j->block ? y0 + j->block : j->height;
	struct leat_node *n = j->make;
	struct leat_err e = {0};
	if (n && block > atomic_load(&n->bad_block))
		return;
	if (n && (n->op->measures ? measure : leat_node_rows)(n, y0, y1, scratch, &e) < 0) {
		note_failure(n, block, &e);
		return;
	}
	for (struct leat_node *s = j->owner ? j->owner->first_step : NULL; s; s = s->next_step) {
		struct leat_err se = {0};
		if (!s->dead && block < atomic_load(&s->bad_block) && leat_node_step(s, y0, y1, scratch, &se) < 0)
			note_failure(s, block, &se);
	}
}

/* As leat_chain_stopped(), but from any thread: it changes nothing. */
static bool must_stop(struct job *j)
{
	if (!atomic_load_explicit(&j->stop, memory_order_relaxed) && leat_chain_due(&j->c->o, NULL) < 0)
		atomic_store_explicit(&j->stop, true, memory_order_relaxed);
	return atomic_load_explicit(&j->stop, memory_order_relaxed);
}

static void fail_if_bad(struct leat_chain *c, struct leat_node *n)
{
	struct leat_err e = n->err;
	if (!n->dead && atomic_load(&n->bad_block) != UINT32_MAX)
		leat_node_fail(c, n, &e);
}

static void run_blocks(struct job *j)
{
	uint32_t blocks = (uint32_t)(((uint64_t)j->height + j->block - 1) / j->block);
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(j->c->o.team)
#endif
	for (uint32_t i = 0; i < blocks; i++)
		if (!must_stop(j))
			run_block(j, i);
	if (j->make)
		fail_if_bad(j->c, j->make);
	for (struct leat_node *s = j->owner ? j->owner->first_step : NULL; s; s = s->next_step)
		fail_if_bad(j->c, s);
	if (atomic_load(&j->stop))
		(void)leat_chain_stopped(j->c); /* notes why: a stop is never taken back */
}

static bool any_measure(const struct leat_node *owner)
{
	for (const struct leat_node *s = owner->first_step; s; s = s->next_step)
		if (s->op->measures)
			return true;
	return false;
}

/* All rows of n and the steps on them. n: the source (its rows are there), an owner, or a measure. */
static void compute(struct leat_chain *c, struct leat_node *n)
{
	bool source = n->kind == LEAT_NODE_SOURCE, owns = n->way == LEAT_WAY_OWNER;
	struct job j = {
		.c = c,
		.make = source ? NULL : n,
		.owner = owns ? n : NULL,
		.height = n->shape.height,
	};
	bool measures = (!source && n->op->measures) || (owns && any_measure(n));
	j.block = block_rows(c, n, j.height, measures);
	int64_t since = leat_node_clock(c);
	if (!source || n->first_step) {
		run_blocks(&j);
		leat_node_worked(c, source ? n->first_step : n, since); /* together with the steps on its rows */
	}
	n->next = n->shape.height;
	if (owns)
		n->win.hi = n->next;
}

/* Encoders get strips, so that a stop is seen. */
static void feed_end(struct leat_chain *c, struct leat_node *n)
{
	struct leat_err e = {0};
	int64_t since = leat_node_clock(c);
	while (!n->dead && n->next < n->shape.height && !leat_chain_stopped(c)) {
		uint32_t left = n->shape.height - n->next;
		if (leat_node_take(n, n->next + (n->strip < left ? n->strip : left), &e) < 0)
			leat_node_fail(c, n, &e);
	}
	leat_node_worked(c, n, since);
}

static struct leat_node *next_owner(struct leat_node *r)
{
	while (r && (r->dead || r->way != LEAT_WAY_OWNER))
		r = r->next_reader;
	return r;
}

/* n's window is complete: all that hangs on it. Closes the window. */
static void walk(struct leat_chain *c, struct leat_node *n)
{
	for (struct leat_node *r = n->first_reader; r; r = r->next_reader) {
		if (r->dead || r->way != LEAT_WAY_READER)
			continue;
		if (r->kind == LEAT_NODE_OP)
			compute(c, r);
		else
			feed_end(c, r);
	}
	struct leat_node *r = next_owner(n->first_reader), *after;
	for (; r && !leat_chain_stopped(c); r = after) {
		struct leat_err e = {0};
		if (leat_node_whole(r, &e) < 0)
			leat_node_fail(c, r, &e);
		else
			compute(c, r);
		after = next_owner(r->next_reader);
		if (!after)
			leat_window_close(&n->win);
		if (!r->dead)
			walk(c, r);
		leat_window_close(&r->win);
	}
	leat_window_close(&n->win);
}

/* All rows of the source, decoded strip by strip into one window. */
static int load(struct leat_chain *c, struct leat_node *src, struct leat_err *err)
{
	int64_t since = leat_node_clock(c);
	if (!src->win.image && leat_node_whole(src, err) < 0)
		return -1;
	while (src->dec && src->next < src->shape.height) {
		uint32_t left = src->shape.height - src->next;
		uint32_t y1 = src->next + (src->strip < left ? src->strip : left);
		if (leat_chain_stopped(c) || leat_node_source(src, y1, err) < 0)
			return -1;
		src->next = src->win.hi = y1;
	}
	src->win.hi = src->shape.height;
	leat_node_worked(c, src, since);
	return 0;
}

void leat_rows_team(struct leat_chain *c)
{
	struct leat_node *src = c->v[0];
	struct leat_err e = {0};
	leat_idle_team_sleeps();
	if (load(c, src, &e) < 0) {
		leat_node_fail(c, src, &e);
		return;
	}
	compute(c, src);
	walk(c, src);
}
