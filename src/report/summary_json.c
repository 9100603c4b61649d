/* SPDX-License-Identifier: MIT */
/* The summary for machines: one JSON object on one line. Its keys are stable; new ones may be added. */
#include "base/json.h"
#include "report/share.h"

static void counts(struct leat_buf *b, const struct leat_counts *c)
{
	leat_json_real(b, "seconds", c->seconds, 3);
	leat_json_uint(b, "matched", c->matched);
	leat_json_uint(b, "done", c->state[LEAT_DONE]);
	leat_json_uint(b, "dropped", c->dropped);
	leat_json_uint(b, "skipped", c->state[LEAT_SKIPPED]);
	leat_json_uint(b, "failed", c->state[LEAT_FAILED]);
	leat_json_uint(b, "known_failed", c->state[LEAT_KNOWN_FAILED]);
	leat_json_uint(b, "not_reached", c->state[LEAT_NOT_REACHED]);
	leat_json_uint(b, "bytes_in", c->bytes_in);
	leat_json_uint(b, "bytes_out", c->bytes_out);
	leat_json_uint(b, "bytes_total", c->bytes_total);
	leat_json_uint(b, "outputs_new", c->outputs_new);
	leat_json_uint(b, "outputs_overwritten", c->outputs_overwritten);
	leat_json_uint(b, "outputs_skipped", c->outputs_skipped);
}

static void failures(struct leat_buf *b, const struct leat_summary *s)
{
	leat_json_open(b, "failures", '[');
	for (size_t i = 0; i < s->n_failures; i++) {
		const struct leat_failure_group *g = &s->failures[i];
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "step", g->step);
		leat_json_text(b, "cause", leat_cause_name(g->cause));
		leat_json_uint(b, "count", g->n);
		leat_json_open(b, "first", '[');
		for (size_t k = 0; k < LEAT_SUMMARY_NAMES && g->names[k]; k++) {
			leat_json_open(b, NULL, '{');
			leat_json_uint(b, "index", g->seqs[k]);
			leat_json_text(b, "path", g->names[k]);
			leat_json_text(b, "message", g->texts[k]);
			leat_json_close(b, '}');
		}
		leat_json_close(b, ']');
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static void groups(struct leat_buf *b, const struct leat_summary *s)
{
	leat_json_open(b, "groups", '[');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_time *g = &s->groups[i];
		struct leat_share t = leat_share_of(g);
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "name", g->name);
		leat_json_text(b, "on", g->executor);
		leat_json_uint(b, "workers", (uint64_t)g->workers);
		leat_json_uint(b, "tasks", g->tasks);
		leat_json_uint(b, "queue_peak", g->queue_peak);
		leat_json_real(b, "busy_seconds", g->busy, 6);
		leat_json_real(b, "cpu_seconds", g->cpu, 6);
		leat_json_real(b, "core_wait_seconds", g->runq, 6);
		leat_json_real(b, "idle_seconds", g->idle, 6);
		leat_json_real(b, "computing", t.computing, 3);
		leat_json_real(b, "blocked", t.blocked, 3);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
	const struct leat_group_time *worst = leat_bottleneck(s);
	leat_json_text(b, "bottleneck", worst ? worst->name : NULL);
}

static void notices(struct leat_buf *b, const struct leat_summary *s)
{
	leat_json_open(b, "notices", '[');
	for (size_t i = 0; i < s->n_notices; i++) {
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "text", s->notices[i]);
		leat_json_uint(b, "count", s->notice_counts ? s->notice_counts[i] : 1);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

void leat_summary_json(const struct leat_summary *s, struct leat_buf *out)
{
	leat_json_open(out, NULL, '{');
	leat_json_text(out, "job", s->job);
	leat_json_int(out, "exit", s->exit_status);
	leat_json_text(out, "fatal", s->fatal);
	leat_json_text(out, "expect", s->expect);
	leat_json_text(out, "since", s->since);
	leat_json_text(out, "report", s->report);
	counts(out, &s->counts);
	leat_json_uint(out, "results", s->results);
	leat_json_uint(out, "results_failed", s->results_failed);
	leat_json_uint(out, "peak_budget", s->peak_budget);
	failures(out, s);
	notices(out, s);
	groups(out, s);
	leat_json_close(out, '}');
	leat_buf_addc(out, '\n');
}
