/* SPDX-License-Identifier: MIT */
/* The sinks of a run: opened before the first item, given payloads while it goes, closed at its end. */
#include "run/engine.h"

static int open_one(struct leat_run *r, int step, struct leat_err *err)
{
	const struct leat_step *s = &r->plan->steps[step];
	struct leat_sink_open o = {
		.params = s->params,
		.run = &r->facts->run,
		.inputs = r->facts->inputs,
		.fields = s->fields,
		.names = r->names,
		.branch = s->branch,
		.temp = r->plan->job.temp,
		.durability = (int)r->plan->job.durability,
		.intend = r->recorder ? leat_record_intend : NULL,
		.intend_ctx = r->recorder,
	};
	return s->sink->open(&o, &r->sinks[step], err);
}

int leat_sinks_open(struct leat_run *r, struct leat_err *err)
{
	r->sinks = leat_zalloc(r->plan->n_steps, sizeof *r->sinks, err);
	r->names = leat_nameset_new(err); /* one for all: two steps of the recipe must not write one name either */
	if (!r->sinks || !r->names)
		return -1;
	for (size_t i = 0; i < r->plan->n_steps; i++)
		if (r->plan->steps[i].sink && r->plan->steps[i].sink->open && open_one(r, (int)i, err) < 0)
			return -1;
	return 0;
}

int leat_sinks_close(struct leat_run *r, bool aborted, struct leat_err *err)
{
	int result = 0;
	for (size_t i = 0; r->sinks && i < r->plan->n_steps; i++) {
		const struct leat_sink *sink = r->plan->steps[i].sink;
		if (sink && r->sinks[i] && sink->close(r->sinks[i], aborted, err) < 0)
			result = -1;
	}
	free(r->sinks);
	r->sinks = NULL;
	leat_nameset_free(&r->names);
	return result;
}

/*
 * An item that is worked on again only because a reduction wants it: what came of it stands as it was made, and stays.
 */
static bool stays(const struct leat_run_item *it)
{
	const struct leat_known *k = it->run->facts->known;
	return k && it->stage == 0 && k->v[it->seq].verdict == LEAT_TODO_RESULT;
}

int leat_sinks_put(void *item, int step, const struct leat_view *v, const struct leat_payload *in,
		   struct leat_put_result *res, struct leat_err *err)
{
	struct leat_run_item *it = item;
	const struct leat_sink *sink = it->run->plan->steps[step].sink;
	void *state = it->run->sinks[step];
	if (stays(it) && sink->leaves && sink->leaves(state, v, true, res))
		return 0;
	return sink->put(state, v, in, res, err);
}

static bool is_left(const struct leat_run_item *it, int step, struct leat_put_result *res, bool *passes)
{
	const struct leat_run *r = it->run;
	const struct leat_step *s = &r->plan->steps[step], *before = &r->plan->steps[s->parent];
	bool certain = true;
	struct leat_view v = {.entry = it->entry,
			      .fields = &it->fields,
			      .run = &r->facts->run,
			      .branch = s->branch,
			      .index = it->entry->index,
			      .format = before->role == LEAT_ENCODE && before->codec ? before->codec->name : NULL};
	*passes = leat_plan_passes(r->plan, step, &v, &certain);
	return *passes && certain && s->sink->leaves && s->sink->leaves(r->sinks[step], &v, false, res);
}

bool leat_sinks_leave(const struct leat_run_item *it)
{
	struct leat_run *r = it->run;
	struct leat_put_result res;
	uint64_t left = 0;
	bool all = r->plan->only_named;
	for (size_t i = 1; all && i < r->plan->n_steps; i++) {
		bool passes = false;
		if (r->plan->steps[i].role != LEAT_WRITE)
			continue;
		if (is_left(it, (int)i, &res, &passes)) {
			free(res.path);
			left++;
		} else
			all = !passes;
	}
	if (!all || !left)
		return false;
	pthread_mutex_lock(&r->lock);
	r->summary->counts.outputs_skipped += left;
	pthread_mutex_unlock(&r->lock);
	return true;
}
