/* SPDX-License-Identifier: MIT */
/*
 * What a job keeps between its runs, in one SQLite file: how its runs went, and what was learned about where its
 * steps run best. Beside this header: ledger.h, what is known of every item; history.h, the door for reports.
 *
 * Operation:  a file that is damaged, of another program, or of a newer leat is refused with what to do; it is
 *             never silently made anew. An older schema is brought up to date when it is opened, in one transaction.
 * Safety:     an object belongs to one thread at a time; several processes may have the same file open.
 */
#ifndef LEAT_STATE_STATE_H
#define LEAT_STATE_STATE_H

#include "base/buf.h"
#include "core/event.h"
#include "core/tuning.h"

enum { LEAT_STATE_SCHEMA = 2 };

struct leat_state_file;

/*
 * Opens the file; `create`: makes it, and its folders, when it is not there. 0; 1: it is not there and was not to
 * be created (*s is NULL); -1 with *err.
 */
int leat_state_open(struct leat_state_file **s, const char *path, bool create, struct leat_err *err);
void leat_state_close(struct leat_state_file **s); /* accepts NULL in it */
/* The folder of what runs leave beside the state, appended: "/x/.leat/night" for "/x/.leat/night.db". */
void leat_state_folder(const char *path, struct leat_buf *out);

/* How one group of workers did in a run. Times in seconds, summed over its workers. */
struct leat_state_group {
	const char *name, *executor; /* "cpu", "threads" */
	int workers;
	const char *why; /* the plan's reason */
	uint64_t tasks;
	double busy, cpu, runq, idle;
	uint64_t queue_peak;
};

/* How long one step of the recipe took in a run, over all items. */
struct leat_state_step {
	const char *text, *branch; /* as written; "" on the main line */
	uint64_t items;
	double seconds;
};

/* What is kept of old runs; what is known of the inputs themselves stays. */
enum {
	LEAT_RUNS_WITH_ITEMS = 30, /* what every single item did, and what vanished */
	LEAT_RUNS_KEPT = 1000, /* totals, groups, steps */
};

enum { LEAT_RUN_UNFINISHED = -1 }; /* exit_status of a run that goes on, or whose process was killed */

struct leat_state_run {
	int64_t id;
	int64_t started_ns; /* wall clock */
	double seconds;
	const char *pipeline; /* hash of the recipe's canonical text */
	const char *host;
	const char *version; /* of leat; "" where an older one wrote it */
	int cores;
	bool partial; /* --only or --limit: a part of the inputs */
	struct leat_counts counts;
	uint64_t quarantined; /* of those failed */
	int exit_status;
	struct leat_state_group *groups;
	size_t n_groups;
	struct leat_state_step *steps;
	size_t n_steps;
	void *memory; /* what a read one lives in; NULL: of the caller's making */
};

/* Adds a run that begins: what is known before its items; run->id is set. */
int leat_state_begin_run(struct leat_state_file *s, struct leat_state_run *run, struct leat_err *err);
/* And how it ended: counts, exit status, groups, steps. One transaction. */
int leat_state_end_run(struct leat_state_file *s, const struct leat_state_run *run, struct leat_err *err);
/* Both at once. */
int leat_state_add_run(struct leat_state_file *s, struct leat_state_run *run, struct leat_err *err);
/* Run `id`; 0: the last one that ended. 0; 1: there is none; -1 with *err. Free with leat_state_run_free. */
int leat_state_get_run(struct leat_state_file *s, int64_t id, struct leat_state_run *run, struct leat_err *err);
void leat_state_run_free(struct leat_state_run *run);

/* What was learned: all of a recipe, host and number of cores, by name: at most `cap` into v; *n of them. */
int leat_state_tuning(struct leat_state_file *s, const char *pipeline, const char *host, int cores,
		      struct leat_tuning *v, size_t cap, size_t *n, struct leat_err *err);
/* Replaces them, in one transaction. */
int leat_state_set_tuning(struct leat_state_file *s, const char *pipeline, const char *host, int cores,
			  const struct leat_tuning *v, size_t n, struct leat_err *err);

#endif
