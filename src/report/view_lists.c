/* SPDX-License-Identifier: MIT */
/* The lists of the page: what changed, what failed, what was slow, and notices. */
#include "base/num.h"
#include "base/text.h"
#include "report/view.h"

#include <stdio.h>

bool leat_morning_is_slower(double now, double before)
{
	return before > 0 && now > 1.5 * before && now > before + 0.1;
}

static void rest(json_t *to, const struct leat_morning_list *l)
{
	char n[32];
	if (l->all > l->n)
		leat_view_textf(to, "rest", "and %s more", leat_group_digits(l->all - l->n, n));
	else
		leat_view_text(to, "rest", "");
}

enum why { FAILURE, NOTHING, TIMES };

static void add_why(json_t *o, const struct leat_morning_item *v, enum why why)
{
	char a[32], b[32];
	if (why == FAILURE && v->step && *v->step) {
		struct leat_buf text = {0};
		leat_buf_addf(&text, "%s: %s", v->step, v->text ? v->text : "");
		leat_view_text(o, "why", text.data);
		leat_buf_free(&text);
	} else if (why == FAILURE)
		leat_view_text(o, "why", v->text);
	else if (why == TIMES)
		leat_view_textf(o, "why", "%s, before %s", leat_human_time(v->seconds, a),
				leat_human_time(v->before, b));
	else
		leat_view_text(o, "why", "");
}

/* ---- what changed */

static void change(json_t *lists, const char *title, const struct leat_morning_list *l, enum why why)
{
	char n[32];
	if (l->all == 0)
		return;
	json_t *o = json_object(), *entries = json_array();
	leat_view_text(o, "title", title);
	leat_view_text(o, "n", leat_group_digits(l->all, n));
	for (size_t i = 0; i < l->n; i++) {
		json_t *one = json_object();
		leat_view_text(one, "path", l->v[i].path);
		add_why(one, &l->v[i], why);
		json_array_append_new(entries, one);
	}
	json_object_set_new(o, "entries", entries);
	rest(o, l);
	json_array_append_new(lists, o);
}

static void totals_before(json_t *o, const struct leat_morning *m)
{
	const struct leat_counts *c = &m->before;
	char n[32], k[32], t[32];
	leat_view_textf(o, "totals_before", "That run: %s items, %s done, %llu failed, in %s",
			leat_group_digits(c->matched, n), leat_group_digits(c->state[LEAT_DONE], k),
			(unsigned long long)(c->state[LEAT_FAILED] + c->state[LEAT_KNOWN_FAILED]),
			leat_human_time(c->seconds, t));
}

void leat_view_changes(json_t *v, const struct leat_morning *m)
{
	char when[32];
	if (!m->before_id)
		return;
	json_t *o = json_object(), *lists = json_array();
	leat_view_textf(o, "before_run", "%lld", (long long)m->before_id);
	leat_view_text(o, "before_started", leat_view_when(m->before_started_ns, when));
	change(lists, m->failing.all == 1 ? "new failure" : "new failures", &m->failing, FAILURE);
	change(lists, "fixed", &m->fixed, NOTHING);
	change(lists, "vanished", &m->gone, NOTHING);
	change(lists, "slower", &m->slower, TIMES);
	leat_view_text(o, "calm",
		       json_array_size(lists) ? "" : "Nothing failed anew, nothing vanished, nothing got slower.");
	json_object_set_new(o, "lists", lists);
	totals_before(o, m);
	json_object_set_new(v, "changes", o);
}

/* ---- what failed */

/* Is it among the new failures? Those are few. */
static bool is_new(const struct leat_morning *m, const struct leat_morning_item *v)
{
	return m->before_id && v->runs == 1;
}

static void failed_item(json_t *entries, const struct leat_morning *m, const struct leat_morning_item *v)
{
	json_t *o = json_object();
	leat_view_text(o, "path", v->path);
	leat_view_text(o, "why", v->text);
	leat_view_text(o, "tag_tone", is_new(m, v) ? "failed" : "warn");
	if (is_new(m, v))
		leat_view_text(o, "tag", "new");
	else if (v->runs > 1)
		leat_view_textf(o, "tag", "%llu runs on end", (unsigned long long)v->runs);
	else
		leat_view_text(o, "tag", "");
	json_array_append_new(entries, o);
}

static void failures(json_t *v, const struct leat_morning *m)
{
	json_t *o = json_object(), *causes = json_array();
	for (size_t i = 0; i < m->n_causes; i++) {
		const struct leat_morning_cause *c = &m->causes[i];
		json_t *one = json_object(), *entries = json_array();
		char n[32];
		leat_view_text(one, "n", leat_group_digits(c->items.all, n));
		leat_view_text(one, "cause", leat_cause_name(c->cause));
		leat_view_text(one, "step", c->step);
		json_object_set_new(one, "open", json_boolean(i < 3));
		for (size_t k = 0; k < c->items.n; k++)
			failed_item(entries, m, &c->items.v[k]);
		json_object_set_new(one, "entries", entries);
		rest(one, &c->items);
		json_array_append_new(causes, one);
	}
	json_object_set_new(o, "causes", causes);
	if (m->n_causes)
		json_object_set(v, "failures", o);
	json_decref(o);
}

static void slowest(json_t *v, const struct leat_morning *m)
{
	json_t *o = json_object(), *entries = json_array();
	for (size_t i = 0; i < m->slowest.n; i++) {
		const struct leat_morning_item *s = &m->slowest.v[i];
		json_t *one = json_object();
		char t[32];
		leat_view_text(one, "path", s->path);
		leat_view_text(one, "size", s->bytes_in ? leat_human_size(s->bytes_in, t) : "");
		if (s->pixels)
			leat_view_textf(one, "pixels", "%.3g MP", (double)s->pixels / 1e6);
		else
			leat_view_text(one, "pixels", "");
		leat_view_text(one, "time", leat_human_time(s->seconds, t));
		json_array_append_new(entries, one);
	}
	json_object_set_new(o, "entries", entries);
	if (m->slowest.n)
		json_object_set(v, "slowest", o);
	json_decref(o);
}

static void notices(json_t *v, const struct leat_morning *m)
{
	json_t *o = json_object(), *entries = json_array();
	for (size_t i = 0; i < m->n_notices; i++) {
		json_t *one = json_object();
		leat_view_text(one, "text", m->notices[i]);
		leat_view_text(one, "times", "");
		if (m->notice_counts && m->notice_counts[i] > 1)
			leat_view_textf(one, "times", "%llu times", (unsigned long long)m->notice_counts[i]);
		json_array_append_new(entries, one);
	}
	json_object_set_new(o, "entries", entries);
	if (m->n_notices)
		json_object_set(v, "notices", o);
	json_decref(o);
}

void leat_view_lists(json_t *v, const struct leat_morning *m)
{
	failures(v, m);
	slowest(v, m);
	notices(v, m);
}
