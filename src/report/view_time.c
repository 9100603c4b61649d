/* SPDX-License-Identifier: MIT */
/* Time on the page: bars of steps and workers, and the timeline. */
#include "base/num.h"
#include "report/share.h"
#include "report/view.h"

#include <stdio.h>

/* ---- steps */

static double all_seconds(const struct leat_morning *m)
{
	double all = 0;
	for (size_t i = 0; i < m->n_steps; i++)
		all += m->steps[i].seconds;
	return all;
}

static double largest(const struct leat_morning *m)
{
	double most = 0;
	for (size_t i = 0; i < m->n_steps; i++)
		most = m->steps[i].seconds > most ? m->steps[i].seconds : most;
	return most;
}

static void step(json_t *list, const struct leat_morning_step *s, double all, double most)
{
	json_t *o = json_object();
	double each = s->items ? s->seconds / (double)s->items : 0;
	char t[32], before[32], more[64] = "";
	struct leat_buf name = {0};
	if (s->branch && *s->branch)
		leat_buf_addf(&name, "%s: ", s->branch);
	leat_buf_adds(&name, s->text);
	leat_view_text(o, "name", name.data);
	leat_buf_free(&name);
	leat_view_textf(o, "width", "%.2f", most > 0 ? 100 * s->seconds / most : 0);
	if (leat_morning_is_slower(each, s->before) || (s->before > 0 && each > 1.5 * s->before && s->seconds > 1))
		snprintf(more, sizeof more, ", before %s", leat_human_time(s->before, before));
	leat_view_textf(o, "value", "%.0f %%, %s each%s", all > 0 ? 100 * s->seconds / all : 0,
			leat_human_time(each, t), more);
	json_array_append_new(list, o);
}

static void steps(json_t *o, const struct leat_morning *m)
{
	json_t *list = json_array();
	double all = all_seconds(m), most = largest(m);
	uint64_t items = 0;
	char n[32];
	for (size_t i = 0; i < m->n_steps && most > 0; i++) {
		if (m->steps[i].seconds < 0.001 * all) /* nothing that anybody could see */
			continue;
		items = m->steps[i].items > items ? m->steps[i].items : items;
		step(list, &m->steps[i], all, most);
	}
	leat_view_textf(o, "steps_note", "Measured on %s item%s.", leat_group_digits(items, n), items == 1 ? "" : "s");
	json_object_set_new(o, "has_steps", json_boolean(json_array_size(list) > 0));
	json_object_set_new(o, "steps", list);
}

/* ---- workers */

static void part(json_t *parts, const char *class, double share)
{
	json_t *o = json_object();
	leat_view_text(o, "class", class);
	leat_view_textf(o, "width", "%.2f", 100 * share);
	json_array_append_new(parts, o);
}

static void group(json_t *list, const struct leat_group_time *g)
{
	struct leat_share s = leat_share_of(g);
	json_t *o = json_object(), *parts = json_array();
	leat_view_textf(o, "name", "%.60s: %.20s x%d", g->name, g->executor, g->workers);
	part(parts, "k-a", s.computing);
	part(parts, "k-b", s.blocked);
	part(parts, "k-c", s.core);
	json_object_set_new(o, "parts", parts);
	leat_view_textf(o, "value", "at work %.0f %%", 100 * (1 - s.idle));
	json_array_append_new(list, o);
}

/* The sentence of the summary. */
static void bottleneck(json_t *o, const struct leat_morning *m)
{
	struct leat_summary s = {
		.counts = m->counts, .groups = (struct leat_group_time *)m->groups, .n_groups = m->n_groups};
	const struct leat_group_time *g = leat_bottleneck(&s);
	struct leat_buf text = {0};
	leat_summary_bottleneck(&s, &text);
	leat_view_text(o, "bottleneck", g && text.data ? text.data : "");
	leat_buf_free(&text);
}

static void time_spent(json_t *v, const struct leat_morning *m)
{
	json_t *o = json_object(), *list = json_array();
	steps(o, m);
	for (size_t i = 0; i < m->n_groups; i++)
		if (m->groups[i].busy + m->groups[i].idle > 0)
			group(list, &m->groups[i]);
	bottleneck(o, m);
	bool any = json_array_size(list) > 0;
	json_object_set_new(o, "has_groups", json_boolean(any));
	json_object_set_new(o, "groups", list);
	if (any || json_is_true(json_object_get(o, "has_steps")))
		json_object_set(v, "time", o);
	json_decref(o);
}

/* ---- the timeline */

static size_t slots_of(const struct leat_morning *m)
{
	double n = m->trail->slot > 0 ? m->counts.seconds / m->trail->slot + 1 : 0;
	return n > LEAT_TRAIL_SLOTS ? LEAT_TRAIL_SLOTS : (size_t)n;
}

/* Steps of a line or an area, one for each slot; 0 at the bottom. */
static void curve(struct leat_buf *b, const double *v, size_t n, double most, bool area)
{
	leat_buf_adds(b, area ? "M0 100" : "");
	for (size_t i = 0; i < n; i++) {
		double y = most > 0 ? 100 - 96 * (v[i] < most ? v[i] / most : 1) : 100;
		leat_buf_addf(b, "%s%zu %.1fH%zu", i || area ? "L" : "M", i, y, i + 1);
	}
	leat_buf_addf(b, area ? "V100Z" : "");
}

static double peak(const double *v, size_t n)
{
	double most = 0;
	for (size_t i = 0; i < n; i++)
		most = v[i] > most ? v[i] : most;
	return most;
}

static int workers_of(const struct leat_morning *m, const char *name)
{
	for (size_t i = 0; i < m->n_groups; i++)
		if (strcmp(m->groups[i].name, name) == 0)
			return m->groups[i].workers;
	return 1;
}

static void lane(json_t *lanes, const struct leat_morning *m, const struct leat_trail_group *g, size_t n)
{
	struct leat_buf busy = {0}, wait = {0};
	double slot = m->trail->slot, room = workers_of(m, g->name) * slot, most = peak(g->busy, n);
	json_t *o = json_object();
	curve(&busy, g->busy, n, most > room ? most : room, true);
	curve(&wait, g->queued, n, peak(g->queued, n), false);
	leat_view_text(o, "name", g->name);
	leat_view_textf(o, "value", "%d worker%s; most waiting: %.0f", workers_of(m, g->name),
			workers_of(m, g->name) == 1 ? "" : "s", peak(g->queued, n) / slot);
	leat_view_text(o, "busy", busy.data);
	leat_view_text(o, "wait", wait.data);
	json_array_append_new(lanes, o);
	leat_buf_free(&busy);
	leat_buf_free(&wait);
}

static void timeline(json_t *v, const struct leat_morning *m)
{
	size_t n = m->trail ? slots_of(m) : 0;
	char t[32];
	if (n < 2 || m->trail->n_groups == 0)
		return;
	json_t *o = json_object(), *lanes = json_array();
	for (size_t i = 0; i < m->trail->n_groups; i++)
		lane(lanes, m, &m->trail->groups[i], n);
	json_object_set_new(o, "lanes", lanes);
	json_object_set_new(o, "slots", json_integer((json_int_t)n));
	leat_view_text(o, "from", "0");
	leat_view_text(o, "to", leat_human_time((double)n * m->trail->slot, t));
	json_object_set_new(v, "timeline", o);
}

void leat_view_time(json_t *v, const struct leat_morning *m)
{
	time_spent(v, m);
	timeline(v, m);
}
