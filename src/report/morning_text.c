/* SPDX-License-Identifier: MIT */
/* A report for the terminal: the head, what changed, what failed, what was slow. */
#include "base/num.h"
#include "base/text.h"
#include "report/view.h"

static void add_name(struct leat_buf *b, const char *s)
{
	leat_escape_terminal(b, s ? s : "", s ? strlen(s) : 0);
}

static void paint(struct leat_buf *b, bool color, const char *code)
{
	if (color)
		leat_buf_addf(b, "\033[%sm", code);
}

static void head(const struct leat_morning *m, struct leat_buf *b, bool color)
{
	char when[32];
	paint(b, color, m->exit_status ? "1;31" : "1;32");
	add_name(b, m->job);
	leat_buf_adds(b, ": ");
	leat_view_headline(m, b);
	paint(b, color, "0");
	leat_buf_addc(b, '\n');
	if (m->id)
		leat_buf_addf(b, "  run %lld, ", (long long)m->id);
	else
		leat_buf_adds(b, "  ");
	leat_buf_addf(b, "begun %s on ", leat_view_when(m->started_ns, when));
	add_name(b, m->host);
	if (m->unfinished)
		leat_buf_adds(b, "; it did not come to its end\n");
	else
		leat_buf_addf(b, "; exit status %d\n", m->exit_status);
}

static void rest(struct leat_buf *b, const struct leat_morning_list *l)
{
	char n[32];
	if (l->all > l->n)
		leat_buf_addf(b, "           ... and %s more\n", leat_group_digits(l->all - l->n, n));
}

enum { SHOWN = 10 };

static void change(struct leat_buf *b, const char *title, const struct leat_morning_list *l, bool why)
{
	char n[32], t[32], k[32];
	struct leat_morning_list part = *l;
	if (l->all == 0)
		return;
	part.n = l->n < SHOWN ? l->n : SHOWN;
	leat_buf_addf(b, "  %7s  %s\n", leat_group_digits(l->all, n), title);
	for (size_t i = 0; i < part.n; i++) {
		const struct leat_morning_item *v = &l->v[i];
		leat_buf_adds(b, "           ");
		add_name(b, v->path);
		if (why && v->before > 0)
			leat_buf_addf(b, ": %s, before %s", leat_human_time(v->seconds, t),
				      leat_human_time(v->before, k));
		else if (why && v->text && *v->text) {
			leat_buf_adds(b, ": ");
			add_name(b, v->text);
		}
		leat_buf_addc(b, '\n');
	}
	rest(b, &part);
}

void leat_morning_changes(const struct leat_morning *m, struct leat_buf *b)
{
	char when[32];
	if (!m->before_id || m->failing.all + m->fixed.all + m->gone.all + m->slower.all == 0)
		return;
	leat_buf_addf(b, "\nsince run %lld of %s\n", (long long)m->before_id,
		      leat_view_when(m->before_started_ns, when));
	change(b, m->failing.all == 1 ? "new failure" : "new failures", &m->failing, true);
	change(b, "fixed", &m->fixed, false);
	change(b, "vanished", &m->gone, false);
	change(b, "slower", &m->slower, true);
}

void leat_morning_since(const struct leat_morning *m, struct leat_buf *b)
{
	const struct {
		uint64_t n;
		const char *one, *more;
	} v[] = {{m->failing.all, "new failure", "new failures"},
		 {m->fixed.all, "fixed", "fixed"},
		 {m->gone.all, "vanished", "vanished"},
		 {m->slower.all, "slower", "slower"}};
	char n[32];
	size_t told = 0;
	for (size_t i = 0; i < LEAT_LEN(v); i++) {
		if (v[i].n == 0)
			continue;
		if (told++)
			leat_buf_adds(b, ", ");
		else
			leat_buf_addf(b, "since run %lld: ", (long long)m->before_id);
		leat_buf_addf(b, "%s %s", leat_group_digits(v[i].n, n), v[i].n == 1 ? v[i].one : v[i].more);
	}
}

static void failures(const struct leat_morning *m, struct leat_buf *b)
{
	char n[32];
	if (m->n_causes)
		leat_buf_adds(b, "\nfailed\n");
	for (size_t i = 0; i < m->n_causes; i++) {
		const struct leat_morning_cause *c = &m->causes[i];
		struct leat_morning_list part = c->items;
		part.n = part.n < SHOWN ? part.n : SHOWN;
		leat_buf_addf(b, "  %7s  ", leat_group_digits(c->items.all, n));
		if (c->step && *c->step) {
			add_name(b, c->step);
			leat_buf_adds(b, ": ");
		}
		leat_buf_addf(b, "%s\n", leat_cause_name(c->cause));
		for (size_t k = 0; k < part.n; k++) {
			leat_buf_adds(b, "           ");
			add_name(b, part.v[k].path);
			leat_buf_adds(b, ": ");
			add_name(b, part.v[k].text);
			if (part.v[k].runs > 1)
				leat_buf_addf(b, " (%llu runs on end)", (unsigned long long)part.v[k].runs);
			leat_buf_addc(b, '\n');
		}
		rest(b, &part);
	}
}

static void slowest(const struct leat_morning *m, struct leat_buf *b)
{
	char t[32];
	if (m->slowest.n)
		leat_buf_adds(b, "\nslowest\n");
	for (size_t i = 0; i < m->slowest.n && i < 5; i++) {
		leat_buf_addf(b, "  %7s  ", leat_human_time(m->slowest.v[i].seconds, t));
		add_name(b, m->slowest.v[i].path);
		leat_buf_addc(b, '\n');
	}
}

void leat_morning_text(const struct leat_morning *m, struct leat_buf *b, bool color)
{
	struct leat_summary s = {
		.counts = m->counts, .groups = (struct leat_group_time *)m->groups, .n_groups = m->n_groups};
	head(m, b, color);
	leat_morning_changes(m, b);
	failures(m, b);
	slowest(m, b);
	leat_summary_times(&s, b);
}
