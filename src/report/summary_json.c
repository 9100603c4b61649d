/* SPDX-License-Identifier: MIT */
/* The summary for machines: one JSON object on one line. Its keys are stable; new ones may be added. */
#include "base/num.h"
#include "base/text.h"
#include "report/share.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void key(struct leat_buf *b, const char *name)
{
	char last = b->len ? b->data[b->len - 1] : '{';
	leat_buf_addf(b, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

static void number(struct leat_buf *b, const char *name, uint64_t v)
{
	key(b, name);
	leat_buf_addf(b, "%" PRIu64, v);
}

static void real(struct leat_buf *b, const char *name, double v)
{
	char digits[32];
	key(b, name);
	leat_buf_adds(b, isfinite(v) ? leat_print_real(v, digits) : "null");
}

static void text(struct leat_buf *b, const char *name, const char *s)
{
	key(b, name);
	if (s)
		leat_escape_json(b, s, strlen(s));
	else
		leat_buf_adds(b, "null");
}

static void counts(struct leat_buf *b, const struct leat_counts *c)
{
	real(b, "seconds", c->seconds);
	number(b, "matched", c->matched);
	number(b, "done", c->state[LEAT_DONE]);
	number(b, "skipped", c->state[LEAT_SKIPPED]);
	number(b, "failed", c->state[LEAT_FAILED]);
	number(b, "known_failed", c->state[LEAT_KNOWN_FAILED]);
	number(b, "not_reached", c->state[LEAT_NOT_REACHED]);
	number(b, "bytes_in", c->bytes_in);
	number(b, "bytes_out", c->bytes_out);
	number(b, "bytes_total", c->bytes_total);
	number(b, "outputs_new", c->outputs_new);
	number(b, "outputs_overwritten", c->outputs_overwritten);
	number(b, "outputs_skipped", c->outputs_skipped);
}

static void begin(struct leat_buf *b, size_t i)
{
	leat_buf_adds(b, i ? ",{" : "{");
}

static void failures(struct leat_buf *b, const struct leat_summary *s)
{
	key(b, "failures");
	leat_buf_addc(b, '[');
	for (size_t i = 0; i < s->n_failures; i++) {
		const struct leat_failure_group *g = &s->failures[i];
		begin(b, i);
		text(b, "step", g->step);
		text(b, "cause", leat_cause_name(g->cause));
		number(b, "count", g->n);
		key(b, "first");
		leat_buf_addc(b, '[');
		for (size_t k = 0; k < LEAT_SUMMARY_NAMES && g->names[k]; k++) {
			begin(b, k);
			number(b, "index", g->seqs[k]);
			text(b, "path", g->names[k]);
			text(b, "message", g->texts[k]);
			leat_buf_addc(b, '}');
		}
		leat_buf_adds(b, "]}");
	}
	leat_buf_addc(b, ']');
}

static void groups(struct leat_buf *b, const struct leat_summary *s)
{
	key(b, "groups");
	leat_buf_addc(b, '[');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_time *g = &s->groups[i];
		struct leat_share t = leat_share_of(g);
		begin(b, i);
		text(b, "name", g->name);
		text(b, "on", g->executor);
		number(b, "workers", (uint64_t)g->workers);
		number(b, "tasks", g->tasks);
		number(b, "queue_peak", g->queue_peak);
		real(b, "busy_seconds", g->busy);
		real(b, "cpu_seconds", g->cpu);
		real(b, "core_wait_seconds", g->runq);
		real(b, "idle_seconds", g->idle);
		real(b, "computing", t.computing);
		real(b, "blocked", t.blocked);
		leat_buf_addc(b, '}');
	}
	leat_buf_addc(b, ']');
	const struct leat_group_time *worst = leat_bottleneck(s);
	text(b, "bottleneck", worst ? worst->name : NULL);
}

static void notices(struct leat_buf *b, const struct leat_summary *s)
{
	key(b, "notices");
	leat_buf_addc(b, '[');
	for (size_t i = 0; i < s->n_notices; i++) {
		begin(b, i);
		text(b, "text", s->notices[i]);
		number(b, "count", s->notice_counts ? s->notice_counts[i] : 1);
		leat_buf_addc(b, '}');
	}
	leat_buf_addc(b, ']');
}

void leat_summary_json(const struct leat_summary *s, struct leat_buf *out)
{
	leat_buf_addc(out, '{');
	text(out, "job", s->job);
	key(out, "exit");
	leat_buf_addf(out, "%d", s->exit_status);
	text(out, "fatal", s->fatal);
	text(out, "expect", s->expect);
	counts(out, &s->counts);
	number(out, "results", s->results);
	number(out, "results_failed", s->results_failed);
	number(out, "peak_budget", s->peak_budget);
	failures(out, s);
	notices(out, s);
	groups(out, s);
	leat_buf_adds(out, "}\n");
}
