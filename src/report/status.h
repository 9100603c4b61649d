/* SPDX-License-Identifier: MIT */
/* A run in progress: what its workers are at. As text for people, as JSON for the live file and for machines. */
#ifndef LEAT_REPORT_STATUS_H
#define LEAT_REPORT_STATUS_H

#include "base/buf.h"
#include "base/mem.h"
#include "core/event.h"

enum { LEAT_STATUS_ITEMS = 32 }; /* of those in hand, at most so many are told: the oldest */

struct leat_status_item { /* in the hands of a worker */
	const char *path, *step, *group;
	double seconds; /* so far */
};

struct leat_status {
	const char *job, *host;
	int64_t pid;
	int64_t started_ns, now_ns; /* wall clock */
	bool stopping; /* what is in hand is ended, nothing new is begun */
	struct leat_counts counts;
	double items_per_second, bytes_per_second; /* of the last seconds */
	double left; /* seconds, estimated; < 0: not known */
	uint64_t memory, memory_most; /* bytes reserved, and the budget */
	const struct leat_group_now *groups;
	size_t n_groups;
	const struct leat_status_item *items; /* the oldest first */
	size_t n_items;
	uint64_t in_hand; /* items; more than n_items where not all are told */
};

void leat_status_text(const struct leat_status *s, struct leat_buf *out);
void leat_status_json(const struct leat_status *s, struct leat_buf *out); /* one line */
/* Reads what leat_status_json wrote; texts in `a`. -1 with *err (CORRUPT) when it is none. */
int leat_status_read(const char *text, size_t n, struct leat_status *s, struct leat_arena *a, struct leat_err *err);

/* Seconds that are left, by the work that was done and is to be done; < 0: it cannot be told yet. Pure. */
double leat_status_left(const struct leat_counts *c);

#endif
