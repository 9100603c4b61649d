/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room share while one plan is made. The way of a program:
 *
 *	jobline.c  job, expect; jobstate.c  what it keeps; schedule.c; secrets.c  where they may stand
 *	execopts.c  defaults, and the execution options of each step
 *	tree.c     statements become steps; lower.c  the implied ones; kinds.c  what they take and give
 *	bind.c     words become parameters; values.c  those that need a place: paths, templates, conditions
 *	words.c    what somebody may have meant
 *	fields.c   {fields} that no earlier step measures; ends.c, names.c  sources, sinks and names of outputs
 *	choose.c   where every step runs: segments; groups.c  their executors, workers, queues
 *	learned.c  what earlier runs taught
 *	lone.c     outputs that all items share: standard output, files of reports
 *	outputs.c  the names that will be written, and who writes one twice; memory*.c  what an item takes
 *	print.c    all of it for a person
 *
 * Everything lives in the plan's arena; a failed allocation sets `failed`, and the plan comes out as NULL.
 */
#ifndef LEAT_PLAN_PLANNER_H
#define LEAT_PLAN_PLANNER_H

#include "lang/names.h"
#include "plan/plan.h"

enum { LEAT_PLAN_MAX_REPORTS = 1000 }; /* of this room; 20 are shown */

/* A branch around steps; the main line has none. */
struct leat_scope {
	const struct leat_stmt *branch;
	const struct leat_scope *up;
};

/* What planning knows of a step besides what the plan tells. */
struct leat_stepinfo {
	const struct leat_stmt *stmt; /* the statement it came from, also when implied */
	const struct leat_scope *scope; /* NULL: main line */
	const struct leat_word *on, *workers, *queue, *order, *timeout; /* as written on the step itself; NULL: not */
	const struct leat_word *name; /* WRITE: the word with the name of the file */
	const struct leat_tmpl *tmpl; /* WRITE: its bound value */
	const struct leat_word **given; /* by row of its parameter table: the word, or NULL; NULL for none */
	bool after_unknown; /* an unknown step stands before it: fields are anybody's guess */
	bool fields_known; /* the list is made */
	const struct leat_fieldlist *fields; /* measured by it and above it, the latest first (fields.c) */
	int child, sibling; /* first step fed by it, next step with the same parent; -1 none (set by plan.c) */
};

/* The plan with what only this room touches. */
struct leat_plan_own {
	struct leat_plan pub; /* first: the two pointers are one */
	const struct leat_program *program;
	const void **encoder_defaults[2]; /* one per codec; [1] for images that were resized */
	struct leat_plan_owned { /* templates and conditions, freed with the plan */
		struct leat_plan_owned *next;
		struct leat_template *t;
		struct leat_condition *c;
	} * owned;
	struct leat_stepinfo *info; /* parallel to pub.steps */
	bool outputs_possible; /* some predicted outputs depend on filters that wait for the run */
	size_t cap_steps, cap_info, cap_files, cap_uses, cap_notes;
};

struct leat_planner {
	struct leat_plan_own *own;
	struct leat_plan *plan; /* &own->pub */
	const struct leat_program *program;
	const struct leat_registry *reg;
	const struct leat_facts *facts; /* never NULL */
	struct leat_diags *d;
	struct leat_exec_opts defaults;
	struct leat_names ids; /* struct leat_step's index + 1 by id */
	const struct leat_word *memory_word; /* of job memory=, or NULL */
	const struct leat_word *job_name, *job_state, *job_lock, *job_incremental, *job_durability, *job_prune,
		*job_manifest, *job_quarantine, *step_quarantine; /* as written, or NULL */
	bool job_broken; /* a job line has errors: what it gives the job is not known */
	size_t reports;
	bool in_strips; /* the largest image does not fit as a whole: no team may work on it */
	bool team_outside; /* one item is too large for a worker process with a team: it has its own executor */
	bool failed; /* memory is out */
};

/* Reports. The same code at the same place is said once, however many branches of a loop come past it: then NULL. */
struct leat_diag *leat_plan_error(struct leat_planner *pl, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);
struct leat_diag *leat_plan_warning(struct leat_planner *pl, int code, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(4, 5);
/* These accept the NULL of a report that was not made. */
void leat_plan_label(struct leat_planner *pl, struct leat_diag *g, const char *fmt, ...) LEAT_PRINTF(3, 4);
/* What a tool may put in the place of `at`, where the label does not say it; NULL: nothing. */
void leat_plan_fix(struct leat_planner *pl, struct leat_diag *g, struct leat_span at, const char *text);
void leat_plan_second(struct leat_diag *g, struct leat_span at, const char *label);
void leat_plan_help(struct leat_planner *pl, struct leat_diag *g, const char *fmt, ...) LEAT_PRINTF(3, 4);
/* E038: what the language has and this program has not yet. */
struct leat_diag *leat_plan_not_built(struct leat_planner *pl, struct leat_span at, const char *fmt, ...)
	LEAT_PRINTF(3, 4);
/* What a descriptor's own check said: E036; E038 where the cause is UNSUPPORTED. */
struct leat_diag *leat_plan_refused(struct leat_planner *pl, struct leat_span at, const struct leat_err *err);
/* A line among the plan's notes; the same note again is dropped. */
void leat_plan_note(struct leat_planner *pl, const char *fmt, ...) LEAT_PRINTF(2, 3);

/* Zeroed memory and text of the plan; NULL when memory is out. */
void *leat_plan_alloc(struct leat_planner *pl, size_t n, size_t size);
char *leat_plan_text(struct leat_planner *pl, const char *fmt, ...) LEAT_PRINTF(2, 3);
/* Room for one more behind n objects: v, moved when it was full; NULL with v untouched when memory is out. */
void *leat_plan_more(struct leat_planner *pl, void *v, size_t n, size_t *cap, size_t size);

/* The place of `part` in the value of a word as it was written; the whole value when a variable put it there. */
struct leat_span leat_plan_part(const struct leat_word *w, const char *part, size_t n);
bool leat_span_equal(struct leat_span a, struct leat_span b);
/* A path for people: without the folder of the program in front. Points into path. */
const char *leat_plan_shown(const struct leat_program *p, const char *path);

#endif
