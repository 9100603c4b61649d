/* SPDX-License-Identifier: MIT */
/*
 * Where every step runs (design, "The concurrency choice"), and which neighbors are one segment. What the user
 * wrote is obeyed. Otherwise: sources and sinks wait for disks, so they get threads beside the cores;
 * everything between decode and encode stays in one segment, so that an item's rows stay in one core's cache;
 * filters and reports cost nothing and run where the step before them ran. One pass over the steps: a parent
 * always stands before its children.
 */
#include "plan/exec.h"
#include "plan/learned.h"
#include "plan/place.h"

bool leat_plan_inputs(const struct leat_facts *f, uint64_t *n, uint64_t *bytes)
{
	*n = *bytes = 0;
	if (!f->inputs)
		return false;
	*n = f->inputs->n;
	for (size_t i = 0; i < f->inputs->n; i++)
		*bytes += f->inputs->v[i].size;
	return true;
}

static bool has_executor(const struct leat_planner *pl, unsigned mode)
{
	for (size_t i = 0; i < pl->reg->n_executors; i++)
		if (pl->reg->executors[i]->mode == mode)
			return true;
	return false;
}

/* Can a team work on one item of this step? On the rows of an image, or inside a step on arrays. */
static bool shares_out(const struct leat_step *s)
{
	return s->role == LEAT_OP && (s->op->modes & LEAT_ON_OPENMP) &&
	       (s->op->rows || (s->op->run && (s->op->in & (LEAT_ARRAY | LEAT_TABLE))));
}

bool leat_plan_few_items(const struct leat_planner *pl)
{
	uint64_t n, bytes;
	if (!leat_plan_inputs(pl->facts, &n, &bytes) || n == 0 || n >= (uint64_t)pl->plan->job.cores)
		return false;
	if (!has_executor(pl, LEAT_ON_OPENMP))
		return false;
	for (size_t i = 0; i < pl->plan->n_steps; i++) {
		const struct leat_step *s = &pl->plan->steps[i];
		if (shares_out(s))
			return true;
	}
	return false;
}

static bool is_io(enum leat_role r)
{
	return r == LEAT_SOURCE || r == LEAT_WRITE;
}

static unsigned modes_of(const struct leat_step *s)
{
	switch (s->role) {
	case LEAT_SOURCE:
		return s->source->modes;
	case LEAT_WRITE:
	case LEAT_ROWSINK:
		return s->sink->modes;
	case LEAT_DECODE:
	case LEAT_PARSE:
		return LEAT_ON_DECODE;
	case LEAT_ENCODE:
		return s->codec ? s->codec->modes : LEAT_ON_CPU;
	default:
		return s->op->modes;
	}
}

/* Workers as the user wrote them, on the step or as a default; 0: not. */
static int written_workers(const struct leat_planner *pl, const struct leat_step *s)
{
	if (s->on == LEAT_ON_INLINE)
		return 0;
	if (s->workers.n > 0)
		return s->workers.n < 4096 ? (int)s->workers.n : 4096;
	if (s->workers.percent <= 0)
		return 0;
	int n = (int)(s->workers.percent * pl->plan->job.cores + 0.5);
	return n < 1 ? 1 : n;
}

bool leat_plan_decodes(const struct leat_step *s)
{
	return s->role == LEAT_DECODE || s->role == LEAT_PARSE || (s->role == LEAT_OP && s->op->file_cost);
}

/* Bytes from outside are decoded in the pool, unless the job or the machine says otherwise. */
static bool isolated(const struct leat_planner *pl, const struct leat_step *s)
{
	return leat_plan_decodes(s) && pl->facts->pool && pl->plan->job.isolate != LEAT_ISOLATE_NO &&
	       has_executor(pl, LEAT_ON_PROCESSES);
}

const char *leat_plan_no_pool(const struct leat_planner *pl)
{
	return pl->facts->no_pool ? pl->facts->no_pool : "this program has no pool of worker processes";
}

/* isolate=require: bytes from outside are decoded in the pool or not at all. */
static void check_required(struct leat_planner *pl, const struct leat_step *s, unsigned mode)
{
	if (!leat_plan_decodes(s) || pl->plan->job.isolate != LEAT_ISOLATE_REQUIRE || mode == LEAT_ON_PROCESSES)
		return;
	struct leat_diag *g = leat_plan_error(pl, 61, s->span, "isolate=require: '%s' cannot run on=%s", s->name,
					      leat_plan_mode_name(mode));
	if (pl->facts->pool)
		leat_plan_help(pl, g, "write on=processes, or leave on= away");
	else
		leat_plan_help(pl, g, "%s", leat_plan_no_pool(pl));
}

/* on=processes where there is no program to start: the host would be started again, and not know why. */
static void check_pool(struct leat_planner *pl, const struct leat_step *s)
{
	if (s->on != LEAT_ON_PROCESSES || pl->facts->pool)
		return;
	leat_plan_help(pl, leat_plan_error(pl, 61, s->span, "'%s' cannot run on=processes here", s->name), "%s",
		       leat_plan_no_pool(pl));
}

const struct leat_tuning *leat_plan_learned(const struct leat_planner *pl, const char *name)
{
	return leat_learned(pl->facts->tuning, pl->facts->n_tuning, name);
}

/* Cheaper than a hand-off, as earlier runs measured it: in the worker that brings the item. */
static void run_inline_if_cheap(const struct leat_planner *pl, const struct leat_step *s, struct leat_place *p)
{
	const struct leat_tuning *t = leat_plan_learned(pl, p->name);
	if (p->mode != LEAT_ON_THREADS || p->io || p->written || p->workers || p->queue.items || p->queue.bytes ||
	    p->keep_order || s->parent < 0 || !leat_learned_cheap(t))
		return;
	p->mode = LEAT_ON_INLINE;
	p->learned = t;
}

static bool runs_program(const struct leat_step *s)
{
	return s->role == LEAT_OP && s->op->program;
}

/* The place of a step that cannot join the segment before it. */
static struct leat_place own_place(const struct leat_planner *pl, const struct leat_step *s, bool few)
{
	struct leat_place p = {.io = is_io(s->role), .workers = written_workers(pl, s), .written = s->on != 0};
	p.keep_order = s->keep_order;
	p.queue = s->queue;
	p.mode = s->on;
	if (p.mode == LEAT_ON_ASYNC && pl->facts->no_async)
		p.mode = LEAT_ON_THREADS; /* groups.c says so */
	if (p.mode == 0 && isolated(pl, s))
		p.mode = LEAT_ON_PROCESSES;
	if (p.mode == 0)
		p.mode = !p.io && few && !runs_program(s) ? LEAT_ON_OPENMP : LEAT_ON_THREADS;
	if (!has_executor(pl, p.mode))
		p.mode = LEAT_ON_INLINE;
	if (s->role == LEAT_SOURCE)
		p.name = "read";
	else if (p.io)
		p.name = "write";
	else
		p.name = p.mode == LEAT_ON_OPENMP ? "rows" : "cpu";
	run_inline_if_cheap(pl, s, &p);
	return p;
}

/* Reading, computing and writing keep apart, unless somebody wrote on=inline. */
static bool same_side(const struct leat_step *s, const struct leat_place *at)
{
	return s->role == LEAT_WRITE ? at->io && strcmp(at->name, "write") == 0 : !at->io;
}

/*
 * Can a step that leaves the choice to leat run in this segment? Inline can be anywhere: it is the worker of
 * the step before.
 */
static bool auto_joins(const struct leat_step *s, const struct leat_place *at)
{
	if (s->role == LEAT_FILTER || s->role == LEAT_ROWSINK || s->role == LEAT_REDUCE)
		return true;
	if (!same_side(s, at))
		return false;
	return (modes_of(s) & (at->mode | LEAT_ON_INLINE)) != 0;
}

/*
 * Few big items that are decoded in the pool: is this a step whose rows a team of the worker shares out? Steps on
 * arrays have their team in this process: their libraries start threads of their own.
 */
static bool shares_inside(const struct leat_planner *pl, const struct leat_step *s, const struct leat_place *at)
{
	return !pl->team_outside && at->mode == LEAT_ON_PROCESSES && !at->written && !at->workers && shares_out(s) &&
	       s->op->rows;
}

/* Does step i run in its parent's segment? */
static bool joins(const struct leat_planner *pl, size_t i, const struct leat_place *at, bool few)
{
	const struct leat_step *s = &pl->plan->steps[i];
	const struct leat_stepinfo *in = &pl->own->info[i];
	if (s->parent < 0 || pl->plan->steps[s->parent].role == LEAT_REDUCE || in->queue || in->order)
		return false;
	if (s->on == LEAT_ON_INLINE)
		return true;
	if (s->role == LEAT_FILTER || s->role == LEAT_ROWSINK || s->role == LEAT_REDUCE)
		if (!in->on && !in->workers)
			return true;
	int workers = written_workers(pl, s);
	if (workers && workers != at->workers)
		return false;
	if (s->on)
		return s->on == at->mode && same_side(s, at);
	if (few && at->mode == LEAT_ON_PROCESSES && !at->written && shares_out(s) && !shares_inside(pl, s, at))
		return false; /* few big items: decoded in the pool, their rows shared out here */
	if (at->mode == LEAT_ON_THREADS && s->parent >= 0 && runs_program(&pl->plan->steps[s->parent]) &&
	    isolated(pl, s))
		return false; /* what a program made comes from outside, too */
	return auto_joins(s, at);
}

/* A queue written on the source is the one behind it, unless the consumer wrote its own. */
static struct leat_queue_opt queue_of(const struct leat_planner *pl, size_t i)
{
	const struct leat_queue_opt none = {0};
	const struct leat_plan *p = pl->plan;
	const struct leat_step *s = &p->steps[i];
	if (pl->own->info[i].queue || s->parent < 0)
		return s->role == LEAT_SOURCE ? none : s->queue;
	const struct leat_step *root = &p->steps[p->segments[p->steps[s->parent].segment].first];
	if (root->role == LEAT_SOURCE && pl->own->info[0].queue)
		return root->queue;
	return s->queue;
}

/* Nothing but the steps' own times: a segment without any has the default. */
static void sum_timeouts(struct leat_plan *p)
{
	const int64_t usual = (int64_t)5 * 60 * 1000 * 1000 * 1000;
	for (size_t i = 0; i < p->n_steps; i++)
		if (__builtin_add_overflow(p->segments[p->steps[i].segment].timeout_ns, p->steps[i].timeout_ns,
					   &p->segments[p->steps[i].segment].timeout_ns))
			p->segments[p->steps[i].segment].timeout_ns = INT64_MAX;
	for (size_t i = 0; i < p->n_segments; i++)
		if (p->segments[i].timeout_ns == 0)
			p->segments[i].timeout_ns = usual;
}

void leat_plan_check_timeouts(struct leat_planner *pl)
{
	const struct leat_plan *p = pl->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct leat_word *w = pl->own->info[i].timeout;
		unsigned mode = p->groups[p->segments[p->steps[i].segment].group].type->mode;
		if (!w || mode == LEAT_ON_PROCESSES || mode == LEAT_ON_ASYNC || runs_program(&p->steps[i]))
			continue;
		struct leat_diag *g =
			leat_plan_warning(pl, 6, w->span, "this timeout is looked at between blocks of rows only");
		leat_plan_label(pl, g, "a step that hangs is not ended by it");
		leat_plan_help(pl, g, "only worker processes can be ended at any moment");
	}
}

void leat_plan_choose(struct leat_planner *pl, struct leat_place **places)
{
	struct leat_plan *p = pl->plan;
	/* A team does not pay where even one core has an item done at once. */
	bool few = !pl->in_strips && leat_plan_few_items(pl) && !leat_plan_streams(pl) &&
		   !leat_learned_cheap(leat_plan_learned(pl, "rows")) && !leat_plan_two_threads_suffice(pl);
	p->n_segments = 0;
	p->segments = leat_plan_alloc(pl, p->n_steps, sizeof *p->segments);
	struct leat_place *at = leat_plan_alloc(pl, p->n_steps, sizeof *at);
	*places = at;
	if (!at || !p->segments)
		return;
	for (size_t i = 0; i < p->n_steps; i++) {
		struct leat_step *s = &p->steps[i];
		int before = s->parent < 0 ? -1 : p->steps[s->parent].segment;
		if (before >= 0 && joins(pl, i, &at[before], few)) {
			s->segment = before;
			at[before].team = at[before].team || (few && shares_inside(pl, s, &at[before]));
			if (!is_io(s->role) && s->role != LEAT_FILTER && s->role != LEAT_ROWSINK)
				at[before].io = at[before].io && s->role == LEAT_REDUCE;
			continue;
		}
		s->segment = (int)p->n_segments;
		at[p->n_segments] = own_place(pl, s, few);
		check_pool(pl, s);
		check_required(pl, s, at[p->n_segments].mode);
		at[p->n_segments].queue = queue_of(pl, i);
		p->segments[p->n_segments++] = (struct leat_segment){.first = (int)i, .stage = s->stage};
	}
	sum_timeouts(p);
}
