/* SPDX-License-Identifier: MIT */
/* The room's door: gather the facts, drive a plan to its end. */
#ifndef LEAT_RUN_RUN_H
#define LEAT_RUN_RUN_H

#include "core/event.h"
#include "plan/plan.h"
#include "report/summary.h"

struct leat_run_opts {
	leat_event_fn *event;
	void *event_ctx;
	uint32_t strip_rows;
	bool trace; /* LEAT_EV_STEP for every step of every item, LEAT_EV_TASK, LEAT_EV_TICK */
	bool look; /* somebody may want to know what it is at: leat_run_status */
	int64_t kept; /* the number of this run in the state of its job; 0: it has none */
	const char *worker_path; /* another program to start as worker; NULL: this one */
};

struct leat_run;

/* A run of this plan, made of program `prog`; *summary (zeroed by the caller) is filled by it. NULL with *err set. */
struct leat_run *leat_run_new(const struct leat_plan *p, const struct leat_program *prog, const struct leat_facts *f,
			      const struct leat_run_opts *o, struct leat_summary *summary, struct leat_err *err);

/* Drives it to its end; the exit status is in the summary. -1 with *err when it could not even start (exit 5). */
int leat_run_go(struct leat_run *r, struct leat_err *err);

/*
 * From any thread while leat_run_go runs: DRAIN lets items in flight end, ABORT stops them at their next strip.
 * `signal` is what is behind it, for the exit status; 0: INT.
 */
void leat_run_stop(struct leat_run *r, enum leat_stop s, int signal);
/* How it stands, from any thread while leat_run_go runs. What it points to is in `a` or the plan's. */
struct leat_status;
struct leat_night;
void leat_run_status(struct leat_run *r, struct leat_status *s, struct leat_arena *a);
/* Log files go on in a new file of their name. As leat_run_status. */
void leat_run_reopen(struct leat_run *r);
/* What was recorded of it beside its outputs; NULL: nothing. To be ended when its summary is final. */
struct leat_night *leat_run_night(struct leat_run *r);
void leat_run_free(struct leat_run **r);

struct leat_selection {
	const char *const *only; /* NULL-terminated, or NULL: all */
	uint64_t limit; /* 0: no limit */
};

/*
 * The first condition of `expect` that the counts of s do not fulfill: "expect failed<=1% did not hold: 37 of ...", the
 * caller's; NULL when all hold, or with *err. What conditions are about goes into *limits.
 */
struct leat_limits {
	bool failed, known_failed;
};
char *leat_expect_broken(const struct leat_plan *p, const struct leat_summary *s, const struct leat_runinfo *info,
			 struct leat_limits *limits, struct leat_err *err);

/*
 * Facts (facts.c): machine and run, then the inputs of the program's source. leat_facts_list returns 0; 3 with a
 * diagnostic E070 when nothing matched; 2 when the source's options are wrong; 5 with *err.
 */
void leat_facts_machine(struct leat_facts *f, int cores, const char *job);
int leat_facts_list(struct leat_facts *f, const struct leat_plan *p, const struct leat_program *prog,
		    const char *const *input, const struct leat_selection *part, struct leat_diags *d,
		    struct leat_err *err);
/*
 * A part of the listing l of f: entries whose path matches one of `only` (an absolute pattern, or one that may begin at
 * any folder), and of those the first `limit`. 0; 2 or 5 with *err; 3 with a diagnostic when none is left.
 */
int leat_facts_select(struct leat_facts *f, struct leat_listing *l, const struct leat_selection *o,
		      struct leat_diags *d, struct leat_err *err);
/* How far the ledger is obeyed. */
struct leat_redo {
	bool force; /* nothing is left alone */
	bool retry; /* what failed before is tried again */
	bool others; /* the inputs are not those of the recipe (--input): what is not among them is not gone */
};
/*
 * What the ledger of the job says of the inputs listed in f, into f->known; f->known->identity is that of `p`, which
 * was made before they were. Nothing is made. -1 with *err when there is a ledger that cannot be used.
 */
int leat_facts_known(struct leat_facts *f, const struct leat_plan *p, const struct leat_redo *redo,
		     struct leat_err *err);
/*
 * Probes the beginnings of all inputs. What cannot be read or understood stays unknown: it fails in the run,
 * with its reason.
 */
int leat_facts_headers(struct leat_facts *f, const struct leat_plan *p, struct leat_err *err);
void leat_facts_free(struct leat_facts *f);

#endif
