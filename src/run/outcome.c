/* SPDX-License-Identifier: MIT */
#include "run/outcome.h"

#include "core/condition.h"
#include "run/run.h"

#include <stdio.h>

void leat_outcome_times(struct leat_run *r, struct leat_run_group *g)
{
	struct leat_summary *s = r->summary;
	struct leat_executor_stats st = {0};
	struct leat_err err = {0};
	size_t cap = s->n_groups;
	leat_executor_measure(g->ex, &st);
	if (g->why[0]) {
		char text[sizeof g->why + 64];
		(void)snprintf(text, sizeof text, "%s: %s", g->plan->name, g->why); /* names are short */
		if (leat_summary_notice(s, text, &err) < 0)
			leat_run_internal(r, &err);
	}
	struct leat_group_time *v = leat_grow(s->groups, &cap, s->n_groups + 1, sizeof *v, &err);
	if (!v) {
		leat_run_internal(r, &err);
		return;
	}
	s->groups = v;
	v[s->n_groups++] = (struct leat_group_time){
		.name = g->plan->name,
		.executor = g->plan->type->name,
		.workers = leat_executor_workers(g->ex),
		.tasks = st.tasks,
		.busy = (double)st.busy_ns * 1e-9,
		.cpu = (double)st.cpu_ns * 1e-9,
		.runq = (double)st.runq_ns * 1e-9,
		.idle = (double)st.idle_ns * 1e-9,
		.queue_peak = st.queue_peak,
		.enough = g->enough,
		/* Only the first group, that of the source, waits for it. */
		.memory = g == r->groups ? (double)atomic_load(&r->memory_wait_ns) * 1e-9 : 0,
	};
	memcpy(v[s->n_groups - 1].paced, g->why, sizeof g->why);
}

/* The message of E074, or NULL. */
static char *expectation(struct leat_run *r, struct leat_limits *limits, struct leat_err *err)
{
	struct leat_buf text = {0};
	char *broken = leat_expect_broken(r->plan, r->summary, &r->facts->run, limits, err);
	if (!broken)
		return NULL;
	leat_buf_addf(&text, "%s: error[E074]: %s", r->program->n_texts ? r->program->texts[0]->name : "leat", broken);
	free(broken);
	broken = leat_buf_detach(&text, err);
	leat_buf_free(&text);
	return broken;
}

/* Failed items that `expect` allows end with 0: the summary must say why. */
static void tell_tolerated(struct leat_run *r, const char *count, struct leat_err *err)
{
	struct leat_buf text = {0};
	leat_buf_addf(&text, "the %s items are tolerated:", strcmp(count, "failed") == 0 ? count : "known failed");
	for (size_t i = 0; i < r->plan->expects.n; i++)
		if (strcmp(leat_condition_field(r->plan->expects.v[i], 0), count) == 0)
			leat_buf_addf(&text, " expect %s", r->plan->expect_texts[i].text);
	if (leat_buf_check(&text, err) == 0)
		(void)leat_summary_notice(r->summary, text.data, err);
	leat_buf_free(&text);
}

/* Language 7: 5, 130, 6, 4, 3, 1, 0 in this order (2 and 75 cannot happen once a run goes). */
static int exit_status(const struct leat_run *r, const struct leat_limits *tolerated)
{
	const struct leat_summary *s = r->summary;
	if (s->fatal)
		return 5;
	if (r->stop_signal)
		return 128 + r->stop_signal;
	if (atomic_load(&r->deadline_over) && s->counts.state[LEAT_NOT_REACHED])
		return 6;
	if (s->expect)
		return 4;
	bool failed = (s->counts.state[LEAT_FAILED] && !tolerated->failed) ||
		      (s->counts.state[LEAT_KNOWN_FAILED] && !tolerated->known_failed);
	return failed || s->counts.state[LEAT_NOT_REACHED] || s->results_failed ? 1 : 0;
}

/* Why items were not reached, where that was meant so. */
static void tell_stopped(struct leat_run *r, struct leat_err *err)
{
	const struct leat_job *job = &r->plan->job;
	char text[160];
	if (r->too_many_failed) {
		if (job->max_share > 0)
			(void)snprintf(text, sizeof text, "stopped: more than %.4g%% of the items failed (max-errors=)",
				       job->max_share * 100); /* fits */
		else
			(void)snprintf(text, sizeof text, "stopped: more than %lld items failed (max-errors=)",
				       (long long)job->max_failed);
		(void)leat_summary_notice(r->summary, text, err);
	}
	if (!atomic_load(&r->deadline_over) || !r->summary->counts.state[LEAT_NOT_REACHED])
		return;
	(void)snprintf(text, sizeof text, "stopped at the deadline (deadline=%.40s): the next run does the rest",
		       job->deadline);
	(void)leat_summary_notice(r->summary, text, err);
}

/* Patterns that found nothing, beside others that did: a wrong name should not go unseen. */
static void tell_empty(struct leat_run *r, struct leat_err *err)
{
	const struct leat_listing *l = r->facts->inputs;
	struct leat_buf text = {0};
	for (size_t i = 0; l->n + l->left > 0 && i < l->n_matched; i++) {
		if (l->matched[i].n)
			continue;
		leat_buf_clear(&text);
		leat_buf_addf(&text, "no file was found for %s", l->matched[i].pattern);
		if (leat_buf_check(&text, err) == 0)
			(void)leat_summary_notice(r->summary, text.data, err);
	}
	leat_buf_free(&text);
}

void leat_outcome(struct leat_run *r, const struct leat_err *broken)
{
	struct leat_summary *s = r->summary;
	struct leat_err err = {0};
	const struct leat_err *why = broken ? broken : r->target_broken ? &r->target_err : NULL;
	if (!why && r->internal.cause != LEAT_CAUSE_NONE)
		why = &r->internal;
	struct leat_limits limits = {0};
	s->peak_budget = r->budget ? leat_budget_peak(r->budget) : 0;
	if (r->plan->expect_off)
		(void)leat_summary_notice(s, "expect is off: --only and --limit run a part of the inputs", &err);
	tell_empty(r, &err);
	tell_stopped(r, &err);
	s->expect = expectation(r, &limits, &err);
	if (limits.failed && !s->expect && s->counts.state[LEAT_FAILED])
		tell_tolerated(r, "failed", &err);
	if (limits.known_failed && !s->expect && s->counts.state[LEAT_KNOWN_FAILED])
		tell_tolerated(r, "known_failed", &err);
	if (!why && err.cause != LEAT_CAUSE_NONE)
		why = &err;
	s->fatal = why ? leat_strdup(why->text, NULL) : NULL;
	s->exit_status = why ? 5 : exit_status(r, &limits);
}
