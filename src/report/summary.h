/* SPDX-License-Identifier: MIT */
/*
 * The summary of a run: counts, failures by cause with the first names, bytes, times, the bottleneck. As text
 * and as JSON.
 */
#ifndef LEAT_REPORT_SUMMARY_H
#define LEAT_REPORT_SUMMARY_H

#include "base/buf.h"
#include "core/event.h"

enum {
	LEAT_SUMMARY_NAMES = 5, /* of each group */
	LEAT_SUMMARY_GROUPS = 201, /* the last one is for all sorts of failure past the 200th */
};

struct leat_failure_group { /* failures with the same cause and step */
	enum leat_cause cause;
	const char *step;
	uint64_t n;
	char *names[LEAT_SUMMARY_NAMES]; /* the first paths in input order, with their messages below */
	char *texts[LEAT_SUMMARY_NAMES];
	uint64_t seqs[LEAT_SUMMARY_NAMES];
};

struct leat_group_time { /* one executor group */
	const char *name, *executor;
	int workers;
	uint64_t tasks;
	double busy, cpu, runq, idle; /* seconds summed over the workers */
	uint64_t queue_peak;
	double memory; /* seconds of `busy` in which it waited for memory: for others, that is */
	char paced[200]; /* how the number of its workers was changed on the way; "" it was not */
	bool enough; /* more workers were tried, and gained nothing */
};

struct leat_summary {
	struct leat_counts counts;
	struct leat_failure_group *failures;
	size_t n_failures;
	struct leat_group_time *groups;
	size_t n_groups;
	char **notices; /* "12 images: 16 bit to 8 bit for jpeg" */
	uint64_t *notice_counts; /* how often each was given */
	size_t n_notices;
	char *fatal; /* why the run could not go on, or NULL */
	char *expect; /* which expect did not hold, whole message, or NULL */
	uint64_t peak_budget; /* bytes ever reserved at once */
	uint64_t results, results_failed; /* outputs of reductions */
	int exit_status; /* language 7 */
	const char *job; /* shown name */
	char *since; /* what changed since the run before, in a line; or NULL */
	char *report; /* the page that it left, as it is to be shown; or NULL */
};

/* Records a failure in its group, keeping the names that come first in input order. Not thread safe. */
int leat_summary_failure(struct leat_summary *s, const char *step, const struct leat_err *e, const char *path,
			 uint64_t seq, struct leat_err *err);
int leat_summary_notice(struct leat_summary *s, const char *text,
			struct leat_err *err); /* the same text again is counted, not repeated */
void leat_summary_text(const struct leat_summary *s, struct leat_buf *out, bool color);
/* Of it: where the time of the groups went, and which held the others up; nothing when no item was done. */
void leat_summary_times(const struct leat_summary *s, struct leat_buf *out);
/* The sentence under that table: which group held the others up, and what would help. No line break. */
void leat_summary_bottleneck(const struct leat_summary *s, struct leat_buf *out);
void leat_summary_json(const struct leat_summary *s, struct leat_buf *out);
void leat_summary_free(struct leat_summary *s); /* what it owns */

#endif
