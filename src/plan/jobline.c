/* SPDX-License-Identifier: MIT */
/* The directives about the whole run: job and expect. See exec.h. */
#include "core/condition.h"
#include "core/jobopts.h"
#include "plan/exec.h"
#include "plan/words.h"

#include "base/text.h"

static void set_memory(struct leat_planner *pl, const struct leat_memory_opt *m, const struct leat_word *w)
{
	struct leat_job *job = &pl->plan->job;
	pl->memory_word = w;
	job->memory_given = true;
	job->memory = m->bytes;
	if (m->percent <= 0)
		return;
	job->memory = (uint64_t)((double)pl->facts->memory * m->percent);
	if (job->memory == 0)
		job->memory_given = false; /* percent of nobody knows what: as if it were not there */
}

static void set_job(struct leat_planner *pl, const struct leat_job_opts *o, const struct leat_binding *b)
{
	struct leat_job *job = &pl->plan->job;
	int all = pl->facts->cores > 0 ? pl->facts->cores : 1;
	leat_plan_job_state(pl, o, b);
	leat_plan_job_run(pl, o, b);
	leat_plan_job_files(pl, o, b);
	if (pl->facts->redirect) { /* nothing of such a run is kept, and it is in nobody's way */
		pl->plan->job.state = NULL;
		pl->plan->job.lock = false;
	}
	if (b->given[0])
		set_memory(pl, &o->memory, b->given[0]);
	job->isolate = (enum leat_isolate)o->isolate;
	job->worker_tasks = (uint64_t)o->worker_tasks;
	job->worker_memory = o->worker_memory.percent > 0
				     ? (uint64_t)((double)pl->facts->memory * o->worker_memory.percent)
				     : o->worker_memory.bytes;
	if (o->cores.n > 0)
		job->cores = o->cores.n < 4096 ? (int)o->cores.n : 4096;
	else if (o->cores.percent > 0)
		job->cores = (int)(all * o->cores.percent + 0.999);
	if (job->cores < 1)
		job->cores = 1;
	if (job->cores > all && pl->facts->cores > 0)
		leat_plan_note(pl, "cores=%d is more than the %d that this process may use", job->cores, all);
}

void leat_plan_job(struct leat_planner *pl)
{
	struct leat_job *job = &pl->plan->job;
	job->name = pl->facts->run.job[0] ? pl->facts->run.job : "leat";
	job->cores = pl->facts->cores > 0 ? pl->facts->cores : 1;
	for (size_t i = 0; i < pl->program->n_jobs; i++) {
		const struct leat_directive *d = &pl->program->jobs[i];
		struct leat_binding b = {
			.table = leat_job_params,
			.size = sizeof(struct leat_job_opts),
			.name = "job",
			.owner = "job",
			.at = d->name_at,
			.damaged = d->damaged,
			.words = d->words,
			.n_words = d->n_words,
		};
		if (leat_plan_bind(pl, &b))
			set_job(pl, b.params, &b);
		else
			pl->job_broken = true;
	}
	leat_plan_job_finish(pl);
	if (job->memory == 0)
		job->memory = pl->facts->memory ? pl->facts->memory / 4 : (uint64_t)1 << 30;
}

/* ---- expect */

static bool is_count(const char *name)
{
	size_t n = 0;
	while (leat_expect_counts[n] && strcmp(leat_expect_counts[n], name) != 0)
		n++;
	return leat_expect_counts[n] != NULL;
}

/* The counts of a run are the only fields here. */
static bool known_count(struct leat_planner *pl, const struct leat_word *w, const char *name)
{
	size_t n = 0;
	if (is_count(name))
		return true;
	while (leat_expect_counts[n])
		n++;
	struct leat_span at = w->key ? w->key_at : leat_plan_part(w, name, strlen(name));
	struct leat_diag *g = leat_plan_error(pl, 51, at, "there is no count '%s'", name);
	const char *near = leat_nearest_word(name, leat_expect_counts, n);
	if (near)
		leat_plan_label(pl, g, "did you mean '%s'?", near);
	leat_plan_help(pl, g, "'expect' knows: matched, done, skipped, failed, known_failed, quarantined, not_reached");
	return false;
}

/* The text without its '%' signs. */
static const char *bare_numbers(struct leat_planner *pl, const char *text)
{
	char *copy = leat_plan_text(pl, "%s", text), *to = copy;
	for (const char *s = copy; s && *s; s++)
		if (*s != '%')
			*to++ = *s;
	if (to)
		*to = 0;
	return copy;
}

/* "failed<=1%" compares percent of matched: the condition is made of the number alone. */
static void expect_one(struct leat_planner *pl, const struct leat_word *w, size_t room)
{
	struct leat_plan *p = pl->plan;
	const char *text = leat_plan_word_text(pl, w);
	struct leat_word bare = *w;
	if (!text || w->unknown || p->expects.n >= room)
		return;
	bare.key = NULL;
	bare.value = bare_numbers(pl, text);
	if (!bare.value || !leat_plan_condition(pl, &bare, &p->expects))
		return;
	struct leat_condition *c = p->expects.v[p->expects.n - 1];
	const char *right = leat_condition_field(c, 1);
	struct leat_err err = {0};
	bool ok = known_count(pl, w, leat_condition_field(c, 0));
	if (right && is_count(right))
		leat_condition_right_is_field(c); /* done>=matched */
	else if (ok && leat_condition_check(c, LEAT_V_REAL, &err) < 0)
		leat_plan_error(pl, 53, w->span, "%s", err.text);
	if (!ok || err.cause != LEAT_CAUSE_NONE) {
		p->expects.n--;
		return;
	}
	p->expect_texts[p->expects.n - 1] = (struct leat_expect){.text = text, .percent = strchr(text, '%') != NULL};
}

void leat_plan_expect(struct leat_planner *pl)
{
	size_t room = 0;
	for (size_t i = 0; i < pl->program->n_expects; i++)
		room += pl->program->expects[i].n_words;
	pl->plan->expect_texts = leat_plan_alloc(pl, room, sizeof *pl->plan->expect_texts);
	for (size_t i = 0; pl->plan->expect_texts && i < pl->program->n_expects; i++)
		for (size_t k = 0; k < pl->program->expects[i].n_words; k++)
			expect_one(pl, &pl->program->expects[i].words[k], room);
	if (!pl->facts->partial || pl->plan->expects.n == 0)
		return;
	pl->plan->expects.n = 0;
	pl->plan->expect_off = true;
	leat_plan_note(pl, "expect is off: --only and --limit run a part of the inputs");
}
