/* SPDX-License-Identifier: MIT */
#include "plan/targets.h"

#include "plan/place.h"
#include "plan/sizes.h"

#include "base/num.h"

static void plus(uint64_t *to, uint64_t n)
{
	if (__builtin_add_overflow(*to, n, to))
		*to = UINT64_MAX;
}

static bool writes_files(const struct leat_planner *pl, size_t i)
{
	const struct leat_tmpl *t = pl->own->info[i].tmpl;
	return pl->plan->steps[i].role == LEAT_WRITE && t && t->text && strcmp(t->shown, "-") != 0;
}

bool leat_plan_open_targets(struct leat_planner *pl)
{
	struct leat_plan *p = pl->plan;
	size_t n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		n += writes_files(pl, i);
	p->targets = leat_plan_alloc(pl, n, sizeof *p->targets);
	for (size_t i = 0; p->targets && i < p->n_steps; i++)
		if (writes_files(pl, i))
			p->targets[p->n_targets++] =
				(struct leat_target){.step = (int)i, .path = pl->own->info[i].tmpl->text};
	return p->targets != NULL;
}

static struct leat_target *target_of(struct leat_plan *p, int step)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].step == step)
			return &p->targets[i];
	return NULL;
}

/* The word of a choice of the sink: existing=. "" when it has none such. */
static const char *chosen(const struct leat_step *s, const char *option)
{
	const struct leat_param *row = leat_param_find(s->sink->params, option);
	if (!row || row->type != LEAT_PT_CHOICE)
		return "";
	return row->choices[*(const int64_t *)(const void *)((const char *)s->params + row->offset)];
}

static void take(struct leat_target *t, const struct leat_guess *g, uint64_t bytes)
{
	plus(&t->bytes, bytes);
	t->guessed += g->known;
	t->at_most = t->at_most || g->at_most;
}

/* As the write step decides it: existing=, and for update the age of the input. */
void leat_plan_count_output(struct leat_planner *pl, const struct leat_output *out, const struct leat_there *s)
{
	const struct leat_step *step = &pl->plan->steps[out->step];
	const struct leat_listing *l = pl->facts->inputs;
	struct leat_target *t = target_of(pl->plan, out->step);
	if (!t)
		return;
	const char *existing = s->there && !s->input ? chosen(step, "existing") : "";
	bool older = out->seq < l->n && s->mtime_ns < l->v[out->seq].mtime_ns;
	t->files++;
	if (strcmp(existing, "fail") == 0) {
		t->refused++;
		return;
	}
	if (strcmp(existing, "skip") == 0 || (strcmp(existing, "update") == 0 && !older)) {
		t->skipped++;
		return;
	}
	t->overwritten += s->there;
	if (out->seq >= l->n)
		return;
	struct leat_guess g = leat_plan_guess(pl->plan, pl->facts, out->step, (size_t)out->seq);
	take(t, &g, g.bytes);
	plus(&t->growth, !s->there ? g.bytes : g.bytes > s->size ? g.bytes - s->size : 0);
}

/* Does the reduction above this step make one result for each group? */
static bool is_grouped(const struct leat_plan *p, int step)
{
	while (step >= 0 && p->steps[step].role != LEAT_REDUCE)
		step = p->steps[step].parent;
	const struct leat_param *by = step < 0 ? NULL : leat_param_find(p->steps[step].op->params, "by");
	return by && by->type == LEAT_PT_TEMPLATE &&
	       ((const struct leat_tmpl *)(const void *)((const char *)p->steps[step].params + by->offset))->t;
}

/* A step whose names the run will make: as many as come past its filters, all of them new. */
static void guess_unnamed(struct leat_planner *pl, struct leat_target *t)
{
	const struct leat_listing *l = pl->facts->inputs;
	struct leat_fields none = {0};
	t->unnamed = true;
	for (size_t i = 0; i < l->n; i++) {
		bool certain = true;
		struct leat_view v = {.entry = &l->v[i], .fields = &none, .run = &pl->facts->run};
		v.branch = pl->plan->steps[t->step].branch;
		v.index = l->v[i].index;
		if (l->v[i].problem || !leat_plan_passes(pl->plan, t->step, &v, &certain))
			continue;
		struct leat_guess g = leat_plan_guess(pl->plan, pl->facts, t->step, i);
		t->files++;
		take(t, &g, g.bytes);
		plus(&t->growth, g.bytes);
		if (pl->plan->steps[t->step].stage > 0 && !is_grouped(pl->plan, t->step))
			return; /* one result, about as large as one of its items */
	}
}

/* The folder in front of the first field of a name. In the plan's arena. */
static const char *literal_folder(struct leat_planner *pl, const char *path)
{
	size_t n = strcspn(path, "{");
	while (n > 0 && path[n - 1] != '/')
		n--;
	return leat_plan_text(pl, "%.*s", (int)(n > 1 ? n - 1 : 1), path);
}

/* The disk of a folder that `step` writes into; NULL when it cannot be told. */
static struct leat_disk *disk_of(struct leat_planner *pl, const char *folder, int step)
{
	struct leat_plan *p = pl->plan;
	struct leat_room room = {0};
	if (!folder || !pl->facts->room || !pl->facts->room(pl->facts->output_ctx, folder, &room))
		return NULL;
	for (size_t i = 0; i < p->n_disks; i++)
		if (p->disks[i].id == room.id)
			return &p->disks[i];
	struct leat_disk *d = &p->disks[p->n_disks];
	*d = (struct leat_disk){
		.id = room.id, .free = room.free, .step = step, .path = leat_plan_text(pl, "%s", room.path)};
	if (!d->path)
		return NULL;
	p->n_disks++;
	return d;
}

static void too_full(struct leat_planner *pl, const struct leat_disk *d)
{
	char need[32], room[32];
	const struct leat_word *w = pl->own->info[d->step].name;
	struct leat_diag *g = leat_plan_warning(pl, 7, w->value_at, "the outputs need %s %s, but only %s is free in %s",
						d->at_most ? "up to" : "about", leat_human_size(d->needs, need),
						leat_human_size(d->free, room), leat_plan_shown(pl->program, d->path));
	leat_plan_help(pl, g, "make room, write somewhere else, or try a part first: --limit 10");
}

void leat_plan_close_targets(struct leat_planner *pl)
{
	struct leat_plan *p = pl->plan;
	p->disks = leat_plan_alloc(pl, p->n_targets, sizeof *p->disks);
	for (size_t i = 0; p->disks && i < p->n_targets; i++) {
		struct leat_target *t = &p->targets[i];
		if (t->files == 0)
			guess_unnamed(pl, t);
		struct leat_disk *d = t->guessed ? disk_of(pl, literal_folder(pl, t->path), t->step) : NULL;
		if (!d)
			continue;
		plus(&d->needs, t->growth);
		d->at_most = d->at_most || t->at_most;
	}
	for (size_t i = 0; i < p->n_disks; i++)
		if (p->disks[i].needs > p->disks[i].free)
			too_full(pl, &p->disks[i]);
}
