/* SPDX-License-Identifier: MIT */
/* See record.h. */
#include "report/trail.h"

static char *copy(struct leat_trail *r, const char *s)
{
	struct leat_err err = {0};
	char *c = leat_strdup(s ? s : "", &err);
	r->lost = r->lost || !c;
	return c;
}

static void free_item(struct leat_trail_item *v)
{
	free(v->path);
	free(v->output);
	free(v->step);
	free(v->text);
	*v = (struct leat_trail_item){0};
}

static struct leat_trail_item item_of(struct leat_trail *r, const struct leat_event *e)
{
	return (struct leat_trail_item){.path = copy(r, e->path),
					.seq = e->seq,
					.state = e->state,
					.seconds = e->seconds,
					.bytes = e->bytes,
					.pixels = e->pixels,
					.output = e->output ? copy(r, e->output) : NULL,
					.cause = e->err ? e->err->cause : LEAT_CAUSE_NONE,
					.step = e->err ? copy(r, e->step) : NULL,
					.text = e->err ? copy(r, e->err->text) : NULL};
}

/* ---- steps */

static struct leat_trail_step *step_of(struct leat_trail *r, const struct leat_event *e)
{
	for (size_t i = 0; i < r->n_steps; i++)
		if (r->steps[i].index == e->index)
			return &r->steps[i];
	if (r->n_steps == LEAT_TRAIL_STEPS)
		return NULL;
	struct leat_trail_step *s = &r->steps[r->n_steps++];
	*s = (struct leat_trail_step){.text = copy(r, e->step), .branch = copy(r, e->branch), .index = e->index};
	return s;
}

static void step(struct leat_trail *r, const struct leat_event *e)
{
	struct leat_trail_step *s = step_of(r, e);
	if (!s)
		return;
	s->seconds += e->seconds;
	s->bytes += e->bytes;
	s->items++;
}

/* ---- the timeline: slots of one length, which is doubled when there are not enough of them */

static struct leat_trail_group *group_of(struct leat_trail *r, const char *name)
{
	for (size_t i = 0; i < r->n_groups; i++)
		if (r->groups[i].name && strcmp(r->groups[i].name, name) == 0)
			return &r->groups[i];
	if (r->n_groups == LEAT_TRAIL_GROUPS)
		return NULL;
	struct leat_trail_group *g = &r->groups[r->n_groups++];
	*g = (struct leat_trail_group){.name = copy(r, name)};
	return g;
}

static void halve(double *v)
{
	for (int i = 0; i < LEAT_TRAIL_SLOTS; i++)
		v[i] = 2 * i + 1 < LEAT_TRAIL_SLOTS ? v[2 * i] + v[2 * i + 1] : 0;
}

static void reach(struct leat_trail *r, double until)
{
	if (!(r->slot > 0))
		r->slot = 0.01;
	while (until > r->slot * LEAT_TRAIL_SLOTS) {
		r->slot *= 2;
		for (size_t i = 0; i < r->n_groups; i++) {
			halve(r->groups[i].busy);
			halve(r->groups[i].queued);
		}
	}
}

static void spread(double *v, double slot, double from, double to)
{
	for (int i = from > 0 ? (int)(from / slot) : 0; i < LEAT_TRAIL_SLOTS && i * slot < to; i++) {
		double a = i * slot > from ? i * slot : from, b = (i + 1) * slot < to ? (i + 1) * slot : to;
		v[i] += b > a ? b - a : 0;
	}
}

static void task(struct leat_trail *r, const struct leat_event *e)
{
	reach(r, e->since + e->seconds);
	struct leat_trail_group *g = group_of(r, e->group);
	if (!g)
		return;
	g->tasks++;
	g->seconds += e->seconds;
	g->waited += e->waited;
	spread(g->busy, r->slot, e->since, e->since + e->seconds);
	spread(g->queued, r->slot, e->since - e->waited, e->since);
}

/* ---- items */

static void slow(struct leat_trail *r, const struct leat_event *e)
{
	size_t n = r->n_slow, at = n;
	while (at > 0 && r->slow[at - 1].seconds < e->seconds)
		at--;
	if (at == LEAT_TRAIL_SLOW || !(e->seconds > 0))
		return;
	if (n == LEAT_TRAIL_SLOW)
		free_item(&r->slow[--n]);
	memmove(&r->slow[at + 1], &r->slow[at], (n - at) * sizeof *r->slow);
	r->slow[at] = item_of(r, e);
	r->n_slow = n + 1;
}

static void failed(struct leat_trail *r, const struct leat_event *e)
{
	struct leat_err err = {0};
	if (r->n_failed == LEAT_TRAIL_FAILED)
		return;
	struct leat_trail_item *v = leat_grow(r->failed, &r->cap_failed, r->n_failed + 1, sizeof *v, &err);
	r->lost = r->lost || !v;
	if (!v)
		return;
	r->failed = v;
	v[r->n_failed++] = item_of(r, e);
}

/* Every 1st, then every 2nd, every 4th ...: whenever there are too many, every other one goes. */
static void sample(struct leat_trail *r, const struct leat_event *e)
{
	if (!r->sample_every)
		r->sample_every = 1;
	if (r->with_output++ % r->sample_every != 0)
		return;
	if (r->n_samples == LEAT_TRAIL_SAMPLES) {
		for (size_t i = 0; i < LEAT_TRAIL_SAMPLES; i++) {
			if (i % 2)
				free_item(&r->samples[i]);
			else
				r->samples[i / 2] = r->samples[i];
		}
		for (size_t i = LEAT_TRAIL_SAMPLES / 2; i < LEAT_TRAIL_SAMPLES; i++)
			r->samples[i] = (struct leat_trail_item){0};
		r->n_samples = LEAT_TRAIL_SAMPLES / 2;
		r->sample_every *= 2;
	}
	r->samples[r->n_samples++] = item_of(r, e);
}

void leat_trail_event(struct leat_trail *r, const struct leat_event *e)
{
	if (e->type == LEAT_EV_STEP)
		step(r, e);
	else if (e->type == LEAT_EV_TASK)
		task(r, e);
	if (e->type != LEAT_EV_ITEM)
		return;
	slow(r, e);
	if (e->err)
		failed(r, e);
	if (e->state == LEAT_DONE && e->output && e->pixels)
		sample(r, e);
}

void leat_trail_free(struct leat_trail *r)
{
	for (size_t i = 0; i < r->n_steps; i++) {
		free(r->steps[i].text);
		free(r->steps[i].branch);
	}
	for (size_t i = 0; i < r->n_groups; i++)
		free(r->groups[i].name);
	for (size_t i = 0; i < r->n_slow; i++)
		free_item(&r->slow[i]);
	for (size_t i = 0; i < r->n_failed; i++)
		free_item(&r->failed[i]);
	for (size_t i = 0; i < r->n_samples; i++)
		free_item(&r->samples[i]);
	free(r->failed);
	*r = (struct leat_trail){0};
}
