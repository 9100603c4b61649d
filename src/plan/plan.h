/* SPDX-License-Identifier: MIT */
/*
 * The plan: every step bound to its descriptor, placed and fused, with the reason. Pure: program + facts -> plan.
 *
 * Steps form a tree by `parent`: the children of a step are the branches that start behind it, in order, and
 * last the next step of its line. `write` after an image is lowered to two side steps, [encode] and write, so
 * that the line goes on with the image. A segment is a connected part of that tree with one placement: one
 * hand-off per item. Segments with the same placement share a group (an executor with its workers and its
 * queue).
 */
#ifndef LEAT_PLAN_PLAN_H
#define LEAT_PLAN_PLAN_H

#include "core/diag.h"
#include "core/executor.h"
#include "core/execopts.h"
#include "core/facts.h"
#include "core/jobopts.h"
#include "core/protection.h"
#include "core/schedule.h"
#include "lang/program.h"
#include "registry/registry.h"

enum leat_role {
	LEAT_SOURCE,
	LEAT_DECODE,
	LEAT_PARSE,
	LEAT_OP,
	LEAT_FILTER,
	LEAT_REDUCE,
	LEAT_ENCODE,
	LEAT_WRITE,
	LEAT_ROWSINK,
};

struct leat_step {
	enum leat_role role;
	const char *name; /* "resize", "encode" */
	const char *id; /* id=, or NULL */
	const char *branch; /* "thumb-320", "" on the main line */
	const char *text; /* the statement as written, or what it stands for: "[encode webp]" */
	bool implied; /* not written by the user: shown in brackets */
	struct leat_span span;

	const struct leat_source *source; /* by role; else NULL */
	const struct leat_op *op;
	const struct leat_codec *codec; /* ENCODE: NULL when the format follows the name of each item */
	const struct leat_sink *sink;
	void *params; /* bound values, of the descriptor's params_size; leat_decode_params, leat_parse_params */
	struct leat_conditions conditions; /* FILTER */
	bool drop; /* FILTER: drop instead of keep */

	int parent; /* index of the step that feeds it; -1: the source */
	unsigned in, out; /* kinds */
	int stage; /* 0 from the source; +1 behind every reduction */
	int segment; /* index into plan.segments */

	unsigned on; /* LEAT_ON_* as written, 0 auto */
	struct leat_workers workers;
	struct leat_queue_opt queue;
	bool keep_order;
	int64_t retries, retry_wait_ns, timeout_ns;
	enum leat_on_error on_error;
	const char **fields; /* ROWSINK: measured above it, in order of appearance; NULL-terminated */
	uint64_t memory; /* predicted for the largest input, bytes; 0 unknown or next to nothing */
};

struct leat_segment {
	int first; /* its root step; members are its descendants with this segment number */
	int group;
	int lane; /* of its group's queue: items wait there for it */
	int stage;
	int64_t timeout_ns; /* sum over its steps */
};

struct leat_group {
	const struct leat_executor_type *type;
	const char *name; /* "read", "cpu", "write" ... */
	bool io; /* waits for disks: outside the core budget */
	int workers; /* threads, or the OpenMP team */
	int team; /* threads that share the rows of one item: openmp its workers, processes those of each; else 1 */
	bool adapts; /* the run may change them as it measures */
	int least; /* where it adapts: never fewer */
	bool chosen; /* placement and workers are leat's own choice */
	bool learned; /* ... informed by earlier runs */
	struct leat_lane *lanes; /* of its queue: in front of its segments, the most downstream last */
	int n_lanes;
	bool largest_first; /* among what waits */
	bool asides; /* a large image may be unpacked by a second thread of its worker while other workers are idle */
	const char *reason; /* why here, one line */
	const char *workers_reason;
};

enum leat_prune { LEAT_PRUNE_NO, LEAT_PRUNE_REPORT, LEAT_PRUNE_DELETE };

/* When results must survive a power cut: as they come; before the ledger calls them done; each one at once. */
enum leat_durability { LEAT_DURABLE_NOT, LEAT_DURABLE_BATCH, LEAT_DURABLE_FULL };

struct leat_job {
	const char *name;
	const char *state; /* the file that it keeps between runs, absolute; NULL: it keeps none */
	bool lock; /* one run at a time; only with a state */
	bool incremental; /* what is up to date is left alone; only with a state */
	enum leat_durability durability;
	const char *quarantine; /* folder of what is set aside; NULL: there is no state */
	enum leat_prune prune; /* outputs whose inputs are gone */
	double prune_limit; /* as a share of all outputs */
	bool manifest; /* a list of all outputs with their SHA-256 */
	struct leat_span lock_at; /* what asks for it */
	uint64_t memory; /* budget in bytes */
	bool memory_given;
	int cores;
	enum leat_isolate isolate;
	uint64_t worker_memory; /* private memory of a worker process; 0: leat chooses */
	uint64_t worker_tasks; /* a worker process is replaced after so many items; 0: never for that */

	const char *deadline; /* as written; NULL: none */
	int64_t deadline_ns; /* no new items so long after the start; 0: by deadline_at */
	int64_t deadline_at; /* ... or from this second of the day on, local time */
	bool max_errors; /* more failed items than the next two say stop the run */
	int64_t max_failed; /* ... than this */
	double max_share; /* ... or, where it is above 0, than this share of what matched */
	const char *temp; /* folder of unfinished outputs, absolute; NULL: each beside its place */
	int nice; /* 0: as it is */
	enum leat_ionice ionice;
	const char *on_finish, *on_failure; /* for the shell; NULL: none */
	struct leat_template *log, *metrics, *trace; /* absolute paths; NULL: not asked for */
};

/* One output name that the plan could predict. */
struct leat_output {
	const char *path;
	uint64_t seq;
	int step;
};

/* What one write step will do to the disk, as far as it can be told before. */
struct leat_target {
	int step;
	const char *path; /* the names it writes, absolute; a template */
	bool unnamed; /* the names depend on what the run will measure: `files` is how many at most */
	uint64_t files; /* of them ... */
	uint64_t overwritten, skipped, refused; /* ... replace one that is there, leave it, fail because of it */
	uint64_t bytes; /* guess of what will be written */
	uint64_t growth; /* of it what the disk must have room for: less where files are overwritten */
	uint64_t guessed; /* files whose size could be guessed; of the others `bytes` counts the inputs' */
	bool at_most; /* some of the guess is an upper bound */
};

/* A file system that outputs go to. */
struct leat_disk {
	uint64_t id, needs, free;
	const char *path;
	bool at_most;
	int step; /* the first that writes there */
};

struct leat_plan {
	struct leat_arena arena;
	const struct leat_registry *registry;
	struct leat_step *steps;
	size_t n_steps;
	struct leat_segment *segments;
	size_t n_segments;
	struct leat_group *groups;
	size_t n_groups;
	/* More workers compute than there are cores: so many at once. 0: they fit, or were written. */
	int turns;
	struct leat_job job;
	struct leat_schedule schedule; /* when others start it */
	const char **job_paths; /* files and folders that options of the job name, absolute, as far as they are fixed */
	size_t n_job_paths;
	bool runs_programs; /* exec, on-finish= ... */
	bool expect_off; /* there are some, but only a part of the inputs is run */
	struct leat_conditions expects;
	struct leat_expect { /* one per condition of `expects` */
		const char *text; /* as written: "failed<=1%" */
		bool percent; /* compared in percent of matched */
	} * expect_texts;
	const char **files; /* paths of FILE parameters, index = leat_fileref.resource */
	size_t n_files;
	int *file_uses; /* the index of every FILE value, in the order of binding: what facts.files is made of */
	size_t n_file_uses;
	struct leat_output *outputs; /* predicted, when facts had inputs; sorted by path */
	size_t n_outputs;
	/* all that the recipe does with an item is to write files whose names are known before it is read */
	bool only_named;
	struct leat_target *targets; /* one per write step that writes files, when facts had inputs */
	size_t n_targets;
	struct leat_disk *disks;
	size_t n_disks;
	uint64_t peak_memory; /* predicted, bytes; 0 unknown */
	uint64_t peak_item; /* largest single item */
	const char **notes; /* things to say: "not isolated yet", "workers=8 is more than the 2 cores" */
	size_t n_notes;
	const char **fields; /* all fields that any step measures, NULL-terminated */
};

/*
 * Binds, checks, places. Names, types, kinds and fields are checked always; collisions and memory when facts
 * has inputs. Always yields a plan unless memory is out (NULL), but it may be run only when d has no errors.
 * program and facts outlive it.
 */
struct leat_plan *leat_plan_make(const struct leat_program *p, const struct leat_registry *r,
				 const struct leat_facts *f, struct leat_diags *d);

/*
 * Does an item pass all filters above this step that can be asked before the run? *certain becomes false where
 * others wait for what the run will measure. (outputs.c)
 */
bool leat_plan_passes(const struct leat_plan *p, int step, const struct leat_view *v, bool *certain);
void leat_plan_free(struct leat_plan **p);

/* Appends what `leat plan` prints. */
void leat_plan_print(const struct leat_plan *p, const struct leat_facts *f, struct leat_buf *out);
/* The same as one JSON object and a line break; for plans without errors. */
void leat_plan_json(const struct leat_plan *p, const struct leat_facts *f, struct leat_buf *out);

/*
 * The bound value of an encoder's parameters with all defaults, for an [encode] whose format follows the
 * name; resized: as leat_plan_resized says of that step. Of the plan's arena.
 */
const void *leat_plan_default_encoder(const struct leat_plan *p, const struct leat_codec *c, bool resized);

/* Does a step before `step` resize the images that it gets? */
bool leat_plan_resized(const struct leat_plan *p, int step);

/*
 * Steps that can take a large file of text piece by piece: `parse`, then measures, one behind the other, and behind
 * them
 * nothing that wants more than their fields.
 */
enum {
	LEAT_STREAM_STEPS = 8,
	LEAT_STREAM_FROM = 4 << 20, /* bytes of a file that is: smaller ones cost nobody anything */
	LEAT_STREAM_CHUNK = 1 << 20, /* of a piece */
	LEAT_STREAM_AHEAD = 6, /* pieces of one file under way */
	/* of memory for one file: text here and in a slab, numbers */
	LEAT_STREAM_BYTES = 4 * LEAT_STREAM_AHEAD * LEAT_STREAM_CHUNK,
};
struct leat_stream_way {
	int parse;
	int fold[LEAT_STREAM_STEPS];
	size_t n_folds;
};
/* Parents and parameters of all steps are known. False: the items are wanted as a whole. */
bool leat_plan_stream_way(const struct leat_plan *p, int source, struct leat_stream_way *way);

/*
 * Peak bytes one item of this header takes in the plan's segments (decoded window or image, encoder, output
 * bound).
 */
uint64_t leat_plan_item_bytes(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes);
/*
 * The same; *reply is what its results are likely to take at most where they are encoded images, seldom exceeded;
 * 0: not known.
 */
uint64_t leat_plan_item_reply(const struct leat_plan *p, const struct leat_header *h, uint64_t file_bytes,
			      uint64_t *reply);

#endif
