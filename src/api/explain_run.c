/* SPDX-License-Identifier: MIT */
/* leat explain-run: a run of a job, told from its state. */
#include <leat/leat.h>

#include "api/told.h"
#include "report/counts.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "plan/learned.h"
#include "report/share.h"
#include "state/state.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MOST = 64, WHEN = 32 };

struct told {
	struct leat_state_run run;
	struct leat_tuning tuning[MOST];
	size_t n_tuning;
	struct leat_group_time times[MOST];
	struct leat_summary summary; /* with what its table of times looks at */
};

/* ---- what there is to tell */

static int find_run(struct leat_state_file *s, const char *state, const char *number, struct told *t,
		    struct leat_err *err)
{
	int64_t id = 0;
	if (number && (!leat_parse_int(number, strlen(number), &id) || id < 1))
		return leat_fail(err, LEAT_CAUSE_USAGE, "'%.100s' is no number of a run", number);
	int found = leat_state_get_run(s, id, &t->run, err);
	if (found > 0 && id)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "there is no run %lld in '%.200s'", (long long)id, state);
	else if (found > 0)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no run is recorded in '%.200s' yet", state);
	return found == 0 ? 0 : -1;
}

static int look(const char *state, const char *number, struct told *t, struct leat_err *err)
{
	struct leat_state_file *s = NULL;
	int there = leat_state_open(&s, state, false, err);
	if (there > 0)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "there is no state '%.200s' yet: run the job first", state);
	if (there != 0)
		return -1;
	int ok = find_run(s, state, number, t, err);
	if (ok == 0)
		ok = leat_state_tuning(s, t->run.pipeline, t->run.host, t->run.cores, t->tuning, MOST, &t->n_tuning,
				       err);
	leat_state_close(&s);
	return ok;
}

static void sum_up(struct told *t)
{
	size_t n = t->run.n_groups < MOST ? t->run.n_groups : MOST;
	for (size_t i = 0; i < n; i++)
		t->times[i] = leat_told_group(&t->run.groups[i]);
	t->summary = (struct leat_summary){
		.counts = t->run.counts, .groups = t->times, .n_groups = n, .exit_status = t->run.exit_status};
}

static const char *when_text(const struct told *t, char buf[static WHEN])
{
	time_t at = (time_t)(t->run.started_ns / 1000000000);
	struct tm tm;
	if (!localtime_r(&at, &tm) || !strftime(buf, WHEN, "%Y-%m-%d %H:%M:%S", &tm))
		buf[0] = 0;
	return buf;
}

static double per_second(const struct told *t, const struct leat_state_group *g)
{
	return t->run.seconds > 0 ? (double)g->tasks / t->run.seconds : 0;
}

/* ---- next time */

/* What is known of group g; NULL: too little, or its place and number were not leat's to choose. */
static const struct leat_tuning *known(const struct told *t, const struct leat_state_group *g)
{
	return leat_learned(t->tuning, t->n_tuning, g->name);
}

static bool waits(const struct leat_tuning *l)
{
	bool ends = strncmp(l->name, "read", 4) == 0 || strncmp(l->name, "write", 5) == 0;
	return ends && strcmp(l->executor, "threads") == 0;
}

/* The same questions as the plan asks. */
static void add_next(struct leat_buf *b, const struct told *t, const struct leat_state_group *g)
{
	const struct leat_tuning *l = known(t, g);
	if (!l) {
		leat_buf_adds(b, "as this time");
		return;
	}
	int threads = leat_learned_threads(l, g->workers);
	if (waits(l))
		leat_buf_addf(b, "begins with %d workers, and adapts", leat_learned_io(l, 1));
	else if (leat_learned_cheap(l))
		leat_buf_adds(b, "inline, by the worker that brings the item: less work than a hand-off is worth");
	else if (threads > g->workers)
		leat_buf_addf(b, "up to %d threads: an item waits longer than it computes", threads);
	else
		leat_buf_adds(b, "as this time");
	char n[32];
	leat_buf_addf(b, " (an item computes %.3g ms and waits %.3g ms, measured of %s)", 1e3 * l->cpu,
		      1e3 * l->blocked, leat_group_digits(l->items, n));
}

/* ---- as text */

static void head_text(struct leat_buf *b, const struct told *t)
{
	const struct leat_counts *c = &t->run.counts;
	char when[WHEN], time[32], n[32];
	leat_buf_addf(b, "run %lld of %s on ", (long long)t->run.id, when_text(t, when));
	leat_escape_terminal(b, t->run.host, strlen(t->run.host));
	leat_buf_addf(b, " with %d core%s: %s items in %s", t->run.cores, t->run.cores == 1 ? "" : "s",
		      leat_group_digits(c->matched, n), leat_format_time(t->run.seconds, time));
	if (t->run.seconds > 0)
		leat_buf_addf(b, ", %.3g a second", (double)c->state[LEAT_DONE] / t->run.seconds);
	leat_buf_addf(b, "; exit status %d\n", t->run.exit_status);
	leat_buf_addf(b, "  %s done", leat_group_digits(c->state[LEAT_DONE], n));
	for (int s = LEAT_SKIPPED; s < LEAT_N_STATES; s++) {
		static const char *const words[LEAT_N_STATES] = {[LEAT_SKIPPED] = "skipped",
								 [LEAT_FAILED] = "failed",
								 [LEAT_KNOWN_FAILED] = "failed before",
								 [LEAT_NOT_REACHED] = "not reached"};
		if (c->state[s])
			leat_buf_addf(b, ", %s %s", leat_group_digits(c->state[s], n), words[s]);
	}
	leat_buf_addc(b, '\n');
}

static void group_text(struct leat_buf *b, const struct told *t, const struct leat_state_group *g)
{
	char n[32];
	leat_buf_addf(b, "  %s: %s x%d, %s items, %.3g a second\n", g->name, g->executor, g->workers,
		      leat_group_digits(g->tasks, n), per_second(t, g));
	leat_buf_adds(b, "      why:  ");
	leat_escape_terminal(b, g->why, strlen(g->why));
	leat_buf_adds(b, "\n      next: ");
	add_next(b, t, g);
	leat_buf_addc(b, '\n');
}

static void as_text(struct leat_buf *b, const struct told *t)
{
	head_text(b, t);
	leat_summary_times(&t->summary, b);
	leat_buf_adds(b, "\ndecisions (next is a guess: for as many inputs as this time)\n");
	for (size_t i = 0; i < t->summary.n_groups; i++)
		group_text(b, t, &t->run.groups[i]);
}

/* ---- as JSON */

static void group_json(struct leat_buf *b, const struct told *t, size_t i)
{
	const struct leat_state_group *g = &t->run.groups[i];
	const struct leat_tuning *l = known(t, g);
	struct leat_share s = leat_share_of(&t->times[i]);
	struct leat_buf next = {0};
	add_next(&next, t, g);
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "name", g->name);
	leat_json_text(b, "on", g->executor);
	leat_json_int(b, "workers", g->workers);
	leat_json_uint(b, "items", g->tasks);
	leat_json_real(b, "items_per_second", per_second(t, g), 3);
	leat_json_real(b, "computing", s.computing, 3);
	leat_json_real(b, "blocked", s.blocked, 3);
	leat_json_real(b, "no_core", s.core, 3);
	leat_json_real(b, "no_work", s.idle, 3);
	leat_json_text(b, "why", g->why);
	leat_json_text(b, "next", next.data);
	if (l) {
		leat_json_real(b, "learned_cpu_seconds", l->cpu, 9);
		leat_json_real(b, "learned_blocked_seconds", l->blocked, 9);
		leat_json_int(b, "learned_workers", l->workers);
		leat_json_uint(b, "learned_items", l->items);
	}
	leat_json_close(b, '}');
	b->failed = b->failed || next.failed;
	leat_buf_free(&next);
}

static void as_json(struct leat_buf *b, const struct told *t)
{
	const struct leat_group_time *worst = leat_bottleneck(&t->summary);
	char when[WHEN];
	leat_json_open(b, NULL, '{');
	leat_json_int(b, "run", t->run.id);
	leat_json_text(b, "started", when_text(t, when));
	leat_json_real(b, "seconds", t->run.seconds, 6);
	leat_json_text(b, "host", t->run.host);
	leat_json_int(b, "cores", t->run.cores);
	leat_json_text(b, "recipe", t->run.pipeline);
	leat_json_int(b, "exit", t->run.exit_status);
	leat_counts_json(b, &t->run.counts);
	leat_json_text(b, "bottleneck", worst ? worst->name : NULL);
	leat_json_open(b, "groups", '[');
	for (size_t i = 0; i < t->summary.n_groups; i++)
		group_json(b, t, i);
	leat_json_close(b, ']');
	leat_json_close(b, '}');
	leat_buf_addc(b, '\n');
}

char *leat_explain_run(const char *state, const char *run, bool json, struct leat_err *err)
{
	struct leat_buf b = {0};
	char *text = NULL;
	struct told *t = leat_zalloc(1, sizeof *t, err);
	if (t && look(state, run, t, err) == 0) {
		sum_up(t);
		(json ? as_json : as_text)(&b, t);
		text = leat_buf_detach(&b, err);
	}
	leat_buf_free(&b);
	if (t)
		leat_state_run_free(&t->run);
	free(t);
	return text;
}
