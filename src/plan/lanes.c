/* SPDX-License-Identifier: MIT */
/*
 * The lanes of each group's queue: segments at the same distance from where items come into the group, with the
 * same queue=, wait in one lane. Workers take from the most downstream lane first, so that items leave before new
 * ones are begun.
 */
#include "plan/place.h"

struct laning {
	struct leat_planner *pl;
	const struct leat_place *places;
	int *depth; /* by segment: how many segments before it are in its group */
	int *first; /* by segment: the segment whose lane it shares, itself when it is the first */
};

/* Segments stand behind those that feed them. */
static void measure_depths(struct laning *l)
{
	const struct leat_plan *p = l->pl->plan;
	for (size_t i = 0; i < p->n_segments; i++) {
		int from = leat_plan_feeder(p, i);
		bool inside = from >= 0 && p->segments[from].group == p->segments[i].group;
		l->depth[i] = inside ? l->depth[from] + 1 : 0;
	}
}

static bool same_lane(const struct laning *l, size_t a, size_t b)
{
	const struct leat_plan *p = l->pl->plan;
	const struct leat_queue_opt *x = &l->places[a].queue, *y = &l->places[b].queue;
	return p->segments[a].group == p->segments[b].group && l->depth[a] == l->depth[b] && x->items == y->items &&
	       x->bytes == y->bytes && l->places[a].keep_order == l->places[b].keep_order;
}

static void share(struct laning *l)
{
	const struct leat_plan *p = l->pl->plan;
	for (size_t i = 0; i < p->n_segments; i++) {
		l->first[i] = (int)i;
		for (size_t k = 0; k < i; k++)
			if (l->first[k] == (int)k && same_lane(l, k, i)) {
				l->first[i] = (int)k;
				break;
			}
	}
}

/*
 * Entries of a queue for each worker. Of small files more: there a wake-up costs as much as an item, so that workers
 * should find several of them.
 */
static uint64_t per_worker(const struct leat_listing *inputs)
{
	enum { USUAL = 4, SMALL = 32, SMALL_BYTES = 32 << 10 };
	uint64_t bytes = 0;
	if (!inputs || inputs->n < 256)
		return USUAL;
	for (size_t i = 0; i < inputs->n; i++)
		bytes = leat_size_add(bytes, inputs->v[i].size);
	return bytes / inputs->n <= SMALL_BYTES ? SMALL : USUAL;
}

static struct leat_lane limits(const struct leat_planner *pl, const struct leat_group *g, const struct leat_place *at)
{
	enum { UNCOUNTED = 65536 };
	const struct leat_plan *p = pl->plan;
	int takers = g->type && g->type->mode == LEAT_ON_OPENMP ? 1 : g->workers;
	struct leat_lane lane = {.in_order = at->keep_order};
	lane.items = at->queue.items   ? at->queue.items
		     : at->queue.bytes ? UNCOUNTED
				       : (uint64_t)takers * per_worker(pl->facts->inputs);
	lane.bytes = at->queue.items || at->queue.bytes ? at->queue.bytes : p->job.memory / 4;
	return lane;
}

/* The lanes of one group, by rising depth. */
static void fill(struct laning *l, int group, int lanes)
{
	struct leat_plan *p = l->pl->plan;
	struct leat_group *g = &p->groups[group];
	g->lanes = leat_plan_alloc(l->pl, (size_t)lanes, sizeof *g->lanes);
	for (int depth = 0; g->lanes && g->n_lanes < lanes; depth++)
		for (size_t i = 0; i < p->n_segments; i++) {
			if (p->segments[i].group != group || l->first[i] != (int)i || l->depth[i] != depth)
				continue;
			p->segments[i].lane = g->n_lanes;
			g->lanes[g->n_lanes++] = limits(l->pl, g, &l->places[i]);
		}
}

void leat_plan_lanes(struct leat_planner *pl, const struct leat_place *places)
{
	struct leat_plan *p = pl->plan;
	struct laning l = {.pl = pl, .places = places};
	l.depth = leat_plan_alloc(pl, p->n_segments, sizeof *l.depth);
	l.first = leat_plan_alloc(pl, p->n_segments, sizeof *l.first);
	if (!l.depth || !l.first)
		return;
	measure_depths(&l);
	share(&l);
	for (size_t g = 0; g < p->n_groups; g++) {
		int lanes = 0;
		for (size_t i = 0; i < p->n_segments; i++)
			lanes += p->segments[i].group == (int)g && l.first[i] == (int)i;
		fill(&l, (int)g, lanes);
	}
	for (size_t i = 0; i < p->n_segments; i++)
		p->segments[i].lane = p->segments[l.first[i]].lane;
}
