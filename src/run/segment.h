/* SPDX-License-Identifier: MIT */
/*
 * One item's way through one segment: payload in, results out. It knows nothing of threads, queues or other items, so
 * that the same function serves every executor: the results are a list that another process can send back.
 */
#ifndef LEAT_RUN_SEGMENT_H
#define LEAT_RUN_SEGMENT_H

#include "plan/plan.h"
#include "rows/chain.h"

/* Ops that the engine puts behind decoders and before encoders; they need no line in the recipe. */
enum leat_adapter { LEAT_TO_SRGB, LEAT_FLATTEN, LEAT_CONVERT, LEAT_ORIENT, LEAT_QUANTIZE, LEAT_ADAPTERS };

/* What a segment may need of its surroundings. One per run; the callbacks may be called by any worker. */
struct leat_env {
	const struct leat_plan *plan;
	const struct leat_runinfo *info;
	uint32_t strip_rows;
	bool hash_input; /* some step uses {hash} */
	const char *const *extensions; /* leat_facts.extensions, for the plans of worker processes */
	bool timed; /* time limits are held by somebody else: the parent of this process */
	const struct leat_op *adapter[LEAT_ADAPTERS];
	bool elsewhere; /* what is decoded is decoded in other processes */
	_Atomic uint64_t *wants; /* formats that turned up under other names: leat_prepare_found. NULL in a worker */
	/*
	 * Waits until this item, with this header, may be decoded (budget). 0, 1 not now (aborted, or it comes
	 * again), -1 with *err. Header NULL: only its worker can read it, and will ask.
	 */
	int (*admit)(void *item, const struct leat_header *h, uint64_t file_bytes, struct leat_err *err);
	/* The input of the item was read. NULL: nobody wants to know. */
	void (*got)(void *item, const struct leat_bytes *b);
	/*
	 * Reads the item behind the source `step` in pieces where that can be: leat_stream_item. NULL: never.
	 */
	int (*stream)(void *item, int step, struct leat_fields *f, int *last, struct leat_notices *notes,
		      struct leat_err *err);
	/* Gives a payload to the sink of step `step`. NULL where there are no sinks (another process). */
	int (*put)(void *item, int step, const struct leat_view *v, const struct leat_payload *in,
		   struct leat_put_result *res, struct leat_err *err);
};

/* Fills all but the callbacks. Borrows plan and info. */
void leat_env_fill(struct leat_env *env, const struct leat_plan *p, const struct leat_runinfo *info,
		   uint32_t strip_rows);

/* Does any template, condition or field list of the recipe name this field? */
bool leat_plan_names_field(const struct leat_plan *p, const char *name);

/* States that ops keep per worker: open() on first use, close() at the end. */
struct leat_states {
	struct leat_state_slot { /* one per plan step, then LEAT_ADAPTERS of the engine's own */
		const struct leat_op *op; /* NULL: not opened yet */
		void *state;
	} * slot;
	size_t n;
	const struct leat_resource *resources;
	const struct leat_registry *registry; /* whose formats read resources that are arrays */
};
int leat_states_new(struct leat_states *s, const struct leat_plan *p, const struct leat_resource *resources,
		    struct leat_err *err);
/* The state of plan step `slot`, or of adapter `slot - n_steps`, running `op`. */
int leat_states_get(struct leat_states *s, const struct leat_op *op, const void *params, int slot, void **state,
		    struct leat_err *err);
void leat_states_free(struct leat_states *s);

enum leat_result_type {
	LEAT_R_NEXT, /* payload and fields go on to `step`, in another segment */
	LEAT_R_REDUCE, /* payload and fields are for the reduction `step` */
	LEAT_R_ROW, /* fields as they are at the report `step` */
	LEAT_R_FAILED, /* err happened at `step` */
	LEAT_R_WRITTEN, /* put by the sink `step` */
};
struct leat_result {
	enum leat_result_type type;
	int step;
	struct leat_payload payload;
	struct leat_fields fields;
	struct leat_err err;
	struct leat_put_result put;
};
/* What a step made of the item, for those who watch. */
struct leat_trace {
	int step;
	int64_t ns; /* its own time; 0: not measured */
	uint64_t bytes; /* of what it gave: of a file, or of the samples in memory */
	char what[96]; /* "6000x4000, RGB, 8 bit" */
};

struct leat_results {
	struct leat_result *v;
	size_t n, cap;
	struct leat_notices notes;
	struct leat_trace *traces; /* in order of their making; only where the input asked for them */
	size_t n_traces, cap_traces;
};
void leat_results_free(struct leat_results *r); /* with every payload still in it */

struct leat_segment_in {
	int segment;
	int step; /* the root of the segment: it gets `payload` */
	const struct leat_entry *entry; /* NULL behind a reduction */
	uint64_t seq;
	struct leat_payload payload; /* borrowed */
	const struct leat_fields *fields; /* measured so far; borrowed */
	const char *format; /* of the payload's origin, for {format} */
	const struct leat_worker *worker;
	void *item; /* the first argument of env's callbacks */
	bool trace; /* tell what every step makes */
	bool asks; /* not admitted yet: who opens it asks first */
};

/*
 * Runs it. 0; -1 only when the item is lost as a whole (out of memory): everything else, failures
 * included, is in *out. A failure costs the subtree of its step, never its siblings.
 */
int leat_segment_run(const struct leat_env *env, struct leat_states *states, const struct leat_segment_in *in,
		     struct leat_results *out, struct leat_err *err);

/*
 * The first step after `after` whose parent is `parent`, or -1. Children stand behind their parent: start with
 * after = parent.
 */
int leat_walk_child(const struct leat_plan *p, int parent, int after);

#endif
