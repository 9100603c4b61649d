/* SPDX-License-Identifier: MIT */
/*
 * Segments with the same place share a group: an executor with its workers and its queue. Items wait for room
 * in the queue of the next group while they hold a worker of their own, so the groups must never wait in a
 * circle: a segment gets a group of its own where sharing would close one. Only a group of threads may follow
 * itself: its queue has a lane for each segment (lanes.c), and a worker that finds the next lane full does
 * the work itself. One core budget: what leat chooses never adds up to more than the cores.
 */
#include "base/num.h"
#include "plan/learned.h"
#include "plan/place.h"

#include <stdio.h>

enum { MAX_GROUPS = 64 };

struct grouping {
	struct leat_planner *pl;
	struct leat_place place[MAX_GROUPS];
	uint64_t reach[MAX_GROUPS]; /* bit g: items go from here to group g, at once or later */
	size_t n;
};

/* Threads that compute are one crew, whatever queues stand between their segments. */
static bool one_crew(const struct leat_place *p)
{
	return p->mode == LEAT_ON_THREADS && !p->io;
}

static bool same(const struct leat_place *a, const struct leat_place *b)
{
	if (a->mode != b->mode || a->team != b->team || a->workers != b->workers || a->io != b->io ||
	    strcmp(a->name, b->name) != 0)
		return false;
	return one_crew(a) || (a->written == b->written && a->queue.items == b->queue.items &&
			       a->queue.bytes == b->queue.bytes && a->keep_order == b->keep_order);
}

/* May items go from group `from` (-1: from the main thread) to group `to`? */
static bool may_follow(const struct grouping *g, int from, size_t to)
{
	if (from < 0)
		return true;
	if ((size_t)from == to)
		return one_crew(&g->place[to]);
	return !(g->reach[to] >> from & 1);
}

static void follow(struct grouping *g, int from, size_t to)
{
	if (from < 0 || (size_t)from == to)
		return;
	uint64_t new = (uint64_t)1 << to | g->reach[to];
	for (size_t i = 0; i < g->n; i++)
		if (i == (size_t)from || (g->reach[i] >> from & 1))
			g->reach[i] |= new;
}

static int group_for(struct grouping *g, const struct leat_place *place, int from)
{
	for (size_t i = 0; i < g->n; i++)
		if (same(&g->place[i], place) && may_follow(g, from, i)) {
			follow(g, from, i);
			return (int)i;
		}
	if (g->n == MAX_GROUPS)
		return -1;
	g->place[g->n] = *place;
	g->reach[g->n] = 0;
	follow(g, from, g->n++);
	return (int)g->n - 1;
}

int leat_plan_feeder(const struct leat_plan *p, size_t i)
{
	int parent = p->steps[p->segments[i].first].parent;
	return parent < 0 || p->steps[parent].role == LEAT_REDUCE ? -1 : p->steps[parent].segment;
}

/* The group that feeds segment i; -1: the main thread does. */
static int feeder(const struct leat_plan *p, size_t i)
{
	int from = leat_plan_feeder(p, i);
	return from < 0 ? -1 : p->segments[from].group;
}

static void assign(struct grouping *g, const struct leat_place *places)
{
	struct leat_plan *p = g->pl->plan;
	for (size_t i = 0; i < p->n_segments; i++) {
		int group = group_for(g, &places[i], feeder(p, i));
		if (group < 0) {
			struct leat_diag *d = leat_plan_error(g->pl, 63, p->steps[p->segments[i].first].span,
							      "more than %d separate groups of workers", MAX_GROUPS);
			leat_plan_help(
				g->pl, d,
				"write fewer different on=, workers= and queue= options: steps without them share");
			group = 0;
		}
		p->segments[i].group = group;
	}
}

static const struct leat_executor_type *executor(const struct leat_registry *r, unsigned mode)
{
	for (size_t i = 0; i < r->n_executors; i++)
		if (r->executors[i]->mode == mode)
			return r->executors[i];
	return NULL;
}

/* ---- workers */

static int clamp(int n, int lo, int hi)
{
	return n < lo ? lo : n > hi ? hi : n;
}

/* One item, loaded in the pool before the team begins with it: each has all cores in its turn. */
static bool takes_turns(const struct grouping *g)
{
	uint64_t n, bytes;
	int pools = 0, teams = 0, others = 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct leat_place *at = &g->place[i];
		bool pool = at->mode == LEAT_ON_PROCESSES, team = at->mode == LEAT_ON_OPENMP;
		if (at->io || at->mode == LEAT_ON_INLINE)
			continue;
		pools += pool && !at->workers;
		teams += team && !at->workers;
		others += !(pool || team) || at->workers;
	}
	return pools == 1 && teams == 1 && !others && leat_plan_inputs(g->pl->facts, &n, &bytes) && n == 1;
}

/* Workers that the recipe asks for, of groups that compute; and in *open how many of
 * *groups leave the number to leat. */
static int written_workers(const struct grouping *g, int *open, int *groups)
{
	int written = 0;
	*open = *groups = 0;
	for (size_t i = 0; i < g->n; i++) {
		const struct leat_place *at = &g->place[i];
		if (at->io || at->mode == LEAT_ON_INLINE)
			continue;
		written += at->workers;
		*open += at->workers == 0;
		++*groups;
	}
	return written;
}

/*
 * Where the recipe keeps more groups apart than there are cores, one crew of threads does the work of all that compute
 * in this process: each item with one thread, as a team of its share of the cores would have had. Threads that hand
 * their items to each other could only take turns, and more than the cores would be awake at every change.
 */
static void share_a_crew(struct grouping *g, struct leat_place *places)
{
	const struct leat_plan *p = g->pl->plan;
	int open, groups, cores = p->job.cores, written = written_workers(g, &open, &groups);
	bool teams = false;
	if (written || open <= cores || takes_turns(g))
		return;
	for (size_t i = 0; i < p->n_segments; i++) {
		struct leat_place *at = &places[i];
		if (at->mode != LEAT_ON_OPENMP)
			continue;
		at->mode = LEAT_ON_THREADS;
		at->name = "cpu";
		teams = true;
	}
	if (!teams)
		return;
	*g = (struct grouping){.pl = g->pl};
	assign(g, places);
	leat_plan_note(g->pl,
		       "%d groups of workers would be more than the %d core%s: one crew of threads does the work of "
		       "all in this process, on=openmp with a team of one",
		       open, cores, cores == 1 ? "" : "s");
}

/* Still more workers than cores: at most so many of them compute at once, wherever they are. */
static void set_turns(const struct grouping *g, int groups, int written)
{
	int cores = g->pl->plan->job.cores;
	g->pl->plan->turns = written > cores ? written : cores;
	leat_plan_note(g->pl, "%d groups of workers take turns on %d core%s: on= of the recipe keeps them apart",
		       groups, cores, cores == 1 ? "" : "s");
}

/* Cores that are left for each group whose number leat chooses. */
static int share_of_cores(const struct grouping *g)
{
	if (takes_turns(g))
		return g->pl->plan->job.cores;
	int open, groups, cores = g->pl->plan->job.cores, written = written_workers(g, &open, &groups);
	if (written > cores)
		leat_plan_note(g->pl, "workers=%d is more than the %d core%s", written, cores, cores == 1 ? "" : "s");
	if (open && open + written > cores)
		set_turns(g, groups, written);
	return open ? clamp((cores - written) / open, 1, cores) : 0;
}

static const char *runs_text(struct leat_planner *pl, const struct leat_tuning *t)
{
	char n[32];
	return leat_plan_text(pl, "learned from %s items of earlier runs", leat_group_digits(t->items, n));
}

/* What earlier runs taught about a number that leat chooses. */
static void use_learned(struct leat_planner *pl, struct leat_group *to, const struct leat_place *at)
{
	const struct leat_tuning *t = to->chosen ? leat_plan_learned(pl, to->name) : NULL;
	if (!t || !(to->adapts || at->mode == LEAT_ON_THREADS))
		return;
	int before = to->workers;
	to->workers = to->adapts ? leat_learned_io(t, to->least) : leat_learned_threads(t, before);
	to->learned = to->adapts || to->workers != before;
	if (to->adapts)
		to->workers_reason = leat_plan_text(pl, "%d workers: %s", to->workers, runs_text(pl, t));
	else if (to->learned)
		to->workers_reason =
			leat_plan_text(pl, "%d workers: an item waits for %.0f %% of its time here, %s", to->workers,
				       100 * t->blocked / leat_learned_cost(t), runs_text(pl, t));
}

static const char *items_text(struct leat_planner *pl, uint64_t n)
{
	const char *s = leat_plan_text(pl, "%llu item%s", (unsigned long long)n, n == 1 ? "" : "s");
	return s ? s : "";
}

/* Few items: a worker process for each, and as many threads in it as that leaves. */
static void set_team(struct grouping *g, struct leat_group *to, int share)
{
	uint64_t n = 0, bytes;
	(void)leat_plan_inputs(g->pl->facts, &n, &bytes); /* they are known: they are few */
	to->workers = n < (uint64_t)share ? (int)n : share;
	to->team = share / to->workers;
	to->workers_reason =
		leat_plan_text(g->pl, "%s for %d cores: a team of %d in %s shares the rows of one item",
			       items_text(g->pl, n), g->pl->plan->job.cores, to->team, n == 1 ? "it" : "each");
}

static void set_workers(struct grouping *g, struct leat_group *to, const struct leat_place *at, int share)
{
	int cores = g->pl->plan->job.cores;
	to->chosen = !at->written && !at->workers;
	if (at->mode == LEAT_ON_INLINE) {
		to->workers = 1;
		to->workers_reason = "inline has none of its own";
	} else if (at->workers) {
		to->workers = at->workers;
		to->workers_reason = "as written";
	} else if (at->mode == LEAT_ON_ASYNC) {
		to->workers = 64;
		to->workers_reason = "files under way at once";
	} else if (at->io) {
		to->workers = strcmp(at->name, "read") == 0 ? clamp(cores, 2, 4) : 2;
		to->workers_reason = "to begin with: the run measures how long files take, and adapts";
		to->adapts = true;
		to->least = to->workers;
	} else if (at->team) {
		set_team(g, to, share);
	} else if (at->mode == LEAT_ON_PROCESSES && takes_turns(g)) {
		to->workers = 1;
		to->workers_reason = "there is one item";
	} else {
		to->workers = share;
		to->workers_reason = share == cores ? "one per core" : "its share of the cores";
	}
	use_learned(g->pl, to, at);
	to->team = to->team ? to->team : at->mode == LEAT_ON_OPENMP ? to->workers : 1;
}

/* ---- reasons */

static const char *reason(struct grouping *g, const struct leat_place *at)
{
	uint64_t n, bytes;
	struct leat_planner *pl = g->pl;
	int cores = pl->plan->job.cores;
	if (at->written)
		return "as written";
	if (at->learned)
		return leat_plan_text(pl, "%.3g us an item, less than a hand-off is worth: %s",
				      1e6 * leat_learned_cost(at->learned), runs_text(pl, at->learned));
	if (pl->in_strips && !at->io)
		return "the largest image does not fit as a whole: its rows pass in strips";
	if (at->io)
		return "waits for the disk, beside the cores";
	if (at->mode == LEAT_ON_PROCESSES)
		return leat_plan_beside(pl)
			       ? "bytes from outside are decoded in locked-down processes; large PNG by two "
				 "threads while a core is idle"
			       : "bytes from outside are decoded in locked-down processes";
	if (at->mode == LEAT_ON_OPENMP)
		return leat_plan_text(pl, "%s for %d cores: they share the rows of one item",
				      leat_plan_inputs(pl->facts, &n, &bytes) ? items_text(pl, n) : "few items", cores);
	if (!leat_plan_inputs(pl->facts, &n, &bytes))
		return "many items: each stays on one core from its first step to its last";
	if (n >= (uint64_t)cores)
		return leat_plan_text(pl, "%s for %d core%s: each stays on one core", items_text(pl, n), cores,
				      cores == 1 ? "" : "s");
	return leat_plan_text(pl, "%s, and no step that could share its rows out", items_text(pl, n));
}

/* "cpu", "cpu-2": names are unique, they are what top and the summary show. */
static const char *name_of(struct grouping *g, size_t i)
{
	int before = 0;
	for (size_t k = 0; k < i; k++)
		before += strcmp(g->place[k].name, g->place[i].name) == 0;
	return before ? leat_plan_text(g->pl, "%s-%d", g->place[i].name, before + 1) : g->place[i].name;
}

/* Is anything decoded by a group of one of these modes? */
static bool decoded_in(const struct leat_plan *p, unsigned modes)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (leat_plan_decodes(&p->steps[i]) &&
		    (p->groups[p->segments[p->steps[i].segment].group].type->mode & modes))
			return true;
	return false;
}

static void note_not_isolated(struct leat_planner *pl)
{
	if (pl->plan->job.isolate == LEAT_ISOLATE_NO)
		leat_plan_note(pl, "not isolated: files are decoded in this process, as isolate=no says");
	else if (pl->facts->pool)
		leat_plan_note(pl, "not isolated: files are decoded in this process, as on= says");
	else
		leat_plan_note(pl, "not isolated: files are decoded in this process: %s", leat_plan_no_pool(pl));
}

static void note_no_async(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	for (size_t i = 0; pl->facts->no_async && i < p->n_steps; i++)
		if (p->steps[i].on == LEAT_ON_ASYNC)
			leat_plan_note(pl, "'%s' on=async runs on threads: %s", p->steps[i].name, pl->facts->no_async);
}

static void notes(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	if (pl->facts->protection && decoded_in(p, LEAT_ON_PROCESSES))
		leat_plan_note(pl, "isolation: %s", pl->facts->protection);
	if (decoded_in(p, ~(unsigned)LEAT_ON_PROCESSES))
		note_not_isolated(pl);
	note_no_async(pl);
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_step *s = &p->steps[i];
		const struct leat_param *linear = s->role == LEAT_OP ? leat_param_find(s->op->params, "linear") : NULL;
		if (!linear || linear->type != LEAT_PT_SWITCH)
			continue;
		bool yes = *(const bool *)(const void *)((const char *)s->params + linear->offset);
		leat_plan_note(pl,
			       yes ? "'%s' mixes samples in linear light (linear=yes)"
				   : "'%s' mixes samples as they are stored (linear=yes: in linear light)",
			       s->name);
	}
}

void leat_plan_groups(struct leat_planner *pl, struct leat_place *places)
{
	struct leat_plan *p = pl->plan;
	struct grouping g = {.pl = pl};
	assign(&g, places);
	share_a_crew(&g, places);
	p->groups = leat_plan_alloc(pl, g.n, sizeof *p->groups);
	if (!p->groups)
		return;
	p->n_groups = g.n;
	int share = share_of_cores(&g);
	for (size_t i = 0; i < g.n; i++) {
		struct leat_group *to = &p->groups[i];
		to->type = executor(pl->reg, g.place[i].mode);
		if (!to->type)
			leat_plan_error(pl, 63, p->steps[0].span, "this program has no executor to run anything on");
		to->name = name_of(&g, i);
		to->io = g.place[i].io;
		to->reason = reason(&g, &g.place[i]);
		set_workers(&g, to, &g.place[i], share);
		to->largest_first =
			!to->io && to->type && (to->type->mode & (LEAT_ON_THREADS | LEAT_ON_PROCESSES)) != 0;
		to->asides = g.place[i].mode == LEAT_ON_PROCESSES && leat_plan_beside(pl);
	}
	leat_plan_lanes(pl, places);
	notes(pl);
}
