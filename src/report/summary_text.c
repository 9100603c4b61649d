/* SPDX-License-Identifier: MIT */
/*
 * The summary for people. What went wrong comes first; what one reads every night is two lines. ASCII only, at
 * most as wide as its names, and nothing from a file name reaches the terminal unescaped.
 */
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "report/share.h"

#include <stdio.h>

enum { NAME_SHOWN = 160 };

struct out {
	struct leat_buf *b;
	bool color;
	const struct leat_summary *s;
};

static void paint(const struct out *o, const char *code)
{
	if (o->color)
		leat_buf_addf(o->b, "\033[%sm", code);
}

static const char *digits(uint64_t v, char buf[static 32])
{
	return leat_group_digits(v, buf);
}

/* A long path keeps its beginning and its end. */
static void add_path(struct leat_buf *b, const char *path)
{
	size_t n = strlen(path), head = NAME_SHOWN / 3, tail = NAME_SHOWN - head;
	if (n <= NAME_SHOWN) {
		leat_escape_terminal(b, path, n);
		return;
	}
	while (head > 0 && ((unsigned char)path[head] & 0xc0) == 0x80) /* not within a character */
		head--;
	while (tail > 0 && ((unsigned char)path[n - tail] & 0xc0) == 0x80)
		tail--;
	leat_escape_terminal(b, path, head);
	leat_buf_adds(b, "...");
	leat_escape_terminal(b, path + n - tail, tail);
}

static void add_text(struct leat_buf *b, const char *text)
{
	leat_escape_terminal(b, text, strlen(text));
}

/* ---- the first line ---- */

static uint64_t failed(const struct leat_summary *s)
{
	return s->counts.state[LEAT_FAILED] + s->counts.state[LEAT_KNOWN_FAILED];
}

void leat_summary_nothing(const struct leat_counts *c, struct leat_buf *b)
{
	char n[32];
	leat_buf_addf(b, "nothing to do: %s of ", digits(c->matched, n));
	/* Left because of existing=, or known to the ledger as up to date. */
	leat_buf_addf(b, "%s %s %s", n, c->matched == 1 ? "item" : "items",
		      !c->outputs_skipped ? "unchanged"
		      : c->matched == 1   ? "has its outputs"
					  : "have their outputs");
}

static void headline(const struct out *o)
{
	const struct leat_summary *s = o->s;
	const struct leat_counts *c = &s->counts;
	char a[32], m[32], t[32];
	uint64_t done = c->state[LEAT_DONE], skipped = c->state[LEAT_SKIPPED];
	paint(o, s->exit_status ? "1;31" : "1;32");
	add_text(o->b, s->job && *s->job ? s->job : "leat");
	leat_buf_adds(o->b, ": ");
	const char *items = c->matched == 1 ? "item" : "items";
	if (c->matched == 0)
		leat_buf_adds(o->b, "no items");
	else if (skipped == c->matched)
		leat_summary_nothing(c, o->b);
	else if (done == c->matched)
		leat_buf_addf(o->b, "%s %s done", digits(c->matched, m), items);
	else
		leat_buf_addf(o->b, "%s of %s %s done", digits(done, a), digits(c->matched, m), items);
	if (c->dropped)
		leat_buf_addf(o->b, " (%s dropped by keep or drop)", digits(c->dropped, a));
	if (failed(s))
		leat_buf_addf(o->b, ", %s failed", digits(failed(s), a));
	if (skipped && skipped < c->matched)
		leat_buf_addf(o->b, ", %s skipped", digits(skipped, a));
	if (c->state[LEAT_NOT_REACHED])
		leat_buf_addf(o->b, ", %s not reached", digits(c->state[LEAT_NOT_REACHED], a));
	if (s->results_failed)
		leat_buf_addf(o->b, ", %s of %s results not made", digits(s->results_failed, a),
			      digits(s->results + s->results_failed, m));
	leat_buf_addf(o->b, " in %s", leat_human_time(c->seconds, t));
	paint(o, "0");
	leat_buf_addc(o->b, '\n');
}

static void verdicts(const struct out *o)
{
	const char *const why[] = {o->s->fatal, o->s->expect};
	static const char *const begin[] = {"  stopped: ", ""}; /* the other begins as all diagnostics do */
	for (size_t i = 0; i < LEAT_LEN(why); i++) {
		if (!why[i])
			continue;
		paint(o, "31");
		leat_buf_adds(o->b, begin[i]);
		add_text(o->b, why[i]);
		paint(o, "0");
		leat_buf_addc(o->b, '\n');
	}
}

/* ---- what came in and what went out ---- */

/* "105", "3.2", "0.04": three digits that say something. */
static const char *rate(double v, char buf[static 352])
{
	return leat_print_fixed(v, v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2, buf);
}

static void throughput(const struct out *o)
{
	const struct leat_counts *c = &o->s->counts;
	char size[32], per[352];
	uint64_t ended = c->state[LEAT_DONE] + c->state[LEAT_SKIPPED] + failed(o->s);
	if (c->matched == 0)
		return;
	leat_buf_addf(o->b, "  read     %9s", leat_human_size(c->bytes_in, size));
	if (c->seconds > 0 && ended > 0) {
		leat_buf_addf(o->b, "   %s items/s", rate((double)ended / c->seconds, per));
		leat_buf_addf(o->b, ", %s MB/s", rate((double)c->bytes_in / c->seconds / 1e6, per));
	}
	leat_buf_addc(o->b, '\n');
}

static void part(struct leat_buf *b, uint64_t n, const char *word, bool *any)
{
	char a[32];
	if (n == 0)
		return;
	leat_buf_addf(b, "%s%s %s", *any ? ", " : "", digits(n, a), word);
	*any = true;
}

static void memory(const struct out *o)
{
	char size[32];
	if (o->s->peak_budget)
		leat_buf_addf(o->b, "  memory   %9s   reserved at most\n", leat_human_size(o->s->peak_budget, size));
}

static void written(const struct out *o)
{
	const struct leat_counts *c = &o->s->counts;
	char size[32];
	bool any = false;
	if (c->outputs_new + c->outputs_overwritten + c->outputs_skipped == 0)
		return;
	leat_buf_addf(o->b, "  written  %9s   files: ", leat_human_size(c->bytes_out, size));
	part(o->b, c->outputs_new, "new", &any);
	part(o->b, c->outputs_overwritten, "overwritten", &any);
	part(o->b, c->outputs_skipped, "left as they were", &any);
	leat_buf_addc(o->b, '\n');
}

/* ---- failures ---- */

/* Most frequent first; then the one that came first in input order. */
static int by_weight(const void *a, const void *b)
{
	const struct leat_failure_group *x = *(const struct leat_failure_group *const *)a;
	const struct leat_failure_group *y = *(const struct leat_failure_group *const *)b;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	if (x->seqs[0] != y->seqs[0])
		return x->seqs[0] < y->seqs[0] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static size_t names_in(const struct leat_failure_group *g)
{
	size_t n = 0;
	while (n < LEAT_SUMMARY_NAMES && g->names[n])
		n++;
	return n;
}

/* Do all names of a group that has several have one message? Then it is said once. */
static bool one_text(const struct leat_failure_group *g)
{
	size_t n = names_in(g);
	for (size_t i = 1; i < n; i++)
		if (strcmp(g->texts[i], g->texts[0]) != 0)
			return false;
	return n > 1;
}

static void failure_group(const struct out *o, const struct leat_failure_group *g)
{
	char a[32];
	size_t n = names_in(g);
	bool once = one_text(g);
	paint(o, "31");
	leat_buf_addf(o->b, "  %7s  ", digits(g->n, a));
	paint(o, "0");
	paint(o, "1");
	if (g->step[0]) {
		add_text(o->b, g->step);
		leat_buf_adds(o->b, ": ");
	}
	leat_buf_adds(o->b, leat_cause_name(g->cause));
	paint(o, "0");
	if (once) {
		leat_buf_adds(o->b, " - ");
		add_text(o->b, g->texts[0]);
	}
	leat_buf_addc(o->b, '\n');
	for (size_t i = 0; i < n; i++) {
		leat_buf_adds(o->b, "           ");
		add_path(o->b, g->names[i]);
		if (!once) {
			leat_buf_adds(o->b, ": ");
			add_text(o->b, g->texts[i]);
		}
		leat_buf_addc(o->b, '\n');
	}
	if (g->n > n)
		leat_buf_addf(o->b, "           ... and %s more\n", digits(g->n - n, a));
}

static void failures(const struct out *o)
{
	const struct leat_summary *s = o->s;
	const struct leat_failure_group *order[LEAT_SUMMARY_GROUPS] = {0};
	size_t n = s->n_failures < LEAT_SUMMARY_GROUPS ? s->n_failures : LEAT_SUMMARY_GROUPS;
	char a[32];
	for (size_t i = 0; i < n; i++)
		order[i] = &s->failures[i];
	qsort(order, n, sizeof *order, by_weight);
	if (failed(s))
		leat_buf_adds(o->b, "\nfailed\n");
	for (size_t i = 0; i < n; i++)
		failure_group(o, order[i]);
	if (s->counts.state[LEAT_KNOWN_FAILED])
		leat_buf_addf(o->b, "  %7s  failed before and unchanged since: not tried again (--retry-failed)\n",
			      digits(s->counts.state[LEAT_KNOWN_FAILED], a));
}

/* ---- time ---- */

static unsigned percent(double share)
{
	return (unsigned)(share * 100 + 0.5);
}

/* The sentence under the table: what the run waited for, from what was measured. */
void leat_summary_bottleneck(const struct leat_summary *summary, struct leat_buf *b)
{
	const struct leat_group_time *g = leat_bottleneck(summary);
	if (!g) {
		leat_buf_adds(b, "no group was at work for half of its time: nothing held the others up");
		return;
	}
	struct leat_share s = leat_share_of(g);
	unsigned busy = percent(1 - s.idle);
	leat_buf_addf(b, "bottleneck: %s, at work %u%% of the time; ", g->name, busy);
	if (s.blocked > s.computing && s.blocked > s.core)
		leat_buf_addf(b, "most of that it waits (disk, network), so more workers than %d may help", g->workers);
	else if (s.core > s.computing)
		leat_buf_adds(b, "most of that it waits for a free core: other work takes them");
	else
		leat_buf_addf(b, "most of that it computes (%s, %d at a time)", g->executor, g->workers);
}

void leat_summary_times(const struct leat_summary *s, struct leat_buf *b)
{
	int width = 5;
	if (s->n_groups == 0 || s->counts.state[LEAT_DONE] == 0)
		return;
	for (size_t i = 0; i < s->n_groups; i++)
		if ((int)strlen(s->groups[i].name) > width)
			width = (int)strlen(s->groups[i].name);
	leat_buf_addf(b, "\n%-*s  %-14s  computing  blocked  no core  no work\n", width + 2, "time", "");
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct leat_group_time *g = &s->groups[i];
		struct leat_share t = leat_share_of(g);
		char how[48];
		snprintf(how, sizeof how, "%s x%d", g->executor, g->workers);
		leat_buf_addf(b, "  %-*s  %-14s  %8u%%  %6u%%  %6u%%  %6u%%\n", width, g->name, how,
			      percent(t.computing), percent(t.blocked), percent(t.core), percent(t.idle));
	}
	leat_buf_adds(b, "  ");
	leat_summary_bottleneck(s, b);
	leat_buf_addc(b, '\n');
}

static void notices(const struct out *o)
{
	const struct leat_summary *s = o->s;
	char a[32];
	if (s->n_notices)
		leat_buf_adds(o->b, "\nnotices\n");
	for (size_t i = 0; i < s->n_notices; i++) {
		leat_buf_adds(o->b, "  ");
		if (s->notice_counts && s->notice_counts[i] > 1)
			leat_buf_addf(o->b, "%s times: ", digits(s->notice_counts[i], a));
		add_text(o->b, s->notices[i]);
		leat_buf_addc(o->b, '\n');
	}
}

/* What the report says in a line, and where it is. */
static void left_behind(const struct out *o)
{
	const struct {
		const char *label, *text;
	} v[] = {{"changed", o->s->since}, {"report", o->s->report}};
	for (size_t i = 0; i < LEAT_LEN(v); i++) {
		if (!v[i].text)
			continue;
		leat_buf_addf(o->b, "  %-9s ", v[i].label);
		add_text(o->b, v[i].text);
		leat_buf_addc(o->b, '\n');
	}
}

void leat_summary_text(const struct leat_summary *s, struct leat_buf *out, bool color)
{
	struct out o = {.b = out, .color = color, .s = s};
	headline(&o);
	verdicts(&o);
	throughput(&o);
	written(&o);
	memory(&o);
	left_behind(&o);
	failures(&o);
	notices(&o);
	leat_summary_times(s, out);
}
