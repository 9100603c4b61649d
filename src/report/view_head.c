/* SPDX-License-Identifier: MIT */
/* The head of the page: how it went, in a line and in numbers; and the page as a whole. */
#include "base/num.h"
#include "base/text.h"
#include "report/fill.h"
#include "report/page.h"
#include "report/share.h"
#include "report/view.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

void leat_view_text(json_t *to, const char *name, const char *s)
{
	struct leat_buf b = {0};
	leat_escape_terminal(&b, s ? s : "", s ? strlen(s) : 0);
	json_object_set_new(to, name, json_stringn(b.data ? b.data : "", b.len));
	leat_buf_free(&b);
}

void leat_view_textf(json_t *to, const char *name, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	leat_view_text(to, name, text);
}

char *leat_view_when(int64_t ns, char *buf)
{
	time_t at = (time_t)(ns / 1000000000);
	struct tm tm;
	if (!localtime_r(&at, &tm) || !strftime(buf, 32, "%Y-%m-%d %H:%M", &tm))
		buf[0] = 0;
	return buf;
}

static uint64_t failed(const struct leat_counts *c)
{
	return c->state[LEAT_FAILED] + c->state[LEAT_KNOWN_FAILED];
}

void leat_view_headline(const struct leat_morning *m, struct leat_buf *b)
{
	const struct leat_counts *c = &m->counts;
	char n[32], t[32];
	const char *items = c->matched == 1 ? "item" : "items";
	if (c->matched == 0)
		leat_buf_adds(b, "no items");
	else if (c->state[LEAT_SKIPPED] == c->matched)
		leat_summary_nothing(c, b);
	else if (c->state[LEAT_DONE] == c->matched)
		leat_buf_addf(b, "%s %s done", leat_group_digits(c->matched, n), items);
	else {
		leat_buf_addf(b, "%s of ", leat_group_digits(c->state[LEAT_DONE], n));
		leat_buf_addf(b, "%s %s done", leat_group_digits(c->matched, n), items);
	}
	if (failed(c))
		leat_buf_addf(b, ", %s failed", leat_group_digits(failed(c), n));
	if (c->state[LEAT_SKIPPED] && c->state[LEAT_SKIPPED] < c->matched)
		leat_buf_addf(b, ", %s skipped", leat_group_digits(c->state[LEAT_SKIPPED], n));
	if (c->state[LEAT_NOT_REACHED])
		leat_buf_addf(b, ", %s not reached", leat_group_digits(c->state[LEAT_NOT_REACHED], n));
	leat_buf_addf(b, " in %s", leat_human_time(c->seconds, t));
}

static void verdict(json_t *v, const struct leat_morning *m)
{
	static const struct {
		int status;
		const char *text, *tone;
	} known[] = {{0, "all is well", "ok"},
		     {1, "some items failed", "failed"},
		     {4, "an expectation did not hold", "failed"},
		     {5, "could not go on", "failed"},
		     {6, "stopped at its deadline", "warn"},
		     {130, "stopped", "warn"},
		     {143, "stopped", "warn"}};
	const char *text = "ended with an error", *tone = "failed";
	for (size_t i = 0; i < LEAT_LEN(known); i++)
		if (known[i].status == m->exit_status) {
			text = known[i].text;
			tone = known[i].tone;
		}
	if (m->exit_status == 1 && !failed(&m->counts)) {
		text = "not all was done";
		tone = "warn";
	}
	if (m->unfinished) {
		text = "did not come to its end";
		tone = "warn";
	}
	leat_view_text(v, "verdict", text);
	leat_view_text(v, "tone", tone);
}

static void states(json_t *v, const struct leat_morning *m)
{
	static const struct {
		enum leat_state state;
		const char *class;
	} kinds[] = {{LEAT_DONE, "s-done"},
		     {LEAT_SKIPPED, "s-skipped"},
		     {LEAT_FAILED, "s-failed"},
		     {LEAT_KNOWN_FAILED, "s-known"},
		     {LEAT_NOT_REACHED, "s-not"}};
	json_t *list = json_array();
	for (size_t i = 0; i < LEAT_LEN(kinds); i++) {
		uint64_t n = m->counts.state[kinds[i].state];
		if (n == 0 || m->counts.matched == 0)
			continue;
		json_t *o = json_object();
		leat_view_text(o, "class", kinds[i].class);
		leat_view_textf(o, "width", "%.3f", 100 * (double)n / (double)m->counts.matched);
		json_array_append_new(list, o);
	}
	json_object_set_new(v, "states", list);
}

static void tile(json_t *list, const char *name, const char *value, const char *more)
{
	json_t *o = json_object();
	leat_view_text(o, "name", name);
	leat_view_text(o, "value", value);
	leat_view_text(o, "more", more);
	json_array_append_new(list, o);
}

static void count(json_t *list, const char *name, uint64_t n, const char *more)
{
	char digits[32];
	if (n)
		tile(list, name, leat_group_digits(n, digits), more);
}

static void tiles(json_t *v, const struct leat_morning *m)
{
	const struct leat_counts *c = &m->counts;
	json_t *list = json_array();
	char text[64], n[32];
	tile(list, "done", leat_group_digits(c->state[LEAT_DONE], n), "");
	snprintf(text, sizeof text, "%s known", leat_group_digits(c->state[LEAT_KNOWN_FAILED], n));
	count(list, "failed", failed(c), c->state[LEAT_KNOWN_FAILED] ? text : "");
	count(list, "skipped", c->state[LEAT_SKIPPED], "");
	count(list, "not reached", c->state[LEAT_NOT_REACHED], "");
	count(list, "dropped", c->dropped, "");
	tile(list, "time", leat_human_time(c->seconds, n), "");
	tile(list, "read", leat_human_size(c->bytes_in, n), "");
	uint64_t files = c->outputs_new + c->outputs_overwritten;
	snprintf(text, sizeof text, "%s file%s", leat_group_digits(files, n), files == 1 ? "" : "s");
	tile(list, "written", leat_human_size(c->bytes_out, n), files ? text : "");
	if (c->seconds > 0 && c->state[LEAT_DONE]) {
		snprintf(text, sizeof text, "%.3g", (double)c->state[LEAT_DONE] / c->seconds);
		tile(list, "items a second", text, "");
	}
	if (m->peak_budget)
		tile(list, "memory reserved", leat_human_size(m->peak_budget, n), "at most");
	json_object_set_new(v, "tiles", list);
}

void leat_view_head(json_t *v, const struct leat_morning *m)
{
	struct leat_buf line = {0};
	char when[32];
	leat_view_headline(m, &line);
	leat_view_text(v, "headline", line.data);
	leat_buf_free(&line);
	leat_view_text(v, "job", m->job);
	leat_view_text(v, "host", m->host);
	leat_view_text(v, "version", m->version);
	leat_view_text(v, "started", leat_view_when(m->started_ns, when));
	leat_view_textf(v, "cores", "%d core%s", m->cores, m->cores == 1 ? "" : "s");
	leat_view_text(v, "stopped", m->fatal);
	leat_view_text(v, "expect", m->expect);
	if (m->id)
		leat_view_textf(v, "run", "%lld", (long long)m->id);
	json_object_set_new(v, "partial", json_boolean(m->partial));
	if (m->id && !m->trail)
		leat_view_text(
			v, "recalled",
			"Made from what the state of the job keeps: the timeline, notices and pictures of a run are "
			"only in the page that the run itself left.");
	verdict(v, m);
	states(v, m);
	tiles(v, m);
}

static void sheet(json_t *v, const struct leat_morning *m)
{
	json_t *list = json_array(), *o = json_object();
	for (size_t i = 0; i < m->n_samples; i++) {
		const struct leat_morning_sample *s = &m->samples[i];
		json_t *one = json_object();
		char a[32], b[32];
		leat_view_text(one, "path", s->path);
		leat_view_text(one, "before", s->before);
		leat_view_text(one, "after", s->after);
		leat_view_textf(one, "sizes", "%s to %s", leat_human_size(s->bytes_in, a),
				leat_human_size(s->bytes_out, b));
		json_array_append_new(list, one);
	}
	json_object_set_new(o, "samples", list);
	if (m->n_samples)
		json_object_set(v, "sheet", o);
	json_decref(o);
}

int leat_morning_html(const struct leat_morning *m, struct leat_buf *out, struct leat_err *err)
{
	json_t *v = json_object();
	leat_view_head(v, m);
	leat_view_changes(v, m);
	leat_view_lists(v, m);
	leat_view_time(v, m);
	sheet(v, m);
	int ok = v ? leat_fill(leat_page, leat_page_bytes, v, out, err)
		   : leat_fail(err, LEAT_CAUSE_MEMORY, "out of memory");
	json_decref(v);
	return ok;
}
