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

int leat_sinks_put(void *item, int step, const struct leat_view *v, const struct leat_payload *in,
		   struct leat_put_result *res, struct leat_err *err)
{
	struct leat_run *r = ((struct leat_run_item *)item)->run;
	return r->plan->steps[step].sink->put(r->sinks[step], v, in, res, err);
}
