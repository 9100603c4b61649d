/* SPDX-License-Identifier: MIT */
/* What is recorded of a run beside its outputs: opened by what the plan's job says. */
#include "run/engine.h"

#include <sys/stat.h>

/* A file that would take the place of an input is refused. */
static int check_input(const char *path, const struct leat_listing *inputs, struct leat_err *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return 0; /* not there yet, or opening it will say why */
	for (size_t i = 0; i < inputs->n; i++)
		if (inputs->v[i].ino == (uint64_t)st.st_ino && inputs->v[i].dev == (uint64_t)st.st_dev)
			return leat_fail(err, LEAT_CAUSE_CONFLICT, "'%.200s' is an input of this run (%.200s)", path,
					 inputs->v[i].path);
	return 0;
}

/* The file's name; NULL when there is none, and with *err. It is nobody else's in this run. */
static const char *file(struct leat_run *r, const struct leat_template *t, struct leat_buf *path, int *ok,
			struct leat_err *err)
{
	struct leat_view v = {.run = &r->facts->run, .branch = ""};
	uint64_t other;
	if (!t || *ok < 0)
		return NULL;
	*ok = leat_template_expand_path(t, &v, path, err);
	if (*ok == 0)
		*ok = check_input(path->data, r->facts->inputs, err);
	int taken = *ok == 0 ? leat_nameset_claim(r->names, path->data, r, (uintptr_t)t, &other, err) : 0;
	if (taken > 0)
		leat_fail(err, LEAT_CAUSE_CONFLICT, "'%.300s' is written by a step of this run", path->data);
	*ok = taken != 0 ? -1 : *ok;
	return *ok == 0 ? path->data : NULL;
}

static int open_night(struct leat_run *r, struct leat_err *err)
{
	const struct leat_job *job = &r->plan->job;
	struct leat_buf log = {0}, metrics = {0}, trace = {0};
	int ok = 0;
	struct leat_night_opts o = {
		.job = job->name,
		.host = r->facts->run.host,
		.started_ns = r->facts->run.started_ns,
		.record = job->state != NULL,
		.sync = false,
	};
	o.log = file(r, job->log, &log, &ok, err);
	o.metrics = file(r, job->metrics, &metrics, &ok, err);
	o.trace = file(r, job->trace, &trace, &ok, err);
	bool any = o.log || o.metrics || o.trace || o.record;
	struct leat_night *night = NULL;
	if (ok == 0 && any)
		ok = leat_night_open(&night, &o, err);
	pthread_mutex_lock(&r->lock); /* somebody may be asking already */
	r->night = night;
	pthread_mutex_unlock(&r->lock);
	leat_buf_free(&log);
	leat_buf_free(&metrics);
	leat_buf_free(&trace);
	return ok;
}

int leat_observe_open(struct leat_run *r, struct leat_err *err)
{
	const struct leat_job *job = &r->plan->job;
	if (open_night(r, err) < 0)
		return -1;
	bool every = r->trace || job->trace;
	r->trace_every = every ? 1 : r->night && job->state ? LEAT_TRACE_SAMPLE : 0;
	bool live = r->facts->inputs->n > 0;
	if (!live || !(r->night || r->trace || r->look))
		return 0;
	struct leat_watch *w = leat_watch_new(r, job->lock ? job->state : NULL, err);
	pthread_mutex_lock(&r->lock);
	r->watch = w;
	pthread_mutex_unlock(&r->lock);
	return w ? leat_watch_start(w, err) : -1;
}

bool leat_trace_wants(const struct leat_run_item *it)
{
	uint64_t every = it->run->trace_every;
	return every && (it->seq % every == 0 || it->seq < every);
}
