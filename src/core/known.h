/* SPDX-License-Identifier: MIT */
/*
 * What the ledger of a job says about the inputs of this run: gathered by run before the plan that counts, printed by
 * plan, obeyed by run.
 */
#ifndef LEAT_CORE_KNOWN_H
#define LEAT_CORE_KNOWN_H

#include "base/hash.h"
#include "base/mem.h"

/* What is to be done with an input, and why. */
enum leat_verdict {
	LEAT_TODO_NEW, /* not known yet */
	LEAT_TODO_INPUT, /* its content is another one */
	LEAT_TODO_WORK, /* the recipe or a version says something else for it */
	LEAT_TODO_OUTPUT, /* an output is missing or was changed */
	LEAT_TODO_AGAIN, /* it failed for a reason that may have passed, or --retry-failed */
	LEAT_TODO_CLOCK, /* it was dropped by a filter that looks at the time */
	LEAT_TODO_RESULT, /* up to date, but a reduction is made anew and needs it */
	LEAT_TODO_FORCED, /* --force, or the job is not incremental */
	LEAT_UP_TO_DATE, /* the rest is left alone */
	LEAT_POISON, /* failed before, unchanged since */
	LEAT_N_VERDICTS
};

/* Is it left alone? */
static inline bool leat_verdict_skips(enum leat_verdict v)
{
	return v >= LEAT_UP_TO_DATE;
}

/* "new", "the input changed", ...: never NULL. */
const char *leat_verdict_text(enum leat_verdict v);

struct leat_known_input {
	enum leat_verdict verdict;
	bool touched; /* the same content under another time or after a replacement: to be noted */
	bool done; /* with touched: the replacement was under way, and is done */
	bool hashed; /* hash is that of its content */
	uint8_t hash[LEAT_HASH];
	int64_t id; /* its number in the ledger, 0: none */
	const char *more; /* which output; how it had failed; or NULL */
	const char *step; /* of that failure, or NULL */
	enum leat_cause cause; /* of that failure */
	uint64_t failed_runs; /* on end, until now */
};

/* An item of the ledger whose input is not there any more. */
struct leat_gone {
	int64_t id;
	const char *path;
	bool first; /* this run is the first to miss it */
	struct leat_gone_output {
		const char *path;
		uint64_t size;
		int64_t mtime_ns;
	} * outputs;
	size_t n_outputs;
};

/* What makes outputs what they are, besides the bytes of the input. */
struct leat_identity {
	uint8_t items[LEAT_HASH]; /* the steps that an item passes, and the files they name */
	uint8_t all[LEAT_HASH]; /* those behind reductions, too */
	bool index, reldir; /* they use {index}, {reldir} */
	bool clock; /* a filter looks at the time */
	bool to_stdout; /* something goes to standard output: nothing of that can be there already */
	bool reduces;
	int writes; /* steps that write files, of those that an item passes */
};

struct leat_known {
	struct leat_arena arena;
	struct leat_identity identity;
	struct leat_known_input *v; /* one per input of this run */
	uint64_t counts[LEAT_N_VERDICTS];
	bool complete; /* all inputs were looked for: what is not among them is gone */
	struct leat_gone *gone;
	size_t n_gone, cap_gone;
	uint64_t outputs; /* files that the ledger knows */
};

#endif
