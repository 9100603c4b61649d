/* SPDX-License-Identifier: MIT */
#include "run/outcome.h"

#include "base/num.h"
#include "core/condition.h"

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
	};
}

/* The counts as fields, so that `expect failed<=1%` is a condition like any other; percentages are of matched. */
static int count_fields(const struct leat_counts *c, struct leat_fields *f, struct leat_err *err)
{
	static const struct {
		const char *name;
		enum leat_state state;
	} rows[] = {
		{"done", LEAT_DONE},
		{"skipped", LEAT_SKIPPED},
		{"failed", LEAT_FAILED},
		{"known_failed", LEAT_KNOWN_FAILED},
		{"not_reached", LEAT_NOT_REACHED},
	};
	if (leat_fields_set_int(f, "matched", (int64_t)c->matched, err) < 0 ||
	    leat_fields_set_int(f, "quarantined", 0, err) < 0)
		return -1;
	for (size_t i = 0; i < LEAT_LEN(rows); i++)
		if (leat_fields_set_int(f, rows[i].name, (int64_t)c->state[rows[i].state], err) < 0)
			return -1;
	return 0;
}

/* Percent conditions see counts in percent of matched. */
static int percent_fields(const struct leat_counts *c, const struct leat_fields *counts, struct leat_fields *f,
			  struct leat_err *err)
{
	double all = c->matched ? (double)c->matched : 1.0;
	for (size_t i = 0; i < counts->n; i++)
		if (leat_fields_set_real(f, counts->v[i].name, 100.0 * (double)counts->v[i].value.i / all, err) < 0)
			return -1;
	return 0;
}

static void first_failure(const struct leat_summary *s, struct leat_buf *b)
{
	const struct leat_failure_group *first = NULL;
	for (size_t i = 0; i < s->n_failures; i++)
		if (s->failures[i].names[0] && (!first || s->failures[i].seqs[0] < first->seqs[0]))
			first = &s->failures[i];
	if (first)
		leat_buf_addf(b, "; the first: %s (%s: %s)", first->names[0], first->step, first->texts[0]);
}

/* The count that the condition is about, as it is. */
static void tell_count(const struct leat_summary *s, const struct leat_fields *counts, const char *field,
		       struct leat_buf *b)
{
	const struct leat_value *v = leat_fields_get(counts, field);
	uint64_t all = s->counts.matched, n = v ? (uint64_t)v->i : 0;
	char some[32], of[32];
	if (strcmp(field, "matched") == 0) {
		leat_buf_addf(b, "%s item%s matched", leat_group_digits(all, of), all == 1 ? "" : "s");
		return;
	}
	leat_buf_addf(b, "%s of %s items %s%s (%.1f %%)", leat_group_digits(n, some), leat_group_digits(all, of),
		      strcmp(field, "failed") == 0 ? "" : "are ", field, all ? 100.0 * (double)n / (double)all : 0.0);
	if (strcmp(field, "failed") == 0)
		first_failure(s, b);
}

/* language 8.5, E074. NULL when all hold. */
static char *broken_expectation(struct leat_run *r, bool *limits_failed, struct leat_err *err)
{
	const struct leat_counts *c = &r->summary->counts;
	struct leat_fields counts = {0}, percents = {0};
	struct leat_buf tmp = {0}, text = {0};
	char *result = NULL;
	if (count_fields(c, &counts, err) < 0 || percent_fields(c, &counts, &percents, err) < 0)
		goto out;
	for (size_t i = 0; i < r->plan->expects.n && !result; i++) {
		const struct leat_expect *e = &r->plan->expect_texts[i];
		struct leat_view v = {.fields = e->percent ? &percents : &counts, .run = &r->facts->run, .branch = ""};
		*limits_failed =
			*limits_failed || strcmp(leat_condition_field(r->plan->expects.v[i], 0), "failed") == 0;
		if (leat_condition_holds(r->plan->expects.v[i], &v, &tmp))
			continue;
		leat_buf_addf(&text, "%s: error[E074]: expect %s did not hold: ",
			      r->program->n_texts ? r->program->texts[0]->name : "leat", e->text);
		tell_count(r->summary, &counts, leat_condition_field(r->plan->expects.v[i], 0), &text);
		result = leat_buf_detach(&text, err);
	}
out:
	leat_fields_free(&counts);
	leat_fields_free(&percents);
	leat_buf_free(&tmp);
	leat_buf_free(&text);
	return result;
}

/* Failed items that `expect` allows end with 0: the summary must say why. */
static void tell_tolerated(struct leat_run *r, struct leat_err *err)
{
	struct leat_buf text = {0};
	leat_buf_adds(&text, "the failed items are tolerated:");
	for (size_t i = 0; i < r->plan->expects.n; i++)
		if (strcmp(leat_condition_field(r->plan->expects.v[i], 0), "failed") == 0)
			leat_buf_addf(&text, " expect %s", r->plan->expect_texts[i].text);
	if (leat_buf_check(&text, err) == 0)
		(void)leat_summary_notice(r->summary, text.data, err);
	leat_buf_free(&text);
}

/* Language 7: 5, 130, 6, 4, 3, 1, 0 in this order (2 and 75 cannot happen once a run goes). */
static int exit_status(const struct leat_run *r, bool tolerated)
{
	const struct leat_summary *s = r->summary;
	if (s->fatal)
		return 5;
	if (r->stop_signal)
		return 128 + r->stop_signal;
	if (s->expect)
		return 4;
	bool failed = s->counts.state[LEAT_FAILED] && !tolerated;
	return failed || s->counts.state[LEAT_NOT_REACHED] || s->results_failed ? 1 : 0;
}

void leat_outcome(struct leat_run *r, const struct leat_err *broken)
{
	struct leat_summary *s = r->summary;
	struct leat_err err = {0};
	const struct leat_err *why = broken ? broken : r->target_broken ? &r->target_err : NULL;
	if (!why && r->internal.cause != LEAT_CAUSE_NONE)
		why = &r->internal;
	bool limits_failed = false;
	s->peak_budget = r->budget ? leat_budget_peak(r->budget) : 0;
	if (r->plan->expect_off)
		(void)leat_summary_notice(s, "expect is off: --only and --limit run a part of the inputs", &err);
	s->expect = broken_expectation(r, &limits_failed, &err);
	if (limits_failed && !s->expect && s->counts.state[LEAT_FAILED])
		tell_tolerated(r, &err);
	if (!why && err.cause != LEAT_CAUSE_NONE)
		why = &err;
	s->fatal = why ? leat_strdup(why->text, NULL) : NULL;
	s->exit_status = why ? 5 : exit_status(r, limits_failed && !s->expect);
}
