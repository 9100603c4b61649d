/* SPDX-License-Identifier: MIT */
/*
 * What a morning's report tells of a run: gathered by who knows the run (its summary and trail, or the job's state),
 * and written as a page, as lines of JSON (docs/REPORTS.md has the schema), or as text. All lists are bounded by who
 * makes them; texts are borrowed.
 */
#ifndef LEAT_REPORT_MORNING_H
#define LEAT_REPORT_MORNING_H

#include "report/summary.h"
#include "report/trail.h"

struct leat_morning_item {
	const char *path;
	enum leat_state state;
	enum leat_cause cause; /* of a failure; with step and text */
	const char *step, *text;
	double seconds, before; /* that workers spent on it; and in the run it is compared with, 0: not known */
	uint64_t bytes_in, bytes_out, pixels; /* 0: not known */
	uint64_t runs; /* failed in so many runs on end; 0: not known */
};

struct leat_morning_list {
	struct leat_morning_item *v;
	size_t n;
	uint64_t all; /* of which n are told */
};

struct leat_morning_cause { /* failures with the same cause at the same step */
	enum leat_cause cause;
	const char *step;
	uint64_t known; /* of all: not tried again */
	struct leat_morning_list items;
};

struct leat_morning_step {
	const char *text, *branch;
	uint64_t items;
	double seconds; /* of these items */
	double before; /* seconds an item, in the run it is compared with; 0: not known */
};

struct leat_morning_sample { /* of the contact sheet; pictures as data: URIs */
	const char *path, *output, *before, *after;
	uint64_t bytes_in, bytes_out;
};

struct leat_morning {
	const char *job, *host, *version;
	int64_t id; /* of the run; 0: not numbered */
	int64_t started_ns; /* wall clock */
	int cores, exit_status;
	bool unfinished; /* it goes on, or was killed */
	bool partial; /* --only, --limit */
	struct leat_counts counts;
	const char *fatal, *expect; /* as in the summary */
	uint64_t peak_budget;
	const struct leat_group_time *groups;
	size_t n_groups;
	const struct leat_morning_step *steps;
	size_t n_steps;
	const struct leat_morning_cause *causes;
	size_t n_causes;
	struct leat_morning_list slowest;
	const struct leat_trail *trail; /* for its timeline; NULL: none is kept */
	const char *const *notices;
	const uint64_t *notice_counts;
	size_t n_notices;
	const struct leat_morning_sample *samples;
	size_t n_samples;

	/* Against an earlier run. */
	int64_t before_id; /* 0: there is none */
	int64_t before_started_ns;
	struct leat_counts before;
	struct leat_morning_list failing, fixed, gone, slower;
};

/* The page, whole. -1 with *err. */
int leat_morning_html(const struct leat_morning *m, struct leat_buf *out, struct leat_err *err);
void leat_morning_lines(const struct leat_morning *m, struct leat_buf *out);
/* For a terminal: the head, what changed, failures, the slowest. */
void leat_morning_text(const struct leat_morning *m, struct leat_buf *out, bool color);
/* What changed alone; nothing where nothing did, or there is nothing to compare with. */
void leat_morning_changes(const struct leat_morning *m, struct leat_buf *out);

/* The same in one line, without its end: "since run 11: 1 new failure, 2 fixed". */
void leat_morning_since(const struct leat_morning *m, struct leat_buf *out);

/* Its seconds are worth telling beside those of the run before: half as much again, and a tenth of a second. Pure. */
bool leat_morning_is_slower(double now, double before);

#endif
