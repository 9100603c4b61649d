/* SPDX-License-Identifier: MIT */
/* From program and facts to a plan: the order of the passes, and the plan's own memory. See plan.h and planner.h. */
#include "plan/plan.h"

#include "core/condition.h"
#include "core/template.h"
#include "plan/names.h"
#include "plan/place.h"
#include "plan/tree.h"

/* Encoders with all defaults, for [encode] steps: one for each codec that can. */
static void default_encoders(struct leat_planner *pl, bool resized)
{
	const struct leat_registry *r = pl->reg;
	const void **v = leat_plan_alloc(pl, r->n_codecs, sizeof *v);
	pl->own->encoder_defaults[resized] = v;
	for (size_t i = 0; v && i < r->n_codecs; i++) {
		const struct leat_codec *c = r->codecs[i];
		struct leat_binding b = {
			.table = c->params, .size = c->params_size, .name = "", .owner = "", .steps = true};
		if (!c->enc_open && !c->enc_run)
			continue;
		if (leat_plan_bind(pl, &b) && c->enc_hint)
			c->enc_hint(b.params, resized);
		v[i] = b.params;
	}
}

bool leat_plan_resized(const struct leat_plan *p, int step)
{
	for (int i = p->steps[step].parent; i >= 0; i = p->steps[i].parent)
		if (p->steps[i].op && p->steps[i].op->resamples)
			return true;
	return false;
}

const void *leat_plan_default_encoder(const struct leat_plan *p, const struct leat_codec *c, bool resized)
{
	const struct leat_plan_own *own = (const struct leat_plan_own *)p;
	for (size_t i = 0; i < p->registry->n_codecs; i++)
		if (p->registry->codecs[i] == c)
			return own->encoder_defaults[resized][i];
	return NULL;
}

/* Children in order, so that nobody searches for them. */
static void link_children(struct leat_planner *pl)
{
	struct leat_stepinfo *in = pl->own->info;
	size_t n = pl->plan->n_steps;
	for (size_t i = 0; i < n; i++)
		in[i].child = in[i].sibling = -1;
	for (size_t i = n; i-- > 0;) {
		int p = pl->plan->steps[i].parent;
		if (p < 0)
			continue;
		in[i].sibling = in[p].child;
		in[p].child = (int)i;
	}
}

static void place_once(struct leat_planner *pl)
{
	struct leat_place *places = NULL;
	leat_plan_choose(pl, &places);
	if (pl->failed)
		return;
	leat_plan_groups(pl, places);
	if (!pl->failed && pl->d->errors == 0)
		leat_plan_memory(pl);
}

/* Has one of these executors a team? */
static bool has_team(const struct leat_plan *p, unsigned modes)
{
	for (size_t i = 0; i < p->n_groups; i++)
		if (p->groups[i].type->mode == LEAT_ON_OPENMP ? modes & LEAT_ON_OPENMP
							      : p->groups[i].team > 1 && modes & LEAT_ON_PROCESSES)
			return true;
	return false;
}

/* May an item not become as large in a worker process as it is with a team? */
static bool team_is_cramped(const struct leat_plan *p)
{
	const uint64_t usual = 1ull << 30; /* what a worker may have where the job says nothing */
	uint64_t most = p->job.worker_memory ? p->job.worker_memory : usual;
	return has_team(p, LEAT_ON_PROCESSES) && p->peak_item > most;
}

/*
 * What comes after a tree without errors. A team works on whole images; where one does not fit, its rows pass
 * in strips instead.
 */
static void place(struct leat_planner *pl)
{
	link_children(pl);
	place_once(pl);
	if (!pl->failed && pl->d->errors == 0 && team_is_cramped(pl->plan)) {
		pl->team_outside = true;
		place_once(pl);
	}
	if (!pl->failed && pl->d->errors == 0 && has_team(pl->plan, LEAT_ON_OPENMP | LEAT_ON_PROCESSES) &&
	    pl->plan->peak_item > pl->plan->job.memory) {
		pl->in_strips = true;
		place_once(pl);
	}
	if (pl->failed || pl->d->errors > 0)
		return;
	leat_plan_check_timeouts(pl);
	leat_plan_check_memory(pl);
	leat_plan_outputs(pl);
	leat_plan_lone_outputs(pl);
}

static void passes(struct leat_planner *pl)
{
	leat_plan_secrets(pl);
	leat_plan_job(pl);
	leat_plan_schedule(pl);
	leat_plan_defaults(pl);
	leat_plan_expect(pl);
	default_encoders(pl, false);
	default_encoders(pl, true);
	if (pl->failed)
		return;
	leat_plan_tree(pl);
	if (pl->failed)
		return;
	leat_plan_pages(pl);
	leat_plan_check_writes(pl);
	leat_plan_collect_fields(pl);
	if (!pl->failed && pl->d->errors == 0 && pl->plan->n_steps > 0)
		place(pl);
}

struct leat_plan *leat_plan_make(const struct leat_program *p, const struct leat_registry *r,
				 const struct leat_facts *f, struct leat_diags *d)
{
	static const struct leat_facts nothing;
	struct leat_err err = {0};
	struct leat_plan_own *own = leat_zalloc(1, sizeof *own, &err);
	if (!own)
		return NULL;
	struct leat_planner pl = {
		.own = own,
		.plan = &own->pub,
		.program = p,
		.reg = r,
		.facts = f ? f : &nothing,
		.d = d,
	};
	own->program = p;
	own->pub.registry = r;
	passes(&pl);
	leat_names_free(&pl.ids);
	struct leat_plan *plan = &own->pub;
	if (pl.failed || !leat_arena_ok(&plan->arena))
		leat_plan_free(&plan);
	return plan;
}

void leat_plan_free(struct leat_plan **p)
{
	if (!*p)
		return;
	struct leat_plan_own *own = (struct leat_plan_own *)*p;
	for (struct leat_plan_owned *o = own->owned; o; o = o->next) {
		leat_template_free(&o->t);
		leat_condition_free(&o->c);
	}
	leat_arena_free(&own->pub.arena);
	free(own);
	*p = NULL;
}
