/* SPDX-License-Identifier: MIT */
/*
 * order=keep: the tasks of a step start in input order. One that comes early waits; it holds its item, so the window
 * bounds how many can. Items that never come (failed, dropped) give up their turn when they end.
 */
#include "run/engine.h"

static void deliver(void *ctx, uint64_t seq, void *task)
{
	(void)ctx, (void)seq;
	leat_task_send(task);
}

int leat_inorder_open(struct leat_run *r, struct leat_err *err)
{
	r->inorder = leat_zalloc(r->plan->n_steps, sizeof *r->inorder, err);
	if (!r->inorder)
		return -1;
	for (size_t i = 0; i < r->plan->n_steps; i++) {
		if (!r->plan->steps[i].keep_order || r->plan->steps[i].role == LEAT_SOURCE)
			continue;
		r->inorder[i] = leat_reorder_new(deliver, r, err);
		if (!r->inorder[i])
			return -1;
	}
	return 0;
}

/* Nothing waits any more once all items have ended. */
static void nothing_left(void *ctx, void *task)
{
	(void)ctx, (void)task;
}

void leat_inorder_close(struct leat_run *r)
{
	for (size_t i = 0; r->inorder && i < r->plan->n_steps; i++)
		if (r->inorder[i])
			leat_reorder_free(&r->inorder[i], nothing_left, NULL);
	free(r->inorder);
	r->inorder = NULL;
}

void leat_inorder_send(struct leat_run_task *t)
{
	struct leat_reorder *order = t->item->run->inorder[t->step];
	struct leat_err e = {0};
	if (!order) {
		leat_task_send(t);
		return;
	}
	t->item->reduced[t->step] = true;
	if (leat_reorder_give(order, t->item->seq, t, &e) == 0)
		return;
	leat_run_internal(t->item->run, &e); /* its turn is lost: the run drains, and says so */
	leat_task_send(t);
}

void leat_inorder_absent(struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	struct leat_err e = {0};
	for (size_t i = 0; i < r->plan->n_steps; i++) {
		if (!r->inorder[i] || it->reduced[i] || !leat_fed_by(r->plan, (int)i, it->reduce_step))
			continue;
		if (leat_reorder_give(r->inorder[i], it->seq, NULL, &e) < 0)
			leat_run_internal(r, &e);
	}
}
