/* SPDX-License-Identifier: MIT */
/* A report as lines of JSON: one object a line, told apart by "type". docs/REPORTS.md has the schema. */
#include "base/json.h"
#include "report/counts.h"
#include "report/morning.h"

#include <stdio.h>
#include <time.h>

static void begin(struct leat_buf *b, const char *type)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "type", type);
}

static void end(struct leat_buf *b)
{
	leat_json_close(b, '}');
	leat_buf_addc(b, '\n');
}

static void moment(struct leat_buf *b, const char *name, int64_t ns)
{
	char text[32] = "";
	time_t at = (time_t)(ns / 1000000000);
	struct tm tm;
	if (gmtime_r(&at, &tm))
		(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	leat_json_text(b, name, text);
}

static void counts(struct leat_buf *b, const struct leat_counts *c)
{
	leat_json_real(b, "seconds", c->seconds, 3);
	leat_counts_json(b, c);
	leat_json_uint(b, "bytes_in", c->bytes_in);
	leat_json_uint(b, "bytes_out", c->bytes_out);
}

static void run(struct leat_buf *b, const struct leat_morning *m)
{
	begin(b, "run");
	leat_json_int(b, "schema", 1);
	leat_json_text(b, "job", m->job);
	leat_json_int(b, "run", m->id);
	moment(b, "started", m->started_ns);
	leat_json_text(b, "host", m->host);
	leat_json_int(b, "cores", m->cores);
	leat_json_text(b, "version", m->version);
	leat_json_bool(b, "partial", m->partial);
	leat_json_bool(b, "finished", !m->unfinished);
	leat_json_int(b, "exit_status", m->exit_status);
	counts(b, &m->counts);
	leat_json_uint(b, "outputs_new", m->counts.outputs_new);
	leat_json_uint(b, "outputs_overwritten", m->counts.outputs_overwritten);
	leat_json_uint(b, "outputs_skipped", m->counts.outputs_skipped);
	leat_json_text(b, "stopped", m->fatal);
	leat_json_text(b, "expect", m->expect);
	end(b);
	if (!m->before_id)
		return;
	begin(b, "compared_with");
	leat_json_int(b, "run", m->before_id);
	moment(b, "started", m->before_started_ns);
	counts(b, &m->before);
	end(b);
}

static void item(struct leat_buf *b, const char *type, const char *what, const struct leat_morning_item *v)
{
	begin(b, type);
	if (what)
		leat_json_text(b, "what", what);
	leat_json_text(b, "path", v->path);
	if (v->cause != LEAT_CAUSE_NONE) {
		leat_json_text(b, "cause", leat_cause_name(v->cause));
		leat_json_text(b, "step", v->step);
		leat_json_text(b, "message", v->text);
		leat_json_bool(b, "known", v->state == LEAT_KNOWN_FAILED);
		if (v->runs)
			leat_json_uint(b, "runs", v->runs);
	}
	if (v->seconds > 0)
		leat_json_real(b, "seconds", v->seconds, 6);
	if (v->before > 0)
		leat_json_real(b, "seconds_before", v->before, 6);
	if (v->bytes_in)
		leat_json_uint(b, "bytes_in", v->bytes_in);
	if (v->pixels)
		leat_json_uint(b, "pixels", v->pixels);
	end(b);
}

static void list(struct leat_buf *b, const char *type, const char *what, const struct leat_morning_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		item(b, type, what, &l->v[i]);
	if (l->all <= l->n)
		return;
	begin(b, "more");
	leat_json_text(b, "of", what ? what : type);
	leat_json_uint(b, "count", l->all - l->n);
	end(b);
}

static void groups(struct leat_buf *b, const struct leat_morning *m)
{
	for (size_t i = 0; i < m->n_groups; i++) {
		const struct leat_group_time *g = &m->groups[i];
		begin(b, "group");
		leat_json_text(b, "name", g->name);
		leat_json_text(b, "executor", g->executor);
		leat_json_int(b, "workers", g->workers);
		leat_json_uint(b, "tasks", g->tasks);
		leat_json_real(b, "busy_seconds", g->busy, 6);
		leat_json_real(b, "cpu_seconds", g->cpu, 6);
		leat_json_real(b, "no_core_seconds", g->runq, 6);
		leat_json_real(b, "idle_seconds", g->idle, 6);
		leat_json_uint(b, "queue_peak", g->queue_peak);
		end(b);
	}
}

static void steps(struct leat_buf *b, const struct leat_morning *m)
{
	for (size_t i = 0; i < m->n_steps; i++) {
		const struct leat_morning_step *s = &m->steps[i];
		begin(b, "step");
		leat_json_text(b, "step", s->text);
		leat_json_text(b, "branch", s->branch ? s->branch : "");
		leat_json_uint(b, "items", s->items);
		leat_json_real(b, "seconds", s->seconds, 6);
		if (s->before > 0)
			leat_json_real(b, "seconds_each_before", s->before, 6);
		end(b);
	}
}

static void slots(struct leat_buf *b, const char *name, const double *v, size_t n)
{
	leat_json_open(b, name, '[');
	for (size_t i = 0; i < n; i++)
		leat_json_real(b, NULL, v[i], 3);
	leat_json_close(b, ']');
}

static void timeline(struct leat_buf *b, const struct leat_morning *m)
{
	const struct leat_trail *t = m->trail;
	size_t n = LEAT_TRAIL_SLOTS;
	while (t && n > 0 && (double)(n - 1) * t->slot > m->counts.seconds)
		n--;
	for (size_t i = 0; t && i < t->n_groups; i++) {
		begin(b, "timeline");
		leat_json_text(b, "group", t->groups[i].name);
		leat_json_real(b, "slot_seconds", t->slot, 6);
		slots(b, "busy_seconds", t->groups[i].busy, n);
		slots(b, "queued_seconds", t->groups[i].queued, n);
		end(b);
	}
}

void leat_morning_lines(const struct leat_morning *m, struct leat_buf *b)
{
	run(b, m);
	for (size_t i = 0; i < m->n_causes; i++)
		list(b, "failure", NULL, &m->causes[i].items);
	list(b, "change", "failing", &m->failing);
	list(b, "change", "fixed", &m->fixed);
	list(b, "change", "vanished", &m->gone);
	list(b, "change", "slower", &m->slower);
	list(b, "slow", NULL, &m->slowest);
	steps(b, m);
	groups(b, m);
	timeline(b, m);
	for (size_t i = 0; i < m->n_notices; i++) {
		begin(b, "notice");
		leat_json_text(b, "text", m->notices[i]);
		leat_json_uint(b, "count", m->notice_counts ? m->notice_counts[i] : 1);
		end(b);
	}
}
