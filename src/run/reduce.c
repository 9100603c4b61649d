/* SPDX-License-Identifier: MIT */
/*
 * Reductions: many items in, one out per group. Whatever order the items come in, they are added in input order, so the
 * result does not depend on scheduling. An item waiting here for its turn still holds its memory in the budget.
 */
#include "run/engine.h"

struct group {
	struct group *next;
	char *key;
	void *acc;
	uint64_t count;
	uint64_t kept; /* bytes that acc holds of the items, where it keeps them */
	struct leat_err over; /* they were too many: it is not made */
};

struct leat_reducer {
	struct leat_run *run;
	const struct leat_step *step;
	int index;
	const struct leat_template *by; /* NULL: one group */
	struct leat_reorder *order;
	struct leat_reorder *results; /* its ended results, back in order */
	struct group *first, **last; /* in the order in which their keys first appeared */
	uint64_t n_groups;
	uint64_t kept; /* of all groups */
};

struct arrival {
	struct leat_run_item *item;
	struct leat_payload payload;
	struct leat_fields fields;
};

static void arrival_free(struct arrival *a)
{
	leat_payload_clear(&a->payload);
	leat_fields_free(&a->fields);
	free(a);
}

static const struct leat_template *by_template(const struct leat_step *s)
{
	const struct leat_param *p = leat_param_find(s->op->params, "by");
	if (!p || p->type != LEAT_PT_TEMPLATE)
		return NULL;
	return ((const struct leat_tmpl *)(const void *)((const char *)s->params + p->offset))->t;
}

static struct group *group_new(struct leat_reducer *d, const char *key, struct leat_err *err)
{
	struct group *g = leat_zalloc(1, sizeof *g, err);
	if (!g)
		return NULL;
	struct leat_op_open o = {.params = d->step->params, .resources = d->run->resources};
	g->key = leat_strdup(key, err);
	if (!g->key || d->step->op->reduction->init(&o, &g->acc, err) < 0) {
		free(g->key);
		free(g);
		return NULL;
	}
	*d->last = g;
	d->last = &g->next;
	d->n_groups++;
	return g;
}

static struct group *group_for(struct leat_reducer *d, const struct leat_view *v, struct leat_err *err)
{
	struct leat_buf key = {0};
	struct group *g = NULL;
	if ((!d->by || leat_template_expand(d->by, v, &key, err) == 0) && leat_buf_check(&key, err) == 0) {
		const char *k = key.data ? key.data : "";
		for (g = d->first; g && strcmp(g->key, k) != 0; g = g->next)
			;
		if (!g)
			g = group_new(d, k, err);
	}
	leat_buf_free(&key);
	return g;
}

/*
 * What keeps all items until the last one came must fit into the budget with its result: else nothing is made of that
 * group, rather than something of the first items.
 */
static int count_kept(struct leat_reducer *d, struct group *g)
{
	const struct leat_reduction *red = d->step->op->reduction;
	uint64_t most = d->run->plan->job.memory, before = g->kept;
	if (!red->keeps)
		return 0;
	g->kept = red->keeps(g->acc);
	d->kept += g->kept - before;
	if (!most || (d->kept <= most && g->kept <= most - d->kept))
		return 0;
	leat_fail(&g->over, LEAT_CAUSE_MEMORY,
		  "it keeps all items, %.1f MiB after %llu of them, and its result takes as much again: more than "
		  "memory=%.1fMiB",
		  (double)d->kept / (1 << 20), (unsigned long long)g->count + 1, (double)most / (1 << 20));
	d->kept -= g->kept;
	red->release(g->acc);
	g->acc = NULL;
	return -1;
}

static int add_to(struct leat_reducer *d, struct group *g, uint64_t seq, const struct arrival *a,
		  const struct leat_view *v, struct leat_err *err)
{
	if (g->acc && d->step->op->reduction->add(g->acc, seq, &a->payload, v, err) < 0)
		return -1;
	if (g->acc && count_kept(d, g) == 0) {
		g->count++;
		return 0;
	}
	*err = g->over;
	return -1;
}

/* leat_reorder's callback: the next item in input order. */
static void merge_arrival(void *reducer, uint64_t seq, void *thing)
{
	struct leat_reducer *d = reducer;
	struct arrival *a = thing;
	struct leat_run_item *it = a->item;
	struct leat_view v = {
		.entry = it->entry,
		.fields = &a->fields,
		.run = &d->run->facts->run,
		.branch = d->step->branch,
		.index = seq,
	};
	struct leat_err e = {0};
	struct group *g = group_for(d, &v, &e);
	if (!g || add_to(d, g, seq, a, &v, &e) < 0)
		leat_item_fail(it, d->index, &e);
	arrival_free(a);
	leat_item_drop(it);
}

static int reducer_open(struct leat_run *r, int step, struct leat_err *err)
{
	struct leat_reducer *d = leat_zalloc(1, sizeof *d, err);
	if (!d)
		return -1;
	d->run = r;
	d->index = step;
	d->step = &r->plan->steps[step];
	d->by = by_template(d->step);
	d->last = &d->first;
	r->reducers[step] = d;
	d->order = leat_reorder_new(merge_arrival, d, err);
	d->results = leat_reorder_new(leat_order_deliver, r, err);
	return d->order && d->results ? 0 : -1;
}

int leat_reducers_open(struct leat_run *r, struct leat_err *err)
{
	r->reducers = leat_zalloc(r->plan->n_steps, sizeof *r->reducers, err);
	if (!r->reducers)
		return -1;
	for (size_t i = 0; i < r->plan->n_steps; i++)
		if (r->plan->steps[i].role == LEAT_REDUCE && reducer_open(r, (int)i, err) < 0)
			return -1;
	return 0;
}

static void drop_arrival(void *ctx, void *thing)
{
	(void)ctx;
	arrival_free(thing);
}

static void drop_result(void *ctx, void *thing)
{
	(void)ctx;
	leat_item_free(thing);
}

static void reducer_close(struct leat_reducer *d)
{
	leat_reorder_free(&d->order, drop_arrival, NULL);
	leat_reorder_free(&d->results, drop_result, NULL);
	while (d->first) {
		struct group *next = d->first->next;
		if (d->first->acc)
			d->step->op->reduction->release(d->first->acc);
		free(d->first->key);
		free(d->first);
		d->first = next;
	}
	free(d);
}

void leat_reducers_close(struct leat_run *r)
{
	for (size_t i = 0; r->reducers && i < r->plan->n_steps; i++)
		if (r->reducers[i])
			reducer_close(r->reducers[i]);
	free(r->reducers);
	r->reducers = NULL;
}

void leat_reduce_give(struct leat_run_item *it, struct leat_result *res)
{
	struct leat_reducer *d = it->run->reducers[res->step];
	struct leat_err e = {0};
	struct arrival *a = leat_zalloc(1, sizeof *a, &e);
	if (!a) {
		leat_item_fail(it, res->step, &e);
		return;
	}
	*a = (struct arrival){.item = it, .payload = res->payload, .fields = res->fields};
	res->payload = (struct leat_payload){0};
	res->fields = (struct leat_fields){0};
	it->reduced[res->step] = true;
	leat_item_hold(it);
	if (leat_reorder_give(d->order, it->seq, a, &e) == 0)
		return;
	leat_item_fail(it, res->step, &e);
	arrival_free(a);
	leat_item_drop(it);
}

bool leat_fed_by(const struct leat_plan *p, int child, int ancestor)
{
	for (int up = p->steps[child].parent; up >= 0; up = p->steps[up].parent)
		if (p->steps[up].role == LEAT_REDUCE)
			return up == ancestor;
	return ancestor == -1;
}

void leat_reduce_absent(struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	struct leat_err e = {0};
	for (size_t i = 0; i < r->plan->n_steps; i++) {
		if (!r->reducers[i] || it->reduced[i] || !leat_fed_by(r->plan, (int)i, it->reduce_step))
			continue;
		if (leat_reorder_give(r->reducers[i]->order, it->seq, NULL, &e) < 0)
			leat_run_internal(r, &e);
	}
}

static int emit_group(struct leat_reducer *d, struct group *g, uint64_t seq, struct leat_err *err)
{
	struct leat_run *r = d->run;
	struct leat_run_item *it = leat_item_new(r, NULL, seq, d->step->stage + 1, d->index, err);
	if (!it)
		return -1;
	struct leat_payload out = {0};
	struct leat_err e = {0};
	if (leat_fields_set_int(&it->fields, "count", (int64_t)g->count, &e) < 0 ||
	    leat_fields_set_text(&it->fields, "key", g->key, strlen(g->key), &e) < 0 ||
	    (g->acc ? d->step->op->reduction->finish(g->acc, &out, &it->fields, &e) : (e = g->over, -1)) < 0)
		leat_item_fail(it, d->index, &e);
	for (int c = leat_walk_child(r->plan, d->index, d->index); c >= 0 && it->state == LEAT_PENDING;
	     c = leat_walk_child(r->plan, d->index, c)) {
		struct leat_run_task *t = leat_task_new(it, c, &e);
		if (!t || leat_fields_copy(&t->fields, &it->fields, &e) < 0)
			leat_item_fail(it, c, &e);
		if (!t)
			break;
		t->payload = leat_payload_ref(&out);
		leat_task_send(t);
	}
	leat_payload_clear(&out);
	leat_item_drop(it);
	return 0;
}

int leat_reduce_ended(struct leat_run_item *it, struct leat_err *err)
{
	return leat_reorder_give(it->run->reducers[it->reduce_step]->results, it->seq, it, err);
}

int leat_reduce_emit(struct leat_run *r, int step, struct leat_err *err)
{
	struct leat_reducer *d = r->reducers[step];
	uint64_t seq = 0;
	for (struct group *g = d->first; g; g = g->next)
		if (emit_group(d, g, seq++, err) < 0)
			return -1;
	return 0;
}
