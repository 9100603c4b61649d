/* SPDX-License-Identifier: MIT */
/* leat history, leat failures, leat show-item: what the ledger of a job has to tell. */
#include <leat/leat.h>

#include "api/told.h"
#include "report/counts.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "core/item.h"
#include "state/history.h"
#include "state/ledger.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WHEN = 32, MOST_RUNS = 1000, MOST_ITEMS = 20 };

struct telling {
	struct leat_buf b;
	struct leat_state_file *s;
	const char *path; /* show-item: what was asked for */
	size_t n;
	bool json;
	char *found[MOST_ITEMS]; /* show-item: paths of the ledger */
};

static const char *when(int64_t ns, char buf[static WHEN])
{
	time_t at = (time_t)(ns / 1000000000);
	struct tm tm;
	if (!localtime_r(&at, &tm) || !strftime(buf, WHEN, "%Y-%m-%d %H:%M", &tm))
		buf[0] = 0;
	return buf;
}

static void add_path(struct leat_buf *b, const char *path)
{
	leat_escape_terminal(b, path, strlen(path));
}

/* Runs fn over the state; the text, or NULL with *err. */
static char *tell(const char *state, struct telling *t, int (*fn)(struct telling *t, struct leat_err *err),
		  struct leat_err *err)
{
	char *text = NULL;
	int there = leat_state_open(&t->s, state, false, err);
	if (there > 0)
		leat_fail(err, LEAT_CAUSE_NOT_FOUND, "there is no state '%.200s' yet: run the job first", state);
	leat_buf_adds(&t->b, "");
	if (there == 0 && fn(t, err) == 0)
		text = leat_buf_detach(&t->b, err);
	leat_state_close(&t->s);
	leat_buf_free(&t->b);
	return text;
}

/* ---- history */

static const char *how(const struct leat_state_run *r)
{
	switch (r->exit_status) {
	case LEAT_RUN_UNFINISHED:
		return "did not end";
	case 0:
		return "good";
	case 1:
		return "some failed";
	case 4:
		return "expect did not hold";
	case 5:
		return "could not go on";
	case 6:
		return "deadline";
	default:
		return "interrupted";
	}
}

static void run_json(struct leat_buf *b, const struct leat_state_run *r)
{
	const struct leat_counts *c = &r->counts;
	leat_json_open(b, NULL, '{');
	leat_json_int(b, "run", r->id);
	leat_json_int(b, "started_ns", r->started_ns);
	leat_json_real(b, "seconds", r->seconds, 6);
	leat_json_bool(b, "ended", r->exit_status != LEAT_RUN_UNFINISHED);
	leat_json_int(b, "exit_status", r->exit_status);
	leat_json_bool(b, "partial", r->partial);
	leat_json_text(b, "version", r->version);
	leat_counts_json(b, c);
	leat_json_uint(b, "bytes_in", c->bytes_in);
	leat_json_uint(b, "bytes_out", c->bytes_out);
	leat_json_close(b, '}');
}

static int add_run(void *ctx, const struct leat_state_run *r)
{
	struct telling *t = ctx;
	const uint64_t *n = r->counts.state;
	char at[WHEN], time[32];
	if (t->json) {
		run_json(&t->b, r);
		return 0;
	}
	if (!t->n++)
		leat_buf_addf(&t->b, "%6s  %-16s  %9s  %9s %9s %7s %7s  %s\n", "run", "began", "took", "done",
			      "skipped", "failed", "known", "how");
	leat_buf_addf(&t->b, "%6lld  %-16s  %9s  %9llu %9llu %7llu %7llu  %s%s\n", (long long)r->id,
		      when(r->started_ns, at),
		      r->exit_status == LEAT_RUN_UNFINISHED ? "" : leat_human_time(r->seconds, time),
		      (unsigned long long)n[LEAT_DONE], (unsigned long long)n[LEAT_SKIPPED],
		      (unsigned long long)n[LEAT_FAILED], (unsigned long long)n[LEAT_KNOWN_FAILED], how(r),
		      r->partial ? ", a part of the inputs" : "");
	return 0;
}

static int history(struct telling *t, struct leat_err *err)
{
	if (t->json)
		leat_json_open(&t->b, NULL, '[');
	int ok = leat_state_each_run(t->s, MOST_RUNS, add_run, t, err);
	if (t->json) {
		leat_json_close(&t->b, ']');
		leat_buf_addc(&t->b, '\n');
	}
	return ok;
}

char *leat_history(const char *state, bool json, struct leat_err *err)
{
	struct telling t = {.json = json};
	return tell(state, &t, history, err);
}

/* ---- failures */

static void failure_json(struct leat_buf *b, const struct leat_ledger_item *it)
{
	leat_json_open(b, NULL, '{');
	leat_json_text(b, "path", it->path);
	leat_json_text(b, "step", it->step);
	leat_json_text(b, "cause", leat_cause_name(it->cause));
	leat_json_text(b, "error", it->text);
	leat_json_uint(b, "runs", it->failed_runs);
	leat_json_int(b, "since_run", it->failed_since);
	leat_json_close(b, '}');
}

static int add_failure(void *ctx, const struct leat_ledger_item *it)
{
	struct telling *t = ctx;
	if (it->state != LEAT_FAILED || it->gone)
		return 0;
	t->n++;
	if (t->json) {
		failure_json(&t->b, it);
		return 0;
	}
	add_path(&t->b, it->path);
	leat_buf_addf(&t->b, "\n    %s%s", it->step, it->step[0] ? ": " : "");
	add_path(&t->b, it->text);
	leat_buf_addf(&t->b, " (%s; %llu run%s on end, since run %lld)\n", leat_cause_name(it->cause),
		      (unsigned long long)it->failed_runs, it->failed_runs == 1 ? "" : "s",
		      (long long)it->failed_since);
	return 0;
}

static int failures(struct telling *t, struct leat_err *err)
{
	if (t->json)
		leat_json_open(&t->b, NULL, '[');
	int ok = leat_ledger_each(t->s, add_failure, t, err);
	if (t->json) {
		leat_json_close(&t->b, ']');
		leat_buf_addc(&t->b, '\n');
	} else if (!t->n) {
		leat_buf_adds(&t->b, "nothing that is there failed the last time\n");
	}
	return ok;
}

char *leat_failures(const char *state, bool json, struct leat_err *err)
{
	struct telling t = {.json = json};
	return tell(state, &t, failures, err);
}

/* ---- show-item */

/* The path itself, or its end from any folder on. */
static bool is_meant(const char *path, const char *asked)
{
	size_t n = strlen(path), m = strlen(asked);
	return n >= m && strcmp(path + n - m, asked) == 0 && (n == m || (asked[0] != '/' && path[n - m - 1] == '/'));
}

static int find_item(void *ctx, const struct leat_ledger_item *it)
{
	struct telling *t = ctx;
	bool meant = is_meant(it->path, t->path);
	for (size_t i = 0; !meant && i < it->n_outputs; i++)
		meant = is_meant(it->outputs[i].path, t->path);
	if (meant && t->n < MOST_ITEMS) {
		t->found[t->n] = leat_strdup(it->path, NULL);
		t->n += t->found[t->n] != NULL;
	}
	return 0;
}

static void item_json(struct leat_buf *b, const struct leat_ledger_item *it)
{
	leat_json_text(b, "path", it->path);
	leat_json_text(b, "state", leat_state_name(it->state));
	leat_json_uint(b, "bytes_in", it->size);
	leat_json_int(b, "mtime_ns", it->mtime_ns);
	leat_json_real(b, "seconds", it->seconds, 6);
	leat_json_int(b, "run", it->run);
	leat_json_bool(b, "gone", it->gone != 0);
	if (it->state == LEAT_FAILED) {
		leat_json_text(b, "step", it->step);
		leat_json_text(b, "cause", leat_cause_name(it->cause));
		leat_json_text(b, "error", it->text);
		leat_json_uint(b, "failed_runs", it->failed_runs);
	}
	leat_json_open(b, "outputs", '[');
	for (size_t i = 0; i < it->n_outputs; i++) {
		leat_json_open(b, NULL, '{');
		leat_json_text(b, "path", it->outputs[i].path);
		leat_json_uint(b, "bytes", it->outputs[i].size);
		leat_json_close(b, '}');
	}
	leat_json_close(b, ']');
}

static int add_item(void *ctx, const struct leat_ledger_item *it)
{
	struct telling *t = ctx;
	char size[32], at[WHEN];
	if (t->json) {
		item_json(&t->b, it);
		return 0;
	}
	add_path(&t->b, it->path);
	leat_buf_addf(&t->b, "\n  input    %s, of %s%s\n", leat_human_size(it->size, size), when(it->mtime_ns, at),
		      it->gone ? "; it is not there any more" : "");
	for (size_t i = 0; i < it->n_outputs; i++) {
		leat_buf_addf(&t->b, "  %s  %9s  ", i ? "       " : "outputs",
			      leat_human_size(it->outputs[i].size, size));
		add_path(&t->b, it->outputs[i].path);
		leat_buf_addc(&t->b, '\n');
	}
	return 0;
}

static int add_of_run(void *ctx, const struct leat_state_item *it)
{
	struct telling *t = ctx;
	char time[32];
	if (t->json) {
		leat_json_open(&t->b, NULL, '{');
		leat_json_int(&t->b, "run", it->run);
		leat_json_text(&t->b, "state", leat_state_name(it->state));
		leat_json_real(&t->b, "seconds", it->seconds, 6);
		leat_json_text(&t->b, "error", it->text);
		leat_json_close(&t->b, '}');
		return 0;
	}
	leat_buf_addf(&t->b, "  run %-4lld %s, %s", (long long)it->run, leat_state_name(it->state),
		      leat_human_time(it->seconds, time));
	if (it->text[0]) {
		leat_buf_addf(&t->b, ": %s%s", it->step, it->step[0] ? ": " : "");
		add_path(&t->b, it->text);
	}
	leat_buf_addc(&t->b, '\n');
	return 0;
}

static int show_one(struct telling *t, const char *path, struct leat_err *err)
{
	if (t->json)
		leat_json_open(&t->b, NULL, '{');
	int ok = leat_ledger_find(t->s, path, add_item, t, err);
	if (ok == 0 && t->json)
		leat_json_open(&t->b, "runs", '[');
	if (ok == 0)
		ok = leat_state_each_of_item(t->s, path, add_of_run, t, err);
	if (t->json) {
		leat_json_close(&t->b, ']');
		leat_json_close(&t->b, '}');
	}
	return ok < 0 ? -1 : 0;
}

static int show(struct telling *t, struct leat_err *err)
{
	int ok = leat_ledger_each(t->s, find_item, t, err);
	if (ok == 0 && !t->n)
		ok = leat_fail(err, LEAT_CAUSE_NOT_FOUND, "no run of this job knew an input or output '%.300s'",
			       t->path);
	if (t->json)
		leat_json_open(&t->b, NULL, '[');
	for (size_t i = 0; ok == 0 && i < t->n; i++)
		ok = show_one(t, t->found[i], err);
	if (t->json) {
		leat_json_close(&t->b, ']');
		leat_buf_addc(&t->b, '\n');
	}
	for (size_t i = 0; i < t->n; i++)
		free(t->found[i]);
	return ok;
}

char *leat_show_item(const char *state, const char *path, bool json, struct leat_err *err)
{
	struct telling t = {.json = json, .path = strncmp(path, "./", 2) == 0 ? path + 2 : path};
	return tell(state, &t, show, err);
}
